"""Text folded to a width, harmless whatever it holds."""

import textwrap

from scaffold.terminal.printable import printable

LONGEST = 2000  # characters of one message; what programs and files say may be any length


def cut(text: str) -> str:
    """The text, or its beginning."""
    return text if len(text) <= LONGEST else text[:LONGEST] + " …"


def folded(text: str, width: int, first: str = "", following: str = "") -> str:
    """Lines of at most `width`, except for words that are longer; the first begins with `first`."""
    lines = textwrap.wrap(
        printable(cut(text)),
        width,
        initial_indent=first,
        subsequent_indent=following,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines or [first.rstrip()])
