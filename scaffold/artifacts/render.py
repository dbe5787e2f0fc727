"""Artifact → text: Jinja templates, each value escaped for the language that it lands in."""

import os
import re
import sys
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from scaffold.answers.writing import write_answers
from scaffold.artifacts.answers_file import AnswersFile
from scaffold.artifacts.model import Artifact

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.bccache import Bucket


def render(artifact: Artifact) -> str:
    """The artifact's text with LF line endings, or what the user is to paste; "" where there is nothing to say."""
    values = artifact.values
    if artifact.paste:
        return artifact.paste
    if isinstance(values, AnswersFile):
        return write_answers(values.answers, values.names)
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(values).__name__).lower()
    text: str = _environment().get_template(artifact.template).render({name: values})
    return text.lstrip("\n")


def templates_folder() -> str:
    """In a wheel the templates lie inside the package, in a source tree beside it."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    inside = os.path.join(package, "templates")
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(package), "templates")


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined

    class BesideOurBytecode(FileSystemBytecodeCache):
        """Compiled templates, where Python keeps this module compiled; as trusted, and as easily done without."""

        def dump_bytecode(self, bucket: "Bucket") -> None:
            with suppress(OSError):
                super().dump_bytecode(bucket)

    compiled = os.path.join(os.path.dirname(os.path.abspath(__file__)), "__pycache__")
    kept = not sys.dont_write_bytecode and os.path.isdir(compiled)
    environment = Environment(
        loader=FileSystemLoader(templates_folder()),
        bytecode_cache=BesideOurBytecode(compiled, "template-%s.cache") if kept else None,
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - no HTML is made; each language has its own filter
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "rust": rust_literal,
        "kotlin": kotlin_literal,
        "groovy": groovy_literal,
        "toml": toml_string,
        "toml_key": toml_key,
    }
    return environment


def rust_literal(text: str) -> str:
    """A Rust string literal, for use as a format string: braces stand for themselves."""
    doubled = text.replace("{", "{{").replace("}", "}}")
    return '"' + "".join(_escape(char, "\\u{{{:x}}}", '\\"') for char in doubled) + '"'


def kotlin_literal(text: str) -> str:
    """A Kotlin string literal; `$` would start a template."""
    return '"' + "".join(_escape(char, "\\u{:04x}", '\\"$') for char in text) + '"'


def groovy_literal(text: str) -> str:
    """A Groovy string literal in single quotes, in which `$` means nothing."""
    return "'" + "".join(_escape(char, "\\u{:04x}", "\\'") for char in text) + "'"


def toml_string(text: str) -> str:
    """A TOML basic string."""
    return '"' + "".join(_escape(char, "\\u{:04x}", '\\"') for char in text) + '"'


def toml_key(text: str) -> str:
    """A TOML key, bare where it may be."""
    return text if re.fullmatch(r"[A-Za-z0-9_-]+", text) else toml_string(text)


def _escape(char: str, form: str, special: str) -> str:
    if char in special:
        return "\\" + char
    if ord(char) < 32 or 127 <= ord(char) < 160 or char in "\u2028\u2029\ufeff":
        return form.format(ord(char))
    return char
