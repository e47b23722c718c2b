"""The catalogue of rules: each with a stable code, its severity and one line that says why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from generator.errors import UnknownCode


class Severity(StrEnum):
    """How bad a finding is: an error is wrong, a warning likely so, information is neither."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by its code. `reason` says in one line what is wrong where it is broken.

    `mended` says whether `--fix` mends what has one right answer.
    """

    code: str
    severity: Severity
    reason: str
    mended: bool = False


_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO

RULES: tuple[Rule, ...] = (
    Rule("C101", _E, "a citation is not an anchor of the form that readers know", mended=True),
    Rule("C102", _E, "a cited time is not HH:MM:SS, minutes and seconds below 60", mended=True),
    Rule("C103", _E, "a citation shows another time than it opens", mended=True),
    Rule("C104", _E, "a cited time is past the end of the video", mended=True),
    Rule("C105", _E, "a cited time is before the start of the video"),
    Rule("C106", _E, "mm:ss is written as mm:ss:00", mended=True),
    Rule("C107", _W, "no caption starts, and no word is said, at a cited time"),
    Rule("C108", _W, "the statement is not said at the cited time", mended=True),
    Rule("C109", _W, "a statement has no citation"),
    Rule("C110", _E, "a note has no citation at all"),
    Rule("L201", _E, "a link leads to a note that does not exist", mended=True),
    Rule("L202", _E, "a note links to itself", mended=True),
    Rule("L203", _E, "a link fits notes of several channels or folders"),
    Rule("L204", _E, "a heading holds a link", mended=True),
    Rule("L205", _E, "double brackets are unbalanced or nested, and show as they are"),
    Rule("L206", _W, "a note is not on its channel's page"),
    Rule("L207", _E, "a channel's page lists a note that does not exist", mended=True),
    Rule("L208", _I, "nothing links to a note"),
    Rule("N301", _E, "a note has no front matter"),
    Rule("N302", _E, "the front matter is not valid YAML"),
    Rule("N303", _E, "the front matter has no title"),
    Rule("N304", _E, "the front matter has no videoId"),
    Rule("N305", _E, "the videoId is not the 11 characters of a video's id"),
    Rule("N306", _E, "the From: line is missing"),
    Rule("N307", _E, "the From: line names another channel than the folder", mended=True),
    Rule("N308", _W, "the file's name is neither its title's nor the one on record"),
    Rule("N309", _W, "two notes of one video have the same text"),
    Rule("N310", _W, "a section is empty"),
    Rule("H401", _W, "there is raw HTML other than citations"),
    Rule("H402", _E, "there is HTML that runs or embeds something"),
    Rule("H403", _E, "there is an event handler in HTML"),
    Rule("H404", _E, "a link runs a script"),
    Rule("F501", _E, "a file or folder cannot be read"),
    Rule("F502", _E, "a file is not text in UTF-8"),
    Rule("F503", _E, "a file is too large for a note"),
    Rule("F504", _E, "something else than a file has a note's name"),
    Rule("F505", _E, "a link in the file system leads nowhere or in a circle"),
    Rule("F506", _W, "a name cannot be shown, or is not UTF-8"),
    Rule("F507", _W, "the library or a transcript cannot be used"),
)
"""C are citations, L links, N notes, H HTML, F files."""

BY_CODE = {rule.code: rule for rule in RULES}


def selected_codes(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> frozenset[str]:
    """The codes that begin with one of `select` (all, where it is empty) and with none of `ignore`.

    Each may be a code or the beginning of one (`C`, `C10`), in any case. Raises UnknownCode for
    what no code begins with.
    """
    chosen, unwanted = _prefixes(select), _prefixes(ignore)
    return frozenset(
        code
        for code in BY_CODE
        if (not chosen or code.startswith(chosen)) and not (unwanted and code.startswith(unwanted))
    )


def _prefixes(given: Iterable[str]) -> tuple[str, ...]:
    prefixes = tuple(part.strip().upper() for part in given if part.strip())
    for prefix in prefixes:
        if not any(code.startswith(prefix) for code in BY_CODE):
            raise UnknownCode(prefix, tuple(BY_CODE))
    return prefixes
