"""Small words that tell how a sentence hangs together with the ones around it, by language."""

from __future__ import annotations

# Words that begin a new step of a talk.
_OPENERS = {
    "en": "finally next another last lastly first second third now",
}
# Words, near a sentence's beginning, with which a speaker says what comes.
_TURNS = {
    "en": "let's let i'll we'll want i'm turn move",
}
# Words at whose beginning a sentence leans on the one before it.
_LEANS = {
    "en": "it this that these those they he she and but or because which his her its their then"
    " also so here there otherwise instead",
}


def _sets(table: dict[str, str]) -> dict[str, frozenset[str]]:
    return {code: frozenset(words.split()) for code, words in table.items()}


_OPENER_SETS, _TURN_SETS, _LEAN_SETS = _sets(_OPENERS), _sets(_TURNS), _sets(_LEANS)
_NONE: frozenset[str] = frozenset()


def is_opener(words: list[str], language: str) -> bool:
    """Whether case-folded words begin a new step."""
    return not _OPENER_SETS.get(language, _NONE).isdisjoint(words[:3])


def turns(words: list[str], language: str) -> bool:
    """Whether a sentence says what comes next."""
    return not _TURN_SETS.get(language, _NONE).isdisjoint(words[:8])


def is_lean(words: list[str], language: str) -> bool:
    """Whether a sentence's first word points at the sentence before it."""
    return bool(words) and words[0] in _LEAN_SETS.get(language, _NONE)


# Words of the talk about itself: asking for subscriptions, thanking sponsors.
_ASIDES = {
    "en": "subscribe patreon sponsor sponsored sponsors sponsorship video videos channel viewers"
    " thanks thank comments",
}
_ASIDE_SETS = _sets(_ASIDES)


def is_aside(words: list[str], language: str) -> bool:
    """Whether a sentence is about the video rather than its matter."""
    return not _ASIDE_SETS.get(language, _NONE).isdisjoint(words)


# Words that stand before names of things: articles, and what takes their place.
_ARTICLES = {
    "en": "the a an this that these those of in on for with by from into each every our its some"
    " any",
}
_ARTICLE_SETS = _sets(_ARTICLES)


def is_article(word: str, language: str) -> bool:
    """Whether the word after this one begins the name of a thing."""
    return word in _ARTICLE_SETS.get(language, _NONE)
