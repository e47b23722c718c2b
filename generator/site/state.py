"""What the last build read and wrote, asked and kept (see `database` for what there is)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from generator.library.viewing import HeldVideo
from generator.site.filerows import FileRows
from generator.site.linkrows import LinkRows
from generator.site.rows import held_json, held_of

FOLDER = ".generate"
"""The hidden folder of a site with what the program keeps of it."""


class Output(NamedTuple):
    """A file of the site: what it was made of and holds, as digests, and how it looked on disk."""

    made_of: str = ""
    digest: str = ""
    seen: str = ""


class State(FileRows, LinkRows):
    """The record of a site. Its methods raise SiteStateUnusable."""

    # Videos

    def held(self) -> dict[str, HeldVideo]:
        """By id, what the library knew of videos."""
        with self._told():
            rows = self._database.execute("SELECT video_id, value FROM held")
            return {video_id: held_of(value) for video_id, value in rows}

    def keep_held(self, held: Mapping[str, HeldVideo]) -> set[str]:
        """Keeps what the library knows of videos; gives the ids of those it knew otherwise."""
        now = {video_id: held_json(each) for video_id, each in held.items()}
        with self._told():
            before = dict(self._database.execute("SELECT video_id, value FROM held"))
            changed = {
                each for each in now.keys() | before.keys() if now.get(each) != before.get(each)
            }
            if changed:
                self._unmark()
            self._database.executemany(
                "DELETE FROM held WHERE video_id = ?", [(each,) for each in changed]
            )
            self._database.executemany(
                "INSERT INTO held VALUES (?, ?)",
                [(each, now[each]) for each in sorted(changed & now.keys())],
            )
        return changed

    def videos(self) -> dict[tuple[str, str], str]:
        """By channel and id, digests of what pages told of videos."""
        with self._told():
            rows = self._database.execute("SELECT channel, id, digest FROM videos")
            return {(channel, video_id): digest for channel, video_id, digest in rows}

    def keep_videos(self, videos: Mapping[tuple[str, str], str]) -> None:
        """Keeps some of these digests; an empty one is forgotten."""
        with self._told():
            self._database.executemany(
                "INSERT OR REPLACE INTO videos VALUES (?, ?, ?)",
                [(*key, digest) for key, digest in videos.items() if digest],
            )
            self._database.executemany(
                "DELETE FROM videos WHERE channel = ? AND id = ?",
                [key for key, digest in videos.items() if not digest],
            )

    # Files of the site

    def outputs(self) -> dict[str, Output]:
        """By path, all files that the program wrote, or was about to write."""
        with self._told():
            rows = self._database.execute("SELECT path, made_of, digest, seen FROM outputs")
            return {path: Output(made_of, digest, seen) for path, made_of, digest, seen in rows}

    def keep_outputs(self, outputs: Mapping[str, Output]) -> None:
        """Enters files of the site."""
        with self._told():
            self._database.executemany(
                "INSERT OR REPLACE INTO outputs VALUES (?, ?, ?, ?)",
                [(path, *each) for path, each in outputs.items()],
            )

    def drop_outputs(self, paths: Iterable[str]) -> None:
        """Forgets files of the site that are not there any more."""
        with self._told():
            self._database.executemany(
                "DELETE FROM outputs WHERE path = ?", [(path,) for path in paths]
            )
