"""The answers of a project: its file, `--set`, what is detected, the defaults."""

import os
from collections.abc import Sequence
from functools import partial

from scaffold.answers.model import Answers
from scaffold.answers.reading import Given, decode_answers, read_given, read_settings, settle
from scaffold.artifacts.starter import CRATE_ID
from scaffold.errors import Problem, Refusal
from scaffold.files.reading import read_bytes
from scaffold.probe.defaults import detect
from scaffold.project.paths import safe_path
from scaffold.project.state import read_state
from scaffold.project.trouble import refusal


def answers_of(root: str, settings: Sequence[str] = (), file: str | None = None) -> Answers:
    """The answers of the project at `root`; `file` in place of its scaffold.yml, which may also be missing.

    Raises Refusal with every problem.
    """
    own, stated = own_answers(root, file), read_settings(settings)
    given = [*(_with_runtime_open(root, one) for one in own), stated]
    answers = settle(*given, detect=partial(detect, root))
    for key, folder in (("crate", answers.crate), ("module", answers.module)):
        _refuse_other_case(root, key, folder)
    return answers


def _with_runtime_open(root: str, given: Given) -> Given:
    """Without the `cpp_runtime: none` of a new crate, so that its first C++ dependency decides about that.

    The state remembers such a crate until `cpp_runtime` is answered otherwise.
    """
    if given.values.get("cpp_runtime") != "none":
        return given
    try:
        new_crate = CRATE_ID in read_state(root).records
    except Refusal:
        return given  # said by whoever needs the state
    values = {n: value for n, value in given.values.items() if not new_crate or n != "cpp_runtime"}
    return given._replace(values=values)


def _refuse_other_case(root: str, key: str, folder: str) -> None:
    """Windows and macOS find `rust` where `Rust` is asked for; Linux, and whoever clones there, does not."""
    place, there = root, []
    for part in folder.split("/"):
        try:
            names = os.listdir(place)
        except OSError:
            return
        place = os.path.join(place, part)
        there.append(part)
        if part in names or part in (".", "..") or not os.path.lexists(place):
            continue
        same = [name for name in names if name.casefold() == part.casefold()]
        if same:
            there[-1] = same[0]
            problem = f"{key}: the folder {folder} is called {'/'.join(there)} on disk"
            raise Refusal(Problem(problem, "", f"--set {key}={'/'.join(there)}"))


def own_answers(root: str, file: str | None = None) -> list[Given]:
    """What `file`, or else the scaffold.yml of `root`, says."""
    if file:
        # A file that the user names may be a link to anywhere.
        return [given_in(os.path.realpath(file), file)]
    path = os.path.join(root, "scaffold.yml")
    if not os.path.lexists(path):
        return []
    safe_path(root, "scaffold.yml")  # a link could lead to a file whose lines are nobody's business
    return [given_in(path, "scaffold.yml" if root == "." else path)]


def given_in(path: str, name: str) -> Given:
    """What the file at `path` says; `name` stands in messages. Raises Refusal where it cannot be read."""
    data = read_bytes(path)
    if data is None:
        _refuse_unreadable(path, name)
        if os.path.lexists(path):
            raise Refusal(Problem("cannot be read as an answers file", name, "name a text file"))
        raise Refusal(
            Problem("there is no such file", name, "run scaffold init --defaults to create one")
        )
    return read_given(decode_answers(data, name), name)


def _refuse_unreadable(path: str, name: str) -> None:
    """Exit 74 where a regular file is there and the system does not let it be read."""
    if os.path.isfile(path):
        try:
            os.close(os.open(path, os.O_RDONLY))
        except OSError as error:
            raise refusal("read", name, error) from error
