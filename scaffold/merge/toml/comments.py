"""The render's own comments above keys and tables that a merge changed: old words would be wrong there."""

from collections.abc import Iterable, Set

from scaffold.merge.toml.scan import Document, Path, line_start, scan


def with_comments(
    text: str, base: Document, render: Document, touched: Iterable[Path], ours: Set[str]
) -> str:
    """`text` with comments of `base` that the user left alone as `render` has them, above what was touched.

    Only comments in `ours` may go.
    """
    changed = {path[:size] for path in touched for size in range(1, len(path) + 1)}
    old, new = _leads(base), _leads(render)
    doc = scan(text)
    for key, (start, end) in sorted(_leads(doc).items(), key=lambda item: -item[1][0]):
        if key[1] not in changed or key not in old:
            continue
        before = _lines(base, *old[key])
        after = _lines(render, *new[key]) if key in new else []
        mine = _lines(doc, start, end)
        if before and mine[-len(before) :] == before and {*before} - {*after} <= ours:
            lines = doc.text[start:end].split("\n")[:-1]
            indent = lines[-1].partition("#")[0]
            lines[-len(before) :] = [indent + comment for comment in after]
            text = text[:start] + "".join(f"{line}\n" for line in lines) + text[end:]
    return text


def _leads(doc: Document) -> dict[tuple[str, Path], tuple[int, int]]:
    """The comment lines directly above each table and key that has a line of its own."""
    starts = {("table", s.path): s.start for s in doc.sections[1:] if not s.opaque}
    for entry in doc.entries:
        if entry.inside is None and not doc.sections[entry.section].opaque:
            starts["key", entry.path] = line_start(doc.text, entry.start)
    return {key: (doc.lead(start), start) for key, start in starts.items()}


def _lines(doc: Document, start: int, end: int) -> list[str]:
    return [line.strip() for line in doc.text[start:end].split("\n")[:-1]]
