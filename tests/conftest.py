"""What all tests share: nobody's settings, keys or proxies, and no waiting between two videos."""

import os

import pytest

_OURS = ("GENERATE_", "OPENAI_")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def _nobodys_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(_OURS) or name.upper() in _PROXIES:
            monkeypatch.delenv(name)
    # The stand-in for YouTube blocks nobody for hurrying.
    monkeypatch.setenv("GENERATE_FETCH_INTERVAL", "0")
