"""How large the house is: source lines by room, function lengths, import cycles, imports inside functions.

python benchmarks/house.py        figures of scaffold/ as it stands
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import quantiles

PACKAGE = Path(__file__).resolve().parent.parent / "scaffold"


def main() -> None:
    """Prints lines by room, then one line for each figure of the bar."""
    sources = {path: path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))}
    trees = {path: ast.parse(text) for path, text in sources.items()}
    lines: dict[str, int] = {}
    for path, text in sources.items():
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        lines[room] = lines.get(room, 0) + text.count("\n")
    for room, count in sorted(lines.items(), key=lambda item: -item[1]):
        print(f"{room:14}{count:6}")
    print(f"{'all':14}{sum(lines.values()):6} source lines in {len(sources)} files")
    lengths = sorted(length for tree in trees.values() for length in _functions(tree))
    tenths = quantiles(lengths, n=10)
    print(f"functions: median {tenths[4]:.0f}, p90 {tenths[8]:.0f}, max {lengths[-1]} lines")
    inner = sum(len(list(_own_imports(tree, inside=True))) for tree in trees.values())
    print(f"imports of own modules inside functions: {inner}")
    graph = {
        _name(path): set(_own_imports(tree, inside=False)) & {_name(p) for p in trees}
        for path, tree in trees.items()
    }
    cycle = _cycle(graph)
    print(f"import cycles: {' -> '.join(cycle) if cycle else 'none'}")


def _functions(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (node.end_lineno or node.lineno) - node.lineno + 1


def _own_imports(tree: ast.Module, *, inside: bool) -> Iterator[str]:
    """Names of scaffold's modules that are imported inside functions, or else at the top level."""
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    within = {id(node) for function in functions for node in ast.walk(function)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or (id(node) in within) != inside:
            continue
        if (node.module or "").startswith("scaffold"):
            yield node.module or ""
            if not inside:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _cycle(graph: Mapping[str, set[str]]) -> list[str]:
    """One cycle of imports, or nothing."""
    done: set[str] = set()

    def visit(name: str, way: list[str]) -> list[str]:
        if name in way:
            return [*way[way.index(name) :], name]
        if name in done:
            return []
        for other in sorted(graph[name]):
            found = visit(other, [*way, name])
            if found:
                return found
        done.add(name)
        return []

    for name in sorted(graph):
        found = visit(name, [])
        if found:
            return found
    return []


if __name__ == "__main__":
    main()
