"""A vault that the tests write over the whole command, with the stand-in for model servers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

import generator
from generator.cli import app
from tests.standins.llm import LLMStandIn, lines_of
from tests.standins.llm_rule import ByRule
from tests.standins.llm_written import Written
from tests.standins.talk import demo_talks

TALKS = {talk.id: talk for talk in demo_talks()}
METRE, LENS, DAY, TIDES = "Metr1799_Mk", "FrsnL_1823k", "-2NoonsDay0", "tWiceDaily8"
BUILT_IN = Path(generator.__file__).parents[1]


def file_of(video_id: str, track: int = 0) -> str:
    """A talk of the demo as a transcript file in the working directory."""
    talk = TALKS[video_id]
    spoken = talk.tracks[track]
    cues = [{"start": c.start, "duration": c.duration, "text": c.text} for c in spoken.cues]
    about = {"videoId": talk.id, "title": talk.title, "channel": talk.handle}
    how = {"language": spoken.language, "is_generated": spoken.generated}
    path = Path(f"{talk.id}.{spoken.language}.json")
    if not path.exists():
        path.write_text(json.dumps({**about, **how, "cues": cues}))
    return f"./{path}"


def written() -> LLMStandIn:
    """The stand-in that answers with what was written for the demo's talks."""
    return LLMStandIn(Written(lines_of(TALKS.values())), ByRule(), talks=list(TALKS.values()))


def generate(
    llm: LLMStandIn | None, *arguments: str, talks: Sequence[str] = (), code: int | None = 0
) -> dict[str, Any]:
    """What `generate --json` says of these talks; with the stand-in, or the built-in engine."""
    server = (
        ["--engine", "openai", "--base-url", llm.base_url] if llm else ["--engine", "extractive"]
    )
    files = [part for talk in talks for part in ("--transcript", file_of(talk))]
    ended = CliRunner().invoke(app, ["--json", *server, *files, *arguments], catch_exceptions=False)
    assert code is None or ended.exit_code == code, ended.output
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


def prompts_with(name: str, old: str, new: str) -> str:
    """A folder with one of the built-in prompts, in which something is said otherwise."""
    return _changed("prompts", f"{name}.md", old, new)


def templates_with(name: str, old: str, new: str) -> str:
    """The same for a template."""
    return _changed("templates", f"{name}.md.j2", old, new)


def _changed(kind: str, name: str, old: str, new: str) -> str:
    text = (BUILT_IN / kind / name).read_text("utf-8")
    assert old in text
    Path(kind).mkdir(exist_ok=True)
    (Path(kind) / name).write_text(text.replace(old, new, 1), "utf-8")
    return f"./{kind}"


def vault_files(vault: str = "output") -> dict[str, bytes]:
    """The Markdown of a vault, by path."""
    return {
        path.relative_to(vault).as_posix(): path.read_bytes() for path in Path(vault).rglob("*.md")
    }
