"""Print the JSON Schema of scaffold.yml, for editors that complete and check it."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="accepted; the schema is JSON anyway")


def run(args: argparse.Namespace) -> int:  # noqa: ARG001 - every command has this shape
    import json

    from scaffold.answers.schema import json_schema

    print(json.dumps(json_schema(), indent=2))
    return 0
