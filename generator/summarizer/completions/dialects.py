"""A server's dialect as it is kept, for requests that cannot be tried one by one."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from generator.summarizer.completions.servers import Dialect, Level, Server, first_dialect


def dialect_to_json(dialect: Dialect) -> str:
    """A dialect as it stands in the library."""
    return json.dumps(asdict(dialect), sort_keys=True)


def dialect_of(kept: str, server: Server) -> Dialect:
    """The dialect that is kept; what to try first where none is, or none that is understood."""
    try:
        values = json.loads(kept)
        return _checked(values)
    except (ValueError, TypeError, KeyError):
        return first_dialect(server)


def _checked(values: dict[str, Any]) -> Dialect:
    most = values["most_output"]
    return Dialect(
        level=Level(int(values["level"])),
        limits=tuple(map(str, values["limits"])),
        temperature=bool(values["temperature"]),
        system=bool(values["system"]),
        thinking=int(values["thinking"]),
        most_output=None if most is None else int(most),
    )
