"""What the tests of the site share."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.site import search
from tests.site.vaults import LAMPS, write


@pytest.fixture
def no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sites get no search index, which takes a second: it has tests of its own."""
    monkeypatch.setattr(search, "build_index", lambda *_: search.Indexed(0, 0, 0))


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """A vault of one channel with two notes of one video."""
    return write(tmp_path / "vault", dict(LAMPS))
