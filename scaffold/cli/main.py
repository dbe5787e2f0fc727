"""The command line: which command, and what becomes of a refusal.

A command's module is imported when it runs, not for its arguments or its help: start-up is felt by everyone.
"""

import argparse
import contextlib
import errno
import os
import sys
from importlib import import_module
from typing import NoReturn

from scaffold.cli.arguments import COMMANDS, MACHINE_FORMATS
from scaffold.errors import (
    EXIT_DEFECT,
    EXIT_FILE_SYSTEM,
    EXIT_FINDINGS,
    EXIT_INTERRUPTED,
    EXIT_USAGE,
    Problem,
    Refusal,
)
from scaffold.version import VERSION

# What people type for something that has another name here.
_OTHER_NAMES = {
    "version": "scaffold --version",
    "check": "scaffold regenerate --check",
    "diff": "scaffold regenerate --diff --dry-run",
    "update": "scaffold regenerate",
    "generate": "scaffold regenerate",
    "new": "scaffold init",
    "create": "scaffold init",
}

EXAMPLES = """\
examples:
  scaffold init                              ask, show a plan, write
  scaffold init my-app --defaults            ask nothing, in my-app
  scaffold regenerate --ndk 28.2.13676358    follow an NDK upgrade
  scaffold regenerate --check                for CI: has anything drifted?
  scaffold inspect app-release.apk           will it load on 16 KB pages?
  scaffold doctor                            is this machine ready to build it?
  ./gradlew build 2>&1 | scaffold explain    what went wrong?

`scaffold COMMAND --help` describes a command; `scaffold --version` prints the
version. Exit codes: 0 done, 1 findings, 2 usage or bad answers, 3 conflict,
74 the file system refused, 70 a defect of scaffold, 130 interrupted.
"""


# Words of a command line whose output another program reads.
_MACHINE_WORDS = {"schema", "completion", "--json"} | {
    word for form in MACHINE_FORMATS for word in (form, f"--format={form}")
}


class Parser(argparse.ArgumentParser):
    """argparse, with its complaints as refusals like any other."""

    def error(self, message: str) -> NoReturn:
        _, found, unknown = message.partition("unrecognized arguments: ")
        near = self._near(unknown.split()[0]) if found else ""
        hint = f"did you mean {near}?" if near else f"{self.prog} --help lists the options"
        raise Refusal(Problem(message, "", hint))

    def _near(self, option: str) -> str:
        from difflib import get_close_matches

        from scaffold.answers.keys import KEYS

        name = option.partition("=")[0]
        known = [name for name in self._option_string_actions if name.startswith("--")]
        key = name.removeprefix("--").replace("-", "_")
        if key in KEYS and "--set" in known:
            return f"--set {key}=VALUE"
        return next(iter(get_close_matches(name, known, n=1)), "")


def main(argv: list[str] | None = None) -> int:
    """Runs one command and returns its exit code; prints, but never raises for what the user did."""
    arguments = sys.argv[1:] if argv is None else argv
    if "_ARGCOMPLETE" in os.environ:
        _complete()
    as_json = _wants_json(arguments)
    debug = "--debug" in arguments
    arguments = [argument for argument in arguments if argument != "--debug"]
    _plain_streams(for_machines=bool(_MACHINE_WORDS & set(arguments)))
    if sys.stdout is None:
        # Before anything is done: a command that cannot say what it did does nothing.
        hint = "send it to a terminal, a file or a pipe; nothing was changed"
        return _refused(
            Refusal(Problem("standard output is closed", "", hint), exit_code=EXIT_FILE_SYSTEM),
            as_json=False,
        )
    try:
        code = _run(arguments)
        sys.stdout.flush()
        return code
    except Refusal as refusal:
        return _refused(refusal, as_json=as_json)
    except KeyboardInterrupt:
        return _interrupted(as_json=as_json)
    except OSError as error:
        if _reader_is_gone(error):
            _give_up_output()
            return EXIT_FINDINGS
        # What nobody below expected, above all a standard output on a full disk.
        return _refused(_not_written(error), as_json=as_json and bool(error.filename))
    except Exception as error:  # the one place where a defect becomes a message
        if debug:
            raise
        return _defect(error, as_json=as_json)


def _wants_json(arguments: list[str]) -> bool:
    # Looked for before the arguments are parsed, as a refusal may be about them.
    if "--json" in arguments or "--format=json" in arguments:
        return True
    return any(arguments[at : at + 2] == ["--format", "json"] for at in range(len(arguments)))


def _run(arguments: list[str]) -> int:
    command = arguments[0] if arguments else ""
    if command in COMMANDS:
        known = COMMANDS[command]
        parser = Parser(
            prog=f"scaffold {command}",
            description=known.description,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        known.declare(parser)
        try:
            parsed = parser.parse_intermixed_args(arguments[1:])
        except SystemExit as stop:
            return stop.code if isinstance(stop.code, int) else EXIT_USAGE
        return int(import_module(f"scaffold.cli.{command}").run(parsed))
    if command in ("--version", "-V"):
        print(f"scaffold {VERSION}")
        return 0
    if command == "help" and arguments[1:2] and arguments[1] in COMMANDS:
        return _run([arguments[1], "--help"])
    if command in ("", "--help", "-h", "help"):
        print(_help())
        return 0 if command else EXIT_USAGE
    raise Refusal(_no_command(command))


def _no_command(name: str) -> Problem:
    from difflib import get_close_matches

    near = get_close_matches(name, [*COMMANDS, *_OTHER_NAMES], n=1, cutoff=0.6)
    if near:
        hint = f"did you mean {_OTHER_NAMES.get(near[0], f'scaffold {near[0]}')}?"
    else:
        hint = f"the commands are {', '.join(COMMANDS)}"
    return Problem(f"there is no command {name}", "", hint)


def _help() -> str:
    rows = "\n".join(f"  {name:<12}{command.about}" for name, command in COMMANDS.items())
    return (
        "usage: scaffold COMMAND [options]\n\n"
        "Sets up the cross-compilation files of a Rust + Kotlin project and keeps them up\n"
        f"to date.\n\ncommands:\n{rows}\n\n{EXAMPLES.rstrip()}"
    )


def _complete() -> NoReturn:
    from scaffold.cli.completion import complete

    complete(Parser(prog="scaffold", allow_abbrev=False))
    sys.exit(0)


def _plain_streams(*, for_machines: bool) -> None:
    # Where a stream is closed, or there is no console at all, Python has None.
    for name, mode in (("stdin", "r"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
    # A console that cannot show a character gets an escape, never a traceback. What a program reads is UTF-8, whatever
    # the code page.
    if for_machines and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure and (stream.encoding or "").lower() not in ("utf-8", "utf8"):
            reconfigure(errors="backslashreplace")


def _refused(refusal: Refusal, *, as_json: bool) -> int:
    from scaffold.cli.refusal import problems_json, problems_text

    if as_json:
        try:
            print(problems_json(refusal.problems), flush=True)
            return refusal.exit_code
        except OSError:
            _give_up_output()
    with contextlib.suppress(OSError):
        print(problems_text(refusal.problems), file=sys.stderr, flush=True)
    return refusal.exit_code


def _interrupted(*, as_json: bool) -> int:
    # The person did it: that is no error, and needs no hint.
    said = "Interrupted. No file is half-written."
    if as_json:
        return _refused(Refusal(Problem(said), exit_code=EXIT_INTERRUPTED), as_json=True)
    print(f"\n{said}", file=sys.stderr)
    return EXIT_INTERRUPTED


def _reader_is_gone(error: OSError) -> bool:
    """Of `scaffold … | head`: what is left in the buffer has no place to go. Windows has no error of its own for it."""
    closed = os.name == "nt" and error.errno == errno.EINVAL and not error.filename
    return isinstance(error, BrokenPipeError) or closed


def _not_written(error: OSError) -> Refusal:
    from scaffold.project.trouble import reason

    place = str(error.filename or "")
    if not place:
        _give_up_output()
    problem = Problem(
        f"the file system refused: {reason(error)}",
        place,
        "free some space, or check the permissions",
    )
    return Refusal(problem, exit_code=EXIT_FILE_SYSTEM)


def _give_up_output() -> None:
    # What is left in the buffer would fail once more when Python ends.
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _defect(error: Exception, *, as_json: bool) -> int:
    problem = Problem(
        f"scaffold itself failed: {type(error).__name__}: {error}",
        "",
        "run it again with --debug and report what it prints, with scaffold.yml and the command",
    )
    return _refused(Refusal(problem, exit_code=EXIT_DEFECT), as_json=as_json)
