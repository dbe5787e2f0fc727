"""Print the JSON Schema of scaffold.yml, for editors that complete and check it.

`init` puts a copy into .scaffold/, and names it in the first line of
scaffold.yml.

examples:
  scaffold schema > scaffold.schema.json
"""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="accepted; the schema is JSON anyway")


def run(args: argparse.Namespace) -> int:  # noqa: ARG001 - every command has this shape
    from scaffold.answers.schema import schema_text

    print(schema_text(), end="")
    return 0
