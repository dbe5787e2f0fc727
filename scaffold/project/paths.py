"""The way from a path that somebody wrote down to a file that may be touched."""

import os
import stat

from scaffold.errors import EXIT_FILE_SYSTEM, Problem, Refusal
from scaffold.files.links import is_link
from scaffold.project.layout import path_fault
from scaffold.project.trouble import refusal

_HINT = "Nothing was written. Paths are relative to the project and stay inside it."


def safe_path(root: str, relative: str) -> str:
    """The place of `relative` (`/` between parts) below `root`, which may itself be reached through
    links.

    Refused: what leaves the project, goes through a symbolic link or a junction (the last part
    too), or meets something that is neither folder nor regular file. What does not exist yet is
    fine.
    """
    if reason := path_fault(relative):
        raise Refusal(Problem(f"the path {relative!r} {reason}", relative, _HINT))
    place = root
    parts = relative.split("/")
    for depth, part in enumerate(parts, 1):
        place = os.path.join(place, part)
        shown = "/".join(parts[:depth])
        try:
            status = os.lstat(place)
        except FileNotFoundError:
            break
        except OSError as error:
            raise refusal("look at", shown, error) from error
        if is_link(status):
            hint = "scaffold does not write through links: replace it with a real file or folder."
            raise Refusal(Problem(f"{shown} is a symbolic link", relative, hint))
        _expect_kind(status, shown, relative, is_last=depth == len(parts))
    return os.path.join(root, *parts)


def _expect_kind(status: os.stat_result, shown: str, relative: str, *, is_last: bool) -> None:
    if is_last and not stat.S_ISREG(status.st_mode):
        kind = "a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file"
        message = f"{shown} is {kind}, where a file is needed"
    elif not is_last and not stat.S_ISDIR(status.st_mode):
        message = f"{shown} is a file, where a folder is needed"
    else:
        return
    raise Refusal(
        Problem(message, relative, "Move it away and run it again."), exit_code=EXIT_FILE_SYSTEM
    )
