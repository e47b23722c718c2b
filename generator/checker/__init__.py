"""Finds what is wrong in a vault, and mends what has one right answer."""
