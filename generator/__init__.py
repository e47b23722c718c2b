"""Turns YouTube videos into cited wiki notes."""

__version__ = "0.1.0"
