"""Replies made by rule from the lines shown: what load tests are answered with."""

from __future__ import annotations

import random
import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Literal

from tests.standins.llm_question import Question

Kind = Literal["exact", "near", "beside", "moved", "wrong"]
"""How a piece of evidence is made:

exact   words of the line
near    words of the line, one letter changed
beside  words of the line, under the number of the next one
moved   words of the line, under a number far off
wrong   words that nobody said
"""

SHARES: dict[Kind, float] = {
    "exact": 0.8,
    "near": 0.05,
    "beside": 0.05,
    "moved": 0.05,
    "wrong": 0.05,
}
_NOBODYS = (
    "quixotic umbrellas negotiate with marble",
    "seventeen violet accordions were subpoenaed",
    "the parsnip orchestra resigned at dusk",
    "velvet glaciers audited his trombone",
    "an upholstered comet sold us turnips",
)
_NUMBERED = re.compile(r"^[ \t]*S(\d+)\|[ \t]*(.+)$", re.MULTILINE)
_TREATED = re.compile(r"^The lines? ([\d,\s–-]+) treat", re.MULTILINE)
_SENTENCE = 6
_QUOTE = 6


class ByRule:
    """Answers every prompt from the lines shown, `shares` of the evidence made so or so.

    A note has a statement for each line of its topic that has enough words, but no more than
    `statements`, evenly chosen; it says the line's words. `made` counts what evidence was given in
    notes, `mended` what was in repairs, of which `repaired` is the share of statements that get
    right evidence; the rest get none. Of the statements that are to be verified, `unsupported` are
    said to be not. The same question has the same answer.
    """

    def __init__(
        self,
        shares: Mapping[Kind, float] = SHARES,
        *,
        seed: int = 1,
        repaired: float = 0.5,
        unsupported: float = 0.0,
        topics: int = 5,
        statements: int = 60,
    ) -> None:
        self.made: Counter[Kind] = Counter()
        self.mended: Counter[str] = Counter()
        self._shares = dict(shares)
        self._seed = seed
        self._repaired = repaired
        self._unsupported = unsupported
        self._topics = topics
        self._statements = statements
        self._lock = threading.Lock()

    def __call__(self, question: Question) -> dict[str, Any]:
        """The reply's fields; none to a prompt that is not known."""
        draw = random.Random(f"{self._seed} {question.key}")
        replies: dict[str, Callable[[Question, random.Random], dict[str, Any]]] = {
            "outline": self._outline,
            "note": self._note,
            "repair": self._repair,
            "verify": self._verify,
            "merge": self._merge,
        }
        reply = replies.get(question.prompt)
        return reply(question, draw) if reply else {}

    def _outline(self, question: Question, draw: random.Random) -> dict[str, Any]:
        numbers = list(question.lines)
        most = min(self._topics, _at_most(question))
        topics = max(1, min(most, len(numbers) // 12))
        size = -(-len(numbers) // topics) or 1
        runs = [numbers[start : start + size] for start in range(0, len(numbers), size)]
        return {
            "topics": [
                {
                    "title": _title([question.lines[number] for number in run], run[0]),
                    "aliases": [],
                    "ranges": [{"first": run[0], "last": run[-1]}],
                }
                for run in runs
            ]
        }

    def _note(self, question: Question, draw: random.Random) -> dict[str, Any]:
        treated = [
            number
            for number, words in _of_topic(question).items()
            if len(words.split()) >= _SENTENCE
        ]
        many = min(self._statements, len(treated))
        chosen = [treated[index * len(treated) // many] for index in range(many)]
        statements = [self._statement(question, draw, number) for number in chosen]
        size = max(3, -(-len(statements) // 5))
        groups = [statements[start : start + size] for start in range(0, len(statements), size)]
        lead = groups[:1] if len(groups) > 1 else []
        sections = groups[len(lead) :]
        return {
            "lead": [_block(group) for group in lead],
            "sections": [
                {
                    "heading": f"Part {index} of what was said",
                    "blocks": [_block(group)],
                    "subsections": [],
                }
                for index, group in enumerate(sections, start=1)
            ],
        }

    def _statement(self, question: Question, draw: random.Random, number: int) -> dict[str, Any]:
        words = question.lines[number].split()
        (kind,) = draw.choices(list(self._shares), list(self._shares.values()))
        with self._lock:
            self.made[kind] += 1
        mention = max(words, key=len)
        text = f"It is said that {' '.join(words[:20]).rstrip('.,!?…')}."
        return {
            "evidence": [_evidence(question, draw, kind, number)],
            "text": text,
            "mentions": [{"words": mention, "concept": mention}] if mention in text else [],
        }

    def _repair(self, question: Question, draw: random.Random) -> dict[str, Any]:
        replies = []
        for number, text in numbered(question).items():
            line = next((n for n, words in question.lines.items() if words[:40] in text), None)
            if line is None:
                line = next(iter(question.lines), None)
            right = line is not None and draw.random() < self._repaired
            with self._lock:
                self.mended["repaired" if right else "given up"] += 1
            evidence = [_evidence(question, draw, "exact", line)] if right and line else []
            replies.append({"statement": number, "evidence": evidence})
        return {"statements": replies}

    def _verify(self, question: Question, draw: random.Random) -> dict[str, Any]:
        return {
            "verdicts": [
                {"statement": number, "supported": draw.random() >= self._unsupported}
                for number in numbered(question)
            ]
        }

    def _merge(self, question: Question, draw: random.Random) -> dict[str, Any]:
        parts = question.lines
        numbers = list(parts)
        size = -(-len(numbers) // min(self._topics, _at_most(question))) or 1
        groups = [numbers[start : start + size] for start in range(0, len(numbers), size)]
        return {
            "topics": [
                {
                    "title": _title([parts[number] for number in group], group[0]),
                    "aliases": [],
                    "parts": group,
                }
                for group in groups
            ]
        }


def numbered(question: Question) -> dict[int, str]:
    """The statements that a request shows, as `S3| statement`, by their numbers."""
    shown: dict[int, str] = {}
    for role, text in question.messages:
        if role == "user":
            for number, words in _NUMBERED.findall(text):
                shown.setdefault(int(number), words.strip())
    return shown


def _of_topic(question: Question) -> dict[int, str]:
    """The lines that the request says the topic is treated in; all, if it does not say."""
    said = _TREATED.search(question.text)
    wanted: set[int] = set()
    for first, last in re.findall(r"(\d+)(?:\s*[-–]\s*(\d+))?", said[1] if said else ""):
        wanted.update(range(int(first), int(last or first) + 1))
    return {n: words for n, words in question.lines.items() if n in wanted or not wanted}


def _at_most(question: Question) -> int:
    user = "\n".join(text for role, text in question.messages if role == "user")
    said = re.search(r"\bat most (\d+)", user)
    if said:
        return max(1, int(said[1]))
    return 1 if "One article" in user else 5


def _title(texts: list[str], number: int) -> str:
    words = Counter(word for text in texts for word in re.findall(r"\w{5,}", text.lower()))
    best = sorted(words, key=lambda word: (-words[word], word))[:3]
    return f"{' '.join(best) or 'talk'} {number}".capitalize()


def _evidence(question: Question, draw: random.Random, kind: Kind, number: int) -> dict[str, Any]:
    words = question.lines[number].split()
    start = draw.randrange(max(1, len(words) - _QUOTE + 1))
    quote = " ".join(words[start : start + _QUOTE])
    numbers = list(question.lines)
    if kind == "near":
        at = draw.randrange(len(quote))
        quote = quote[:at] + ("q" if quote[at] != "q" else "z") + quote[at + 1 :]
    elif kind == "beside":
        at = numbers.index(number)
        number = numbers[at + 1] if at + 1 < len(numbers) else numbers[max(0, at - 1)]
    elif kind == "moved":
        number = draw.choice([n for n in numbers if abs(n - number) > 3] or numbers)
    elif kind == "wrong":
        quote = draw.choice(_NOBODYS)
    return {"line": number, "quote": quote}


def _block(statements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"kind": "paragraph", "lead_in": None, "statements": statements}
