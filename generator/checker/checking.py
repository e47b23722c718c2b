"""A whole vault checked: its files one by one, then what only all of them tell."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from generator.checker.checked import Checked, CheckOptions
from generator.checker.codes import selected_codes
from generator.checker.examining import Examined, Examiner
from generator.checker.findings import Finding
from generator.checker.index import Index, Target
from generator.checker.records import BUSY_SECONDS, Records
from generator.checker.surveying import targets_of
from generator.checker.transcripts import ByVideo, find_transcripts
from generator.checker.walking import VaultFile, nfc, walk
from generator.checker.whole import Whole
from generator.checker.workers import examine_all
from generator.errors import GenerateError, LibraryError, NoSuchFolder
from generator.vault.overlay import Change

if TYPE_CHECKING:
    from generator.library import Library


def check(vault: Path, options: CheckOptions | None = None) -> Checked:
    """Checks a vault, and mends it if that is asked for.

    Raises NoSuchFolder for a vault or a folder of transcripts that is not there, UnknownCode for a
    code that no rule has, a LibraryError if a library was named that cannot be used, and VaultInUse
    while another run writes into a vault that is to be mended.
    """
    options = options or CheckOptions()
    for what, folder in (("vault", vault), ("folder of transcripts", options.transcripts)):
        if folder is not None and not folder.is_dir():
            raise NoSuchFolder(what, folder)
    wanted = selected_codes(options.select, options.ignore)
    problems: dict[str, str] = {}
    library = _library_of(vault, options, problems)
    tree = walk(vault)
    targets = targets_of(vault, tree, library)
    by_video = find_transcripts(options.transcripts) if options.transcripts else {}
    task = _Task(vault, tuple(targets), tuple(tree.others), library, by_video, wanted)
    # Notes of one video come together: its transcript is read once.
    videos = {target.path: target.video_id for target in targets}
    files = sorted(tree.notes, key=lambda file: (videos.get(nfc(file.path), ""), file.path))

    checked = Checked(vault, links_skipped=tree.links, fixed=options.fix, dry=options.dry_run)
    whole = Whole(checked, wanted)
    make = functools.partial(task.examiner, mend=options.fix)
    with _alone(vault, options), _Mender(task, options, checked) as mender:
        for batch, met in examine_all(make, files, options.processes):
            problems.update(met)
            for examined in batch:
                whole.take(mender.keep(examined))
    whole.finish(tree, problems)
    return checked


@dataclass(frozen=True)
class _Task:
    """All that examiners are made of, in this process or another."""

    root: Path
    targets: Sequence[Target]
    others: Sequence[str]
    library: Path | None
    transcripts: ByVideo
    wanted: Collection[str]

    def examiner(self, *, mend: bool) -> Examiner:
        """An examiner with an index and records of its own."""
        records = Records(self.root, self.library, self.transcripts)
        index = Index(self.targets, self.others)
        return Examiner(self.root, index, records, self.wanted, mend=mend)


class _Mender:
    """Writes what examiners mended, and keeps count."""

    def __init__(self, task: _Task, options: CheckOptions, checked: Checked) -> None:
        from generator.vault.vault import Vault

        self._task = task
        self._options = options
        self._checked = checked
        self._vault = Vault(task.root)
        self._library: Library | None = None

    def __enter__(self) -> _Mender:
        from generator.library import Library

        if self._options.fix and not self._options.dry_run and self._task.library:
            # One that cannot be used is a finding already.
            with suppress(LibraryError):
                self._library = Library.open(self._task.library, create=False)
        return self

    def __exit__(self, *_: object) -> None:
        if self._library is not None:
            self._library.close()

    def keep(self, examined: Examined) -> Examined:
        """Writes a file that was mended; gives what is to be reported of it."""
        if examined.before is None or examined.after is None:
            return examined
        if not self._options.dry_run:
            try:
                path = examined.on_disk
                self._vault.mend(path, examined.before, examined.after, self._library)
            except GenerateError as error:
                return self._unmended(examined, error)
        self._checked.mended += examined.mended
        self._checked.files_mended += 1
        if self._options.keep_changes:
            self._checked.changes.append(
                Change(Path(examined.path), examined.before, examined.after)
            )
        return examined

    def _unmended(self, examined: Examined, error: GenerateError) -> Examined:
        """What is wrong with a file that could not be written, as it is."""
        examiner = self._task.examiner(mend=False)
        try:
            again = examiner.examine(VaultFile(examined.on_disk, len(examined.before or b"")))
        finally:
            examiner.close()
        said = f"it could not be mended: {error.happened}"
        return replace(again, findings=(*again.findings, Finding("F501", examined.path, said)))


def _alone(vault: Path, options: CheckOptions) -> AbstractContextManager[None]:
    """While it is entered, no run of the program writes into a vault that is mended.

    A vault that the program never wrote into has nobody to wait for, and gets no folder of its own.
    """
    from generator.vault.files import OWN_FOLDER
    from generator.vault.locking import vault_lock

    if options.fix and not options.dry_run and (vault / OWN_FOLDER).is_dir():
        return vault_lock(vault)
    return nullcontext()


def _library_of(vault: Path, options: CheckOptions, problems: dict[str, str]) -> Path | None:
    """The library's file: the one named, which has to be one, else the vault's, if it has one.

    It is opened here once for all: one that cannot be used is among the `problems`, and nobody
    tries it, and waits for it, again.
    """
    from generator.library import Library
    from generator.vault.files import OWN_FOLDER

    usual = vault / OWN_FOLDER / "library.db"
    path = options.library or (usual if usual.is_file() else None)
    if path is None:
        return None
    try:
        Library.open(path, create=False, busy_seconds=BUSY_SECONDS).close()
    except LibraryError as error:
        if options.library is not None:
            raise
        problems[str(path)] = error.happened
        return None
    return path
