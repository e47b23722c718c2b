"""Notes drafted by a second process while this one is at work on those before."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from generator.errors import GenerateError
from generator.publishing.drafting import Drafted, Drafting, Whereabouts
from generator.vault.disk import Seen, seen_in

if TYPE_CHECKING:
    from generator.library import Library
    from generator.library.filings import Filed
    from generator.models import Fingerprint, Note, Video
    from generator.settings import Settings
    from generator.vault.vault import Plan, Vault

WORTH = 60
"""Of fewer videos the notes are drafted sooner than a second process is up."""

FAR = 16
"""So many videos are asked for at a time: what is drafted long before its turn takes memory."""

_SETTINGS = {"output", "front_matter", "timestamp_links", "math", "templates", "overwrite"}
"""All that drafting goes by; no key leaves this process."""

# As `multiprocessing` starts a process, it would run the script again that called the program.
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    " from generator.publishing import ahead; ahead.serve()"
)

Key = tuple[str, str]
"""A video: its channel and its id."""


class Foreseen(NamedTuple):
    """A note's plan, and what it was made from.

    That is the links that are filed with the note, what was written, and the file that is there.
    """

    links: str
    written: Fingerprint
    file: Seen
    plan: Plan


class Ahead:
    """Drafts of videos' notes that are needed soon, as `Drafting.draft_as_filed` makes them.

    What is not there in time, and what goes wrong with it, is for whoever asked to do himself.
    """

    def __init__(self, settings: Settings, library: Path) -> None:
        self._begin_with = (settings.model_dump(include=_SETTINGS), library)
        self._process: subprocess.Popen[bytes] | None = None
        self._is_ready = self._is_over = False
        self._awaited: set[Key] = set()
        self._drafted: dict[Key, dict[str, Foreseen] | None] = {}

    def begin(self, videos: int) -> None:
        """Starts the other process, where the notes of so many videos are worth it."""
        if self._process is not None or self._is_over or videos < WORTH:
            return
        command = [sys.executable, "-P", "-c", _START, json.dumps(sys.path)]
        try:
            self._process = subprocess.Popen(  # noqa: S603 (this very program)
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            threading.Thread(target=self._receive, args=[self._process], daemon=True).start()
            self._send(self._begin_with)
        except OSError:
            self._is_over = True

    def has_room(self, key: Key) -> bool:
        """Whether the drafts of a video can be asked for now, and were not yet."""
        is_open = self._is_ready and not self._is_over and len(self._awaited) < FAR
        return is_open and key not in self._awaited

    def ask(self, key: Key, at: Mapping[str, Whereabouts]) -> None:
        """Has the notes of a video drafted, which by their slugs are `at` some places."""
        self._awaited.add(key)
        try:
            self._send((key, dict(at)))
        except OSError:
            self._is_over = True

    def take(
        self, video: Video, notes: Sequence[Note], filed: Mapping[str, Filed]
    ) -> list[Drafted] | None:
        """The drafts of a video's notes if they are there, and are of what is `filed` with them."""
        key = (video.channel, video.id)
        self._awaited.discard(key)
        foreseen = self._drafted.pop(key, None)
        if not foreseen or foreseen.keys() != {note.slug for note in notes}:
            return None
        drafts = []
        for note in notes:
            links, written, file, plan = foreseen[note.slug]
            of = filed[note.slug]
            if links != of.links or not of.written or written != of.written[0]:
                return None
            if _seen(plan.place) != file:  # its owner wrote into it meanwhile
                return None
            drafts.append(Drafted(note, plan, links, plan.fresh == written, is_known=True))
        return drafts

    def end(self) -> None:
        """Nothing more is asked for; the process ends."""
        process, self._process = self._process, None
        if process:
            self._is_ready = False
            process.kill()
            process.wait()
            if process.stdin:
                with contextlib.suppress(OSError):
                    process.stdin.close()
        self._awaited.clear()
        self._drafted.clear()

    def _send(self, message: object) -> None:
        pipe = self._process.stdin if self._process else None
        if pipe:
            pickle.dump(message, pipe)
            pipe.flush()

    def _receive(self, process: subprocess.Popen[bytes]) -> None:
        """In a thread of its own: whatever comes from the process is taken at once."""
        assert process.stdout is not None  # noqa: S101 - it was asked for
        with contextlib.suppress(Exception), process.stdout as pipe:
            while True:
                key, drafted = pickle.load(pipe)  # noqa: S301 (the process is this program)
                if key is None:
                    self._is_ready = True
                elif key in self._awaited:
                    self._drafted[key] = drafted
        self._is_over = self._process is process


def _seen(path: Path) -> Seen | None:
    try:
        return seen_in(path.stat())
    except OSError:
        return None


# In the other process


def serve() -> None:
    """Drafts what is asked for on the standard input, until that is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other one says when it is over
    from generator.library import Library
    from generator.settings import Settings
    from generator.vault.vault import Vault

    asked, out = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr
    values, path = pickle.load(asked)  # noqa: S301 (all that comes is from this program)
    settings = Settings.model_construct(**values)
    vault = Vault(settings.output)
    with Library.open(path, create=False) as library, contextlib.suppress(EOFError, OSError):
        drafting = Drafting(settings, library, vault)
        answer: tuple[Key | None, object] = (None, None)
        while True:
            pickle.dump(answer, out)
            out.flush()
            key, at = pickle.load(asked)  # noqa: S301
            answer = key, drafted(key, at, library, vault, drafting)


def drafted(
    key: Key,
    at: Mapping[str, Whereabouts],
    library: Library,
    vault: Vault,
    drafting: Drafting,
) -> dict[str, Foreseen] | None:
    """Drafts of a video's notes by slug; None where that cannot be, or would be of another file."""
    channel, video_id = key
    vault.forget_folders()
    found: dict[str, Foreseen] = {}
    try:
        video = library.video(video_id, channel)
        filed = library.filings.of(channel, video_id)
        for note in library.notes(video=video) if video else ():
            of, there = filed.get(note.slug), at.get(note.slug)
            if not (of and of.links and of.written and there and there.path):
                return None
            file = _seen(vault.root / there.path)
            plan = drafting.draft_as_filed(note, of, there).plan
            if file is None or plan.path != there.path:
                return None
            found[note.slug] = Foreseen(of.links, of.written[0], file, plan)
    except (GenerateError, ValueError):  # whoever asked meets it himself, and tells it
        return None
    return found
