"""Tells whether two words are forms of one: what endings a word takes, language by language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from generator.renderer.words import bare

STEM = 3
"""Forms of a word share their first letters: so many at least …"""

ENDING = 4
"""… and all but so many at most, accents aside."""

# The endings that one stem can take, a set for each declension. Two words are forms of one if what
# is left after a common stem is, of both, in one set; so no ending that makes another word of it
# (-ist, -ism, -er, -ный, -ист) is in any. Russian after Zaliznyak's Grammatical Dictionary (1977),
# with the Ukrainian endings that differ; `""` is no ending.
_CYRILLIC = """
    "" а у ом ем е ы и ов ев ей ам ами ах і ові ів
    "" а у ым е ы ых ыми
    ь я ю ем е и ей ям ями ях і
    й я ю ем е и ев ям ями ях ї єм їв
    а ы и е у ой ою ей ею ам ами ах "" і
    а ой у
    я и е ю ей ею й ь ям ями ях і ї єю
    ь и ью ей ям ями ях і ю
    о а у ом е ам ами ах "" і
    е я ю ем и ей й ям ями ях
    я ени енем ена ен енам енами енах
    ый ий ой ая яя ое ее ые ие ого его ому ему ым им ом ем ых их ыми ими ую юю ою ею ей
    ий а я е є і ї ого ього ому ьому им ім их іх ими іми у ю ої ьої ій ою
    ия ие ии ию ией ий иям иями иях
    ок ка ку ком ке ки ков кам ками ках
    ец ца цу цем цом це цы цев цов цам цами цах
"""
_LATIN = """
    y ies
    is es
    us i
    um a
    on a
    a ae
    ex ix ices
    ung ungen
    heit heiten
    keit keiten
    schaft schaften
    tion tionen
    tat taten
"""
_BY_LANGUAGE = {
    "de": """
        "" e en n es s ern em
        e er en es em
    """,
    "es": '"" es\n z ces',
    "pt": '"" es\n ao oes\n ao aes\n l is\n m ns',
    "it": "o i\n e i\n a e\n io i\n ca che\n co chi\n ga ghe\n go ghi",
    "fr": "al aux\n eau eaux\n eu eux\n ou oux",
}

# Words by which a text gives its language away (small words, after Grefenstette 1995).
_SMALL_WORDS = {
    "en": "the of and is to that was are by from with it as for",
    "de": "der die das und ist den von zu mit ein eine nicht im des auf dem wird für sich über am",
    "fr": "le la les et des est une un du dans que qui pour sur avec au par sont",
    "es": "el la los las y es una un del en que por con para se al como son",
    "it": "il la i gli di e che un una è per con della del nel sono le dei",
    "pt": "o a os as e é um uma do da em que por com para não dos das ao são",
}

# Plurals whose s makes another word of it, or that look like plurals.
_NO_PLURAL = "news goods customs means mars wales athens chaos species series process glasses arms"
_NO_PLURALS = frozenset(_NO_PLURAL.split())
_ICS = re.compile(r"ics\Z")
_WITH_ICS = "topic republic critic metric fabric mosaic clinic picnic tactic characteristic lyric"
_COUNTED_IC = frozenset(_WITH_ICS.split())
_SIBILANT = re.compile(r"(?:[sxz]|ch|sh|o)\Z")
_ER_PLURAL = re.compile(r"(?:feld|bild|kind|lied|licht|kleid|schild|glied|geist|nest|ei)\Z")
_UMLAUT = re.compile("[äöü]")
_CYRILLIC_LETTER = re.compile("[\u0400-\u052f]")
_LETTERS = re.compile(r"[^\W\d_]+")
_ONLY_LATIN = re.compile("[a-z\u00df-\u024f]+")


def _sets(table: str) -> tuple[frozenset[str], ...]:
    lines = (line.split() for line in table.split("\n"))
    return tuple(frozenset(end.strip('"') for end in ends) for ends in lines if ends)


_CYRILLIC_SETS = _sets(_CYRILLIC)
_LATIN_SETS = _sets(_LATIN)
_SETS_BY_LANGUAGE = {language: _sets(table) for language, table in _BY_LANGUAGE.items()}
_LANGUAGES_OF = {
    word: [language for language, words in _SMALL_WORDS.items() if word in words.split()]
    for word in " ".join(_SMALL_WORDS.values()).split()
}


def language_of(words: Iterable[str]) -> str:
    """Which language with endings of its own folded words are in, by the small words among them.

    `de`, `es`, `fr`, `it`, `pt` or `en`; empty where none has the most.
    """
    counts = dict.fromkeys(_SMALL_WORDS, 0)
    for word in words:
        for language in _LANGUAGES_OF.get(word, ()):
            counts[language] += 1
    most = max(counts.values())
    leading = [language for language, count in counts.items() if count == most]
    return leading[0] if len(leading) == 1 else ""


@lru_cache(maxsize=65536)
def opening(word: str) -> str:
    """The letters that all forms of a folded word begin with, accents aside; a short word whole."""
    plain = bare(word)
    return plain if not _can_change(plain) else plain[: max(STEM, len(plain) - ENDING)]


@lru_cache(maxsize=65536)
def head(word: str) -> str:
    """What of its `opening` all forms of a folded word have in common, whichever form it is."""
    plain = bare(word)
    return plain[:STEM] if _can_change(plain) else plain


def is_open(word: str) -> bool:
    """Whether a folded word can have forms that go on after its `opening`."""
    return _can_change(bare(word))


@lru_cache(maxsize=65536)
def are_forms(one: str, other: str, language: str = "") -> bool:
    """Whether two folded words are one, or forms of one: Kremlin and Kremlins, мирные and мирных.

    Latin words are taken for English, and with `language` (as `language_of` says) for that as well.
    Words with digits, and of scripts that no endings are known for, are one only if they are equal.
    """
    if one == other:
        return True
    plain, against = bare(one), bare(other)
    if not (_can_change(plain) and _can_change(against)):
        return False
    shared = _shared(plain, against)
    if shared < max(STEM, len(plain) - ENDING, len(against) - ENDING):
        return False
    if _CYRILLIC_LETTER.match(one) and _CYRILLIC_LETTER.match(other):
        return _decline(one, other, _shared(one, other), _CYRILLIC_SETS)
    if not (_ONLY_LATIN.fullmatch(one) and _ONLY_LATIN.fullmatch(other)):
        return False
    if plain == against:  # one of them without its accents
        return len(plain) >= 5 and (one == plain or other == against)
    return (
        _is_plural(plain, against)
        or _is_plural(against, plain)
        or _decline(plain, against, shared, _LATIN_SETS)
        or _decline(plain, against, shared, _SETS_BY_LANGUAGE.get(language, ()))
        or (language == "de" and _is_er_plural(one, other))
    )


@lru_cache(maxsize=65536)
def may_be_forms(word: str, plain: str) -> bool:
    """Whether a folded word and one that `bare` left can be forms of one, in whatever language.

    So it is for all that `are_forms` finds, and, where accents would tell, for more.
    """
    one = bare(word)
    if one == plain:
        return True
    if not (_can_change(one) and _can_change(plain)):
        return False
    shared = _shared(one, plain)
    if shared < max(STEM, len(one) - ENDING, len(plain) - ENDING):
        return False
    if not (_ONLY_LATIN.fullmatch(one) and _ONLY_LATIN.fullmatch(plain)):
        return True
    declensions = (_LATIN_SETS, *_SETS_BY_LANGUAGE.values())
    single, many = sorted((one, plain), key=len)
    return (
        _is_plural(one, plain)
        or _is_plural(plain, one)
        or any(_decline(one, plain, shared, sets) for sets in declensions)
        or (many.startswith(single) and many[len(single) :] in {"er", "ern"})
    )


def _can_change(plain: str) -> bool:
    return len(plain) >= STEM and plain.isalpha()


def _shared(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _decline(one: str, other: str, shared: int, declensions: tuple[frozenset[str], ...]) -> bool:
    """Whether words are one stem with two endings of one declension."""
    for stem in range(shared, max(STEM, shared - 3) - 1, -1):
        ends = one[stem:], other[stem:]
        if any(ends[0] in declension and ends[1] in declension for declension in declensions):
            return True
    return False


def _is_plural(one: str, many: str) -> bool:
    """Whether an English word is another's plural or genitive, whose apostrophe is folded away."""
    if many in _NO_PLURALS or (one.endswith("s") and not many.endswith("ses")):
        return False
    if many == one + "s":
        return not _ICS.search(many) or one in _COUNTED_IC
    if many == one + "es":
        return bool(_SIBILANT.search(one))
    return (
        (one.endswith("f") and many == one[:-1] + "ves")
        or (one.endswith("fe") and many == one[:-2] + "ves")
        or (one.endswith("man") and many == one[:-2] + "en")
    )


def _is_er_plural(one: str, other: str) -> bool:
    """Buch and Bücher, Feld and Felder; not Physik and Physiker, who does it.

    An umlaut tells, or the few nouns without one.
    """
    single, many = sorted((bare(one), bare(other)), key=len)
    if not many.startswith(single) or many[len(single) :] not in {"er", "ern"}:
        return False
    return bool(_UMLAUT.search(one + other) or _ER_PLURAL.search(single))


def is_cyrillic(word: str) -> bool:
    """Whether a word begins with a Cyrillic letter."""
    return _CYRILLIC_LETTER.match(word) is not None
