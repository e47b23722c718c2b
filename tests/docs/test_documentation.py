"""What the documents say of this repository holds: files, headings, commands and their options."""

from __future__ import annotations

import itertools
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import typer
from markdown_it import MarkdownIt
from markdown_it.token import Token
from typer.core import TyperGroup

from generator.cli import app

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/**/*.md", "cassettes/*.md")
    for path in ROOT.glob(pattern)
)
FOLDERS = ("benchmarks", "cassettes", "docs", "generator", "prompts", "templates", "tests")
PATH = re.compile(rf"(?:{'|'.join(FOLDERS)})/[\w./-]+")
"""A path in the repository, said as code; those with `…`, `*` or `NAME` in them are patterns."""


@cache
def tokens(document: str) -> list[Token]:
    text = (ROOT / document).read_text(encoding="utf-8")
    return MarkdownIt("commonmark").enable("table").parse(text)


def inline(document: str, kind: str) -> Iterator[Token]:
    for block in tokens(document):
        yield from (token for token in block.children or [] if token.type == kind)


@cache
def headings(document: str) -> set[str]:
    """The anchors that GitHub gives a document's headings."""
    parsed = tokens(document)
    texts = [
        "".join(token.content for token in after.children or [])
        for before, after in itertools.pairwise(parsed)
        if before.type == "heading_open"
    ]
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in texts}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_to_files_and_headings_that_exist(document: str) -> None:
    dangling = []
    for token in inline(document, "link_open"):
        address = urlsplit(str(token.attrs["href"]))
        if address.scheme or address.netloc:
            continue
        target = (ROOT / document).parent / unquote(address.path) if address.path else None
        path = target.resolve() if target else ROOT / document
        exists = path.exists() and path.is_relative_to(ROOT)
        if exists and address.fragment and path.suffix == ".md":
            exists = address.fragment in headings(path.relative_to(ROOT).as_posix())
        if not exists:
            dangling.append(token.attrs["href"])
    assert dangling == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_paths_in_the_repository_exist(document: str) -> None:
    said = [token.content for token in inline(document, "code_inline")]
    assert [path for path in said if PATH.fullmatch(path) and not (ROOT / path).exists()] == []


@cache
def command_line() -> TyperGroup:
    command = typer.main.get_command(app)
    assert isinstance(command, TyperGroup)
    return command


def commands_under(group: TyperGroup) -> Iterator[Any]:
    for command in group.commands.values():
        yield command
        if isinstance(command, TyperGroup):
            yield from commands_under(command)


def options(command: Any) -> set[str]:
    told = {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
    return {option for option in told if option.startswith("-")} | {"--help"}


def commands(document: str) -> Iterator[str]:
    """The `generate` commands that a document shows: in consoles, workflows and sentences."""
    for token in tokens(document):
        if token.type != "fence":
            continue
        lines = token.content.replace("\\\n", " ").splitlines()
        begun = r"\$ " if token.info.startswith("console") else r"\s*(?:- )?(?:run|entry): "
        yield from (
            line[match.end() :] for line in lines if (match := re.match(begun, line)) is not None
        )
    yield from (token.content for token in inline(document, "code_inline"))


def wrong(shown: str) -> list[str]:
    """What of a shown line the command does not know: subcommands, arguments, options."""
    root = command_line()
    found = []
    for part in re.split(r"\s*(?:&&|\|)\s*", shown):
        try:
            words = shlex.split(part, comments=True)
        except ValueError:  # a sentence's apostrophe
            continue
        if words[:1] != ["generate"]:
            continue
        given = words[1:]
        command: Any = root
        if given and not given[0].startswith(("-", "…")):
            command = root.commands.get(given[0], root)
            given = given[command is not root :]
            if command is root:
                found.append(given[0])
            elif isinstance(command, TyperGroup) and given:
                found += [given[0]] if given[0] not in command.commands else []
                command = command.commands.get(given[0], command)
        known = options(command)
        named = [word.partition("=")[0] for word in given if re.match(r"--?[A-Za-z]", word)]
        found += [name for name in named if name not in known]
    return found


def test_a_wrong_line_is_told() -> None:
    assert wrong("generate --channel @a --limt 5 && generate chek vault") == ["--limt", "chek"]
    assert wrong("generate check vault --overwrite | head --lines 3") == ["--overwrite"]
    assert wrong("generate batch cancel --al && generate batch stat") == ["--al", "stat"]


@pytest.mark.parametrize("document", [name for name in DOCUMENTS if name != "CHANGELOG.md"])
def test_commands_and_options_are_those_of_the_command_line(document: str) -> None:
    shown = list(commands(document))
    assert {line: wrong(line) for line in shown if wrong(line)} == {}
    root = command_line()
    every = options(root).union(*map(options, commands_under(root)))
    named = [code.split()[0].partition("=")[0] for code in shown if re.match(r"--[a-z]", code)]
    assert [name for name in named if name not in every] == []


def undocumented(command: Any, document: str) -> list[str]:
    """The options of a command, each by its longest name, that a document does not have."""
    said = {
        word.partition("=")[0].rstrip(",")
        for token in inline(document, "code_inline")
        for word in token.content.split()
    }
    named = [max(each.opts, key=len) for each in command.params if not getattr(each, "hidden", 0)]
    return [name for name in named if name.startswith("-") and name not in said]


def test_the_readme_has_every_option_of_the_main_command() -> None:
    assert undocumented(command_line(), "README.md") == []


@pytest.mark.parametrize(("command", "document"), [("check", "docs/checks.md")])
def test_a_commands_document_has_every_option_of_it(command: str, document: str) -> None:
    assert undocumented(command_line().commands[command], document) == []
