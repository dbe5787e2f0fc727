"""Writes docs/explain-codes.md from scaffold/data/signatures.toml: python -m maintenance.code_pages"""

import re
from pathlib import Path

from scaffold.explain.signatures import EVERYWHERE, Signature, load

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "explain-codes.md"
HEAD = """\
# What `scaffold explain` knows

<!-- Written by maintenance/code_pages.py from scaffold/data/signatures.toml; edit that file. -->

Every code of [`scaffold explain`](commands/explain.md): what failed, why, and how to fix it. The command leaves
out fixes that do not fit the tools of your log (Gradle, cargo-ndk, CargoKit …), and in a project with a `scaffold.yml`
it also names your answers, and which dependency links which C++ runtime. A `…` below is a
place for what the log says; in a project that has a `scaffold.yml`, `scaffold regenerate` replaces `scaffold init`.
"""


def explain_page() -> str:
    """The whole page, one section a code, in the order of the table."""
    return "\n".join([HEAD, *(_section(row) for row in load().signature)])


def _section(row: Signature) -> str:
    fixes = "\n".join(f"- {_filled(fix.say, row)}" for fix in row.fix)
    return f"## `{row.code}`\n\n**{_filled(row.title, row)}.**\n\n{_filled(row.cause, row)}\n\n{fixes}\n"


def _filled(text: str, row: Signature) -> str:
    defaults = {**EVERYWHERE, **row.defaults}
    return re.sub(r"\{([a-z_]+)\}", lambda found: defaults.get(found[1], "…"), text)


if __name__ == "__main__":
    PAGE.write_text(explain_page(), encoding="utf-8")
