"""What the terminal at hand can do: the one place that decides about colour and width."""

import os
import sys

WIDEST = 100


def interactive() -> bool:
    """Whether a person can be asked: both ends are a terminal."""
    return is_terminal(sys.stdin) and is_terminal(sys.stdout)


def coloured() -> bool:
    """Whether standard output takes colour (https://no-color.org); switches it on in Windows' console."""
    if not is_terminal(sys.stdout) or os.environ.get("NO_COLOR"):
        return False
    return os.environ.get("TERM") != "dumb" and (os.name != "nt" or _windows_takes_colour())


def columns() -> int:
    """Width for text: the terminal's, at most 100; 80 where there is none."""
    if not is_terminal(sys.stdout):
        return 80
    import shutil

    return min(shutil.get_terminal_size((80, 24)).columns, WIDEST)


def is_terminal(stream: object) -> bool:
    """False for a stream that is closed, missing (a program without a console) or replaced, and for NUL."""
    try:
        answer = bool(stream.isatty())  # type: ignore[attr-defined]
    except (AttributeError, ValueError, OSError):
        return False
    # Windows calls every character device a terminal, NUL too; only a console has a mode.
    return answer and (os.name != "nt" or _console_mode(stream) is not None)


def _console_mode(stream: object) -> "tuple[int, int] | None":
    """(handle, mode) of a Windows console; None for anything else."""
    if sys.platform == "win32":
        import ctypes
        import msvcrt

        try:
            handle = msvcrt.get_osfhandle(stream.fileno())  # type: ignore[attr-defined]
        except (AttributeError, ValueError, OSError):
            return None
        mode = ctypes.c_ulong()
        if ctypes.windll.kernel32.GetConsoleMode(ctypes.c_void_p(handle), ctypes.byref(mode)):
            return handle, mode.value
    return None


def _windows_takes_colour() -> bool:
    found = _console_mode(sys.stdout)
    if sys.platform == "win32" and found:
        import ctypes

        handle, mode = found
        virtual_terminal = mode | 0x0004  # ENABLE_VIRTUAL_TERMINAL_PROCESSING, Windows 10 on
        set_mode = ctypes.windll.kernel32.SetConsoleMode
        return bool(set_mode(ctypes.c_void_p(handle), virtual_terminal))
    return False
