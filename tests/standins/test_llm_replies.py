"""The replies written for the demo's talks say what the talks say, in their words."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from generator.models import Cue, Evidence, Found, Line, Transcript
from generator.summarizer.grounding import Grounding
from generator.summarizer.lines import make_lines
from generator.summarizer.openai.replies import NoteReply, OutlineReply
from tests.standins.llm import lines_of
from tests.standins.llm_question import Question
from tests.standins.llm_written import (
    REPLIES,
    Written,
    evidence_of,
    line_of,
    note_reply,
    read_replies,
    statements_of,
)
from tests.standins.talk import demo_talks
from tests.standins.tunnel import Asked

TALKS = {talk.id: talk for talk in demo_talks()}
VIDEOS = sorted(folder.name for folder in REPLIES.iterdir() if folder.is_dir())
WRITTEN = {video: read_replies(REPLIES / video) for video in VIDEOS}
NOTES = [
    pytest.param(video, name, id=f"{video}.{name}")
    for video in VIDEOS
    for name in WRITTEN[video]
    if name.startswith("note-")
]
every_note = pytest.mark.parametrize(("video", "name"), NOTES)
every_video = pytest.mark.parametrize("video", VIDEOS)


def spoken(video: str) -> tuple[Transcript, tuple[Line, ...]]:
    track = TALKS[video].tracks[0]
    cues = tuple(Cue(cue.start, cue.duration, cue.text) for cue in track.cues)
    transcript = Transcript(video, track.language, track.generated, cues)
    return transcript, make_lines(transcript)


def shown(video: str) -> dict[int, str]:
    return {line.number: line.text for line in spoken(video)[1]}


def grounding(video: str) -> Grounding:
    transcript, lines = spoken(video)
    return Grounding(transcript, lines, TALKS[video].duration)


def topic_lines(video: str, title: str) -> set[int]:
    lines = shown(video)
    (topic,) = [each for each in WRITTEN[video]["outline"]["topics"] if each["title"] == title]
    numbers: set[int] = set()
    for first, last in topic["ranges"]:
        start, end = line_of(first, lines), line_of(last, lines)
        assert start and end and start <= end, (first, last)  # noqa: PT018
        numbers.update(range(start, end + 1))
    return numbers


def is_made_up(quote: Any) -> bool:
    """Whether a quote is written as one that nobody said."""
    return isinstance(quote, dict)


def test_all_talks_have_replies() -> None:
    assert sorted(TALKS) == VIDEOS


def test_a_talk_in_another_language_than_written_for_has_none() -> None:
    talk = TALKS["tWiceDaily8"]
    german = next(track for track in talk.tracks if track.language == "de")
    cues = tuple(Cue(cue.start, cue.duration, cue.text) for cue in german.cues)
    lines = make_lines(Transcript(talk.id, "de", False, cues))
    written = Written(lines_of([talk]))
    for prompt in (OutlineReply, NoteReply):
        text = "\n".join(f"{line.number}| {line.text}" for line in lines)
        title = "Spring and neap tides"
        question = asked(f"topic: {title}\n{text}", prompt.model_json_schema())
        assert written.video(question) == talk.id
        assert written(question) is None


def asked(text: str, schema: dict[str, Any]) -> Question:
    """A request as the stand-in gets it."""
    form = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    body = {"messages": [{"role": "user", "content": text}], "response_format": form}
    return Question(Asked("POST", "", "", {}, {}, json.dumps(body).encode()))


@every_note
def test_each_quote_is_in_one_line_of_the_topic_to_the_letter(video: str, name: str) -> None:
    note, lines = WRITTEN[video][name], shown(video)
    numbers = topic_lines(video, note["title"])
    for statement in statements_of(note):
        for quote in filter(lambda each: not is_made_up(each), statement["quotes"]):
            found = [number for number, text in lines.items() if quote in text]
            assert len(found) == 1, quote
            assert found[0] in numbers, quote
            assert 3 <= len(quote.split()) <= 12, quote


@every_note
def test_each_quote_is_found_where_it_is_said(video: str, name: str) -> None:
    where, lines = grounding(video), shown(video)
    for statement in statements_of(WRITTEN[video][name]):
        for quote, each in zip(statement["quotes"], evidence_of(statement, lines), strict=True):
            citation = where.cite(Evidence(each["line"], each["quote"]))
            if is_made_up(quote):
                assert citation is None, each
            else:
                assert citation is not None, each
                assert citation.found is Found.EXACT
                assert citation.quote in lines[each["line"]]


@every_video
def test_repairs_mend_all_made_up_evidence_but_one(video: str) -> None:
    bad = {
        statement["text"]
        for name, note in WRITTEN[video].items()
        if name.startswith("note-")
        for statement in statements_of(note)
        if all(map(is_made_up, statement["quotes"]))
    }
    repairs, where = WRITTEN[video]["repair"]["statements"], grounding(video)
    mended = {statement["text"] for statement in repairs}
    assert mended < bad
    assert len(bad - mended) == 1
    for statement in repairs:
        for each in evidence_of(statement, shown(video)):
            citation = where.cite(Evidence(each["line"], each["quote"]))
            assert citation is not None
            assert citation.found is Found.EXACT


@every_video
def test_topics_and_notes_belong_together(video: str) -> None:
    topics = [topic["title"] for topic in WRITTEN[video]["outline"]["topics"]]
    notes = [note["title"] for name, note in WRITTEN[video].items() if name.startswith("note-")]
    assert topics == notes
    taken: set[int] = set()
    for title in topics:
        numbers = topic_lines(video, title)
        assert not taken & numbers
        taken |= numbers
    assert len(taken) > 0.9 * len(shown(video))


@every_note
def test_notes_have_what_a_note_may_have(video: str, name: str) -> None:
    note = WRITTEN[video][name]
    reply = NoteReply.model_validate(note_reply(note, shown(video)))
    assert reply.lead
    assert 2 <= len(reply.sections) <= 7
    for statement in statements_of(note):
        assert re.search(r"[.,:;]”?$", statement["text"]), statement["text"]
        assert not re.search(r"[<>\[\]{}]|\d\d:\d\d", statement["text"])
        assert statement["quotes"]
        for words in statement.get("mentions", {}):
            assert words in statement["text"]
    for block in _blocks(note):
        if isinstance(block, dict):
            assert block["lead_in"]["text"].endswith(":")
            assert len(block["items"]) > 1


@every_video
def test_notes_show_all_that_a_note_can_have(video: str) -> None:
    notes = [note for name, note in WRITTEN[video].items() if name.startswith("note-")]
    sections = [section for note in notes for section in note["sections"]]
    assert any(section.get("subsections") for section in sections)
    assert any(isinstance(block, dict) for note in notes for block in _blocks(note))
    statements = [statement for note in notes for statement in statements_of(note)]
    assert any("“" in statement["text"] for statement in statements)
    concepts = {c for statement in statements for c in statement.get("mentions", {}).values()}
    titles = {
        each
        for other in VIDEOS
        for topic in WRITTEN[other]["outline"]["topics"]
        for each in (topic["title"], *topic["aliases"])
    }
    assert len(concepts & titles) >= 3


@pytest.mark.parametrize("video", [v for v in VIDEOS if TALKS[v].tracks[0].language == "en"])
def test_what_stands_in_quotation_marks_was_said(video: str) -> None:
    lines = shown(video)
    repaired = {each["text"]: each for each in WRITTEN[video]["repair"]["statements"]}
    checked = 0
    for name, note in WRITTEN[video].items():
        for statement in statements_of(note) if name.startswith("note-") else ():
            known = repaired.get(statement["text"], statement)
            cited = " ".join(lines[each["line"]] for each in evidence_of(known, lines))
            for quotation in re.findall("“(.+?)”", statement["text"]):
                assert quotation in cited
                checked += 1
    assert checked


def _blocks(note: dict[str, Any]) -> list[Any]:
    blocks = list(note["lead"])
    for section in note["sections"]:
        blocks += section["blocks"]
        for subsection in section.get("subsections", []):
            blocks += subsection["blocks"]
    return blocks
