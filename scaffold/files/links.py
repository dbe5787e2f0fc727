"""Which names in a folder lead elsewhere."""

import os
import stat

# Set in every tag of a reparse point that stands for another place, as a junction does; not in those of cloud
# folders and of compressed files, which are where they are.
_NAME_SURROGATE = 0x20000000
_MARKS = ("scaffold.yml", "settings.gradle", "settings.gradle.kts", "Cargo.toml")


def is_link(status: os.stat_result) -> bool:
    """Whether what `lstat` saw is a symbolic link, or on Windows a junction."""
    tag: int = getattr(status, "st_reparse_tag", 0)
    return stat.S_ISLNK(status.st_mode) or bool(tag & _NAME_SURROGATE)


def entry_is_link(entry: "os.DirEntry[str]") -> bool:
    """The same of what a folder lists; what is gone meanwhile is not to be followed either."""
    if os.name != "nt":
        return entry.is_symlink()
    try:
        return is_link(entry.stat(follow_symlinks=False))
    except OSError:
        return True


def leads_out(path: str) -> bool:
    """Whether links lead from a file of a repository to one outside of it.

    A file that lies in no repository, as a user's own Cargo configuration, may be a link to anywhere.
    """
    here = os.path.abspath(path)
    real = os.path.realpath(here)
    if os.path.normcase(real) == os.path.normcase(here):
        return False
    top = _repository(os.path.dirname(here))
    return bool(top) and not real.startswith(os.path.join(os.path.realpath(top), ""))


def _repository(folder: str) -> str:
    """The folder at or above that holds `.git`; without Git the highest with a build's file; else ""."""
    highest = ""
    while True:
        if os.path.lexists(os.path.join(folder, ".git")):
            return folder
        if any(os.path.lexists(os.path.join(folder, name)) for name in _MARKS):
            highest = folder
        above = os.path.dirname(folder)
        if above == folder:
            return highest
        folder = above
