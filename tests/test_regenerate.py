"""Writing anew what the library holds: only requests whose text changed are sent."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from generator.library import Library
from tests.standins.llm import LLMStandIn
from tests.standins.llm_rule import ByRule
from tests.vaults import (
    LENS,
    METRE,
    TALKS,
    TIDES,
    generate,
    prompts_with,
    templates_with,
    vault_files,
    written,
)


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-standin")
    return tmp_path


def asked(llm: LLMStandIn) -> Counter[str]:
    """How often each prompt was asked; then none was."""
    counts = Counter(line.prompt for line in llm.asked())
    llm.forget()
    return counts


def test_nothing_changed_asks_nothing_and_writes_nothing():
    with written() as llm:
        generate(llm, talks=(METRE, LENS))
        before, counted = vault_files(), asked(llm)
        told = generate(llm, "--regenerate")
        assert asked(llm) == {}
    assert counted["note"] > 2
    assert [video["id"] for video in told["videos"]] == [METRE, LENS]
    assert {video["state"] for video in told["videos"]} == {"unchanged"}
    assert told["usage"]["requests"] == 0
    assert vault_files() == before


def test_a_changed_template_asks_nothing_and_rewrites_all():
    templates = templates_with("note", "From:", "Written from:")
    with written() as llm:
        generate(llm, talks=(METRE, LENS))
        before = vault_files()
        asked(llm)
        told = generate(llm, "--regenerate", "--templates", templates)
        assert asked(llm) == {}
    after = vault_files()
    notes = [path for path, data in before.items() if b"videoId" in data]
    assert {path for path in after if after[path] != before[path]} == set(notes)
    assert all(after[path] == before[path].replace(b"From:", b"Written from:") for path in notes)
    assert {video["state"] for video in told["videos"]} == {"written"}


def test_a_changed_note_prompt_asks_for_no_outline():
    with written() as llm:
        generate(llm, talks=(METRE,))
        first = asked(llm)
        generate(llm, "--regenerate", "--prompts", prompts_with("note", "a wiki", "the wiki"))
        again = asked(llm)
    assert again["outline"] == 0
    assert again["note"] == first["note"]


def test_a_topic_that_came_out_the_same_is_not_asked_for_again():
    topics = [
        {"title": "The first half", "aliases": [], "ranges": [{"first": 1, "last": 30}]},
        {"title": "The second half", "aliases": [], "ranges": [{"first": 31, "last": 60}]},
    ]

    def outlined(question):
        if question.prompt != "outline":
            return None
        other = "OTHERWISE" in question.messages[0][1]
        second = {**topics[1], "title": "The end"} if other else topics[1]
        return {"topics": [topics[0], second]}

    with LLMStandIn(outlined, ByRule(), talks=list(TALKS.values())) as llm:
        generate(llm, talks=(METRE,))
        asked(llm)
        prompts = prompts_with("outline", "You plan", "OTHERWISE you plan")
        told = generate(llm, "--regenerate", "--prompts", prompts)
        again = asked(llm)
    assert (again["outline"], again["note"]) == (1, 1)
    assert [note["title"] for note in told["videos"][0]["notes"]] == ["The first half", "The end"]
    assert told["removed"] == []


def test_a_changed_setting_that_no_request_holds_asks_nothing():
    with written() as llm:
        generate(llm, talks=(METRE,))
        asked(llm)
        told = generate(llm, "--regenerate", "--front-matter", "url", "--timestamp-links")
        assert asked(llm) == {}
    assert told["videos"][0]["state"] == "written"


def test_what_is_named_alone_is_written_anew():
    templates = templates_with("note", "From:", "Written from:")
    with written() as llm:
        generate(llm, talks=(METRE, LENS))
        told = generate(llm, "--regenerate", "--video", LENS, "--templates", templates)
        assert [video["id"] for video in told["videos"]] == [LENS]
        told = generate(llm, "--regenerate", "--channel", "@kettle_and_chalk")
        assert [video["id"] for video in told["videos"]] == [METRE, LENS]
        told = generate(llm, "--regenerate", "--channel", "@somebody_else", code=1)
    assert told["videos"] == []
    assert told["lists"][0]["cause"] == "not-in-library"
    told = generate(None, "--regenerate", "--video", "unknown0000", code=1)
    assert told["lists"][0]["cause"] == "not-in-library"


def test_the_transcript_that_the_notes_cite_is_taken_unless_another_language_is_wanted():
    with written() as llm:
        generate(llm, talks=(METRE,))
    path = Path("output/.generator/library.db")
    with Library.open(path) as library:
        (video,) = library.videos()
        cited = library.transcript(video)
        from dataclasses import replace

        from generator.models import Fetched

        library.save_fetched(Fetched(video, replace(cited, language="de", generated=True)))
        held = library.holdings.transcripts(video)
        assert [track.language for track in held] == ["ru", "de"]
    with written() as llm:
        generate(llm, "--regenerate")
        assert asked(llm) == {}
        told = generate(llm, "--regenerate", "--language", "de")
    assert told["videos"][0]["notices"] == []
    sidecar = next(Path("output/.generator/notes").rglob("*.json"))
    assert json.loads(sidecar.read_text())["transcript"]["language"] == "de"


def test_the_extractive_engine_is_regenerated_too():
    generate(None, talks=(METRE,))
    before = vault_files()
    told = generate(None, "--regenerate")
    assert told["videos"][0]["state"] == "unchanged"
    assert vault_files() == before
    told = generate(None, "--regenerate", "--front-matter", "channel")
    assert told["videos"][0]["state"] == "written"


def test_another_engine_and_another_model_write_anew():
    generate(None, talks=(METRE,))
    with written() as llm:
        told = generate(llm, "--regenerate")
        assert asked(llm)["outline"] == 1
        assert told["videos"][0]["state"] == "written"
        generate(llm, "--regenerate", "--model", "gpt-standin-mini")
        assert asked(llm)["outline"] == 1


def test_force_asks_again_once_and_only_where_it_is_told_to():
    with written() as llm:
        generate(llm, talks=(METRE,))
        first = asked(llm)
        generate(llm, "--regenerate", "--force", "--prompt", "note")
        again = asked(llm)
        assert (again["outline"], again["note"]) == (0, first["note"])
        generate(llm, "--regenerate", "--force")
        assert asked(llm) == first
        generate(llm, "--regenerate")
        assert asked(llm) == {}


def test_prompts_that_are_none_are_refused(capsys):
    told = generate(None, "--regenerate", "--force", "--prompt", "notes", code=2)
    assert "outline" in told["error"]
    told = generate(None, "--regenerate", "--prompt", "note", code=2)
    assert "--force" in told["error"]


def test_a_report_from_the_library_says_what_the_first_one_did():
    with written() as llm:
        first = generate(llm, talks=(METRE,))
        again = generate(llm, "--regenerate")
    for before, after in zip(first["videos"][0]["notes"], again["videos"][0]["notes"], strict=True):
        assert {**before, "state": ""} == {**after, "state": ""}
    assert again["usage"]["from_library"] == first["usage"]["requests"]


def test_a_playlist_a_file_of_ids_and_a_selection_name_what_is_held():
    from datetime import UTC, datetime

    from generator.models import ListedVideo, VideoList

    with written() as llm:
        generate(llm, talks=(METRE, LENS))
    address = "https://www.youtube.com/playlist?list=PLaaaaaaaaaaaaaaa"
    listed = (ListedVideo("unknown0000"), ListedVideo(LENS))
    with Library.open("output/.generator/library.db") as library:
        library.lists.save(VideoList(address, "S", "", None, datetime.now(UTC), True, listed))
    Path("list.txt").write_text(f"unknown0000 # not held\nnot a video\n{METRE}\n")

    def written_anew(*arguments: str) -> list[str]:
        with written() as llm:
            told = generate(llm, "--regenerate", *arguments)
            assert llm.requests == []
        return [video["id"] for video in told["videos"]]

    assert written_anew("--playlist", "PLaaaaaaaaaaaaaaa") == [LENS]
    assert written_anew("--videos", "list.txt") == [METRE]
    assert written_anew("--channel", "kettle_and_chalk", "--match", "fresnel") == [LENS]
    assert written_anew("--channel", "kettle_and_chalk", "--limit", "1") == [METRE]
    exclude = ("--exclude", METRE)
    assert written_anew("--match", "fresnel") == [LENS]
    Path("list.txt").write_text(f"{LENS}\n{METRE}\n")
    assert written_anew("--videos", "list.txt", "--limit", "1") == [LENS]
    assert written_anew("--videos", "list.txt", "--match", "metre") == [METRE]
    none = generate(None, "--regenerate", "--channel", "kettle_and_chalk", "--match", "no such")
    assert [notice for notice in none["notices"] if "None of the 2 videos" in notice]
    assert none["lists"] == []
    assert written_anew("--channel", "kettle_and_chalk", "--limit", "1", *exclude) == [LENS]


@pytest.mark.parametrize("more", [[], ["--dry-run"], ["--overwrite"]])
def test_where_no_library_is_there_is_nothing_to_regenerate_and_nothing_is_made(more):
    told = generate(None, "--regenerate", *more, code=1)
    assert told["cause"] == "no-library"
    assert told["error"].startswith("There is nothing to regenerate")
    assert list(Path().iterdir()) == []
    Path("output").mkdir()
    generate(None, "--regenerate", *more, code=1)
    assert list(Path("output").iterdir()) == []


def test_a_library_that_holds_nothing_is_told_of():
    with Library.open("output/.generator/library.db"):
        pass
    (notice,) = generate(None, "--regenerate")["notices"]
    assert notice == "There is nothing to regenerate: the library holds no video."


def test_a_note_that_its_owner_deleted_stays_deleted_until_it_is_asked_for():
    generate(None, talks=(TIDES, LENS))
    notes = {
        TALKS[id_].title: path
        for id_ in (TIDES, LENS)
        for path in Path("output").rglob("*.md")
        if f"videoId: {id_}" in path.read_text()
    }
    tides = notes[TALKS[TIDES].title]
    before = vault_files()
    tides.unlink()
    changed = ("--regenerate", "--timestamp-links")
    plan = generate(None, *changed, "--dry-run")
    assert [(of["path"], of["reason"]) for of in plan["kept"]] == [
        (str(tides), "its owner deleted it")
    ]
    assert {str(tides)}.isdisjoint(file["path"] for file in plan["files"])
    told = generate(None, *changed)
    states = {note["path"]: note["state"] for video in told["videos"] for note in video["notes"]}
    assert (states[str(tides)], told["totals"]["notes_kept"]) == ("kept", 1)
    assert "--overwrite brings it back" in str(told["videos"])
    assert not tides.exists()
    assert "href" in notes[TALKS[LENS].title].read_text()
    assert tides.stem not in "".join(path.read_text() for path in Path("output").rglob("*.md"))
    # What is written anew is known with the settings of today when it comes back.
    generate(None, "--regenerate")
    assert not tides.exists()
    assert str(tides) in {
        file["path"] for file in generate(None, "--regenerate", "--overwrite", "--dry-run")["files"]
    }
    generate(None, "--regenerate", "--overwrite")
    assert vault_files() == before


def test_a_vault_that_was_emptied_or_is_another_is_written_from_scratch():
    generate(None, talks=(TIDES, LENS))
    before = vault_files()
    for path in Path("output").rglob("*.md"):
        path.unlink()
    generate(None, "--regenerate", "--video", TIDES)
    generate(None, "--regenerate")
    assert vault_files() == before


def test_what_a_transcript_file_brings_is_not_asked_for_with_it():
    told = generate(None, "--regenerate", talks=(METRE,), code=2)
    assert "--transcript" in told["error"]


def test_asking_youtube_again_does_not_go_with_it():
    told = generate(None, "--regenerate", "--refetch", code=2)
    assert "--refetch" in told["error"]


def test_a_changed_program_makes_the_notes_again_over_the_same_replies(monkeypatch):
    from generator import writing
    from generator.batch import making

    made: list[str] = []
    with written() as llm:
        generate(llm, talks=(METRE,))
        asked(llm)
        write = writing.write_notes

        async def watched(fetched, *parts, **more):
            made.append(fetched.video.id)
            return await write(fetched, *parts, **more)

        monkeypatch.setattr(writing, "write_notes", watched)
        generate(llm, "--regenerate")
        assert made == []
        monkeypatch.setattr(making, "code_digest", lambda parts, libraries: "another")
        told = generate(llm, "--regenerate")
        generate(llm, "--regenerate")
        assert asked(llm) == {}
    assert len(made) == 2  # for the estimate before the run, too
    assert told["videos"][0]["state"] == "unchanged"


def test_a_reply_that_was_replaced_since_makes_the_notes_again():
    with written() as llm:
        generate(llm, talks=(METRE,))
        before = vault_files()
        with Library.open("output/.generator/library.db") as library:
            outline = next(each for each in library.completions() if each.prompt == "outline")
            from dataclasses import replace

            reply = json.loads(outline.reply)
            reply["topics"] = reply["topics"][:1]
            library.save_completion(replace(outline, reply=json.dumps(reply)))
        generate(llm, "--regenerate")
    assert len(vault_files()) < len(before)
