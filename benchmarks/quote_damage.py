"""What happens to quotes: damage that leaves what they say, and alterations that change it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from generator.summarizer.folding import fold
from generator.summarizer.wording import light_words, words_of


@dataclass(frozen=True)
class Spoken:
    """A word of a talk with the punctuation on it, the index of its cue, its line's number."""

    text: str
    cue: int
    line: int

    @property
    def folded(self) -> str:
        return fold(self.text).text

    @property
    def is_matter(self) -> bool:
        light = light_words("en") | light_words("ru")
        return self.folded.isalpha() and self.folded not in light | NEGATIVE and not self.number

    @property
    def number(self) -> str | None:
        words = words_of(self.text, "en")
        return words[0].text if len(words) == 1 and words[0].number else None

    def said(self, text: str) -> Spoken:
        return replace(self, text=text)


Quote = list[Spoken]
Change = Callable[[Quote, random.Random, Sequence[Spoken]], Quote | None]

_NEGATIVE_WORDS = "no not never none nothing without cannot cant dont doesnt isnt не ни нет"
_FILLER_WORDS = "so well just actually really like now right okay um uh basically ну вот"
_SMALL_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
)
NEGATIVE = frozenset(_NEGATIVE_WORDS.split())
FILLERS = frozenset(_FILLER_WORDS.split())
SMALL = _SMALL_NUMBERS.split()
CONTRAST = {
    "more": "less", "less": "more", "before": "after", "after": "before", "all": "some",
    "some": "all", "every": "no", "always": "sometimes", "up": "down", "down": "up", "most": "few",
    "first": "last", "last": "first", "same": "different", "different": "same", "left": "right",
    "positive": "negative", "larger": "smaller", "bigger": "smaller", "higher": "lower",
    "above": "below", "inside": "outside", "increase": "decrease", "increases": "decreases",
    "possible": "impossible", "finite": "infinite", "can": "cannot", "only": "even",
}  # fmt: skip
CONTRACTIONS = {
    "don't": "do not", "doesn't": "does not", "isn't": "is not", "can't": "cannot", "it's": "it is",
    "that's": "that is", "we're": "we are", "you're": "you are", "i'm": "I am", "let's": "let us",
    "there's": "there is", "i'll": "I will", "we'll": "we will", "didn't": "did not",
}  # fmt: skip


def _at(quote: Quote, fits: Callable[[Spoken], bool], rng: random.Random) -> int | None:
    places = [index for index, word in enumerate(quote) if fits(word)]
    return rng.choice(places) if places else None


def none(quote: Quote, rng: random.Random, words: Sequence[Spoken]) -> Quote | None:
    return quote


def dropped(quote: Quote, rng: random.Random, words: Sequence[Spoken]) -> Quote | None:
    at = _at(quote, lambda word: word.folded not in NEGATIVE and not word.number, rng)
    return None if at is None or len(quote) < 4 else quote[:at] + quote[at + 1 :]


def swapped(quote: Quote, rng: random.Random, words: Sequence[Spoken]) -> Quote | None:
    at = rng.randrange(1, len(quote) - 1)
    return [*quote[:at], quote[at + 1], quote[at], *quote[at + 2 :]]


def inflected(quote: Quote, rng: random.Random, words: Sequence[Spoken]) -> Quote | None:
    at = _at(
        quote, lambda word: word.is_matter and word.folded.isascii() and len(word.text) > 3, rng
    )
    if at is None:
        return None
    bare = re.sub(r"\W+$", "", quote[at].text)
    if bare.endswith(("ing", "ed")):
        return None
    ending = rng.choice(("s", "ed", "ing"))
    bare = bare[:-1] if bare.endswith("s") else bare.removesuffix("e") + ending
    return [*quote[:at], quote[at].said(bare), *quote[at + 1 :]]


def misspelt(quote: Quote, rng: random.Random, words: Sequence[Spoken]) -> Quote | None:
    at = _at(quote, lambda word: word.is_matter and len(word.folded) > 4, rng)
    if at is None:
        return None
    text = quote[at].folded
    i = rng.randrange(1, len(text) - 1)
    wrong = rng.choice(
        (
            text[:i] + text[i + 1 :],
            text[:i] + text[i] + text[i:],
            text[:i] + text[i + 1] + text[i] + text[i + 2 :],
        )
    )
    return [*quote[:at], quote[at].said(wrong), *quote[at + 1 :]]


def renumbered(quote: Quote, rng: random.Random, words: Sequence[Spoken]) -> Quote | None:
    changed, any_ = [], False
    numbers = [word.number is not None for word in quote]
    if any(a and b for a, b in pairwise(numbers)) or not quote[0].folded.isascii():
        return None
    for word in quote:
        number = word.number
        if number and number.isdigit() and word.folded not in ("one", "first", "second"):
            any_ = True
            in_words = word.folded.isalpha()
            text = (
                number
                if in_words
                else SMALL[int(number)]
                if int(number) < len(SMALL)
                else word.text
            )
            changed.append(word.said(text))
        else:
            changed.append(word)
    return changed if any_ else None


def repunctuated(quote: Quote, rng: random.Random, words: Sequence[Spoken]) -> Quote | None:
    return [
        word.said(re.sub(r"^\W+|\W+$", "", word.text).upper() + rng.choice(("", ",", "…")))
        for word in quote
    ]


def without_fillers(quote: Quote, rng: random.Random, words: Sequence[Spoken]) -> Quote | None:
    kept = [word for word in quote if word.folded not in FILLERS]
    return kept if len(kept) < len(quote) else None


def contracted(quote: Quote, rng: random.Random, words: Sequence[Spoken]) -> Quote | None:
    changed = [
        word.said(CONTRACTIONS.get(word.text.casefold().replace("’", "'"), word.text))
        for word in quote
    ]
    return changed if changed != quote else None


def small_word(quote: Quote, rng: random.Random, words: Sequence[Spoken]) -> Quote | None:
    small = ("a", "the", "this", "that", "and", "of", "to", "is", "in")
    at = _at(quote, lambda word: word.folded in small, rng)
    return (
        None if at is None else [*quote[:at], quote[at].said(rng.choice(small)), *quote[at + 1 :]]
    )


def two_cues(quote: Quote, rng: random.Random, words: Sequence[Spoken]) -> Quote | None:
    return quote if quote[0].cue != quote[-1].cue else None


def two_cues_dropped(quote: Quote, rng: random.Random, words: Sequence[Spoken]) -> Quote | None:
    return dropped(quote, rng, words) if quote[0].cue != quote[-1].cue else None


def twice(quote: Quote, rng: random.Random, words: Sequence[Spoken]) -> Quote | None:
    once = rng.choice((dropped, misspelt, inflected))(quote, rng, words)
    return once and rng.choice((dropped, swapped, small_word))(once, rng, words)


DAMAGES: dict[str, Change] = {
    "none, line off": none,
    "case and punctuation": repunctuated,
    "over two cues": two_cues,
    "a word dropped": dropped,
    "two words swapped": swapped,
    "a word inflected": inflected,
    "a word misspelt": misspelt,
    "numbers as digits or words": renumbered,
    "fillers removed": without_fillers,
    "contractions written out": contracted,
    "another small word": small_word,
    "over two cues, one dropped": two_cues_dropped,
    "two of these": twice,
}


def other_word(quote: Quote, rng: random.Random, words: Sequence[Spoken]) -> Quote | None:
    at = _at(quote, lambda word: word.is_matter, rng)
    if at is None:
        return None
    while True:
        other = rng.choice(words)
        if other.is_matter and other.folded[:4] != quote[at].folded[:4]:
            return [*quote[:at], quote[at].said(other.text), *quote[at + 1 :]]


def other_number(quote: Quote, rng: random.Random, words: Sequence[Spoken]) -> Quote | None:
    at = _at(quote, lambda word: bool(word.number and word.number.isdigit()), rng)
    if at is None:
        return None
    other = int(quote[at].number or 0) + rng.choice((1, 2, 10))
    text = SMALL[other] if other < len(SMALL) and rng.random() < 0.5 else str(other)
    return [*quote[:at], quote[at].said(text), *quote[at + 1 :]]


def negated(quote: Quote, rng: random.Random, words: Sequence[Spoken]) -> Quote | None:
    at = _at(quote, lambda word: word.folded in ("is", "are", "was", "can", "will", "это"), rng)
    if at is None:
        return None
    word = "не" if quote[at].folded == "это" else "not"
    return [*quote[: at + 1], quote[at].said(word), *quote[at + 1 :]]


def affirmed(quote: Quote, rng: random.Random, words: Sequence[Spoken]) -> Quote | None:
    inner = quote[1:-1]
    at = _at(inner, lambda word: word.folded in NEGATIVE or word.text.endswith("n't"), rng)
    if at is None:
        return None
    plain = re.sub(r"n['’]t$", "", inner[at].text)
    kept = [inner[at].said(plain)] if plain != inner[at].text else []
    return [quote[0], *inner[:at], *kept, *inner[at + 1 :], quote[-1]]


def contrasted(quote: Quote, rng: random.Random, words: Sequence[Spoken]) -> Quote | None:
    at = _at(quote, lambda word: word.folded in CONTRAST, rng)
    if at is None:
        return None
    return [*quote[:at], quote[at].said(CONTRAST[quote[at].folded]), *quote[at + 1 :]]


def added_word(quote: Quote, rng: random.Random, words: Sequence[Spoken]) -> Quote | None:
    other = rng.choice([word for word in rng.choices(words, k=50) if word.is_matter] or [quote[0]])
    at = rng.randrange(1, len(quote))
    return [*quote[:at], quote[at].said(other.text), *quote[at:]]


def traded(quote: Quote, rng: random.Random, words: Sequence[Spoken]) -> Quote | None:
    """Two words of matter with others between them in each other's place."""
    places = [index for index, word in enumerate(quote) if word.is_matter or word.number]
    pairs = [
        (a, b) for a in places for b in places if b > a + 1 and quote[a].folded != quote[b].folded
    ]
    if not pairs:
        return None
    a, b = rng.choice(pairs)
    changed = list(quote)
    changed[a], changed[b] = quote[a].said(quote[b].text), quote[b].said(quote[a].text)
    return changed


ALTERATIONS: dict[str, Change] = {
    "other word": other_word,
    "other number": other_number,
    "not added": negated,
    "not removed": affirmed,
    "opposite": contrasted,
    "word added": added_word,
    "traded": traded,
}
