"""Each row of the table, for each format that can be merged and for one that is merged by lines.

U is the user's file, B the stored base, N the new render; letters in the names are theirs.
"""

from typing import NamedTuple

import pytest

from scaffold.artifacts.model import Artifact, Format
from scaffold.project.reconcile.model import FileChange, Options, Past
from scaffold.project.reconcile.table import unwanted, wanted

PLAIN = Options()


class Texts(NamedTuple):
    """One format: two renders of ours, and how a user's file looks with and without our part."""

    format: Format
    path: str
    old: str
    new: str
    users: str
    edit: str


BLOCK = "// >>> scaffold:gradle\n{}\n// <<< scaffold:gradle\n"
BUILD_RS = """\
// scaffold
fn main() {{
    // >>> scaffold:build-rs
    println!("cargo::{}");
    // <<< scaffold:build-rs
}}
"""
TOML = Texts(
    Format.TOML,
    ".cargo/config.toml",
    '# scaffold\n[env]\nA = "1"\n',
    '# scaffold\n[env]\nA = "2"\n',
    "[build]\njobs = 2\n",
    "\n[build]\njobs = 2\n",
)
KOTLIN = Texts(
    Format.KOTLIN,
    "build.gradle.kts",
    BLOCK.format('android { ndkVersion = "1" }'),
    BLOCK.format('android { ndkVersion = "2" }'),
    'plugins { id("x") }\n',
    "\nval mine = 1\n",
)
RUST = Texts(
    Format.RUST,
    "build.rs",
    BUILD_RS.format("rustc-link-lib=c++_static"),
    BUILD_RS.format("rustc-link-lib=c++_shared"),
    "fn main() {\n    mine();\n}\n",
    "\nfn mine() {}\n",
)
TEXT = Texts(
    Format.TEXT,
    ".cargo/zig/x-cc.sh",
    "# scaffold\none\ntwo\nthree\nfour\n",
    "# scaffold\nONE\ntwo\nthree\nfour\n",
    "somebody's own\n",
    "mine\n",
)
MERGED = pytest.mark.parametrize("of", [TOML, KOTLIN, RUST], ids=lambda of: of.format.value)
EVERY = pytest.mark.parametrize("of", [TOML, KOTLIN, RUST, TEXT], ids=lambda of: of.format.value)


class Files:
    """A project's files, without a disk."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files

    def read(self, path: str) -> bytes | None:
        return self.files[path].encode() if path in self.files else None

    def is_executable(self, _path: str) -> bool:
        return True


def reconcile(
    of: Texts, user: str | None, base: str | None, new: str | None, options: Options = PLAIN
) -> FileChange | None:
    """What becomes of the one file; None for nothing at all."""
    files = Files({} if user is None else {of.path: user})
    pasts = [Past("gradle", of.path, of.format, base, "scaffold")] if base else []
    if of is RUST:
        pasts = [past._replace(id="build-rs") for past in pasts]
    if new is None:
        changes = unwanted(pasts, files, options)
    else:
        id_ = "build-rs" if of is RUST else "gradle"
        artifact = Artifact(id_, of.path, of.format, "", None, "because")
        changes = wanted(artifact, new, pasts, files, options)
    assert len(changes) <= 1
    return changes[0] if changes else None


def did(change: FileChange | None) -> tuple[str, str]:
    assert change
    return change.action, (change.data or b"").decode()


@EVERY
def test_u_is_n(of: Texts) -> None:
    assert did(reconcile(of, of.new, None, of.new)) == ("identical", "")
    assert did(reconcile(of, of.new, of.old, of.new)) == ("identical", "")


@EVERY
def test_u_is_b(of: Texts) -> None:
    assert did(reconcile(of, of.old, of.old, of.new)) == ("update", of.new)


@EVERY
def test_n_is_b_and_u_differs(of: Texts) -> None:
    change = reconcile(of, of.old + of.edit, of.old, of.old)
    assert change
    assert change.action in ("keep", "identical")
    assert change.data is None


@EVERY
def test_no_b_no_u(of: Texts) -> None:
    assert did(reconcile(of, None, None, of.new)) == ("create", of.new)


@MERGED
def test_no_b_and_u_can_be_merged_keeps_every_line_of_the_user(of: Texts) -> None:
    action, text = did(reconcile(of, of.users, None, of.new))
    assert action == "update"
    left = iter(text.splitlines())
    assert all(line in left for line in of.users.splitlines())
    assert did(reconcile(of, text, of.new, of.new))[0] == "identical"


def test_no_b_and_u_cannot_be_merged() -> None:
    change = reconcile(TEXT, TEXT.users, None, TEXT.new)
    assert did(change) == ("conflict", "")
    assert change
    assert "--adopt" in change.reason
    adopted = reconcile(TEXT, TEXT.users, None, TEXT.new, Options(adopt=True))
    assert did(adopted) == ("update", TEXT.new)


@EVERY
def test_u_was_deleted(of: Texts) -> None:
    assert did(reconcile(of, None, of.old, of.new)) == ("skip", "")
    restored = reconcile(of, None, of.old, of.new, Options(restore=True))
    assert did(restored) == ("create", of.new)


@EVERY
def test_n_is_gone_and_u_is_b(of: Texts) -> None:
    assert did(reconcile(of, of.old, of.old, None)) == ("delete", "")


@MERGED
def test_n_is_gone_and_the_user_added_lines(of: Texts) -> None:
    action, text = did(reconcile(of, of.old + of.edit, of.old, None))
    assert action == "update"
    assert of.edit.strip() in text
    assert "scaffold:" not in text
    assert "ndkVersion" not in text


def test_n_is_gone_and_a_file_of_lines_was_edited() -> None:
    assert did(reconcile(TEXT, TEXT.old + TEXT.edit, TEXT.old, None)) == ("conflict", "")


@EVERY
def test_n_is_gone_and_so_is_u(of: Texts) -> None:
    assert reconcile(of, None, of.old, None) is None


@EVERY
def test_all_differ_in_different_places(of: Texts) -> None:
    action, text = did(reconcile(of, of.old + of.edit, of.old, of.new))
    assert action == "update"
    assert of.edit.strip() in text
    assert did(reconcile(of, text, of.new, of.new))[0] in ("identical", "keep")


@EVERY
def test_all_differ_in_the_same_place(of: Texts) -> None:
    swap = {"toml": ('"1"', '"3"'), "kotlin": ('"1"', '"3"'), "rust": ("static", "other")}
    was, now = swap.get(of.format.value, ("one", "uno"))
    mine = of.old.replace(was, now)
    change = reconcile(of, mine, of.old, of.new)
    assert change
    assert (change.action, change.data, change.base) == ("conflict", None, None)
    kept = reconcile(of, mine, of.old, of.new, Options(conflict="mine"))
    assert kept
    assert (kept.data, kept.base) == (None, of.new)
    assert did(reconcile(of, mine, of.old, of.new, Options(conflict="theirs"))) == (
        "update",
        of.new,
    )


@MERGED
def test_the_path_changed_and_the_file_is_ours_alone(of: Texts) -> None:
    id_ = "build-rs" if of is RUST else "gradle"
    files = Files({f"old/{of.path}": of.old})
    past = Past(id_, f"old/{of.path}", of.format, of.old, "scaffold")
    artifact = Artifact(id_, of.path, of.format, "", None, "because")
    gone, made = wanted(artifact, of.new, [past], files, PLAIN)
    assert (gone.action, gone.path) == ("delete", f"old/{of.path}")
    assert (made.action, made.path, made.data) == ("create", of.path, of.new.encode())


@MERGED
def test_the_path_changed_and_somebodys_file_is_there(of: Texts) -> None:
    id_ = "build-rs" if of is RUST else "gradle"
    broken = "= not = this ( {" if of is TOML else "fun ( { /*"
    files = Files({f"old/{of.path}": of.old, of.path: broken})
    past = Past(id_, f"old/{of.path}", of.format, of.old, "scaffold")
    artifact = Artifact(id_, of.path, of.format, "", None, "because")
    changes = wanted(artifact, of.new, [past], files, PLAIN)
    assert [(change.action, change.base, change.forget) for change in changes] == [
        ("conflict", None, False)
    ]
