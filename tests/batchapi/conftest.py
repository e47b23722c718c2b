"""A stand-in with a batch service, and where the library of a test lies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.batchapi.stories import standin
from tests.standins.llm import LLMStandIn


@pytest.fixture
def llm() -> Iterator[LLMStandIn]:
    with standin() as server:
        yield server


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.db"
