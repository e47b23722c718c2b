"""A stand-in for YouTube with two talks, one with chapters."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.standins.clients import BENDS, MILLS, made_talk
from tests.standins.youtube import YouTubeStandIn


@pytest.fixture
def youtube() -> Iterator[YouTubeStandIn]:
    talks = [made_talk(BENDS), made_talk(MILLS, title="Mills", chapters=[], tags=[])]
    with YouTubeStandIn(talks) as server, server.trusted():
        yield server
