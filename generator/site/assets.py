"""The files that pages load: style sheets and scripts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from generator.site.digests import digest_of_bytes
from generator.site.files import Planned
from generator.site.places import ASSETS
from generator.site.rendering import Templates


def planned_assets(templates: Templates) -> Iterator[Planned]:
    """Every asset."""
    for name, data in templates.written_assets().items():
        yield Planned(f"{ASSETS}/{name}", digest_of_bytes(data), partial(bytes, data))
