"""What is filed with notes."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.library import Library
from generator.library.filings import History
from generator.models import Fingerprint

LAST, *EARLIER = (Fingerprint(digest, ("title",)) for digest in ("ccc", "bbb", "aaa"))


@pytest.fixture
def reads() -> list[int]:
    return []


@pytest.fixture
def history(reads: list[int]) -> History:
    return History(LAST, lambda: reads.append(1) or EARLIER)  # type: ignore[func-returns-value]


def test_the_last_fingerprint_is_at_hand(history: History, reads: list[int]):
    assert history
    assert next(iter(history)) == history[0] == LAST
    assert LAST in history
    assert reads == []


def test_earlier_fingerprints_are_read_once(history: History, reads: list[int]):
    assert list(history) == [LAST, *EARLIER]
    assert history[1:] == tuple(EARLIER)
    assert history[-1] == EARLIER[-1]
    assert len(history) == 3
    assert EARLIER[1] in history
    assert reads == [1]


def test_a_library_tells_all_that_was_written_the_last_first(tmp_path: Path):
    with Library.open(tmp_path / "library.db") as library:
        for digest in ("aaa", "bbb", "aaa", "ccc"):
            library.filings.record_written("harbour_talks", "tides", digest, ["title"])
        written = library.filings.written("harbour_talks", "tides")
        assert [of.digest for of in written] == ["ccc", "aaa", "bbb"]
