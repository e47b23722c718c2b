"""Where templates are found, and how one is filled."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.errors import TemplateError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2.sandbox import SandboxedEnvironment

NAMES = ("note.md.j2", "channel.md.j2", "index.md.j2")
"""The templates that there are, and that can be replaced."""

_PACKAGE = Path(__file__).resolve().parent.parent


class Part:
    """What a template may read all fields of: a dataclass whose fields are texts, or parts."""

    __slots__ = ()


def fill(name: str, values: Mapping[str, object], folder: Path | None = None) -> str:
    """The template `name` filled with `values`; one of that name in `folder` goes first.

    Raises TemplateError if the template is missing, wrong, asks for a value that is not there or
    does what the sandbox forbids.
    """
    import jinja2

    try:
        return _environment(folder).get_template(name).render(values)
    except jinja2.TemplateSyntaxError as error:
        raise TemplateError(name, f"line {error.lineno}: {error.message}") from error
    except jinja2.TemplateNotFound as error:
        raise TemplateError(name, f"there is no template “{error}”") from error
    except Exception as error:  # a template can raise whatever the code in it can
        raise TemplateError(name, str(error) or type(error).__name__) from error


@lru_cache(maxsize=8)
def _environment(folder: Path | None) -> SandboxedEnvironment:
    from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Sandbox(ImmutableSandboxedEnvironment):
        """A sandbox that asks no more of the fields of parts: it takes half of the time."""

        def getattr(self, obj: Any, attribute: str) -> Any:
            if isinstance(obj, Part) and attribute in obj.__dataclass_fields__:  # type: ignore[attr-defined]
                return getattr(obj, attribute)
            return super().getattr(obj, attribute)

    if folder is not None and not folder.is_dir():
        raise NotADirectoryError(f"there is no folder {folder}")
    if folder is not None and not any((folder / name).is_file() for name in NAMES):
        raise FileNotFoundError(f"the folder {folder} has none of {', '.join(NAMES)}")
    # An installed package has its templates inside, a checkout beside it.
    folders = [folder] if folder else []
    folders += [_PACKAGE / "templates", _PACKAGE.parent / "templates"]
    return Sandbox(
        loader=ChoiceLoader([FileSystemLoader(place) for place in folders]),
        undefined=StrictUndefined,
        # Markdown, not HTML: all values are written for Markdown before they come here.
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
