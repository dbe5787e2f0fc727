"""Where `init` may run: refuses where it is not clear which module or crate is meant, or where one lies outside."""

import os
from collections.abc import Mapping

from scaffold.answers.key import Value
from scaffold.errors import Problem, Refusal
from scaffold.gradle.build import BUILD_FILES
from scaffold.gradle.found import Module
from scaffold.probe.candidates import first
from scaffold.probe.defaults import Look
from scaffold.terminal.shell import shell_word


def refuse_unclear_place(root: str, stated: Mapping[str, Value]) -> None:
    """Raises Refusal where several modules build a crate and none is named, and where the crate is not in `root`."""
    look = Look(root)
    builders = look.modules.builders()
    if len(builders) > 1 and "module" not in stated and "crate" not in stated:
        _refuse_several_outside(builders)
        names = ", ".join(one.folder for one in builders[:12]) + ", …" * (len(builders) > 12)
        commands = [
            (
                f"scaffold init {shell_word(one.folder)} --defaults"
                if _holds_its_crate(one)
                else f"scaffold init --defaults --set {shell_word('module=' + one.folder)}"
            )
            for one in builders[:12]
        ]
        problem = f"several modules build a Rust library: {names}"
        raise Refusal(Problem(problem, "", "name one: " + "; ".join(commands)))
    if "module" not in stated and "crate" not in stated:
        _refuse_unread(look)
    refuse_outside(look, stated)


def refuse_outside(look: Look, stated: Mapping[str, Value]) -> None:
    """Raises Refusal where the crate is not in the root of `look`."""
    root = look.root
    first_one = first(look.module_candidates())
    module = look.modules.at(str(stated.get("module", first_one.folder if first_one else ".")))
    if module and module.crate and module.crate.split("/")[0] == "..":
        outside = os.path.join(os.path.abspath(root), *module.crate.split("/"))
        above = os.path.commonpath([os.path.abspath(root), os.path.normpath(outside)])
        where = _from_here(above)
        raise Refusal(
            Problem(
                f"{module.path} builds the crate in {module.crate}, outside this folder",
                module.crate_place,
                f"run it in the folder that holds both: scaffold init {shell_word(where)}",
            )
        )
    above_it = _cargo_above(root)
    if module and above_it and "crate" not in stated and not look.library_candidates():
        raise Refusal(
            Problem(
                "the Cargo packages of this repository are outside this folder",
                f"{above_it}/Cargo.toml",
                f"run it in the folder that holds both: scaffold init {shell_word(above_it)}",
            )
        )


def _holds_its_crate(module: Module) -> bool:
    return bool(module.crate) and f"{module.crate}/".startswith(f"{module.folder}/")


def _refuse_several_outside(builders: list[Module]) -> None:
    """Several modules with crates outside their folders would all need the one scaffold.yml that is here."""
    outside = [one for one in builders if not _holds_its_crate(one)]
    if len(outside) < 2:
        return
    listed = [f"{one.folder} (crate: {one.crate or 'not found'})" for one in outside[:12]]
    more = ", …" * (len(outside) > 12)
    inside = [
        f"scaffold init {shell_word(one.folder)} --defaults"
        for one in builders
        if one not in outside
    ]
    one_of_them = f"scaffold init --defaults --set {shell_word('module=' + outside[0].folder)}"
    raise Refusal(
        Problem(
            "several modules build crates outside their own folders, which scaffold does not support: "
            + ", ".join(listed)
            + more,
            "",
            "; ".join([f"set up one of them: {one_of_them}", *inside[:12]]),
        )
    )


def _refuse_unread(look: Look) -> None:
    """Where no module builds Rust as far as is read, what is not read may be the one that does."""
    scripts = {path: why for path, why in look.sources.unread.items() if path.endswith(BUILD_FILES)}
    unread = ({} if look.modules.builders() else scripts) | (
        {} if look.library_candidates() else look.crates.unread
    )
    if unread:
        raise Refusal(
            *(
                Problem(
                    f"this file was not read: {why}",
                    path,
                    "name the folders: --set module=…,crate=…",
                )
                for path, why in sorted(unread.items())[:12]
            )
        )


def _cargo_above(root: str) -> str:
    """The nearest folder above `root`, inside the same repository, with a Cargo.toml, as seen from here; else empty."""
    folder = os.path.abspath(root)
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return ""
        folder = above
        if os.path.isfile(os.path.join(folder, "Cargo.toml")):
            return _from_here(folder)
    return ""


def _from_here(folder: str) -> str:
    try:
        return os.path.relpath(folder)
    except ValueError:  # Windows: on another drive
        return folder
