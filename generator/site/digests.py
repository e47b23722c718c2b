"""Digests: short texts that change with what they are of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def digest_of(*parts: object) -> str:
    """What changes with any of its parts; these are strings, numbers, tuples and dataclasses."""
    return hashlib.blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def digest_of_digests(digests: Iterable[str]) -> str:
    """What changes with any of some digests, or their order; quicker than `digest_of`."""
    return hashlib.blake2b(" ".join(digests).encode(), digest_size=16).hexdigest()


def digest_of_text(text: str) -> str:
    """What changes with a text; quicker than `digest_of` where that is long."""
    return digest_of_bytes(text.encode("utf-8", "surrogatepass"))


def digest_of_bytes(data: bytes) -> str:
    """What changes with the bytes of a file."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()
