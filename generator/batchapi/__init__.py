"""Requests that can wait, given to a model server's batch service, and what it brings back."""
