"""WebVTT and SubRip files taken apart: webvtt-py reads them, this prepares what it is strict about.

webvtt-py leaves out, without a word, cues whose times are written in another way than the format
asks for, and players are more forgiving: so times are rewritten as it wants them, and what is left
out all the same is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from generator.errors import SubtitleRefused, SubtitleUnreadable, shorten
from generator.fetcher.cuetext import read_lines, speaker_of
from generator.fetcher.rolling import ReadCue

if TYPE_CHECKING:
    from webvtt import Caption

_STAMP = r"([-−]?)(?:(\d+)\s*:\s*)?(\d+)\s*:\s*(\d+)(?:\s*[.,]\s*(\d+))?"
_TIMING = re.compile(rf"\s*{_STAMP}\s*-{{1,3}}>\s*{_STAMP}(?![\d:.,])")
_ARROW = "->"
_LINE_END = re.compile(r"\r*\n|\r")
_NO_CUES = ("NOTE", "STYLE", "REGION")


@dataclass(frozen=True, slots=True)
class CueFile:
    """What a file holds: its cues, its header's fields, and sentences on what was left out."""

    cues: tuple[ReadCue, ...]
    header: dict[str, str]
    notices: tuple[str, ...]


def has_timings(text: str) -> bool:
    """Whether some line of a text says from when to when a cue is shown."""
    return any(_ARROW in line and _TIMING.match(line) for line in _LINE_END.split(text))


def read_cue_file(text: str, path: Path, *, webvtt: bool) -> CueFile:
    """The cues of a WebVTT or a SubRip file, in its order.

    Raises SubtitleUnreadable where there are no cues, SubtitleRefused for times of 100 hours.
    """
    from webvtt import WebVTT
    from webvtt.errors import MalformedCaptionError, MalformedFileError

    lines = _LINE_END.split(text.lstrip("\ufeff").lstrip("\n\r \t"))
    if webvtt and not lines[0].startswith("WEBVTT"):
        lines = ["WEBVTT", "", *lines]
    prepared = _Preparation(path, webvtt=webvtt)
    prepared.take(lines)
    try:
        parsed = WebVTT.from_buffer(prepared.lines, format="vtt" if webvtt else "srt")
    except (MalformedFileError, MalformedCaptionError) as error:
        raise SubtitleUnreadable(path, "there are no cues with times in it") from error
    if not parsed.captions:
        raise SubtitleUnreadable(path, "there are no cues with times in it")
    cues = prepared.all_of(parsed.captions)
    if webvtt and prepared.skipped and not any(cue.lines for cue in cues):
        # Every line is followed by an empty one, which only SubRip's readers put up with.
        return read_cue_file(text, path, webvtt=False)
    return CueFile(cues, _fields(parsed.metadata), prepared.notices())


def _fields(metadata: Sequence[str]) -> dict[str, str]:
    pairs = (line.partition(":") for line in metadata)
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}


@dataclass(slots=True)
class _Preparation:
    """Lines as webvtt-py wants them, made one by one from lines as they are."""

    path: Path
    webvtt: bool
    lines: list[str] = field(default_factory=list)
    block: list[str] = field(default_factory=list)  # the lines of this block so far
    timed: bool = False  # whether this block has its times
    skipped: list[tuple[int, str]] = field(default_factory=list)
    times: list[tuple[int, int]] = field(default_factory=list)  # in milliseconds
    negative: int = 0

    def take(self, lines: Sequence[str]) -> None:
        for number, line in enumerate(lines, 1):
            # In WebVTT a line of blanks does not end a cue: yt-dlp writes such.
            if not line or not (self.webvtt or line.strip()):
                self._end_block(number)
                self.lines.append("")
            elif _ARROW in line:
                self._take_arrow(number, line)
            else:
                self._add(line)
        self._end_block(len(lines) + 1)
        if not self.webvtt:
            self._begin_with_cue()

    def _begin_with_cue(self) -> None:
        """Drops what stands before the first index and times; webvtt-py takes no such file."""
        for at, (line, following) in enumerate(zip(self.lines, self.lines[1:], strict=False)):
            if _is_index(line) and "-->" in following:
                before = [(1, text) for text in self.lines[:at] if text.strip()]
                if before and not before[0][1].startswith("WEBVTT"):
                    self.skipped.insert(0, before[0])
                self.lines = [line.strip(), *self.lines[at + 1 :], "", ""]
                return

    def _add(self, line: str) -> None:
        self.lines.append(line)
        self.block.append(line)

    def _take_arrow(self, number: int, line: str) -> None:
        match = _TIMING.match(line)
        timing = self._canonical(match, number) if match else None
        if timing is not None:
            self._begin_cue(number)
            self._add(timing)
            self.timed = True
        elif self._is_text():
            self._add(line.replace("-->", "--&gt;"))  # so that it does not look like times
        elif match or "-->" in line:
            self.skipped.append((number, line))
            # Not the line itself: what follows it must not be taken for the cue before.
            self._add("00:00:00 --> left out")
        else:
            self._add(line)

    def _is_text(self) -> bool:
        """Whether the block is past the place where times would stand."""
        if self.timed or not self.block:
            return self.timed or (self.webvtt and not self.lines)
        if self.webvtt:
            return self.block[0].startswith((*_NO_CUES, "WEBVTT"))
        return len(self.block) > 1 or not _is_index(self.block[0])

    def _begin_cue(self, number: int) -> None:
        """Sees that the times are the first line of a block, or the second after an index."""
        index = ""
        if self.timed and _is_index(self.block[-1]) and len(self.block) > 1:
            index = self.block.pop()
            self.lines.pop()
        elif not self.timed and len(self.block) == 1 and (self.webvtt or _is_index(self.block[0])):
            return
        elif not self.block and not self.webvtt:
            index = self._index_before_blanks()
        elif not self.timed and len(self.block) == 1:
            del self.lines[-1]  # an identifier, as WebVTT has them
        self._end_block(number)
        if self.lines and self.lines[-1]:
            self.lines.append("")
        if index or not self.webvtt:
            self._add(index or "0")

    def _index_before_blanks(self) -> str:
        """Takes back an index that blank lines part from its times."""
        at = len(self.lines)
        while at and not self.lines[at - 1]:
            at -= 1
        if at and _is_index(self.lines[at - 1]) and (at == 1 or not self.lines[at - 2]):
            index = self.lines[at - 1]
            del self.lines[at - 1 :]
            return index
        return ""

    def _end_block(self, number: int) -> None:
        first = self.block[0] if self.block else ""
        if (
            self.webvtt
            and self.block
            and not self.timed
            and not first.startswith((*_NO_CUES, "WEBVTT"))
            and not any("-->" in line for line in self.block)
            and any(line.strip() for line in self.block)
            and not (len(self.block) == 1 and _is_index(first))
        ):
            self.skipped.append((number - len(self.block), first))
        self.block = []
        self.timed = False

    def _canonical(self, match: re.Match[str], number: int) -> str | None:
        """The times as `HH:MM:SS.mmm --> HH:MM:SS.mmm`; None where they are no times."""
        groups = match.groups()
        start, end = self._milliseconds(groups[:5], number), self._milliseconds(groups[5:], number)
        if start is None or end is None:
            return None
        self.negative += start < 0
        start, end = max(0, start), max(0, end)
        self.times.append((start, end))
        return f"{_stamp(start)} --> {_stamp(end)}"

    def all_of(self, captions: Iterable[Caption]) -> tuple[ReadCue, ...]:
        """The captions in their places among all times; webvtt-py drops SubRip's empty ones."""
        cues = [
            ReadCue(number, start / 1000, end / 1000, ())
            for number, (start, end) in enumerate(self.times, 1)
        ]
        at = 0
        for caption in captions:
            times = (
                caption.start_time.in_milliseconds(),
                caption.end_time.in_milliseconds(),
            )
            at = self.times.index(times, at)
            lines = read_lines(caption.lines, cues[at].start)
            cues[at] = replace(cues[at], lines=lines, speaker=speaker_of(caption.lines))
            at += 1
        return tuple(cues)

    def _milliseconds(self, groups: Sequence[str | None], number: int) -> int | None:
        sign, hours, minutes, seconds, fraction = groups
        if len(hours or "") > 9 or len(minutes or "") > 9 or len(seconds or "") > 9:
            raise SubtitleRefused(self.path, f"the cue on line {number:,}", "lasts past 99:59:59")
        # Minutes may be many only where there are no hours to hold them.
        if int(seconds or 0) > 59 or (hours and int(minutes or 0) > 59):
            return None
        whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
        total = whole * 1000 + int((fraction or "0")[:3].ljust(3, "0"))
        return -total if sign else total

    def notices(self) -> tuple[str, ...]:
        told = []
        if self.negative:
            what = "One cue" if self.negative == 1 else f"{self.negative:,} cues"
            told.append(f"{what} began before 0; moved to the beginning.")
        if not self.skipped:
            return tuple(told)
        number, line = self.skipped[0]
        count = len(self.skipped)
        what = "One block was" if count == 1 else f"{count:,} blocks were"
        where = f"on line {number:,}" if count == 1 else f"the first on line {number:,}"
        told.append(
            f"{what} left out for want of times that can be read, {where}: “{shorten(line, 60)}”."
        )
        return tuple(told)


def _is_index(line: str) -> bool:
    return line.strip().isdecimal()


def _stamp(milliseconds: int) -> str:
    seconds, fraction = divmod(milliseconds, 1000)
    hours, rest = divmod(seconds, 3600)
    return f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}.{fraction:03d}"
