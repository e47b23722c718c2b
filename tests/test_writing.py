"""What becomes of a video's notes while one of them fails."""

import asyncio
from datetime import date

import pytest

from generator.errors import NothingToWrite
from generator.models import Cue, Draft, Fetched, Topic, Transcript, Video
from generator.writing import write_notes

VIDEO = Video("aB3-_xYz901", "Rivers", "made_up", "", published=date(2026, 3, 5))
TALK = Transcript(VIDEO.id, "en", False, (Cue(0.0, 2.0, "Rivers don't run straight."),))


class OneFails:
    """An engine whose first note fails at once, while the second is still being paid for."""

    name = "one-fails"

    def __init__(self) -> None:
        self.told: list[str] = []

    async def outline(self, *_: object) -> tuple[Topic, ...]:
        return Topic("first", (), (1,)), Topic("second", (), (1,))

    async def write(self, _video: object, _talk: object, _lines: object, topic: Topic) -> Draft:
        if topic.title == "first":
            raise NothingToWrite(VIDEO.id, "as this test wants it")
        for _ in range(20):
            await asyncio.sleep(0)
        self.told.append(topic.title)
        return Draft(topic.title, (), (), ())


def test_a_note_that_fails_leaves_none_of_the_others_half_done():
    engine = OneFails()
    with pytest.raises(NothingToWrite, match="as this test wants it"):
        asyncio.run(write_notes(Fetched(VIDEO, TALK, (), ()), engine))
    assert engine.told == ["second"]
