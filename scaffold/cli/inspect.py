"""Tell whether built libraries will load: on 16 KB pages, with their C++ runtime,
where they are packaged.

Reads .so files, APK, AAB, AAR, jar and zip archives in place, and folders of
them. Only errors make the exit code 1; with warnings alone it is 0. A PATH
without a library is an error: a check that checks nothing must not pass.

examples:
  scaffold inspect app/build/outputs/apk/release/app-release.apk
  scaffold inspect app-release.aab --json          for scripts
  scaffold inspect jniLibs/ --format github        annotations in a workflow
  scaffold inspect libs/*.aar --format sarif > inspect.sarif
"""

import argparse
import os
import sys

_FORMATS = ("text", "json", "sarif", "github")
_MAX_PAGE_SIZE = 1 << 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="a .so, .apk, .aar, .aab, .jar, .zip or a folder",
    )
    parser.add_argument(
        "--page-size",
        type=_page_size,
        default=16384,
        metavar="BYTES",
        help="the page size to check for (default: 16384)",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--format",
        choices=_FORMATS,
        default="text",
        help="sarif for code scanning, github for annotations in a workflow",
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
    from scaffold.inspection.scan import scan

    columns = _columns()
    bar = report.Bar(sys.stderr, columns) if report.is_terminal(sys.stderr) else None
    try:
        result = scan(args.paths, args.page_size, bar)
    finally:
        if bar:
            bar.clear()
    colour = report.is_terminal(sys.stdout) and not os.environ.get("NO_COLOR")
    report.write(result, args.format, sys.stdout, colour=colour, columns=columns)
    report.write_notes(result, sys.stderr)
    return report.exit_code(result)


def _page_size(text: str) -> int:
    """A power of two that some system uses as its page size; `0x4000` is understood as well."""
    try:
        size = int(text, 0)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of bytes") from None
    if size < 4096 or size > _MAX_PAGE_SIZE or size & (size - 1):
        raise argparse.ArgumentTypeError(
            f"{text} is no page size: give a power of two from 4096 to {_MAX_PAGE_SIZE}, such as 16384"
        )
    return size


def _columns() -> int:
    try:
        return min(100, os.get_terminal_size(sys.stdout.fileno()).columns)
    except (OSError, ValueError, AttributeError):
        return 80
