"""What the operating system refused, said so that somebody can mend it."""

import errno

from scaffold.errors import EXIT_FILE_SYSTEM, Problem, Refusal

_HINTS = {
    errno.ENOSPC: "Free some space on this disk and run it again.",
    errno.EDQUOT: "Free some of your quota on this disk and run it again.",
    errno.EACCES: "Check the permissions of the file and its folder; no program may have it open.",
    errno.EPERM: "Check the permissions of the file and its folder.",
    errno.EROFS: "The project is on a read-only file system.",
    errno.EIO: "The disk reports an error: check it before anything else.",
}


def reason(error: BaseException) -> str:
    """The system's words for an error, without its number and path."""
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__


def refusal(doing: str, path: str, error: OSError) -> Refusal:
    """Exit 74 for an error that came before anything was changed, or after it was all undone."""
    hint = f"Nothing was changed. {_HINTS.get(error.errno or 0, '')}".rstrip()
    problem = Problem(f"cannot {doing} {path}: {reason(error)}", path, hint)
    return Refusal(problem, exit_code=EXIT_FILE_SYSTEM)
