"""Names sections by their own key phrases, no two alike."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from generator.summarizer.folding import is_unspaced
from generator.summarizer.marks import is_article
from generator.summarizer.sentences import Sentence
from generator.summarizer.terms import Terms, word_pattern, words_of

MAX_WORDS = 4
MAX_CHARACTERS = 60

_CLAUSE = re.compile(r"[^\w\s'’.\-‑/&+]+|\.(?=\s|$)|\s[-–—]\s")
_LENGTH_WORTH = {1: 1.0, 2: 2.0, 3: 2.3, 4: 2.3}

Key = tuple[str, ...]


class Headings:
    """Key phrases of the sections of one talk; `starts` are the sections' first sentences."""

    def __init__(
        self, sentences: tuple[Sentence, ...], terms: Terms, starts: Sequence[int]
    ) -> None:
        self._terms = terms
        self._forms: defaultdict[Key, Counter[str]] = defaultdict(Counter)
        self._after_article: Counter[Key] = Counter()
        self._bounds = [*starts, len(sentences)]
        self._counts: list[Counter[Key]] = []
        for start, stop in zip(self._bounds, self._bounds[1:], strict=False):
            counts: Counter[Key] = Counter()
            for sentence in sentences[start:stop]:
                counts.update(self._phrases(sentence))
            self._counts.append(counts)
        self._spread = Counter(key for counts in self._counts for key in counts)
        self._total: Counter[Key] = Counter()
        for counts in self._counts:
            self._total.update(counts)

    def _phrases(self, sentence: Sentence) -> Iterable[Key]:
        found: list[Key] = []
        for clause in _CLAUSE.split(sentence.text):
            words = word_pattern().findall(clause)
            if any(is_unspaced(char) for char in clause):
                found += self._runs(words)
            else:
                found += self._ngrams(words, sentence.text)
        return found

    def _ngrams(self, words: list[str], text: str) -> list[Key]:
        folded = [word.casefold() for word in words]
        language = self._terms.language
        content = [not language.is_stop(w) and len(w) > 1 and not w.isdigit() for w in folded]
        found = []
        for start in range(len(words)):
            if not content[start]:
                continue
            for size in range(1, MAX_WORDS + 1):
                stop = start + size
                if stop > len(words):
                    break
                if not content[stop - 1]:
                    continue
                inner = [i for i in range(start, stop) if not content[i]]
                if len(inner) > 1 or any(len(folded[i]) > 3 for i in inner):
                    break
                key = tuple(
                    language.stem(w) if content[start + i] else w
                    for i, w in enumerate(folded[start:stop])
                )
                form = " ".join(words[start:stop])
                opens = start == 0 and text.startswith(words[0])
                self._forms[key][form] += 1 if opens else 3
                if start and is_article(folded[start - 1], language.code):
                    self._after_article[key] += 1
                found.append(key)
        return found

    def _runs(self, words: list[str]) -> list[Key]:
        """Pieces of 2 to 8 characters of one script where words are not marked."""
        found: list[Key] = []
        for word in words:
            for run in re.findall(
                r"[\u3400-\u9fff]+|[\u30a0-\u30ff]+|[^\u3040-\u30ff\u3400-\u9fff]+", word
            ):
                for size in range(2, 9):
                    for start in range(len(run) - size + 1):
                        piece = run[start : start + size]
                        if piece in self._terms.language.stop_words:
                            continue
                        self._forms[(piece,)][piece] += 1
                        found.append((piece,))
        return found

    def name(self, section: int, taken: set[str]) -> str | None:
        """The section's best phrase that is none of `taken` (case folded), or None."""
        for key in self._ranked(section):
            form = self._form(key)
            if form and form.casefold() not in taken:
                return form
        return None

    def _ranked(self, section: int) -> list[Key]:
        counts = self._counts[section]
        scored = [(round(self._score(key, n, section), 6), key) for key, n in counts.items()]
        return [key for _, key in sorted(scored, key=lambda pair: (-pair[0], pair[1]))[:60]]

    def _score(self, key: Key, count: int, section: int) -> float:
        sections = len(self._counts)
        contrast = math.log((1 + sections) / (0.5 + self._spread[key])) * (count / self._total[key])
        if len(key) == 1 and is_unspaced(key[0][0]):
            worth = math.log(1 + len(key[0])) * (1.0 if count > 1 else 0.2)
        else:
            worth = _LENGTH_WORTH[len(key)] * (1.0 if count > 1 else 0.4)
            nominal = self._after_article[key] / max(1, self._total[key])
            worth *= 0.6 + 0.8 * nominal
        return math.log(1 + count) * contrast * worth

    def _form(self, key: Key) -> str:
        forms = self._forms[key]
        best = max(forms, key=lambda form: (forms[form], form))
        return best[:1].upper() + best[1:] if len(best) <= MAX_CHARACTERS else ""


def opening_words(text: str) -> str:
    """A sentence's first words, for a section without a phrase of its own."""
    if len(text) <= MAX_CHARACTERS:
        return text.rstrip(".,;:!?…。、 ")
    words = words_of(text[:MAX_CHARACTERS])[:-1]
    short = text[:MAX_CHARACTERS] if not words else text[: text.index(words[-1]) + len(words[-1])]
    return short + "…"
