"""Print the JSON Schema of scaffold.yml, for editors that complete and check it."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="accepted; the schema is JSON anyway")


def run(args: argparse.Namespace) -> int:  # noqa: ARG001 - every command has this shape
    from scaffold.answers.schema import schema_text

    print(schema_text(), end="")
    return 0
