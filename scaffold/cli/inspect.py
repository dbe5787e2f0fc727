"""`scaffold inspect`: will built libraries load?"""

import argparse
import sys

from scaffold.inspection import report
from scaffold.inspection.baseline import apply_baseline, read_baseline, write_baseline
from scaffold.inspection.scan import scan
from scaffold.inspection.verdict import exit_code
from scaffold.terminal.console import coloured, columns, is_terminal
from scaffold.terminal.progress import ProgressBar


def run(args: argparse.Namespace) -> int:
    """0: nothing wrong, or only warnings; 1: errors, or no library found. Raises `Refusal` for a missing PATH."""
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
