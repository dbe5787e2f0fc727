"""Each command's description and arguments, and nothing else: `--help` and a shell's completion wait for it."""

import argparse
from collections.abc import Callable
from typing import Any, NamedTuple

ABIS = ("arm64-v8a", "armeabi-v7a", "x86_64", "x86", "riscv64")
MACHINE_FORMATS = ("json", "sarif", "github", "html", "markdown")  # read by programs: UTF-8
SHELLS = ("bash", "zsh", "fish", "powershell")
_MAX_PAGE_SIZE = 1 << 20


class Command(NamedTuple):
    """`about` is its line in scaffold's own help; the docstring of `declare` is the text of its help."""

    about: str
    declare: Callable[[argparse.ArgumentParser], None]

    @property
    def description(self) -> str:
        """The text above the arguments in the command's help."""
        lines = (self.declare.__doc__ or "").rstrip().splitlines()
        return "\n".join(line.removeprefix("    ") for line in lines)


def _init(parser: argparse.ArgumentParser) -> None:
    """Set up a project: look, ask (or read --answers), show the plan, write.

    examples:
      scaffold init                               ask, in this folder
      scaffold init my-app --defaults             ask nothing, use what is found
      scaffold init --answers answers.yml --json  for scripts
      scaffold init --defaults --set jna=5.18.1 --dry-run --diff
    """
    _folder(parser)
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--answers", metavar="FILE", help="ask nothing: read the answers from a file"
    )
    source.add_argument(
        "--defaults", action="store_true", help="ask nothing: use what is found, and the defaults"
    )
    _settings(parser, "override")
    _flag(parser, "--dry-run", "show the plan, write nothing")
    _flag(parser, "--yes", "write without asking")
    _flag(parser, "--adopt", "replace files that cannot be merged")
    _flag(parser, "--diff", "show what changes in each file")
    _formats(parser, ("text", "json"), "json: one document, for scripts")


def _regenerate(parser: argparse.ArgumentParser) -> None:
    """Generate a project's files again: after an edit of scaffold.yml, an NDK upgrade,
    or a new version of scaffold.

    Your own edits stay. What both you and scaffold changed is a conflict: that file
    is left as it was (exit 3).

    examples:
      scaffold regenerate --ndk 28.2.13676358 --diff
      scaffold regenerate --set cpp_runtime=static --yes
      scaffold regenerate --check               exit 1 and a diff if files drifted
      scaffold regenerate --all --check         every scaffold.yml below this folder
      scaffold regenerate --conflict=theirs     in conflicts, take scaffold's text
    """
    parser.add_argument("folders", nargs="*", metavar="DIR", help="the projects (default: .)")
    _flag(parser, "--all", "every scaffold.yml below DIR")
    parser.add_argument(
        "--ndk", metavar="REV", help="the new NDK revision; short for --set ndk=REV"
    )
    _settings(parser, "change")
    _flag(parser, "--check", "write nothing; exit 1 if anything would change")
    _flag(parser, "--diff", "show what changes in each file")
    _flag(parser, "--dry-run", "show the plan, write nothing")
    _flag(parser, "--yes", "write without asking")
    _flag(parser, "--adopt", "replace files that cannot be merged")
    _flag(parser, "--restore", "create files again that you deleted")
    parser.add_argument(
        "--conflict",
        choices=("skip", "markers", "mine", "theirs"),
        default="skip",
        help="if you and scaffold changed the same thing: skip it (default), write markers, keep mine, take theirs",
    )
    about = "json: one document, for scripts; github: annotations in a workflow, with --check"
    _formats(parser, ("text", "json", "github"), about)


def _inspect(parser: argparse.ArgumentParser) -> None:
    """Check whether built libraries will load: on 16 KB pages, with their C++ runtime,
    on every Android version that the app supports.

    Reads .so files, APK, AAB, AAR, jar and zip archives in place, and folders of
    them. Only errors make the exit code 1; with warnings alone it is 0. A PATH
    without a library is an error: a check that checks nothing must not pass.

    examples:
      scaffold inspect app/build/outputs/apk/release/app-release.apk
      scaffold inspect app-release.aab --json          for scripts
      scaffold inspect app.apk --project .             names the dependencies
      scaffold inspect jniLibs/ --format github        annotations in a workflow
      scaffold inspect app.apk --format html > report.html
    """
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="a .so, .apk, .aar, .aab, .apks, .jar, .zip or a folder",
    )
    _value(
        parser,
        "--page-size",
        "BYTES",
        "the page size to check for (default: 16384)",
        type=_page_size,
        default=16384,
    )
    oldest = "the oldest API level to support (default: from the manifest)"
    _value(parser, "--min-sdk", "API", oldest, type=_api_level)
    about = "check this ABI only; may be repeated"
    _value(parser, "--abi", "ABI", about, action="append", choices=ABIS, default=[])
    owner = "find out which dependency of this project each library comes from"
    _value(parser, "--project", "DIR", owner, default="")
    _value(parser, "--baseline", "FILE", "list the findings in FILE, but do not fail for them")
    _value(parser, "--write-baseline", "FILE", "write today's findings to FILE, and exit 0")
    _flag(parser, "--all", "in the text, also list clean libraries")
    about = "sarif for code scanning, github for annotations, html for a report"
    _formats(parser, ("text", "json", "sarif", "github", "html"), about)


def _doctor(parser: argparse.ArgumentParser) -> None:
    """Check this machine and the project for what will break a build: Rust and its
    targets, rustflags, the NDK, Gobley or cargo-ndk, the Android Gradle plugin,
    JNA, Zig, Xcode, Visual Studio, C++ runtimes, drift. Changes nothing.

    Exit code 1 if a check is an error; warnings alone exit 0.

    examples:
      scaffold doctor                  the project in this folder
      scaffold doctor my-app --json    one document, for scripts
      scaffold doctor --format github  annotations in a GitHub workflow
    """
    _folder(parser)
    _formats(parser, ("text", "json", "github"), "how to print the checks (default: text)")


def _explain(parser: argparse.ArgumentParser) -> None:
    """Explain the log of a failed build or of a crash: the cause, and how to fix it.
    Exit code 1 if no failure is recognized.

    examples:
      ./gradlew assembleRelease 2>&1 | scaffold explain
      adb logcat -d | scaffold explain
      scaffold explain build.log --json
    """
    parser.add_argument(
        "log",
        metavar="LOG",
        nargs="?",
        default="-",
        help="a log file; standard input without it, or -",
    )
    _flag(parser, "--json", "print one JSON document")


def _upgrade(parser: argparse.ArgumentParser) -> None:
    """Show what is newer than your answers: NDK, Gobley, JNA, Rust, and the Android
    Gradle plugin and Kotlin of your build. For each: what it would change, and why
    you might wait. Then make the change that you choose, as one plan.

    Without a terminal it only reports, unless --yes is given.

    examples:
      scaffold upgrade                      show, choose, write
      scaffold upgrade --yes                change to every newer version
      scaffold upgrade --format markdown    the text of a pull request
    """
    _folder(parser)
    _flag(parser, "--yes", "change to every newer version without asking")
    parser.add_argument(
        "--format",
        choices=("text", "markdown"),
        default="text",
        help="markdown: for the text of a pull request",
    )


def _schema(parser: argparse.ArgumentParser) -> None:
    """Print the JSON Schema of scaffold.yml, for editors that complete and check it.

    `init` writes a copy to .scaffold/, and the first line of scaffold.yml points to
    it.

    examples:
      scaffold schema > scaffold.schema.json
    """
    _flag(parser, "--json", "accepted; the schema is JSON anyway")


def _completion(parser: argparse.ArgumentParser) -> None:
    """Print the script that lets a shell complete scaffold's commands, options and
    values. Load it in the shell's start-up file.

    examples:
      scaffold completion bash        eval "$(…)" of it, in ~/.bashrc
      scaffold completion zsh         the same in ~/.zshrc, after compinit
      scaffold completion fish        > ~/.config/fish/completions/scaffold.fish
      scaffold completion powershell  | Out-String | iex, in the file of $PROFILE
    """
    parser.add_argument("shell", metavar="SHELL", choices=SHELLS, help=", ".join(SHELLS))


COMMANDS = {
    "init": Command("set up a project, or change its answers", _init),
    "regenerate": Command("update its files: new answers, NDK or scaffold", _regenerate),
    "inspect": Command("check that built libraries load: 16 KB pages, C++ runtime", _inspect),
    "doctor": Command("check this machine and project for what breaks a build", _doctor),
    "explain": Command("explain a failed build's log and how to fix it", _explain),
    "upgrade": Command("show which versions are newer, and change to them", _upgrade),
    "schema": Command("print the JSON Schema of scaffold.yml", _schema),
    "completion": Command("print the completion script of a shell", _completion),
}


def _folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", nargs="?", default=".", metavar="DIR", help="the project (default: .)"
    )


def _flag(parser: argparse.ArgumentParser, name: str, about: str) -> None:
    parser.add_argument(name, action="store_true", help=about)


def _value(
    parser: argparse.ArgumentParser, name: str, stands_for: str, about: str, **more: Any
) -> None:
    parser.add_argument(name, metavar=stands_for, help=about, **more)


def _settings(parser: argparse.ArgumentParser, verb: str) -> None:
    parser.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help=f"{verb} one answer; separate list values with commas; may be repeated",
    )


def _formats(parser: argparse.ArgumentParser, forms: tuple[str, ...], about: str) -> None:
    """`--format`, and `--json` for one of its values."""
    parser.add_argument("--format", choices=forms, default="text", help=about)
    parser.add_argument(
        "--json",
        dest="format",
        action="store_const",
        const="json",
        help="the same as --format json",
    )


def _api_level(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:5]) <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a valid API level, such as 24")
    return int(text)


def _page_size(text: str) -> int:
    """A power of two that some system uses as its page size; `0x4000` is understood as well."""
    try:
        size = int(text, 0)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of bytes") from None
    if size < 4096 or size > _MAX_PAGE_SIZE or size & (size - 1):
        raise argparse.ArgumentTypeError(
            f"{text} is not a valid page size: use a power of two from 4096 to {_MAX_PAGE_SIZE}, such as 16384"
        )
    return size
