"""Real captions, where they are: notes of all of them, and the guarantee on every citation."""

import json
import math
import re
from pathlib import Path

import pytest

from generator import generate_notes, parse_note, read_transcript, render_note

SHARED = Path(__file__).parents[1] / ".." / "shared" / "data"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the real captions are not here")


def test_every_citation_of_every_note_is_the_floor_of_a_cues_start(tmp_path):
    files = sorted((SHARED / "captions").iterdir())
    report = generate_notes(transcripts=files, output=tmp_path, engine="extractive")
    assert [video.error for video in report.videos] == [None] * len(files)
    for file, video in zip(files, report.videos, strict=True):
        starts = {math.floor(cue.start) for cue in read_transcript(file).cues}
        (note,) = video.notes
        shown = re.findall(r'data-t="(\d\d):(\d\d):(\d\d)"', Path(note.path).read_text("utf-8"))
        seconds = [int(h) * 3600 + int(m) * 60 + int(s) for h, m, s in shown]
        assert len(seconds) == note.citations > 10
        assert set(seconds) <= starts, file.name


def test_the_evidence_of_every_sidecar_is_in_its_cue(tmp_path):
    files = sorted((SHARED / "captions").iterdir())
    generate_notes(transcripts=files, output=tmp_path, engine="extractive")
    sidecars = [json.loads(path.read_text()) for path in tmp_path.rglob("notes/*/*.json")]
    assert len(sidecars) == len(files)
    for sidecar in sidecars:
        lines = {line["number"]: line["text"] for line in sidecar["lines"]}
        for statement in sidecar["statements"]:
            for citation in statement["citations"]:
                cue = citation["cue"]
                assert citation["second"] == math.floor(cue["start"])
                begun = cue["text"][citation["offset"] :]
                assert begun.startswith(citation["quote"]) or citation["quote"].startswith(begun)
                assert citation["quote"] in lines[citation["line"]]


@pytest.mark.parametrize("folder", ["seed", "vault/3blue1brown", "vault/bonus_professor"])
def test_published_notes_are_written_back_to_the_byte(folder):
    files = sorted((SHARED / folder).glob("*.md"))
    assert files
    for file in files:
        text = file.read_bytes().decode("utf-8")
        assert render_note(parse_note(text)) == text, file.name
