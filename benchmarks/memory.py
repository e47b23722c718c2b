"""How much memory a process took."""

from __future__ import annotations

import resource
from pathlib import Path


def peak_megabytes() -> float:
    """The most that this process ever had in memory.

    Not what `getrusage` says where the kernel tells better: there, the most that the process had
    which started this one counts too, if Python started it without copying it.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
