"""What a note's sidecar, or the library, says that its statements rest on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from generator.checker.index import worded
from generator.models import Note, statements_in
from generator.vault.sidecars import Sidecar


class Evidence:
    """The seconds that grounding found for the statements of one note."""

    def __init__(self, statements: Iterable[tuple[str, Sequence[int]]]) -> None:
        self._seconds: dict[str, tuple[int, ...] | None] = {}
        for text, seconds in statements:
            known = self._seconds.setdefault(worded(text), tuple(seconds))
            if known != tuple(seconds):  # said twice: which is which cannot be told
                self._seconds[worded(text)] = None

    def seconds(self, statement: str, written: Sequence[int | None]) -> list[int | None] | None:
        """The second that each citation of a statement should have; None for those not known.

        `written` are the seconds as they stand. None for a statement that there is no evidence of.
        """
        known = self._seconds.get(worded(statement))
        if not known:
            return None
        if all(second in known for second in written):
            return list(written)
        if len(known) == len(written):
            return list(known)
        return [second if second in known else None for second in written]


def evidence_of_sidecar(sidecar: Sidecar) -> Evidence:
    """The evidence that a sidecar keeps."""
    return Evidence(
        (statement.text, [citation.second for citation in statement.citations])
        for statement in sidecar.statements
    )


def evidence_of_note(note: Note) -> Evidence:
    """The evidence that the library keeps with a note."""
    return Evidence(
        (statement.text, [citation.second for citation in statement.citations])
        for statement in statements_in(note)
    )
