"""The way to one model server: a client of the openai package that gives no key away."""

from __future__ import annotations

import logging
import ssl
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openai import AsyncOpenAI

    from generator.summarizer.completions.servers import Server

_LOUD = ("openai", "httpx2", "httpcore2")
"""What logs addresses and what a server sends, which may repeat the key."""


class Connection:
    """A client for one server, opened when it is first asked for. `timeout` is in seconds."""

    def __init__(self, server: Server, timeout: float) -> None:
        self._server = server
        self._timeout = timeout
        self._client: AsyncOpenAI | None = None
        self._loud: dict[logging.Logger, int] = {}

    def open(self) -> AsyncOpenAI:
        """The client; while it is open, nothing of what it sends is logged."""
        if self._client is None:
            self._client = _open_client(self._server, self._timeout)
            # Only now: the openai package sets levels of its own when it is first imported.
            for log in map(logging.getLogger, _LOUD):
                self._loud[log] = log.level
                log.setLevel(logging.CRITICAL + 1)
        return self._client

    async def close(self) -> None:
        """Closes the connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None
            for log, level in self._loud.items():
                log.setLevel(level)

    def headers(self) -> dict[str, Any]:
        """What of the client's own headers is left out: what is set for other servers."""
        import openai

        left_out = [] if self._server.api_key else ["Authorization"]
        if not self._server.is_openai:
            left_out += ["OpenAI-Organization", "OpenAI-Project"]
        return {name: openai.Omit() for name in left_out}


def _open_client(server: Server, timeout: float) -> AsyncOpenAI:
    """A client that tries nothing again, follows nobody elsewhere, and sends only this key."""
    import httpx2
    import openai

    limit = httpx2.Timeout(timeout, connect=min(timeout, 20.0))
    auth = (
        httpx2.BasicAuth(*server.basic_auth) if server.basic_auth and not server.api_key else None
    )
    return openai.AsyncOpenAI(
        api_key=server.api_key or "none",
        base_url=server.url,
        max_retries=0,
        timeout=limit,
        default_query=server.query,
        http_client=openai.DefaultAsyncHttpx2Client(
            follow_redirects=False,
            timeout=limit,
            auth=auth,
            trust_env=not server.is_local,
            verify=_authorities(server),
        ),
    )


def _authorities(server: Server) -> ssl.SSLContext | bool:
    """Whose certificates are believed: the usual ones, which take a moment to load.

    None for a server of this machine without TLS: there nobody shows any.
    """
    if server.is_local and server.url.startswith("http:"):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return True
