"""Replies that were written for the demo's talks, with line numbers looked up by their quotes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.standins.llm_question import Question
from tests.standins.llm_rule import numbered

REPLIES = Path(__file__).parent / "replies"

Data = dict[str, Any]


class Written:
    """Answers what was written for in `folder`: one folder a video, named by its id.

    A question is known by the video that its lines are of (`videos`: for each id, the texts of its
    lines) and by its prompt; a note by its title too, which the request shows. Where nothing is
    written, or not for these captions of the video, the answer is None.
    """

    def __init__(self, videos: Mapping[str, Iterable[str]], folder: Path = REPLIES) -> None:
        self._lines = {video: set(lines) for video, lines in videos.items()}
        self._written = {video: read_replies(folder / video) for video in videos}

    def video(self, question: Question) -> str | None:
        """The id of the video whose lines a request shows; most of them have to be its own."""
        shown = set(question.lines.values())
        for video, lines in self._lines.items():
            if shown and 2 * len(shown & lines) > len(shown):
                return video
        return None

    def __call__(self, question: Question) -> Data | None:
        """The reply's fields."""
        written = self._written.get(self.video(question) or "", {})
        if question.prompt == "outline" and "outline" in written:
            return _outline(written["outline"], question)
        if question.prompt == "note":
            return _note_asked(written, question)
        if question.prompt == "repair" and "repair" in written:
            return _repair(written["repair"], question)
        if question.prompt == "verify" and written:
            unsupported = written.get("verify", {}).get("unsupported", [])
            return {
                "verdicts": [
                    {"statement": number, "supported": not _among(text, unsupported)}
                    for number, text in numbered(question).items()
                ]
            }
        return None


def read_replies(folder: Path) -> dict[str, Data]:
    """What was written for one video: each file's content under its name without `.json`."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.json"))
    }


def evidence_of(statement: Data, lines: dict[int, str]) -> list[Data]:
    """The evidence of a written statement: quotes as they stand, numbers looked up in the lines.

    What is in no line has the number that is written beside it, else that of the first line.
    """
    found = []
    for quote in statement["quotes"]:
        said = quote if isinstance(quote, dict) else {"quote": quote}
        number = said.get("line") or line_of(said["quote"], lines) or next(iter(lines))
        found.append({"line": number, "quote": said["quote"]})
    return found


def line_of(quote: str, lines: dict[int, str]) -> int | None:
    """The number of the first line in which a quote stands to the letter."""
    return next((number for number, text in lines.items() if quote in text), None)


def _outline(written: Data, question: Question) -> Data | None:
    if not any(
        line_of(first, question.lines)
        for topic in written["topics"]
        for first, _ in topic["ranges"]
    ):
        return None
    return {
        "topics": [
            {
                "title": topic["title"],
                "aliases": topic["aliases"],
                "ranges": [
                    {
                        "first": line_of(first, question.lines) or next(iter(question.lines)),
                        "last": line_of(last, question.lines) or next(reversed(question.lines)),
                    }
                    for first, last in topic["ranges"]
                ],
            }
            for topic in written["topics"]
        ]
    }


def _note_asked(written: dict[str, Data], question: Question) -> Data | None:
    user = "\n".join(text for role, text in question.messages if role == "user")
    for name, note in written.items():
        if name.startswith("note-") and note["title"] in user:
            fits = any(
                line_of(quote, question.lines)
                for statement in statements_of(note)
                for quote in statement["quotes"]
                if isinstance(quote, str)
            )
            return note_reply(note, question.lines) if fits else None
    return None


def note_reply(note: Data, lines: dict[int, str]) -> Data:
    """A written note in the form of a reply to `note.md`."""
    return {
        "lead": [_block(block, lines) for block in note["lead"]],
        "sections": [
            {
                "heading": section["heading"],
                "blocks": [_block(block, lines) for block in section["blocks"]],
                "subsections": [
                    {
                        "heading": subsection["heading"],
                        "blocks": [_block(block, lines) for block in subsection["blocks"]],
                    }
                    for subsection in section.get("subsections", [])
                ],
            }
            for section in note["sections"]
        ],
    }


def statements_of(note: Data) -> list[Data]:
    """All statements of a written note, in the order in which they are read."""
    blocks = list(note["lead"])
    for section in note["sections"]:
        blocks += section["blocks"]
        for subsection in section.get("subsections", []):
            blocks += subsection["blocks"]
    found: list[Data] = []
    for block in blocks:
        is_list = isinstance(block, dict)
        found += [block["lead_in"], *block["items"]] if is_list else block
    return found


def _block(block: Data | list[Data], lines: dict[int, str]) -> Data:
    if isinstance(block, dict):
        return {
            "kind": "list",
            "lead_in": _statement(block["lead_in"], lines),
            "statements": [_statement(item, lines) for item in block["items"]],
        }
    return {
        "kind": "paragraph",
        "lead_in": None,
        "statements": [_statement(statement, lines) for statement in block],
    }


def _statement(statement: Data, lines: dict[int, str]) -> Data:
    return {
        "evidence": evidence_of(statement, lines),
        "text": statement["text"],
        "mentions": [
            {"words": words, "concept": concept}
            for words, concept in statement.get("mentions", {}).items()
        ],
    }


def _repair(written: Data, question: Question) -> Data:
    """Evidence for the statements that are known; none for the others."""
    replies = []
    for number, text in numbered(question).items():
        known = next((each for each in written["statements"] if _among(text, [each["text"]])), None)
        evidence = evidence_of(known, question.lines) if known else []
        replies.append({"statement": number, "evidence": evidence})
    return {"statements": replies}


def _among(text: str, texts: list[str]) -> bool:
    return any(each in text for each in texts)
