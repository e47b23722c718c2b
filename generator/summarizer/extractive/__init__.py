"""The built-in engine: a note out of the talk's own sentences, with no key and no server."""

from generator.summarizer.extractive.engine import ExtractiveEngine

__all__ = ["ExtractiveEngine"]
