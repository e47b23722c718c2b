"""What a model is told: prompt files with front matter and a Jinja2 body, found, checked, filled.

A prompt file's front matter says its `name`, its `purpose`, the `temperature` (or `null` for the
server's own) and `max_output_tokens`. Its body is two Jinja2 blocks, `system` and `user`: one
message each. Everything that differs between videos belongs into `user`.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.errors import PromptError
from generator.summarizer.completions.tokens import estimate_tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Template
    from jinja2.sandbox import SandboxedEnvironment

_PACKAGE = Path(__file__).resolve().parents[2]
_KEYS = {"name", "purpose", "temperature", "max_output_tokens"}
_BLOCKS = ("system", "user")
_MATERIAL = {"fence", "metadata", "lines"}

VARIABLES: dict[str, frozenset[str]] = {
    "outline": frozenset({*_MATERIAL, "topics", "language", "excerpt"}),
    "note": frozenset({*_MATERIAL, "topic", "ranges", "language", "sections", "first"}),
    "repair": frozenset({*_MATERIAL, "statements"}),
    "verify": frozenset({*_MATERIAL, "statements"}),
    "merge": frozenset({"fence", "metadata", "parts", "topics", "language"}),
}
"""What each prompt is given. It need not use all of it."""


@dataclass(frozen=True)
class Prompt:
    """A prompt file that was read and found in order. `max_output_tokens` is in tokens.

    `digest` is of all that the file says, `size` its length in tokens, estimated.
    """

    name: str
    path: Path
    temperature: float | None
    max_output_tokens: int
    digest: str
    size: int
    _template: Template

    def fill(self, values: Mapping[str, object]) -> tuple[str, str]:
        """The system's and the user's message.

        Raises PromptError, which names the file and the variable, where a value is not given, or
        for what the sandbox forbids.
        """
        try:
            context = self._template.new_context(dict(values))
            system, user = (
                "".join(self._template.blocks[block](context)).strip() for block in _BLOCKS
            )
        except Exception as error:  # a template can raise whatever the code in it can
            raise PromptError(self.path, str(error) or type(error).__name__) from error
        return system, user


class Prompts:
    """The prompt files; those in `folder` go before the program's own, each by itself.

    All of them are read at once. Raises PromptError for one that cannot be used: no front matter,
    wrong values in it, Jinja2 that does not parse, or a variable that the prompt is not given.
    """

    def __init__(self, folder: Path | None = None) -> None:
        if folder is not None and not folder.is_dir():
            raise PromptError(folder, "there is no such folder")
        self._fill({name: _text_of(_path(name, folder)) for name in VARIABLES})

    @classmethod
    def saying(cls, texts: Mapping[str, tuple[str, str]]) -> Prompts:
        """Prompts that say what others said, as `texts` gives it."""
        prompts = cls.__new__(cls)
        prompts._fill({name: (Path(path), text) for name, (path, text) in texts.items()})
        return prompts

    @property
    def texts(self) -> dict[str, tuple[str, str]]:
        """By the names of the prompts, their files and all that these say."""
        return {name: (str(path), text) for name, (path, text) in self._texts.items()}

    def _fill(self, texts: dict[str, tuple[Path, str]]) -> None:
        self._texts = texts
        self._prompts = {name: _read(name, path, text) for name, (path, text) in texts.items()}

    def __getitem__(self, name: str) -> Prompt:
        return self._prompts[name]


def _path(name: str, folder: Path | None) -> Path:
    # An installed package has its prompts inside, a checkout beside it.
    folders = [folder] if folder else []
    folders += [_PACKAGE / "prompts", _PACKAGE.parent / "prompts"]
    for place in folders:
        if (path := place / f"{name}.md").is_file():
            return path
    raise PromptError(folders[-1] / f"{name}.md", "there is no such file")


def _text_of(path: Path) -> tuple[Path, str]:
    try:
        return path, path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise PromptError(path, error.strerror or type(error).__name__) from error
    except UnicodeDecodeError as error:
        raise PromptError(path, "it is not UTF-8 text") from error


@lru_cache(maxsize=64)
def _read(name: str, path: Path, text: str) -> Prompt:
    """A prompt; a run has several engines of the same ones, and to compile them takes a while."""
    import frontmatter
    import yaml

    try:
        head, body = frontmatter.parse(text)
    except yaml.YAMLError as error:
        raise PromptError(path, f"its front matter is no YAML: {error}") from error
    temperature, limit = _parameters(path, head)
    above = text[: text.find(body)].count("\n") if body else 0
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    template = _template(name, path, body, above)
    return Prompt(name, path, temperature, limit, digest, estimate_tokens(body), template)


def _parameters(path: Path, head: dict[str, Any]) -> tuple[float | None, int]:
    for wrong, what in ((_KEYS - head.keys(), "misses"), (head.keys() - _KEYS, "does not know")):
        if wrong:
            keys = ", ".join(sorted(str(key) for key in wrong))
            raise PromptError(path, f"its front matter {what}: {keys}")
    temperature, limit = head["temperature"], head["max_output_tokens"]
    if temperature is not None:
        is_number = isinstance(temperature, int | float) and not isinstance(temperature, bool)
        if not is_number or not math.isfinite(temperature) or not 0 <= temperature <= 2:
            raise PromptError(path, "its temperature is neither null nor a number from 0 to 2")
        temperature = float(temperature)
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        raise PromptError(path, "its max_output_tokens is no whole number above 0")
    return temperature, limit


def _template(name: str, path: Path, body: str, above: int) -> Template:
    """The body compiled; `above` is how many lines of the file stand over it."""
    import jinja2
    from jinja2 import meta

    environment = _environment()
    try:
        tree = environment.parse(body)
        template = environment.from_string(body)
    except jinja2.TemplateSyntaxError as error:
        raise PromptError(path, f"line {above + error.lineno}: {error.message}") from error
    missing = [block for block in _BLOCKS if block not in template.blocks]
    if missing:
        raise PromptError(path, f"it has no {{% block {missing[0]} %}}")
    if any(not _is_part(node) for node in tree.body):
        raise PromptError(path, "it has text or code outside its blocks, which would go nowhere")
    known = VARIABLES[name]
    unknown = meta.find_undeclared_variables(tree) - known - environment.globals.keys()
    if unknown:
        asked = ", ".join(f"“{each}”" for each in sorted(unknown))
        raise PromptError(
            path, f"it asks for {asked}; what it is given is {', '.join(sorted(known))}"
        )
    return template


def _is_part(node: Any) -> bool:
    from jinja2 import nodes

    if isinstance(node, nodes.Block):
        return node.name in _BLOCKS
    if not isinstance(node, nodes.Output):
        return False
    return all(isinstance(n, nodes.TemplateData) and not n.data.strip() for n in node.nodes)


@lru_cache(maxsize=1)
def _environment() -> SandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,  # for a model, which reads text and no HTML
        trim_blocks=True,
        lstrip_blocks=True,
    )
