"""One Settings object, and where each of its values comes from.

In order: what the caller gives (options), `GENERATE_*` variables, the usual `OPENAI_*` variables,
`generate.toml` beside the vault, `generate.toml` in the working directory, defaults.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, NoDecode, SettingsConfigDict

from generator.errors import UsageError

FILE_NAME = "generate.toml"
NOT_SHOWN = "(set, not shown)"

FrontMatterKey = Literal["url", "channel", "published", "aliases", "tags"]

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


def _split(value: object) -> object:
    """`ru,en` as a list; what is a list already stays."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _check_language(value: object) -> object:
    if isinstance(value, str) and not _LANGUAGE.fullmatch(value):
        raise ValueError(f"“{value[:40]}” is not a language tag such as en, ru or pt-BR")
    return value


def _expand(value: object) -> object:
    """A path with a home folder in the place of `~`, as shells do it; anything else as it is."""
    if not isinstance(value, str | Path):
        return value
    try:
        return Path(value).expanduser()
    except RuntimeError:  # nobody's home
        return Path(value)


UserPath = Annotated[Path, BeforeValidator(_expand)]
Languages = Annotated[
    tuple[Annotated[str, BeforeValidator(_check_language)], ...],
    NoDecode,
    BeforeValidator(_split),
]
NoteLanguage = Annotated[
    str, BeforeValidator(lambda value: value if value == "same" else _check_language(value))
]
FrontMatterKeys = Annotated[tuple[FrontMatterKey, ...], NoDecode, BeforeValidator(_split)]


class Settings(BaseSettings):
    """Everything that decides how a run goes, save what it is asked to write notes of."""

    model_config = SettingsConfigDict(
        env_prefix="GENERATE_", frozen=True, extra="forbid", env_ignore_empty=True
    )

    output: UserPath = Field(Path("output"), description="The vault: the folder of Markdown.")
    library: UserPath | None = Field(
        None, description="The library file; <vault>/.generator/library.db where not set."
    )
    engine: Literal["auto", "extractive", "openai"] = Field(
        "auto", description="What writes the notes."
    )
    language: Languages = Field(
        (), description="Transcript languages, the preferred first; the video's own where not set."
    )
    front_matter: FrontMatterKeys = Field((), description="Further front-matter keys.")
    timestamp_links: bool = Field(False, description="Citations are links to the video.")
    math: bool = Field(False, description="$…$ in statements is a formula, not dollars.")
    templates: UserPath | None = Field(None, description="A folder of templates of one's own.")
    overwrite: bool = Field(False, description="Replace notes that were edited by hand.")
    refetch: bool = Field(False, description="Ask YouTube anew for what the library holds.")
    offline: bool = Field(False, description="Ask nobody on the network.")
    fetch_interval: float = Field(
        2.0, ge=0, le=3600, description="Seconds from one fetched video to the next, on average."
    )
    cassette: UserPath | None = Field(None, description="Replay HTTP from here, or record it.")
    proxy: SecretStr | None = Field(None, description="The proxy for requests to YouTube.")
    webshare_username: SecretStr | None = Field(None, description="Webshare's proxy user name.")
    webshare_password: SecretStr | None = Field(None, description="Webshare's proxy password.")
    cookies: UserPath | None = Field(None, description="A cookies.txt of a YouTube account.")
    cookies_from_browser: str | None = Field(
        None, description="The browser that an account's cookies are read from."
    )
    timeout: float = Field(
        30.0, gt=0, le=600, description="Seconds that one request may go unanswered."
    )
    retries: int = Field(3, ge=0, le=10, description="How often a failed request is repeated.")
    api_key: SecretStr | None = Field(None, description="The key of the model server.")
    base_url: str | None = Field(None, description="The address of the model server.")
    model: str = Field(
        "gpt-6-luna", min_length=1, description="The model that the openai engine asks."
    )
    topics: int = Field(5, ge=1, le=20, description="The most notes that a video gets.")
    note_language: NoteLanguage = Field(
        "en", description="The language that notes are written in; “same” is the talk's own."
    )
    prompts: UserPath | None = Field(None, description="A folder of prompts of one's own.")
    jobs: int = Field(4, ge=1, le=256, description="Requests to a model at once.")
    requests_per_minute: int | None = Field(
        None, ge=1, description="The most requests that a model server is sent in a minute."
    )
    tokens_per_minute: int | None = Field(
        None, ge=1, description="The most tokens a minute, of requests and replies together."
    )
    dask: str | None = Field(
        None, description="The Dask cluster that fetches and writes; local:N is one made here."
    )
    context_tokens: int = Field(
        32_000, ge=2_000, description="Tokens that the model takes, its answer included."
    )
    max_tokens_total: int | None = Field(
        None, ge=1, description="Tokens after which a run asks no more."
    )
    confirm_above: int = Field(
        1_000_000, ge=0, description="Tokens above which a run is confirmed on a terminal."
    )
    price_in: float | None = Field(
        None, ge=0, description="What a million tokens cost that are shown to the model."
    )
    price_out: float | None = Field(
        None, ge=0, description="What a million tokens cost that the model writes."
    )
    verify: bool = Field(False, description="Ask the model which statements are unsupported.")
    batch: bool = Field(False, description="Requests to the model go into its server's batches.")
    wait: bool = Field(False, description="Stay until the batches have brought all replies.")
    finish_live: bool = Field(False, description="Ask at once for what batches did not answer.")
    batch_poll: float = Field(
        60.0, ge=0, le=3600, description="Seconds between two looks at a batch, on average."
    )
    batch_price: float = Field(
        0.5, ge=0, le=1, description="What a reply by batch costs, as a part of its price live."
    )
    batch_requests: int = Field(50_000, ge=1, description="Requests that one batch may have.")
    batch_bytes: int = Field(200_000_000, ge=1, description="Bytes that a batch's file may have.")
    batch_tokens: int | None = Field(
        None, ge=1, description="Tokens in batches at once; as the service says where not set."
    )
    model_timeout: float = Field(
        300.0, gt=0, le=3600, description="Seconds that a model server may be silent."
    )
    model_retries: int = Field(
        6, ge=0, le=20, description="How often a failed request to a model is repeated."
    )

    @classmethod
    def settings_customise_sources(  # type: ignore[override]
        cls, settings_cls: type[BaseSettings], **sources: Any
    ) -> tuple[Any, ...]:
        """A Settings is made of just the values given: `load_settings` gathers them by source."""
        return (sources["init_settings"],)

    @property
    def engine_name(self) -> Literal["extractive", "openai"]:
        """The engine that `auto` comes to: `openai` where a key or an address is set."""
        if self.engine != "auto":
            return self.engine
        return "openai" if self.api_key or self.base_url else "extractive"


@dataclass(frozen=True, slots=True)
class Origin:
    """One setting as it stands: its name, its value fit to be shown, and its source."""

    name: str
    value: str
    source: str


def load_settings(
    options: Mapping[str, object] | None = None, directory: Path | None = None
) -> Settings:
    """Settings from all sources; `options` win. `directory` is the working directory.

    Raises UsageError where a value or a file of settings is wrong; its text names the source.
    """
    return _load(options or {}, directory or Path.cwd())[0]


def explain_settings(
    options: Mapping[str, object] | None = None, directory: Path | None = None
) -> list[Origin]:
    """Every setting with its source; secrets are masked. Raises as `load_settings` does."""
    settings, sources = _load(options or {}, directory or Path.cwd())
    return [
        Origin(name, _shown(name, getattr(settings, name)), sources.get(name, "default"))
        for name in Settings.model_fields
    ]


def from_environment(names: Collection[str]) -> dict[str, Any]:
    """The values of these settings that the environment of this process has."""
    openai = _environment("OPENAI_", {"api_key", "base_url"} & set(names))
    return {**openai, **_environment("GENERATE_", set(names))}


def _load(options: Mapping[str, object], directory: Path) -> tuple[Settings, dict[str, str]]:
    layers: list[tuple[str, dict[str, Any]]] = [
        ("option", {name: value for name, value in options.items() if value is not None}),
        ("environment", _environment("GENERATE_", set(Settings.model_fields))),
        ("environment", _environment("OPENAI_", {"api_key", "base_url"})),
    ]
    here = (directory / FILE_NAME, _file(directory / FILE_NAME))
    output = next((values["output"] for _, values in [*layers, here] if "output" in values), None)
    vault = _expand(str(output or Settings.model_fields["output"].default))
    beside = (directory / str(vault)).resolve().parent / FILE_NAME
    if beside != here[0].resolve():
        layers.append((str(beside), _file(beside)))
    layers.append((str(here[0]), here[1]))

    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for source, layer in layers:
        for name, value in layer.items():
            if name not in values:
                values[name] = value
                sources[name] = source
    for name, source in sources.items():
        if source == "environment":
            generate = _environment("GENERATE_", {name})
            sources[name] = ("GENERATE_" if generate else "OPENAI_") + name.upper()
    try:
        return Settings(**values), sources
    except ValidationError as error:
        raise UsageError(_explain(error, sources)) from None


def _environment(prefix: str, names: set[str]) -> dict[str, Any]:
    found = EnvSettingsSource(Settings, env_prefix=prefix)()
    return {name: value for name, value in found.items() if name in names}


def _file(path: Path) -> dict[str, Any]:
    """The values of a settings file, its relative paths taken from the file's own folder."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UsageError(
            f"The settings file {path} cannot be read: {error}.", "Correct it or delete it."
        ) from None
    values = {name.replace("-", "_"): value for name, value in values.items()}
    unknown = sorted(values.keys() - Settings.model_fields.keys())
    if unknown:
        raise UsageError(
            f"The settings file {path} sets “{unknown[0]}”, which is not a setting.",
            "“generate --show-settings” lists all there are.",
        )
    for name in ("output", "library", "templates", "cassette", "cookies", "prompts"):
        if isinstance(values.get(name), str):
            values[name] = str(path.parent / str(_expand(values[name])))
    return values


def _shown(name: str, value: object) -> str:
    if value is None or value == ():
        return "(not set)"
    if name in ("proxy", "base_url"):
        return _address(value.get_secret_value() if isinstance(value, SecretStr) else str(value))
    if isinstance(value, SecretStr):
        return NOT_SHOWN
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _address(url: str) -> str:
    """A URL without its user, password and query; nothing of what is no URL, which may be all."""
    try:
        address = urlsplit(url)
        host = address.hostname if "://" in url else None
    except ValueError:
        host = None
    return f"{address.scheme}://{host}{address.path}" if host else NOT_SHOWN


def _explain(error: ValidationError, sources: Mapping[str, str]) -> str:
    """The first thing wrong, with its source, and without the value, which may be a secret."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    name = str(first["loc"][0]) if first["loc"] else "?"
    reason = first["msg"].removeprefix("Value error, ")
    return f"The setting {name} (from {sources.get(name, 'default')}) is wrong: {reason}."
