"""What of a vault is not as it was at the last build."""

from __future__ import annotations

from dataclasses import dataclass, field

from generator.site.wiki import Page


@dataclass(slots=True)
class Changes:
    """What of a vault's pages is not as it was at the last build.

    `common` is what all pages were made of then (see `Standing`), empty where nothing is known of a
    build. `before` has by path the pages that changed, came (None) or went, as they were; `led` by
    path where the links of these led. `heard` are the videos of which the library knows other
    things. What follows is found out by `settle`: `relinked` are other pages whose links lead
    elsewhere now, `reached` those that they lead to now, or led to, and `moved` are the pages that
    stand at another place in the site.
    """

    common: str = ""
    before: dict[str, Page | None] = field(default_factory=dict)
    led: dict[str, set[str]] = field(default_factory=dict)
    heard: frozenset[str] = frozenset()
    relinked: set[str] = field(default_factory=set)
    reached: set[str] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)
