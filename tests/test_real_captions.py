"""Real captions, where they are: notes of all of them, and the guarantee on every citation."""

import json
import math
import re
from pathlib import Path

import pytest

from generator import generate_notes, parse_note, read_transcript, render_note
from generator.models import Evidence
from generator.summarizer.grounding import Grounding
from generator.summarizer.lines import make_lines

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


def test_every_citation_of_generated_captions_is_the_second_in_which_its_first_word_is_said(
    tmp_path,
):
    """Each word's time is read from the file itself: what its segments say, and nothing of ours."""
    files = sorted((SHARED / "autocaptions").glob("*.json3"))
    if not files:
        pytest.skip("the real generated captions are not here")
    report = generate_notes(transcripts=files, output=tmp_path, engine="extractive")
    assert [video.error for video in report.videos] == [None] * len(files)
    for file, video in zip(files, report.videos, strict=True):
        said = times_of_words(json.loads(file.read_text("utf-8")))
        (note,) = video.notes
        sidecar = json.loads(
            (tmp_path / ".generator/notes" / Path(note.path).relative_to(tmp_path))
            .with_suffix(".json")
            .read_text("utf-8")
        )
        seconds = []
        for statement in sidecar["statements"]:
            for citation in statement["citations"]:
                cue, offset = citation["cue"], citation["offset"]
                words = said[cue["start"]]
                assert cue["text"] == " ".join(word for word, _ in words)
                at = len(cue["text"][:offset].split()) - (
                    cue["text"][:offset][-1:] not in ("", " ")
                )
                word, start = words[at]
                assert citation["second"] == math.floor(start), (file.name, citation)
                assert cue["text"][offset:].split()[0] in word
                if not statement["leadIn"]:
                    seconds.append(citation["second"])
        shown = re.findall(r'data-t="(\d\d):(\d\d):(\d\d)"', Path(note.path).read_text("utf-8"))
        assert [int(h) * 3600 + int(m) * 60 + int(s) for h, m, s in shown] == seconds
        assert len(seconds) > 5


def test_a_quote_from_any_word_of_generated_captions_is_at_that_words_second():
    files = sorted((SHARED / "autocaptions").glob("*.json3"))
    if not files:
        pytest.skip("the real generated captions are not here")
    for file in files:
        said = times_of_words(json.loads(file.read_text("utf-8")))
        transcript = read_transcript(file)
        lines = make_lines(transcript)
        grounding = Grounding(transcript, lines)
        within = 0
        for line in lines[::5]:
            words = [
                each
                for cue in transcript.cues[line.first : line.last + 1]
                for each in said[cue.start]
            ]
            for first in range(0, len(words) - 8, 3):
                quote = " ".join(word for word, _ in words[first : first + 8])
                if line.text.count(quote) > 1:
                    continue
                citation = grounding.cite(Evidence(line.number, quote))
                assert citation is not None
                assert citation.second == math.floor(words[first][1]), (file.name, quote)
                within += citation.second != math.floor(transcript.cues[citation.cue].start)
        assert within > 50, file.name


def times_of_words(document):
    """By the start of each event of a json3 file, its words and when they are said, in seconds."""
    found = {}
    for event in document["events"]:
        start = event["tStartMs"]
        said = [(each["utf8"], start + each.get("tOffsetMs", 0)) for each in event.get("segs", ())]
        words = [(text.strip(), at / 1000) for text, at in said if text.strip()]
        if words:
            found[start / 1000] = words
    return found


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
