"""The built-in engine as a whole: its note, in any language and of any size."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from generator.errors import EmptyTranscript
from generator.models import (
    Chapter,
    Cue,
    Found,
    Transcript,
    Video,
    statements_in,
    statements_of,
)
from generator.summarizer.extractive.engine import ExtractiveEngine
from generator.summarizer.grounding import Grounding
from generator.summarizer.lines import make_lines

ROOT = Path(__file__).resolve().parents[3]
CAPTIONS = ROOT.parent / "shared" / "data" / "captions"

VIDEO = Video("abcdefghijk", "How bread rises", "kitchen")

PARTS = {
    "Yeast": [
        "Yeast is a living fungus that eats sugar and breathes out gas.",
        "Warm water wakes the yeast within ten minutes.",
        "Cold water keeps the yeast asleep for a whole night.",
        "Salt slows the yeast, so a salty dough needs more time.",
        "Dried yeast lives for a year in a cool and dark place.",
        "Fresh yeast smells of apples and crumbles between two fingers.",
    ],
    "Gluten": [
        "Gluten is the net of proteins that holds the gas in the dough.",
        "Kneading pulls the gluten strands into long and even sheets.",
        "Rye flour has little gluten, which is why rye loaves stay flat.",
        "A rested dough stretches because its gluten strands relax.",
        "Fat coats the gluten strands and makes the crumb tender.",
        "Strong flour has more gluten than the flour for cakes.",
    ],
    "The oven": [
        "A hot oven sets the crust before the crumb is done.",
        "Steam in the oven keeps the crust soft while the loaf grows.",
        "The oven stone gives its heat to the bottom of the loaf.",
        "An oven that is too cool dries the crumb and pales the crust.",
        "Opening the oven door lets the steam out at once.",
        "The crust browns when the oven drives the water out of it.",
    ],
}


def talk(parts=PARTS, pause=6.0, seconds=7.0, rounds=3):
    """A talk whose parts have words of their own, and a pause between any two."""
    cues, chapters, at = [], [], 0.0
    for name, sentences in parts.items():
        chapters.append(Chapter(float(int(at)), name))
        for turn in range(rounds):
            for number, sentence in enumerate(sentences):
                text = sentence if turn == 0 else f"Batch {turn}{number}: {sentence}"
                half = len(text.split()) // 2
                words = text.split()
                cues.append(Cue(at, seconds / 2, " ".join(words[:half])))
                cues.append(Cue(at + seconds / 2, seconds / 2, " ".join(words[half:])))
                at += seconds
        at += pause
    return Transcript("abcdefghijk", "en", False, tuple(cues)), tuple(chapters)


def draft_of(transcript, video=VIDEO):
    lines = make_lines(transcript)
    engine = ExtractiveEngine()
    (topic,) = engine.outline(video, transcript, lines)
    assert topic.lines == tuple(line.number for line in lines)
    return engine.write(video, transcript, lines, topic)


def grounded(transcript, draft, video=VIDEO):
    grounding = Grounding(transcript, make_lines(transcript))
    result = grounding.ground(draft, video, "slug")
    assert result.dropped == ()
    return result.note


def cues_of(*texts, language="en", seconds=4.0):
    cues = tuple(Cue(i * seconds, seconds - 0.5, text) for i, text in enumerate(texts))
    return Transcript("abcdefghijk", language, False, cues)


def test_one_note_with_the_videos_title_and_its_aliases():
    transcript, _ = talk()
    video = replace(VIDEO, title="How bread rises | Kitchen science 4")
    draft = draft_of(transcript, video)
    assert (draft.title, draft.aliases) == (
        "How bread rises | Kitchen science 4",
        ("How bread rises",),
    )


def test_the_authors_chapters_are_the_sections():
    transcript, chapters = talk()
    draft = draft_of(transcript, replace(VIDEO, chapters=chapters))
    assert [section.heading for section in draft.sections] == ["Yeast", "Gluten", "The oven"]
    assert [section.start for section in draft.sections] == [0.0, 132.0, 264.0]
    assert [section.end for section in draft.sections] == [132.0, 264.0, transcript.end]
    assert {section.level for section in draft.sections} == {2}


def test_without_chapters_the_talk_is_divided_where_it_turns_to_something_else():
    transcript, _ = talk()
    draft = draft_of(transcript)
    assert [section.start for section in draft.sections] == [0.0, 132.0, 264.0]


@pytest.mark.parametrize(
    "chapters",
    [
        (Chapter(0, "All"),),
        (Chapter(0, "One"), Chapter(0, "Two"), Chapter(0, "Three")),
        (Chapter(200, "Two"), Chapter(0, "One")),
        (Chapter(0, "One"), Chapter(5000, "Two"), Chapter(6000, "Three")),
    ],
)
def test_chapters_that_cannot_be_right_are_not_taken(chapters):
    transcript, _ = talk()
    draft = draft_of(transcript, replace(VIDEO, chapters=chapters))
    assert [section.start for section in draft.sections] == [0.0, 132.0, 264.0]
    assert not {"All", "One", "Two", "Three"} & {section.heading for section in draft.sections}


def test_headings_are_key_phrases_and_no_two_alike():
    transcript, chapters = talk()
    headings = [section.heading for section in draft_of(transcript).sections]
    assert len({heading.casefold() for heading in headings}) == len(headings)
    for heading, word in zip(headings, ("yeast", "gluten", "oven"), strict=True):
        assert (
            word in heading.casefold()
            or heading.casefold()
            in " ".join(
                PARTS[{"yeast": "Yeast", "gluten": "Gluten", "oven": "The oven"}[word]]
            ).casefold()
        )
    same = tuple(replace(chapter, title="Part") for chapter in chapters)
    named = [s.heading for s in draft_of(transcript, replace(VIDEO, chapters=same)).sections]
    assert len(set(named)) == 3
    assert all(heading.startswith("Part: ") for heading in named)


def test_a_chapter_named_like_the_video_gets_its_own_heading():
    transcript, chapters = talk()
    named = (replace(chapters[0], title="How Bread Rises"), *chapters[1:])
    headings = [s.heading for s in draft_of(transcript, replace(VIDEO, chapters=named)).sections]
    assert headings[0].casefold() != "how bread rises"
    assert headings[1:] == ["Gluten", "The oven"]


def test_statements_are_whole_sentences_each_once_and_in_the_order_they_were_said():
    transcript, chapters = talk()
    draft = draft_of(transcript, replace(VIDEO, chapters=chapters))
    text = " ".join(cue.text for cue in transcript.cues)
    said = [statement.text for statement in statements_in(draft)]
    assert len(said) == len(set(said))
    assert all(sentence in text and sentence.endswith(".") for sentence in said)
    assert 1 <= len(statements_of(draft.lead)) <= 3
    for section in draft.sections:
        there = [text.index(statement.text) for statement in statements_of(section.blocks)]
        assert there == sorted(there)
        assert 3 <= len(there) <= 7


def test_every_statement_is_cited_from_the_cue_in_which_it_begins():
    transcript, chapters = talk()
    draft = draft_of(transcript, replace(VIDEO, chapters=chapters))
    for statement in statements_in(grounded(transcript, draft)):
        (citation,) = statement.citations
        words = statement.text.split()
        cue = transcript.cues[citation.cue]
        assert cue.text.split() == words[: len(cue.text.split())]
        assert citation.second == int(cue.start)
        assert citation.found is Found.EXACT
        assert not statement.markup


def test_sections_cite_what_was_said_in_them():
    transcript, _ = talk()
    note = grounded(transcript, draft_of(transcript))
    for section in note.sections:
        for statement in statements_of(section.blocks):
            start = transcript.cues[statement.citations[0].cue].start
            assert section.start <= start < section.end


def test_a_statement_that_begins_at_the_very_end_of_a_cue_is_cited_from_there():
    texts = ["We bake the loaf at noon. Warm", "bread cools on a rack for an hour."]
    transcript = cues_of(*texts)
    note = grounded(transcript, draft_of(transcript))
    assert [(s.text, s.citations[0].second) for s in statements_in(note)] == [
        ("We bake the loaf at noon.", 0),
        ("Warm bread cools on a rack for an hour.", 0),
    ]


def test_words_said_twice_in_a_line_are_cited_where_the_statement_begins():
    texts = [
        "The bread is warm and the",
        "bread is good. The bread is warm",
        "in the middle.",
    ]
    transcript = cues_of(*texts, seconds=2.0)
    note = grounded(transcript, draft_of(transcript))
    assert [(s.text, s.citations[0].second) for s in statements_in(note)] == [
        ("The bread is warm and the bread is good.", 0),
        ("The bread is warm in the middle.", 2),
    ]


def test_statements_are_cleaned_and_their_quotes_are_what_the_captions_say():
    texts = ["[Music] >> Um, so we knead the the dough", "for, uh, ten long minutes."]
    transcript = cues_of(*texts)
    draft = draft_of(transcript)
    (statement,) = statements_in(draft)
    assert statement.text == "We knead the dough for ten long minutes."
    assert statement.evidence[0].quote == "we knead the the dough"
    grounded(transcript, draft)


def test_two_sentences_make_a_lead_and_no_section():
    draft = draft_of(cues_of("This is about bread.", "Bread is flour, water and salt."))
    assert [s.text for s in statements_of(draft.lead)] == [
        "This is about bread.",
        "Bread is flour, water and salt.",
    ]
    assert draft.sections == ()


@pytest.mark.parametrize("texts", [(), ("[Music]", "♪"), ("...", "?!"), ("", " "), ("😀",)])
def test_a_transcript_without_words_is_an_error(texts):
    transcript = cues_of(*texts)
    with pytest.raises(EmptyTranscript):
        ExtractiveEngine().outline(VIDEO, transcript, make_lines(transcript))


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ["word " * 20_000]),
        ("en", ["This is a short sentence. " * 4_000]),
        ("en", ["the same thing again"] * 300),
        ("en", ["The same thing happens again and again."] * 300),
        ("en", ["😀 Hello my dear friends of bread 🎉."] * 20),
        ("he", ["שלום לכולם, היום נדבר על לחם.", "הלחם הוא מזון חשוב מאוד בעולם."] * 40),
        ("zh", ["大家好", "今天我们来讲面包的基本原理", "面粉是由很多颗粒组成的"] * 60),
        ("th", ["สวัสดีครับ วันนี้เราจะมาพูดถึงขนมปัง", "แป้งสาลีเป็นส่วนผสมหลัก"] * 40),
        ("ja", ["今日はパンの話をします。", "小麦粉の種類について", "説明したいと思います。"] * 40),
        ("und", ["The bread is warm and good.", "We eat the bread at noon."] * 20),
        ("", ["the bread is warm and good", "we eat the bread at noon"] * 40),
        ("ko", ["오늘은 빵 이야기를 합니다.", "밀가루는 좋은 재료입니다."] * 30),
        ("en", [">> hello", ">> JOHN:", "- well - - then", ">>", "NAME: yes", "NAME:"] * 20),
        ("en", ["a b c d e f g"] * 100),
        ("en", ["1 2 3 4 5 6 7 8 9 10 11 12"] * 50),
        ("xx", ["ba de fo gu la me ni po ru ta", "ze zi do ba le mu ke so"] * 80),
        (
            "en",
            ["[[link]] | <b>bold</b> $5 `code` of the page.", "..%2F and ../ are no paths."],
        ),
    ],
)
def test_odd_transcripts_give_a_note_whose_statements_are_all_found(language, texts):
    transcript = cues_of(*texts, language=language)
    draft = draft_of(transcript)
    note = grounded(transcript, draft)
    assert statements_in(note)
    headings = [section.heading.casefold() for section in draft.sections]
    assert len(set(headings)) == len(headings)
    assert all(heading.strip() for heading in headings)


def test_a_character_of_100_000_letters_is_no_crash():
    draft_of(cues_of("x" * 100_000, "And a word after it, or two."))


def test_words_at_the_end_of_an_enormous_cue_of_repetitions_are_cited():
    transcript = cues_of("The bread is warm and good today. " * 3_000, "It is.", "We eat.", "So.")
    note = grounded(transcript, draft_of(transcript))
    assert {c.second for s in statements_in(note) for c in s.citations} <= {0, 4, 8, 12}


def test_a_transcript_of_three_hours_gives_few_enough_sections_and_statements():
    transcript, _ = talk(rounds=86)
    assert transcript.end > 3 * 3600
    draft = draft_of(transcript)
    assert 3 <= len(draft.sections) <= 120
    assert 1 <= len(statements_of(draft.lead)) <= 3
    assert all(1 <= len(statements_of(s.blocks)) <= 7 for s in draft.sections)


def test_the_same_transcript_gives_the_same_draft_under_any_hash_seed():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from tests.summarizer.extractive.test_engine import draft_of, talk\n"
        "print(draft_of(talk()[0]))"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", code, str(ROOT)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1


@pytest.mark.skipif(not CAPTIONS.is_dir(), reason=f"{CAPTIONS} is not here")
def test_real_talks_give_notes_whose_citations_all_begin_the_statement():
    for path in sorted(CAPTIONS.glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        cues = tuple(Cue(c["start"], c["duration"], c["text"]) for c in data["cues"])
        transcript = Transcript(data["videoId"], "en", False, cues)
        chapters = tuple(Chapter(c["start"], c["title"]) for c in data["chapters"])
        video = Video(data["videoId"], data["title"], "channel", chapters=chapters)
        for given in (video, replace(video, chapters=())):
            draft = draft_of(transcript, given)
            note = grounded(transcript, draft, given)
            assert 2 <= len(note.sections) <= 14
            for statement in statements_in(note):
                (citation,) = statement.citations
                first = statement.text.split()[0].strip("“\"'").casefold()
                assert (
                    transcript.cues[citation.cue]
                    .text[citation.offset :]
                    .casefold()
                    .startswith(first.strip(".,"))
                )


def test_what_is_said_in_two_sections_stands_in_one():
    refrains = [
        "Good bread needs yeast, gluten and a hot oven in equal measure.",
        "Yeast and gluten and the oven make a loaf together.",
        "No oven helps where the gluten is weak and the yeast is dead.",
        "The oven ends what the yeast and the gluten have begun.",
    ]
    parts = {name: [sentences[0], *refrains] for name, sentences in PARTS.items()}
    transcript, chapters = talk(parts, rounds=1)
    draft = draft_of(transcript, replace(VIDEO, chapters=chapters))
    said = [statement.text for statement in statements_in(draft)]
    assert [said.count(refrain) for refrain in refrains if refrain in said] == [1] * len(
        set(refrains).intersection(said)
    )
    assert len(set(refrains).intersection(said)) >= 3
