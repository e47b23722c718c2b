"""The site's templates and assets: where they are found, and how a page is filled."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from generator.errors import TemplateError
from generator.site.digests import digest_of, digest_of_bytes
from generator.site.places import ASSETS, address

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.sandbox import SandboxedEnvironment
    from markupsafe import Markup

FOLDER = "site"
"""The folder below the templates of notes that has those of the site."""

_MODULE = re.compile(rb"""(["'])(\./[\w.-]+\.js)\1""")
"""How one of our scripts names another that it imports."""

_PACKAGE = Path(__file__).resolve().parent.parent
_IN_SCRIPTS = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


@dataclass(frozen=True, slots=True)
class Masthead:
    """What is the same on all pages of a site. `base_url` ends with `/`, or is empty."""

    title: str
    description: str = ""
    base_url: str = ""
    math: bool = False
    search: bool = True


@dataclass
class Templates:
    """Templates and assets; those in `folder` go before the built-in ones.

    `folder` is a folder of templates of one's own: its subfolder `site` is looked into if it has
    one. Raises TemplateError for a folder that is not there.
    """

    folder: Path | None = None
    _filled: dict[str, Template] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if self.folder is not None and not self.folder.is_dir():
            raise TemplateError(str(self.folder), "there is no such folder")

    def fill(self, name: str, values: Mapping[str, object]) -> bytes:
        """The template `name` filled. Raises TemplateError where that cannot be done."""
        import jinja2

        try:
            if name not in self._filled:
                self._filled[name] = self._environment.get_template(name)
            return self._filled[name].render(values).encode("utf-8", "replace")
        except jinja2.TemplateSyntaxError as error:
            where = f"{error.name or name}, line {error.lineno}"
            raise TemplateError(name, f"{where}: {error.message}") from error
        except jinja2.TemplateNotFound as error:
            raise TemplateError(name, f"there is no template “{error}”") from error
        except Exception as error:  # a template can raise whatever the code in it can
            raise TemplateError(name, str(error) or type(error).__name__) from error

    @cached_property
    def assets(self) -> dict[str, bytes]:
        """By name, the files that pages load; those of one's own in the place of ours."""
        found: dict[str, bytes] = {}
        for folder in reversed(self._folders):
            place = folder / ASSETS
            for path in sorted(place.rglob("*")) if place.is_dir() else []:
                name = path.relative_to(place)
                if path.is_file() and not any(part.startswith(".") for part in name.parts):
                    found[name.as_posix()] = self._read(path)
        return dict(sorted(found.items()))

    @cached_property
    def digest(self) -> str:
        """What changes with any template or asset."""
        parts: list[tuple[str, str]] = []
        for folder in self._folders:
            for path in sorted(folder.glob("*.j2")):
                parts.append((path.name, digest_of_bytes(self._read(path))))
        return digest_of(*parts, *((name, data) for name, data in self._asset_digests.items()))

    def asset(self, name: str, root: str) -> str:
        """The address of an asset on a page from which `root` leads to the site's root.

        It changes with any of them, so that no browser keeps an old one. Raises KeyError.
        """
        if name not in self.assets:
            raise KeyError(name)
        return f"{root}{ASSETS}/{address(name)}?v={self._version}"

    def written_assets(self) -> dict[str, bytes]:
        """The assets as the site has them: scripts import each other under addresses that change.

        Without that, a browser would run scripts of two builds together.
        """
        versioned = rb"\1\2?v=" + self._version.encode() + rb"\1"
        return {
            name: _MODULE.sub(versioned, data) if name.endswith(".js") else data
            for name, data in self.assets.items()
        }

    @cached_property
    def _version(self) -> str:
        return digest_of(*self._asset_digests.items())[:8]

    @cached_property
    def _asset_digests(self) -> dict[str, str]:
        return {name: digest_of_bytes(data) for name, data in self.assets.items()}

    @cached_property
    def _folders(self) -> list[Path]:
        # An installed package has its templates inside, a checkout beside it.
        own = [self.folder / FOLDER, self.folder] if self.folder else []
        built_in = [_PACKAGE / "templates" / FOLDER, _PACKAGE.parent / "templates" / FOLDER]
        return [*[folder for folder in own if folder.is_dir()][:1], *built_in]

    @cached_property
    def _environment(self) -> SandboxedEnvironment:
        from jinja2 import FileSystemLoader, StrictUndefined
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        return ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(self._folders),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def _read(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise TemplateError(str(path), error.strerror or str(error)) from error


def json_block(value: object) -> Markup:
    """A value as JSON, or JSON as it is, such that it cannot end the script that it stands in."""
    from markupsafe import Markup

    text = value if isinstance(value, str) else compact_json(value)
    for char, escaped in _IN_SCRIPTS.items():  # much quicker than `translate`
        text = text.replace(char, escaped)
    return Markup(text)  # noqa: S704 - nothing in it is HTML any more


def compact_json(value: object) -> str:
    """A value as JSON in as few characters as there can be."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
