"""What of the settings goes to workers, and what they have from their own environment."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from generator.cluster.messages import Brief
from generator.cluster.places import LocalProcesses, Place
from generator.settings import Settings, from_environment

_SENT = (
    "context_tokens",
    "language",
    "model",
    "model_retries",
    "model_timeout",
    "note_language",
    "offline",
    "retries",
    "timeout",
    "topics",
    "verify",
)
_SECRET = ("api_key", "base_url", "proxy", "webshare_username", "webshare_password")
_COOKIES = ("cookies", "cookies_from_browser")


def brief_of(settings: Settings, place: Place, force: Collection[str] = ()) -> Brief:
    """What the workers of a run are told. Raises UsageError for prompts or an address of none."""
    from generator.engines import server_of
    from generator.summarizer.openai.prompts import Prompts

    sent: dict[str, Any] = {name: getattr(settings, name) for name in _SENT}
    sent["engine"] = settings.engine_name
    if isinstance(place, LocalProcesses):
        sent["cassette"] = settings.cassette and settings.cassette.resolve()
        sent["cookies"] = settings.cookies and settings.cookies.resolve()
        sent["cookies_from_browser"] = settings.cookies_from_browser
    prompts: dict[str, tuple[str, str]] = {}
    if settings.engine_name == "openai":
        prompts = Prompts(settings.prompts).texts
        if settings.base_url:
            sent["base_url"] = server_of(settings).url
    return Brief(
        run=uuid.uuid4().hex,
        settings=sent,
        prompts=prompts,
        force=tuple(force),
        keyed=settings.api_key is not None,
        budgeted=settings.max_tokens_total is not None,
        rated=bool(settings.requests_per_minute or settings.tokens_per_minute),
    )


def environment_of(settings: Settings) -> dict[str, str]:
    """What processes that are started here have in their environment: secrets that were options."""
    found = {name: getattr(settings, name) for name in _SECRET}
    return {
        f"GENERATE_{name.upper()}": each.get_secret_value() if isinstance(each, SecretStr) else each
        for name, each in found.items()
        if each is not None
    }


def settings_here(brief: Brief) -> Settings:
    """The settings of a run on this worker, its own secrets among them.

    Of two addresses of the model server that are the same but for user, password and query, the
    worker's is taken. Raises UsageError for an address or a key that cannot be.
    """
    from generator.engines import server_of

    own = from_environment([*_SECRET, *_COOKIES])
    sent = dict(brief.settings)
    address = own.pop("base_url", None)
    if "cassette" in sent:  # on the machine of the run, whose cookies those are
        own = {name: value for name, value in own.items() if name not in _COOKIES}
    settings = Settings(**own, **sent)
    if address:
        with_secrets = settings.model_copy(update={"base_url": address})
        if server_of(with_secrets).url == server_of(settings).url:
            return with_secrets
    return settings


def way_to_youtube(settings: Settings, host: str, run: str) -> str:
    """What tells apart the addresses that YouTube sees, and nothing of them: a digest."""
    proxy = settings.proxy or settings.webshare_username
    way = proxy.get_secret_value() if proxy else f"host {host}"
    return hashlib.sha256(f"{run} {way}".encode()).hexdigest()[:16]


def host_of(address: str) -> str:
    """The host in a worker's address."""
    return urlsplit(address).hostname or address
