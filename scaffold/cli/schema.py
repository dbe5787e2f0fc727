"""`scaffold schema`: the JSON Schema of scaffold.yml."""

import argparse

from scaffold.answers.schema import schema_text


def run(args: argparse.Namespace) -> int:  # noqa: ARG001 - every command has this shape

    print(schema_text(), end="")
    return 0
