"""Several processes find what one finds, and one that dies ends nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator.checker import workers
from generator.checker.examining import Examiner
from generator.checker.index import Index
from generator.checker.records import Records
from generator.checker.walking import VaultFile
from tests.checker import vaults
from tests.checker.vaults import cited, found_in, note


def many(folder: Path) -> Path:
    vault = vaults.make_vault(folder)
    for number in range(120):
        links = f"[[Lens]] or [[note_{number + 1}]]"
        body = f"Light {number} was seen {cited('00:00:10')}, says {links}.\n"
        vaults.write(vault, f"lamps/note_{number}.md", note(f"Note {number}", body))
    return vault


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_results_do_not_depend_on_the_number_of_processes(tmp_path, monkeypatch, method):
    vault = many(tmp_path)
    alone = found_in(vault, processes=1)
    assert len(alone) > 200
    context = workers.multiprocessing.get_context(method)
    monkeypatch.setattr(workers, "_context", lambda: context)
    assert found_in(vault, processes=2) == alone


class Dying(Examiner):
    """Ends its process at one file, but not the one that it was made in."""

    here = os.getpid()

    def examine(self, file):
        if file.path.endswith("/note_60.md") and os.getpid() != self.here:
            os._exit(1)
        return super().examine(file)


def test_a_process_that_dies_ends_nothing(tmp_path, monkeypatch):
    vault = many(tmp_path)
    context = workers.multiprocessing.get_context("fork")
    monkeypatch.setattr(workers, "_context", lambda: context)
    files = [VaultFile(f"lamps/note_{number}.md", 500) for number in range(120)]

    def make() -> Examiner:
        return Dying(vault, Index([]), Records(vault, None, {}), ["L201"], mend=False)

    examined = [each for batch, _ in workers.examine_all(make, files, 2) for each in batch]
    assert sorted(each.path for each in examined) == sorted(file.path for file in files)
