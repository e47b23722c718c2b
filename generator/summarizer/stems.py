"""Stems of words, in the languages that there is a stemmer for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

_STEMMERS = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "cs": "czech",
    "da": "danish", "nl": "dutch", "en": "english", "eo": "esperanto", "et": "estonian",
    "fi": "finnish", "fr": "french", "de": "german", "el": "greek", "hi": "hindi",
    "hu": "hungarian", "id": "indonesian", "ga": "irish", "it": "italian", "lt": "lithuanian",
    "ne": "nepali", "no": "norwegian", "fa": "persian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "st": "sesotho", "es": "spanish",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


def stemmer_of(language: str) -> Callable[[str], str] | None:
    """What makes stems of a language's case-folded words; None where there is nothing for it.

    `language` is a BCP 47 tag. The stemmers are Snowball's (Porter 2001).
    """
    stemmer = _stemmer(_STEMMERS.get(language.partition("-")[0].casefold()))
    return stemmer.stemWord if stemmer else None


@cache
def _stemmer(name: str | None) -> Any:
    if name is None:
        return None
    import snowballstemmer

    return snowballstemmer.stemmer(name) if name in snowballstemmer.algorithms() else None
