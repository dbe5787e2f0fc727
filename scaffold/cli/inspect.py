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

import argparse
import sys

_MAX_PAGE_SIZE = 1 << 20
_FORMATS = ("text", "json", "sarif", "github", "html")
_ABIS = ("arm64-v8a", "armeabi-v7a", "x86_64", "x86", "riscv64")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="a .so, .apk, .aar, .aab, .apks, .jar, .zip or a folder",
    )
    parser.add_argument(
        "--page-size",
        type=_page_size,
        default=16384,
        metavar="BYTES",
        help="the page size to check for (default: 16384)",
    )
    parser.add_argument(
        "--min-sdk",
        type=_api_level,
        metavar="API",
        help="the oldest API level that has to load them (default: what the manifest says)",
    )
    parser.add_argument(
        "--abi",
        action="append",
        choices=_ABIS,
        default=[],
        metavar="ABI",
        help="check this ABI only; may be repeated",
    )
    parser.add_argument(
        "--project",
        default="",
        metavar="DIR",
        help="find out which dependency of this project each library comes from",
    )
    parser.add_argument(
        "--baseline", metavar="FILE", help="list the findings in FILE, but do not fail for them"
    )
    parser.add_argument(
        "--write-baseline", metavar="FILE", help="write today's findings to FILE, and exit 0"
    )
    parser.add_argument("--all", action="store_true", help="list clean libraries, too (text)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--format",
        choices=_FORMATS,
        default="text",
        help="sarif for code scanning, github for annotations, html for a report",
    )
    form.add_argument(
        "--json",
        dest="format",
        action="store_const",
        const="json",
        help="the same as --format json",
    )


def run(args: argparse.Namespace) -> int:
    """0: nothing wrong, or only warnings; 1: errors, or no library found. Raises `Refusal` for a missing PATH."""
    from scaffold.inspection import report
    from scaffold.inspection.baseline import apply_baseline, read_baseline, write_baseline
    from scaffold.inspection.scan import scan
    from scaffold.inspection.verdict import exit_code
    from scaffold.terminal.console import coloured, columns, is_terminal
    from scaffold.terminal.progress import ProgressBar

    known = read_baseline(args.baseline) if args.baseline else None
    bar = ProgressBar(sys.stderr, 80) if is_terminal(sys.stderr) else None
    try:
        result = scan(
            args.paths,
            args.page_size,
            bar,
            min_sdk=args.min_sdk,
            abis=tuple(args.abi),
            project=args.project,
        )
    finally:
        if bar:
            bar.clear()
    if args.write_baseline:
        known = write_baseline(result, args.write_baseline)
    if known is not None:
        result = apply_baseline(result, known)
    report.write(
        result, args.format, sys.stdout, colour=coloured(), columns=columns(), every=args.all
    )
    report.write_notes(result, sys.stderr)
    return exit_code(result)


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
