"""The map of CONTRIBUTING.md, as imports."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "scaffold"


def rooms() -> list[set[str]]:
    """The rows of the table in CONTRIBUTING.md, lowest room first."""
    rows = []
    for line in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines():
        cell = line.split("|")[1] if line.startswith("| `") else ""
        names = set(re.findall(r"`(\w+)/?`", cell))
        if names:
            rows.append(names)
    return rows


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("scaffold"):
            if node.module == "scaffold":
                yield from (f"scaffold.{alias.name}" for alias in node.names)
            else:
                yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("scaffold"))


MODULES = sorted(PACKAGE.rglob("*.py"))


def test_every_module_belongs_to_a_room_of_the_map() -> None:
    known = set().union(*rooms()) | {"__init__", "__main__", "version", "api"}
    found = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in MODULES}
    assert found <= known


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_room_imports_a_higher_one(path: Path) -> None:
    order = {name: height for height, names in enumerate(rooms()) for name in names}
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if own not in order:
        return  # the package's entry points, which the test above names, see every room
    for module in imported(path):
        target = room_of(module)
        if target in order and target != own:
            assert order[target] <= order[own], f"{own} imports {module}"
