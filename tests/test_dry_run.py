"""What a run would do, told before: held against what it then does."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from generator.library import Library
from tests.standins.llm import LLMStandIn
from tests.vaults import (
    LENS,
    METRE,
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


def everything() -> dict[str, tuple[bytes, int]]:
    """All files under the working directory, with the times at which they were changed."""
    return {
        str(path): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in Path().rglob("*")
        if path.is_file()
    }


def dry(llm: LLMStandIn | None, *arguments: str, **more: Any) -> dict[str, Any]:
    """What `--dry-run` says; nothing is sent or written meanwhile."""
    if "talks" in more:
        generate(llm, "--dry-run", **more)  # makes the transcript files
    before, asked = everything(), len(llm.requests) if llm else 0
    told = generate(llm, "--dry-run", *arguments, **more)
    assert everything() == before
    assert not llm or len(llm.requests) == asked
    assert told["dry_run"]
    return told


def held_against(plan: dict[str, Any], llm: LLMStandIn, library: str = "output") -> None:
    """What was asked since the log was emptied lies in the plan, and is it where that is exact."""
    counts = Counter(line.prompt for line in llm.asked())
    assert set(counts) <= set(plan["asked"])
    for prompt, asked in plan["asked"].items():
        least, most = asked["requests"]
        assert least <= counts[prompt] <= most, prompt
        tokens = llm.tokens(prompt=prompt)
        assert tokens["input"] <= asked["input_tokens"][1], prompt
        assert tokens["output"] <= asked["output_tokens"], prompt
    llm.forget()


def files_of(plan: dict[str, Any]) -> dict[str, str]:
    return {file["path"].removeprefix("output/"): file["change"] for file in plan["files"]}


def changes_since(before: dict[str, bytes]) -> dict[str, str]:
    after = vault_files()
    return {
        path: "new" if path not in before else "removed" if path not in after else "changed"
        for path in {*before, *after}
        if before.get(path) != after.get(path)
    }


def test_a_new_video_is_told_as_ranges_that_hold_what_is_then_asked(folder: Path):
    with written() as llm:
        plan = dry(llm, talks=(METRE,))
        assert not (folder / "output").exists()
        (video,) = plan["videos"]
        assert (video["doing"], video["because"]) == ("ask", ["it has no notes yet"])
        assert plan["asked"]["outline"]["requests"] == [1, 1]
        assert plan["asked"]["note"]["requests"][0] < plan["asked"]["note"]["requests"][1]
        assert plan["asked"]["repair"]["requests"][0] == 0
        told = generate(llm, talks=(METRE,))
        held_against(plan, llm)
    least, most = video["notes"]
    assert least <= len(told["videos"][0]["notes"]) <= most


def test_nothing_changed_is_nothing_to_do():
    with written() as llm:
        generate(llm, talks=(METRE, LENS))
        llm.forget()
        plan = dry(llm, "--regenerate")
    assert [video["doing"] for video in plan["videos"]] == ["nothing", "nothing"]
    assert (plan["asked"], plan["files"]) == ({}, [])


def test_a_changed_template_is_exact_to_the_file():
    templates = templates_with("note", "From:", "Written from:")
    with written() as llm:
        generate(llm, talks=(METRE, LENS))
        llm.forget()
        arguments = ("--regenerate", "--templates", templates)
        plan = dry(llm, *arguments)
        assert plan["asked"] == {}
        before = vault_files()
        generate(llm, *arguments)
        held_against(plan, llm)
    assert files_of(plan) == changes_since(before) != {}
    assert {tuple(f["because"]) for f in plan["files"]} == {("the template note.md.j2 changed",)}


def test_a_changed_note_prompt_is_exact_for_notes_and_a_range_for_repairs():
    with written() as llm:
        generate(llm, talks=(METRE, LENS))
        llm.forget()
        arguments = ("--regenerate", "--prompts", prompts_with("note", "a wiki", "the wiki"))
        plan = dry(llm, *arguments, "--price-in", "2", "--price-out", "10")
        least, most = plan["asked"]["note"]["requests"]
        assert least == most > 2
        assert "outline" not in plan["asked"]
        assert plan["asked"]["repair"]["requests"] == [0, most]
        assert plan["videos"][0]["because"] == ["the prompt note.md changed"]
        least, most = plan["cost"]
        assert 0 < least < most
        generate(llm, *arguments)
        held_against(plan, llm)


def test_exact_tokens_are_those_of_the_requests_that_are_sent():
    from generator.summarizer.completions.conversing import TOKENS_AROUND_MESSAGE
    from generator.summarizer.completions.tokens import estimate_tokens

    with written() as llm:
        generate(llm, talks=(METRE,))
        arguments = ("--regenerate", "--prompts", prompts_with("note", "a wiki", "the wiki"))
        plan = dry(llm, *arguments)
        with Library.open("output/.generator/library.db") as library:
            known = {each.key for each in library.completions()}
        generate(llm, *arguments)
    with Library.open("output/.generator/library.db") as library:
        sent = [e for e in library.completions() if e.key not in known and e.prompt == "note"]
    tokens = 0
    for each in sent:
        request = json.loads(each.request)
        texts = [json.dumps(request["schema"], ensure_ascii=False)]
        texts += [message["content"] for message in request["messages"]]
        tokens += sum(estimate_tokens(text) + TOKENS_AROUND_MESSAGE for text in texts)
    assert plan["asked"]["note"]["input_tokens"] == [tokens, tokens] != [0, 0]


def test_verification_hangs_on_what_it_verifies():
    with written() as llm:
        generate(llm, talks=(METRE,))
        llm.forget()
        plan = dry(llm, "--regenerate", "--verify")
        assert set(plan["asked"]) == {"verify"}
        least, most = plan["asked"]["verify"]["requests"]
        assert least == most > 1
        assert plan["videos"][0]["because"] == ["--verify was false and is true"]
        generate(llm, "--regenerate", "--verify")
        held_against(plan, llm)


def test_what_is_forced_is_told_as_asked():
    with written() as llm:
        generate(llm, talks=(METRE,))
        llm.forget()
        plan = dry(llm, "--regenerate", "--force", "--prompt", "repair")
        assert set(plan["asked"]) == {"repair"}
        assert "--force asks again" in plan["videos"][0]["because"]
        generate(llm, "--regenerate", "--force", "--prompt", "repair")
        held_against(plan, llm)


def test_why_is_told_for_what_changed():
    with written() as llm:
        generate(llm, talks=(METRE,))
        plan = dry(llm, "--regenerate", "--model", "gpt-standin-mini", "--topics", "2")
    (video,) = plan["videos"]
    assert set(video["because"]) == {
        "the model was gpt-6-luna and is gpt-standin-mini",
        "--topics was 5 and is 2",
    }


def test_a_video_that_is_not_fetched_is_told_with_what_its_list_knows(folder: Path):
    from datetime import UTC, datetime

    from generator.models import ListedVideo, VideoList

    address = "https://www.youtube.com/playlist?list=PLaaaaaaaaaaaaaaa"
    listed = (ListedVideo(TIDES, "Tides", 600.0), ListedVideo("unknown0000", "No length"))
    with Library.open("output/.generator/library.db") as library:
        now = datetime.now(UTC)
        library.lists.save(VideoList(address, "Some", "", None, now, True, listed))
    with written() as llm:
        plan = dry(llm, "--playlist", "PLaaaaaaaaaaaaaaa", "--playlist", "PLbbbbbbbbbbbbbbb")
    tides, unknown = plan["videos"]
    assert (tides["doing"], tides["sized"]) == ("fetch", True)
    assert tides["asked"]["outline"]["requests"] == [1, 1]
    assert tides["asked"]["note"]["requests"][1] >= 3
    assert (unknown["doing"], unknown["sized"], unknown["asked"]) == ("fetch", False, {})
    assert plan["totals"]["unsized"] == 1
    assert "--offline" not in " ".join(plan["notices"])
    assert [(e["name"], e["cause"]) for e in plan["lists"]] == [("PLbbbbbbbbbbbbbbb", "not-listed")]


def test_an_edited_file_is_kept_and_shown_beside_ours():
    templates = templates_with("note", "From:", "Written from:")
    with written() as llm:
        generate(llm, talks=(METRE,))
        note = sorted(Path("output/kettle_and_chalk").glob("m*.md"))[0]
        note.write_text(note.read_text() + "\nMy own words.\n")
        plan = dry(llm, "--regenerate", "--templates", templates, "--diff")
        assert [(file["path"], file["reason"]) for file in plan["kept"]] == [
            (str(note), "it was edited by hand")
        ]
        diffs = {each["path"]: each["diff"] for each in plan["diffs"]}
        assert "-My own words." in diffs[str(note)]
        assert set(diffs) == {str(note), *(file["path"] for file in plan["files"])}
        told = generate(llm, "--regenerate", "--templates", templates, "--diff")
        assert [each["path"] for each in told["diffs"]] == [str(note)]
        assert "-My own words." in told["diffs"][0]["diff"]
        assert "My own words." in note.read_text()
        generate(llm, "--regenerate", "--templates", templates, "--overwrite")
        assert "My own words." not in note.read_text()


def test_the_extractive_engine_is_tried_in_full():
    plan = dry(None, talks=(METRE, LENS))
    assert {video["doing"] for video in plan["videos"]} == {"write"}
    before = vault_files() if Path("output").exists() else {}
    generate(None, talks=(METRE, LENS))
    assert files_of(plan) == changes_since(before)
    assert set(files_of(plan).values()) == {"new"}


def test_an_excluded_video_is_told_to_go():
    with written() as llm:
        generate(llm, talks=(METRE, LENS))
        llm.forget()
        plan = dry(llm, "--exclude", LENS)
        before = vault_files()
        generate(llm, "--exclude", LENS)
    assert files_of(plan) == changes_since(before)
    gone = [file for file in plan["files"] if file["change"] == "removed"]
    assert len(gone) > 1
    assert all(file["because"] == ["it is not wanted"] for file in gone)


def test_lines_for_people_say_the_same(capsys):
    from typer.testing import CliRunner

    from generator.cli import app

    with written() as llm:
        generate(llm, talks=(METRE,))
        arguments = ["--dry-run", "--regenerate", "--engine", "openai", "--base-url", llm.base_url]
        prompts = prompts_with("outline", "You plan", "You do plan")
        told = CliRunner().invoke(app, [*arguments, "--prompts", prompts, "--price-in", "1"])
    assert told.exit_code == 0, told.output
    assert "the prompt outline.md changed" in told.stdout
    assert "\N{EN DASH}" in told.stdout
    assert "it costs" in told.stdout


def test_pages_that_go_are_told_to_list_nothing_any_more():
    generate(None, talks=(TIDES,))
    plan = dry(None, "--regenerate", "--exclude", TIDES)
    gone = {Path(file["path"]).name: file["because"] for file in plan["files"]}
    empty = ["it would list nothing any more"]
    assert gone.pop("index.md") == gone.pop("kettle_and_chalk.md") == empty
    assert list(gone.values()) == [["it is not wanted"]]


def test_a_file_that_its_owner_changed_or_deleted_is_told_for_that():
    generate(None, talks=(TIDES, LENS))
    edited, deleted = (
        f for f in sorted(Path("output").rglob("*.md")) if b"videoId" in f.read_bytes()
    )
    edited.write_text(edited.read_text() + "\nMine.\n")
    deleted.unlink()
    plan = dry(None, "--regenerate", "--overwrite")
    before = vault_files()
    generate(None, "--regenerate", "--overwrite")
    assert files_of(plan) == changes_since(before)
    reasons = {file["path"]: file["because"] for file in plan["files"]}
    assert reasons == {
        str(edited): ["it was edited by hand, and --overwrite takes ours"],
        str(deleted): ["it is not there any more"],
    }
    told = {tuple(video["because"]) for video in plan["videos"]}
    assert told == {tuple(because) for because in reasons.values()}
