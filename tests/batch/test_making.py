"""What notes are made of: what is named of the program and its libraries is there."""

import re
import tomllib
from pathlib import Path

import generator
from generator.batch import making

PACKAGE = Path(generator.__file__).parent


def test_every_part_of_the_program_that_is_named_is_there():
    named = {*making._WRITING, *making._RENDERING}
    assert [part for part in sorted(named) if not (PACKAGE / part).exists()] == []


def test_every_library_that_is_named_is_installed_with_the_program():
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text())
    needed = {re.split("[<>=~ ]", each)[0] for each in project["project"]["dependencies"]}
    assert set(making._LIBRARIES) <= needed
