"""Finds words that are nearly a quote's, and tells whether they still say what the quote says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, takewhile

from generator.summarizer.wording import Word, Wording, is_negation, light_words

THRESHOLD = 76.0
"""Of 100: likeness from which on a passage is taken for the quote, if it says the same.

`benchmarks/grounding.py` measures it: of quotes from other talks it takes at most 1 in 2,000, of
quotes with a word, a number or a negation changed 3 in 1,000, of badly copied ones 93 in 100.
"""

_COARSE = 25.0
"""A first look compares as many characters as the quote has, whatever was dropped from it; so it
finds by so much less than the likeness that a look at whole words finds."""

_REACH_CHARACTERS = 40
_LOOKS = 3
_MIN_MATTER = 2
"""A quote that is not verbatim has at least so many words of matter, or it could be anywhere; with
one less it has to be as like as `_LIKE_ENOUGH`."""

_LIKE_ENOUGH = 90.0
_WIDER = 4

_Block = tuple[bool, tuple[Word, ...], tuple[Word, ...]]

_MISSPELT = 5
"""A word of so many letters may differ in one of them, one of twice as many in two."""


@dataclass(frozen=True, slots=True)
class Match:
    """The words `first` to `last` of a passage, both inclusive; `likeness` is of 100."""

    first: int
    last: int
    likeness: float


def best_match(
    quote: Wording, passage: Wording, begin: int, threshold: float = THRESHOLD
) -> Match | None:
    """The words of a passage most like the quote, of those that begin before word `begin`.

    Likeness is the normalised Indel similarity of the characters (rapidfuzz's `ratio`). A partial
    alignment finds the region, then whole words are tried as beginning and end in turn.
    """
    from rapidfuzz import fuzz

    if not quote.words or not passage.words or not begin:
        return None
    text = passage.text
    own = len(passage.between(0, begin - 1))
    for _ in range(_LOOKS):
        found = fuzz.partial_ratio_alignment(
            quote.text, text, score_cutoff=max(0.0, threshold - _COARSE)
        )
        if found is None:
            return None
        start, end = found.dest_start, found.dest_end
        if len(quote.text) > len(text):
            start, end = 0, len(text)
        match = _in_words(quote.text, passage, start, end)
        if match.first < begin:
            return match if match.likeness >= threshold else None
        # What is likest belongs to another line: once more without the end of it.
        text = text[: max(own, min(end, len(text)) - 1 - len(quote.text) // 4)]
    return None


def _in_words(quote: str, passage: Wording, start: int, end: int) -> Match:
    """The likest run of whole words around the characters `start:end`; of equals the shortest."""
    from rapidfuzz import fuzz

    reach = min(_REACH_CHARACTERS, 10 + len(quote) // 2)
    starts = range(passage.word_at(start - reach), passage.word_at(start + reach) + 1)
    ends = range(passage.word_at(end - reach), passage.word_at(end + reach) + 1)
    last = passage.word_at(end - 1)
    best = Match(starts[0], last, 0.0)
    for _ in range(2):
        first = max(
            (i for i in starts if i <= last),
            key=lambda i: (fuzz.ratio(quote, passage.between(i, last)), i),
            default=starts[0],
        )
        last = max(
            (i for i in ends if i >= first),
            key=lambda i: (fuzz.ratio(quote, passage.between(first, i)), -i),
            default=first,
        )
        likeness = fuzz.ratio(quote, passage.between(first, last))
        if likeness <= best.likeness:
            break
        best = Match(first, last, likeness)
    return best


@dataclass(frozen=True)
class Sense:
    """Tells whether two runs of words say the same, as far as words alone can tell.

    `known` are the transcript's words: one of them in a quote is itself, not another one misspelt.
    """

    language: str
    known: Callable[[], Collection[str]]

    def is_same(self, quote: Wording, passage: Wording, match: Match) -> bool:
        """Whether the passage bears the quote out.

        All words of matter in the quote, and its numbers, are said, inflected at most or misspelt,
        and in their order, but for one that changed places with its neighbour; and there are as
        many negations, and none beside the match where the quote's first or last words are not in
        it. More may be said than the quote has.
        """
        said = passage.words[match.first : match.last + 1]
        if [word.text for word in said] == [word.text for word in quote.words]:
            return True
        least = _MIN_MATTER - (match.likeness >= _LIKE_ENOUGH)
        if sum(map(self.is_matter, quote.words)) < least:
            return False
        blocks = list(_blocks(quote.words, said))
        before = len(blocks[0][1]) + 2 if blocks[0][1] and not blocks[0][0] else 0
        after = len(blocks[-1][1]) + 2 if blocks[-1][1] and not blocks[-1][0] else 0
        wider = passage.words[max(0, match.first - before) : match.last + 1 + after]
        if len({sum(map(is_negation, words)) for words in (quote.words, said, wider)}) > 1:
            return False
        return self._is_all_said(blocks)

    def widened(self, quote: Wording, passage: Wording, match: Match) -> Match:
        """The match with the quote's first and last words where they stand a little outside.

        Where words were left out next to them, the likest passage is without them.
        """
        from rapidfuzz import fuzz

        words, first, last = passage.words, match.first, match.last
        if quote.words[0].text != words[first].text:
            for at in range(first - 1, max(-1, first - 1 - _WIDER), -1):
                if self._begins(quote.words[:2], words[at : at + 2]):
                    first = at
                    break
        if quote.words[-1].text != words[last].text:
            for at in range(last + 1, min(len(words), last + 1 + _WIDER)):
                if self._begins(quote.words[:-3:-1], words[at - 1 : at + 1][::-1]):
                    last = at
                    break
        likeness = fuzz.ratio(quote.text, passage.between(first, last))
        return Match(first, last, likeness)

    def _begins(self, quote: tuple[Word, ...], said: tuple[Word, ...]) -> bool:
        """Whether two words are the same, or the first one is and matters."""
        if quote[0].text != said[0].text:
            return False
        return self.is_matter(quote[0]) or [w.text for w in quote] == [w.text for w in said]

    def _is_all_said(self, blocks: Iterable[_Block]) -> bool:
        missing: list[tuple[int, Word]] = []
        spare: list[tuple[int, Word]] = []
        matter = 0
        for same, mine, other in blocks:
            if same:
                # A number weighs two, so that no word changes places with it.
                matter += sum(1 + word.number for word in mine if self.is_matter(word))
                continue
            left, over = self._unlike(mine, other)
            missing += [(matter, word) for word in left]
            spare += [(matter, word) for word in over]
        if not missing:
            return True
        (at, word), others = missing[0], missing[1:]
        moved = any(word.text == o.text and abs(at - there) <= 1 for there, o in spare)
        return moved and not word.number and not others

    def is_matter(self, word: Word) -> bool:
        """Whether a word carries the sense, and is not a negation."""
        return word.number or not (word.text in light_words(self.language) or is_negation(word))

    def _unlike(
        self, mine: tuple[Word, ...], other: tuple[Word, ...]
    ) -> tuple[list[Word], list[Word]]:
        """The words of matter of each side that the other has not, in order."""
        if _is_same_joined(mine, other):
            return [], []
        left: list[Word] = []
        over: list[Word] = []
        at = 0
        for word in mine:
            if not self.is_matter(word):
                continue
            found = next((i for i in range(at, len(other)) if self._is_like(word, other[i])), None)
            if found is None:
                left.append(word)
            else:
                over += other[at:found]
                at = found + 1
        return left, [*over, *other[at:]]

    def _is_like(self, mine: Word, other: Word) -> bool:
        if mine.text == other.text:
            return True
        if not (mine.text.isalpha() and other.text.isalpha()):
            return False
        return is_inflected(mine.text, other.text, self.language) or (
            is_misspelt(mine.text, other.text) and mine.text not in self.known()
        )


def _blocks(quote: tuple[Word, ...], said: tuple[Word, ...]) -> Iterator[_Block]:
    """The two sides in turns of what is the same in both and what is not."""
    from rapidfuzz.distance import Levenshtein

    ours, theirs = [word.text for word in quote], [word.text for word in said]
    codes = Levenshtein.opcodes(ours, theirs)
    for same, run in groupby(codes, key=lambda code: code.tag == "equal"):
        of_run = list(run)
        mine = quote[of_run[0].src_start : of_run[-1].src_end]
        yield same, mine, said[of_run[0].dest_start : of_run[-1].dest_end]


def _is_same_joined(mine: tuple[Word, ...], other: tuple[Word, ...]) -> bool:
    """Whether only spaces make the difference: “data set”, “dataset”."""
    if any(word.number for word in (*mine, *other)):
        return False
    return "".join(word.text for word in mine) == "".join(word.text for word in other)


@lru_cache(maxsize=10_000)
def is_inflected(left: str, right: str, language: str) -> bool:
    """Whether two folded words have one stem; where the language has no stemmer, one beginning."""
    from generator.summarizer.stems import stemmer_of

    stem = stemmer_of(language)
    if stem:
        return stem(left) == stem(right)
    shared = sum(1 for _ in takewhile(bool, map(str.__eq__, left, right)))
    longer = max(len(left), len(right))
    return shared >= 4 and longer - shared <= 3 and shared >= 0.6 * longer


def is_misspelt(left: str, right: str) -> bool:
    """Whether two folded words differ as one does from its misspelling, first letters the same."""
    from rapidfuzz.distance import OSA

    longer = max(len(left), len(right))
    allowed = 0 if longer < _MISSPELT else 1 if longer < 2 * _MISSPELT else 2
    if not allowed or left[0] != right[0]:
        return False
    return OSA.distance(left, right, score_cutoff=allowed) <= allowed
