"""The SQLite file that the vault was made from: the only room that knows SQL."""

from generator.library.library import Library
from generator.models import Fingerprint

__all__ = ["Fingerprint", "Library"]
