"""The cookies of an account as yt-dlp takes them: from a file, or a browser of this machine."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from generator.errors import CookiesUnreadable
from generator.fetcher.http import Connection

# NAME[+KEYRING][:PROFILE][::CONTAINER], as yt-dlp's own option has it.
_BROWSER = re.compile(
    r"(?P<name>[^+:]+)(?:\+(?P<keyring>[^:]+))?(?::(?!:)(?P<profile>.+?))?(?:::(?P<container>.+))?"
)
_COOKIE_FIELDS = 7


def cookie_text(path: Path) -> str:
    """The lines of a cookie file that yt-dlp takes; it would print the others, secrets and all.

    It gets a copy, as it writes to what it is given. Raises CookiesUnreadable.
    """
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise CookiesUnreadable(str(path), (error.strerror or "no such file").lower()) from None
    kept = []
    for line in text.splitlines():
        fields = line.removeprefix("#HttpOnly_").split("\t")
        if len(fields) == _COOKIE_FIELDS and not fields[0].startswith("#"):
            with suppress(ValueError):
                float(fields[4] or 0)
                kept.append(line)
    if not kept:
        raise CookiesUnreadable(str(path), "there are none in Netscape format in it")
    return "# Netscape HTTP Cookie File\n" + "".join(f"{line}\n" for line in kept)


def browser_named(named: str) -> tuple[str | None, ...]:
    """The parts of a browser's name as yt-dlp takes them. Raises CookiesUnreadable."""
    from yt_dlp.cookies import SUPPORTED_BROWSERS, SUPPORTED_KEYRINGS

    parts = _BROWSER.fullmatch(named.strip())
    name = parts["name"].strip().lower() if parts else ""
    keyring = parts["keyring"].strip().upper() if parts and parts["keyring"] else None
    if parts is None or name not in SUPPORTED_BROWSERS:
        known = ", ".join(sorted(SUPPORTED_BROWSERS))
        raise CookiesUnreadable(named, f"it is none of the browsers {known}")
    if keyring is not None and keyring not in SUPPORTED_KEYRINGS:
        raise CookiesUnreadable(named, "its keyring is not known")
    return name, parts["profile"], keyring, parts["container"]


def whose(connection: Connection) -> str:
    """Where the connection's cookies are from, as the user named it."""
    return str(connection.cookies or connection.cookies_from_browser)
