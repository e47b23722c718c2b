"""Processes that find bytecode of the program, as they do where it is installed."""

from __future__ import annotations

import os
from pathlib import Path


def finding_bytecode(folder: Path) -> dict[str, str]:
    """An environment in which Python keeps bytecode in a folder, whatever it does elsewhere.

    Else, where that is switched off, each process would compile the program anew.
    """
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment
