"""A stand-in for YouTube on this machine, for what the fetcher's libraries ask of the real one.

    with YouTubeStandIn(talks=[talk]) as youtube, youtube.trusted():
        ...  # clients given youtube.proxy_url find www.youtube.com, and it has that one video

By hand, `python -m tests.standins.youtube` serves the demo's talks until Ctrl-C.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.standins import youtube_pages as pages
from tests.standins.shelves import Channel, Playlist
from tests.standins.talk import Talk, demo_talks, read_talk
from tests.standins.tunnel import Answer, Asked, Reply, Reset, Tunnel, environment
from tests.standins.youtube_answers import Shelves
from tests.standins.youtube_captions import KINDS, captions
from tests.standins.youtube_failures import (
    HTML,
    damaged,
    failed,
    failures_at,
    html_reply,
    json_reply,
    not_found,
)
from tests.standins.youtube_faults import STATES, Asker, Fault, Faults, Place
from tests.standins.youtube_player import player
from tests.standins.youtube_question import Question

HOSTS = (
    "www.youtube.com",
    "youtube.com",
    "m.youtube.com",
    "music.youtube.com",
    "youtu.be",
    "manifest.googlevideo.com",
)
COOKIE = "standin-cookie-that-stands-for-a-secret"
_PROXY_FAULTS: dict[str, Answer] = {
    "proxy_refuses": Reply(403, b"Forbidden\n"),
    "proxy_login": Reply(407, b"", {"Proxy-Authenticate": 'Basic realm="stand-in"'}),
    "proxy_reset": Reset(),
}


@dataclass(frozen=True)
class Request:
    """One line of the log. `status` is 0 where no reply was sent; CONNECT is logged if refused."""

    method: str
    host: str
    path: str
    query: dict[str, str]
    place: Place | None
    video: str | None
    asker: Asker | None
    status: int


class YouTubeStandIn:
    """Serves `talks` under YouTube's names behind a local proxy, while it is entered.

    The talks are listed on their channels; `channels` (in the place of those) and `playlists` list
    what else is wanted, whether there is a talk of it or not.
    `requests` is the log of all that was asked, `faults` the switches for what goes wrong. `pause`
    is called ahead of every answer, to hold it up.
    """

    def __init__(
        self,
        talks: Sequence[Talk | Path | Mapping[str, Any]] = (),
        *,
        channels: Sequence[Channel] = (),
        playlists: Sequence[Playlist] = (),
        page_size: int = 30,
        playlist_page_size: int = 100,
    ) -> None:
        read = [talk if isinstance(talk, Talk) else read_talk(talk) for talk in talks]
        self.talks = {talk.id: talk for talk in read}
        self.faults = Faults()
        self.requests: list[Request] = []
        self.pause: Callable[[], object] | None = None
        self._shelves = Shelves(read, channels, playlists, page_size, playlist_page_size)
        self._lock = threading.Lock()
        self._tunnel = Tunnel(HOSTS, self._answer, self._connect)

    @property
    def proxy_url(self) -> str:
        """What to give as `--proxy`."""
        return self._tunnel.proxy_url

    @property
    def ca_bundle(self) -> Path:
        """The certificate authority to trust, as a PEM file."""
        return self._tunnel.ca_bundle

    @property
    def environment(self) -> dict[str, str]:
        """The variables under which clients trust the stand-in.

        `requests` reads the first. yt-dlp reads the second, and only with its compatibility option
        `no-certifi`: otherwise it trusts certifi's list alone.
        """
        bundle = str(self.ca_bundle)
        return {"REQUESTS_CA_BUNDLE": bundle, "SSL_CERT_FILE": bundle}

    @contextmanager
    def trusted(self) -> Iterator[None]:
        """This process's environment with `environment` in it."""
        with environment(self.environment):
            yield

    def asked(self, place: Place | None = None, **wanted: Any) -> list[Request]:
        """The part of the log at one place and with these values, such as `asker="metadata"`."""
        with self._lock:
            log = list(self.requests)
        if place is not None:
            wanted["place"] = place
        return [
            line
            for line in log
            if all(getattr(line, name) == value for name, value in wanted.items())
        ]

    def __enter__(self) -> Self:
        self._tunnel.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._tunnel.close()

    def _connect(self, host: str) -> Answer | None:
        fault = self.faults.take_proxy()
        refusal = None if fault is None else _PROXY_FAULTS[fault.name]
        if refusal is not None or host not in HOSTS:
            status = refusal.status if isinstance(refusal, Reply) else 0 if refusal else 502
            self._log(Request("CONNECT", host, "", {}, None, None, None, status))
        return refusal

    def _answer(self, asked: Asked) -> Answer:
        question = Question(asked)
        if self.pause:
            self.pause()
        answer = self._answer_to(question)
        status = answer.status if isinstance(answer, Reply) else 0
        self._log(
            Request(
                asked.method,
                asked.host,
                asked.path,
                asked.query,
                question.place,
                question.video,
                question.asker,
                status,
            )
        )
        return answer

    def _log(self, line: Request) -> None:
        with self._lock:
            self.requests.append(line)

    def _answer_to(self, question: Question) -> Answer:
        if question.place is None:
            return Reply(404, pages.ERROR_PAGE.encode(), HTML)
        answers: dict[Place, Callable[[Question, str | None], Reply]] = {
            "watch": self._watch,
            "player": self._player,
            "next": self._next,
            "captions": self._captions,
            "oembed": self._oembed,
            "channel": self._list,
            "playlist": self._list,
            "browse": self._browse,
            "embed": lambda question, state: html_reply(pages.settings_script()),
            "manifest": lambda question, state: Reply(
                200,
                pages.live_manifest(question.video or "").encode(),
                {"Content-Type": "application/vnd.apple.mpegurl"},
            ),
        }
        failure = self._take(failures_at(question), question)
        broken = failed(failure, question) if failure is not None else None
        if broken is not None:
            return broken
        state = self._take(set(STATES), question)
        reply = answers[question.place](question, state.name if state else None)
        return damaged(failure.name, reply) if failure is not None else reply

    def _take(self, names: set[str], question: Question) -> Fault | None:
        return self.faults.take(
            names,
            video=question.video,
            asker=question.asker,
            place=question.place or "watch",
            signed_in=question.signed_in,
        )

    def _watch(self, question: Question, state: str | None) -> Reply:
        talk = self.talks.get(question.video or "")
        reply = player(talk, "WEB", state)
        around = pages.watch_data(talk, told="videoDetails" in reply)
        cookie = f"YSC={COOKIE}; Domain=.youtube.com; Path=/; Secure; HttpOnly; SameSite=none"
        return html_reply(pages.watch_page(talk, reply, around), {"Set-Cookie": cookie})

    def _player(self, question: Question, state: str | None) -> Reply:
        return json_reply(player(self.talks.get(question.video or ""), question.client, state))

    def _next(self, question: Question, state: str | None) -> Reply:
        talk = self.talks.get(question.video or "")
        return json_reply(pages.watch_data(talk, "videoDetails" in player(talk, "WEB", state)))

    def _captions(self, question: Question, state: str | None) -> Reply:
        query = question.asked.query
        talk = self.talks.get(question.video or "")
        form = query.get("fmt", "srv1")
        wanted = (query.get("lang"), query.get("kind") == "asr")
        for track in talk.tracks if talk else ():
            if (track.language, track.generated) == wanted and form in KINDS:
                needs_token = "exp" in query and "pot" not in query
                text = "" if needs_token else captions(track, form)
                return Reply(200, text.encode(), {"Content-Type": KINDS[form]})
        return Reply(404, pages.ERROR_PAGE.encode(), HTML)

    def _oembed(self, question: Question, state: str | None) -> Reply:
        talk = self.talks.get(question.video or "")
        if state == "private":
            return Reply(403, b"Forbidden", HTML)
        if talk is None or state == "unavailable":
            return Reply(404, b"Not Found", HTML)
        return json_reply(pages.oembed(talk))

    def _list(self, question: Question, state: str | None) -> Reply:
        data = self._shelves.page(question.asked.path, question.asked.query)
        if data is None:
            return Reply(404, pages.ERROR_PAGE.encode(), HTML)
        return html_reply(pages.page_with_data(data))

    def _browse(self, question: Question, state: str | None) -> Reply:
        data = self._shelves.browse(question.said)
        return not_found() if data is None else json_reply(data)


def main() -> None:
    """Serves the demo's talks and says how to reach them."""
    talks = demo_talks()
    with suppress(KeyboardInterrupt), YouTubeStandIn(talks) as youtube:
        print(f"{len(talks)} talks: {', '.join(talk.id for talk in talks)}")
        print(f"export REQUESTS_CA_BUNDLE={youtube.ca_bundle} SSL_CERT_FILE={youtube.ca_bundle}")
        print(f"generate --proxy {youtube.proxy_url} --video …")
        print("Ctrl-C ends it.", flush=True)
        wait_for_interrupt()


def wait_for_interrupt() -> None:
    """Raises KeyboardInterrupt when somebody presses Ctrl-C."""
    threading.Event().wait()


if __name__ == "__main__":
    main()
