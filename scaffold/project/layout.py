"""Where scaffold keeps its state inside a project, and which names a path in a project may have."""

import os

STATE = ".scaffold"
LOCK = ".scaffold/lock.toml"
BASE = ".scaffold/base"
ANSWERS_SCHEMA = ".scaffold/schema.json"
ATTRIBUTES = ".scaffold/.gitattributes"
TEMPORARY = ".scaffold/tmp"

_LONGEST_PATH = 4096
_LONGEST_ID = 100
_ID_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
# "git~1" is the short name that Windows gives to ".git".
_GIT_FOLDERS = (".git", "git~1")
_WINDOWS_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
    + [f"{port}{digit}" for port in ("com", "lpt") for digit in "123456789¹²³"]
)


def base_path(artifact_id: str) -> str:
    """Where the last render of an artifact is kept, relative to the project."""
    return f"{BASE}/{artifact_id}"


def id_fault(artifact_id: str) -> str:
    """Why this cannot be an artifact's id, a file name on every system; empty where it can."""
    if not artifact_id or len(artifact_id) > _LONGEST_ID:
        return f"is empty or longer than {_LONGEST_ID} characters"
    if not _ID_CHARACTERS.issuperset(artifact_id):
        return "may only hold ASCII letters, digits, dots, underscores and hyphens"
    if artifact_id[0] in ".-" or artifact_id[-1] == ".":
        return "may not start with a dot or a hyphen, nor end in a dot"
    if artifact_id.partition(".")[0].lower() in _WINDOWS_DEVICES:
        return "is the name of a device on Windows"
    return ""


def path_fault(path: str, windows: bool = os.name == "nt") -> str:
    """Why this is no path of a file inside a project (`/` separates); empty where it is one."""
    if not path or len(path) > _LONGEST_PATH:
        return f"is empty or longer than {_LONGEST_PATH} characters"
    if not path.isprintable() and any(_is_control(character) for character in path):
        return "holds a control character"
    if "\\" in path:
        return "holds a backslash"
    if path[0] == "/" or (path[1:2] == ":" and path[0].isascii() and path[0].isalpha()):
        return "is absolute"
    for part in path.split("/"):
        if reason := _part_fault(part, windows):
            return reason
    return ""


def _is_control(character: str) -> bool:
    # A lone surrogate is a byte that is no UTF-8: neither the lock nor a generated file can hold
    # it.
    return character < " " or "\x7f" <= character <= "\x9f" or "\ud800" <= character <= "\udfff"


def _part_fault(part: str, windows: bool) -> str:
    if part == "..":
        return "leaves the project"
    if part in ("", "."):
        return "has an empty part"
    folded = part.lower().rstrip(". ")
    if folded in _GIT_FOLDERS:
        return "is inside Git's own folder"
    if windows:
        if part[-1] in ". ":
            return "has a part that ends in a dot or a space, which Windows drops"
        if any(character in '<>:"|?*' for character in part):
            return "holds a character that Windows does not allow"
        if folded.partition(".")[0].rstrip() in _WINDOWS_DEVICES:
            return "is the name of a device on Windows"
    return ""


def own_path_fault(path: str) -> str:
    """Why a transaction may not write this path: any but what is not ours in `.scaffold/`."""
    if reason := path_fault(path):
        return reason
    first, _, rest = path.partition("/")
    if first.lower() != STATE:
        return ""
    folder, _, name = rest.partition("/")
    if path in (LOCK, ANSWERS_SCHEMA, ATTRIBUTES) or (
        first == STATE and folder == "base" and not id_fault(name)
    ):
        return ""
    return "is not one of scaffold's own files"
