"""What a video's notes are made of: so that they are made anew only where that changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.itself import PACKAGE, code_digest
from generator.library.made import Made
from generator.models import Note, Statement, Track, Video
from generator.summarizer.completions.usage import Usage
from generator.writing import WrittenNote

if TYPE_CHECKING:
    from generator.engines import OpenEngine
    from generator.library import Library
    from generator.settings import Settings

REPLIES = "replies"
_OF_VIDEO = ("title", "metadata", "transcript", REPLIES)

_WRITING = ("summarizer", "writing.py", "text.py", "models.py", "batch/making.py")
_RENDERING = ("renderer", "publishing", "vault/sidecars.py")
_LIBRARIES = ("rapidfuzz", "snowballstemmer", "stopwordsiso", "numpy")
_RENDERED_BY = ("front_matter", "timestamp_links", "math")


@dataclass(frozen=True, slots=True)
class Kept:
    """The library's notes of a video, and what they were made of."""

    notes: list[WrittenNote]
    made: Made


class Making:
    """Knows what the notes of this run are made of, and which notes of the library still are.

    An ingredient has a name (`prompt note`, `transcript`, `setting topics`) and a value: itself, or
    a digest of it. With `anew` nothing is taken from the library.
    """

    def __init__(
        self, settings: Settings, opened: OpenEngine, library: Library, *, anew: bool = False
    ) -> None:
        self._library = library
        self._usage = opened.usage
        self._anew = anew
        self._writing = {
            **opened.ingredients,
            "setting verify": str(settings.verify).lower(),
            "the program": code_digest(_WRITING, _LIBRARIES),
        }
        self._rendering = {
            **{f"setting {name}": _value(getattr(settings, name)) for name in _RENDERED_BY},
            **templates_digests(settings.templates),
            "the program's rendering": code_digest(_RENDERING, ()),
        }

    def writing(self, video: Video, track: Track) -> dict[str, str]:
        """What the video's notes are made of if made from this transcript; templates aside."""
        digest = self._library.holdings.digest_of_transcript(video, track.language, track.generated)
        how = "generated" if track.generated else "hand-made"
        about = (video.published, video.description, video.duration, video.chapters, video.tags)
        return {
            **self._writing,
            "title": video.title,
            "metadata": _digest(repr((video.channel, *about))),
            "transcript": f"{track.language}, {how}, {digest}",
            REPLIES: self._library.holdings.replies(video.id),
        }

    def ingredients(self, video: Video, track: Track) -> dict[str, str]:
        """All that decides what the files of a video's notes say, links aside."""
        return {**self.writing(video, track), **self._rendering}

    def is_kept(self, video: Video, track: Track) -> bool:
        """Whether making the video's notes anew would give those that the library has."""
        made = None if self._anew else self._library.made.of(video.channel, video.id)
        if made is None:
            return False
        was = made.ingredients
        return all(was.get(name) == now for name, now in self.writing(video, track).items())

    def kept(self, video: Video) -> Kept | None:
        """The library's notes of a video for which `is_kept` holds; None where there are none."""
        made = self._library.made.of(video.channel, video.id)
        notes = self._library.notes(video=video) if made else []
        if made is None or len(notes) != len(made.told) or not notes:
            return None
        if self._usage and made.replies:
            self._usage.add(video.id, Usage(from_library=made.replies))
        told = zip(notes, made.told, strict=True)
        return Kept([_written(note, of_note) for note, of_note in told], made)

    def keep(self, video: Video, track: Track, written: Sequence[WrittenNote]) -> None:
        """Keeps what a video's notes, which are in the library now, were made of."""
        told = tuple(_told(note) for note in written)
        made = Made(self.ingredients(video, track), self._replies(video), told)
        if self._library.made.of(video.channel, video.id) != made:
            self._library.made.save(video.channel, video.id, made)

    def keep_rendered(self, video: Video, made: Made) -> None:
        """Keeps that the files of notes that are made of this say what they do in this run."""
        written = {*self._writing, *_OF_VIDEO}
        was = {name: value for name, value in made.ingredients.items() if name in written}
        now = {**was, **self._rendering}
        if now != made.ingredients:
            self._library.made.save(video.channel, video.id, replace(made, ingredients=now))

    def _replies(self, video: Video) -> int:
        """Of how many replies this run has made the video's notes."""
        used = self._usage.of(video.id) if self._usage else Usage()
        return used.from_library + used.requests - used.retries

    def changes(self, video: Video, track: Track) -> list[str]:
        """What is not as it was when the video's notes were made, as clauses; `new` at first."""
        made = self._library.made.of(video.channel, video.id)
        if made is None:
            return [_FIRST if not self._library.notes(video=video) else _NOT_KNOWN]
        now = self.ingredients(video, track)
        names = dict.fromkeys((*now, *made.ingredients))
        was = made.ingredients
        return [
            _clause(name, was.get(name, ""), now.get(name, ""))
            for name in names
            if was.get(name) != now.get(name) and (name in was or name in now)
        ]


_FIRST = "it has no notes yet"
_NOT_KNOWN = "it is not known what its notes were made of"


def _clause(name: str, was: str, now: str) -> str:
    """A change as a clause for people: `the prompt note.md changed`."""
    kind, _, rest = name.partition(" ")
    if kind == "prompt":
        return f"the prompt {rest}.md changed" if was and now else "the engine is another one"
    if kind == "template":
        return f"the template {rest} changed"
    if kind == "setting":
        option = rest.replace("_", "-")
        return f"--{option} was {was or 'not set'} and is {now or 'not set'}"
    if name in ("engine", "model"):
        return f"the {name} was {was or 'another one'} and is {now or 'not asked'}"
    if name == "title":
        return "the video's title changed"
    if name == "metadata":
        return "what is known of the video changed"
    if name == REPLIES:
        return "other replies of the model are kept"
    return f"{name} changed" if name.startswith("the ") else f"the {name} changed"


def _told(written: WrittenNote) -> dict[str, Any]:
    return {
        "dropped": [[dropped.statement.text, dropped.reason] for dropped in written.dropped],
        "repaired": written.repaired,
        "doubts": [[of.statement, of.kind.value, of.text] for of in written.doubts],
    }


def _written(note: Note, told: Mapping[str, Any]) -> WrittenNote:
    from generator.summarizer.doubts import Doubt, DoubtKind
    from generator.summarizer.grounding import Dropped

    return WrittenNote(
        note,
        tuple(Dropped(Statement(text), reason) for text, reason in told["dropped"]),
        told["repaired"],
        tuple(Doubt(said, DoubtKind(kind), text) for said, kind, text in told["doubts"]),
    )


def templates_digests(folder: Path | None) -> dict[str, str]:
    """A digest for each template that is in use, and for what else is in the user's folder."""
    places = [PACKAGE.parent / "templates", PACKAGE / "templates", *([folder] if folder else [])]
    found: dict[str, str] = {}
    for place in places:
        for path in _files_in(place):
            found[f"template {path.name}"] = _digest(path.read_bytes().decode("utf-8", "replace"))
    return found


def _files_in(folder: Path) -> Iterable[Path]:
    return sorted(path for path in folder.glob("*.j2") if path.is_file())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _value(setting: object) -> str:
    if isinstance(setting, bool):
        return str(setting).lower()
    return ",".join(setting) if isinstance(setting, tuple) else str(setting)
