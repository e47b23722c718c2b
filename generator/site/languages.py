"""Which language a text is in, where nothing else tells: by its script and its small words."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from itertools import islice

import regex

_WORDS = regex.compile(r"\p{L}[\p{L}\p{M}]*+")
_ENOUGH = 200
"""So many words of a text are looked at."""

_BY_SCRIPT = (
    (regex.compile(r"[\p{Hiragana}\p{Katakana}]"), "ja"),
    (regex.compile(r"\p{Hangul}"), "ko"),
    (regex.compile(r"\p{Han}"), "zh"),
    (regex.compile(r"\p{Greek}"), "el"),
    (regex.compile(r"\p{Hebrew}"), "he"),
    (regex.compile(r"\p{Armenian}"), "hy"),
    (regex.compile(r"\p{Tamil}"), "ta"),
    (regex.compile(r"\p{Thai}"), "th"),
)
_OF_CYRILLIC = ("ru", "bg")
_UKRAINIAN = regex.compile("[іїєґ]")
_OF_ARABIC = ("ar", "fa", "ur")
_OF_DEVANAGARI = ("hi", "mr")
_OF_LATIN = (
    *("ca", "cs", "da", "de", "en", "eo", "es", "et", "eu", "fi", "fr", "ga", "hr", "hu", "id"),
    *("it", "lt", "lv", "nl", "no", "pl", "pt", "ro", "sk", "sl", "sv", "tr", "vi"),
)
_CHOICES = (
    (regex.compile(r"\p{Cyrillic}"), _OF_CYRILLIC),
    (regex.compile(r"\p{Arabic}"), _OF_ARABIC),
    (regex.compile(r"\p{Devanagari}"), _OF_DEVANAGARI),
    (regex.compile(r"\p{Latin}"), _OF_LATIN),
)
_MARGIN = 1.1
_FEWEST = 4


def language_of_text(text: str) -> str:
    """The language's two letters; empty where the text is short or could be in several.

    Of languages that share a script, it is that with the most of its small words in the text.
    """
    words = [found[0].casefold() for found in islice(_WORDS.finditer(text), _ENOUGH)]
    letters = "".join(words)
    if letters.isascii():
        return _by_small_words(words, _OF_LATIN)
    most, languages = 0, tuple[str, ...]()
    for script, language in _BY_SCRIPT:
        count = len(script.findall(letters))
        if 2 * count > len(letters) or (language == "ja" and 5 * count > len(letters) > 0):
            return language
    for script, choices in _CHOICES:
        count = len(script.findall(letters))
        if count > most:
            most, languages = count, choices
    if languages is _OF_CYRILLIC and _UKRAINIAN.search(letters):
        return "uk"
    return _by_small_words(words, languages)


def _by_small_words(words: list[str], languages: tuple[str, ...]) -> str:
    known = _small_words(languages)
    scores = Counter(language for word in words for language in known.get(word, ()))
    ranked = [*scores.most_common(2), ("", 0), ("", 0)]
    (first, score), (_, other) = ranked[:2]
    return first if score >= _FEWEST and score > _MARGIN * other else ""


@lru_cache(maxsize=8)
def _small_words(languages: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The languages in which each word is a small one."""
    import stopwordsiso

    found: dict[str, tuple[str, ...]] = {}
    for language in languages:
        for word in stopwordsiso.stopwords(language):
            found[word] = (*found.get(word, ()), language)
    return found
