"""What stands in a sidecar, and that it is read back equal."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.models import (
    BulletList,
    Citation,
    Cue,
    Found,
    Line,
    Note,
    Paragraph,
    Section,
    Statement,
    Transcript,
    Video,
)
from generator.vault.sidecars import (
    SidecarFile,
    digest_without_file,
    dump_sidecar,
    make_sidecar,
    parse_sidecar,
    with_file,
)

CUES = (
    Cue(0.5, 2.0, "The Moon pulls"),
    Cue(2.5, 2.0, "the sea."),
    Cue(3663.25, 3.0, "Луна тянет море."),
    Cue(3670.0, 1.0, "Nobody cites this."),
)
LINES = (
    Line(1, 0, 0, CUES[0].text, 0.5, 2.5),
    Line(2, 1, 1, CUES[1].text, 2.5, 4.5),
    Line(3, 2, 2, CUES[2].text, 3663.25, 3666.25),
    Line(4, 3, 3, CUES[3].text, 3670.0, 3671.0),
)
MOON = Citation(0, 0, 4, "Moon pulls", Found.EXACT)
BOTH = Citation(0, 0, 9, "pulls the", Found.NEAR)
LATER = Citation(3663, 2, 0, "Луна тянет", Found.MOVED)
VIDEO = Video("tides-00001", "Why the sea rises", "harbour_talks", published=date(2024, 2, 29))
NOTE = Note(
    "Tides",
    ("Ebb and flow",),
    "tides",
    VIDEO,
    (Paragraph((Statement("The Moon pulls.", citations=(MOON,)),)),),
    (
        Section("Empty", 2, (), 0.0, 1.0),
        Section(
            "Луна",
            3,
            (
                BulletList(
                    (Statement("The sea.", citations=(LATER, BOTH)),),
                    Statement("These pull:", citations=(MOON,)),
                ),
            ),
            1.0,
            3671.0,
        ),
    ),
)
TRANSCRIPT = Transcript(VIDEO.id, "ru", True, CUES)
SIDECAR = make_sidecar(NOTE, TRANSCRIPT, LINES, "extractive")

MOON_JSON = {
    "second": 0,
    "timestamp": "00:00:00",
    "line": 1,
    "cue": {"index": 0, "start": 0.5, "duration": 2.0, "text": "The Moon pulls"},
    "offset": 4,
    "quote": "Moon pulls",
    "found": "exact",
}


def test_a_sidecar_holds_what_its_note_rests_on():
    assert json.loads(dump_sidecar(SIDECAR, SidecarFile("abc", ("title", "videoId")))) == {
        "version": 1,
        "title": "Tides",
        "slug": "tides",
        "aliases": ["Ebb and flow"],
        "video": {
            "id": "tides-00001",
            "title": "Why the sea rises",
            "channel": "harbour_talks",
            "channelId": None,
            "url": "",
            "duration": None,
            "published": "2024-02-29",
        },
        "engine": "extractive",
        "transcript": {"language": "ru", "generated": True},
        "file": {"digest": "abc", "frontMatter": ["title", "videoId"]},
        "sections": [
            {"heading": "Empty", "level": 2, "start": 0.0, "end": 1.0},
            {"heading": "Луна", "level": 3, "start": 1.0, "end": 3671.0},
        ],
        "statements": [
            {
                "section": None,
                "leadIn": False,
                "text": "The Moon pulls.",
                "citations": [MOON_JSON],
                "lines": [1],
            },
            {
                "section": 1,
                "leadIn": True,
                "text": "These pull:",
                "citations": [MOON_JSON],
                "lines": [1],
            },
            {
                "section": 1,
                "leadIn": False,
                "text": "The sea.",
                "citations": [
                    {
                        "second": 3663,
                        "timestamp": "01:01:03",
                        "line": 3,
                        "cue": {
                            "index": 2,
                            "start": 3663.25,
                            "duration": 3.0,
                            "text": "Луна тянет море.",
                        },
                        "offset": 0,
                        "quote": "Луна тянет",
                        "found": "moved",
                    },
                    {**MOON_JSON, "offset": 9, "quote": "pulls the", "found": "near"},
                ],
                "lines": [1, 2, 3],
            },
        ],
        "lines": [
            {"number": 1, "start": 0.5, "end": 2.5, "text": "The Moon pulls"},
            {"number": 2, "start": 2.5, "end": 4.5, "text": "the sea."},
            {"number": 3, "start": 3663.25, "end": 3666.25, "text": "Луна тянет море."},
        ],
    }


def test_its_bytes_are_for_people_and_git():
    data = dump_sidecar(SIDECAR)
    assert data == dump_sidecar(make_sidecar(NOTE, TRANSCRIPT, LINES, "extractive"))
    assert data.startswith(b'{\n  "version": 1,\n  "title": "Tides",\n')
    assert data.endswith(b"\n}\n")
    assert "Луна" in data.decode()


def test_a_sidecar_is_read_back_equal():
    assert parse_sidecar(dump_sidecar(SIDECAR)) == SIDECAR


@given(st.text(), st.text(), st.text())
def test_any_text_is_read_back_equal(title: str, text: str, language: str):
    statement = Statement(text, citations=(replace(MOON, quote=text),))
    note = replace(NOTE, title=title, lead=(Paragraph((statement,)),))
    sidecar = make_sidecar(note, replace(TRANSCRIPT, language=language), LINES, title)
    assert parse_sidecar(dump_sidecar(sidecar)) == sidecar


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        dump_sidecar(SIDECAR)[:-20],
        dump_sidecar(SIDECAR).replace(b'"version": 1', b'"version": 2'),
        dump_sidecar(SIDECAR).replace(b'"second": 0', b'"second": "soon"'),
    ],
)
def test_what_is_no_sidecar_is_none(data: bytes):
    assert parse_sidecar(data) is None


def test_a_citation_of_a_cue_that_is_not_there_is_refused():
    for cue in (-1, 4):
        statement = Statement("x", citations=(replace(MOON, cue=cue),))
        with pytest.raises(ValueError, match="there is no cue"):
            make_sidecar(replace(NOTE, lead=(Paragraph((statement,)),)), TRANSCRIPT, LINES, "x")
    with pytest.raises(ValueError, match="no line holds cue 0"):
        make_sidecar(NOTE, TRANSCRIPT, LINES[1:], "x")


def test_a_quote_that_runs_past_the_last_cue_ends_there():
    statement = Statement("x", citations=(Citation(3670, 3, 0, "Nobody" * 99, Found.NEAR),))
    note = replace(NOTE, lead=(Paragraph((statement,)),), sections=())
    assert make_sidecar(note, TRANSCRIPT, LINES, "x").statements[0].lines == (4,)


@pytest.mark.parametrize(
    ("quote", "lines"),
    [
        ("pulls", (1,)),
        ("pulls t", (1, 2)),
        ("pulls the sea.", (1, 2)),
        ("pulls the sea. Л", (1, 2, 3)),
    ],
)
def test_a_statement_names_all_lines_that_its_quote_stands_in(quote: str, lines: tuple[int, ...]):
    statement = Statement("x", citations=(replace(BOTH, quote=quote),))
    note = replace(NOTE, lead=(Paragraph((statement,)),), sections=())
    assert make_sidecar(note, TRANSCRIPT, LINES, "x").statements[0].lines == lines


@pytest.mark.parametrize("keys", [(), ("title",), ("title", 'my: "key"\n  },')])
def test_what_a_sidecar_says_of_the_file_is_replaced_in_place(keys: tuple[str, ...]):
    title = 'Tides\n  "file": {\n    "digest": "none"\n  },'
    sidecar = make_sidecar(replace(NOTE, title=title), TRANSCRIPT, LINES, "openai")
    file = SidecarFile("0" * 64, keys)
    before = dump_sidecar(sidecar, SidecarFile("1" * 64, ("title", "videoId")))
    assert with_file(before, file) == dump_sidecar(sidecar, file)
    assert digest_without_file(before, "") == digest_without_file(with_file(before, file), "") != ""


def test_a_sidecar_is_known_by_all_but_what_it_says_of_the_file():
    data = dump_sidecar(make_sidecar(NOTE, TRANSCRIPT, LINES, "openai"))
    others = [data.replace(b"Moon", b"Noon", 1), data[:-1], data.replace(b"openai", b"other")]
    digests = {digest_without_file(each, "made of this") for each in (data, *others)}
    assert len(digests) == 4
    assert digest_without_file(data, "made of that") not in digests
    assert digest_without_file(b"{}", "") == ""
