"""Reads an answers file."""

import os

from scaffold.answers.reading import Given, decode_answers, read_given
from scaffold.errors import Problem, Refusal
from scaffold.files.reading import read_bytes


def given_in(path: str, name: str) -> Given:
    """What the file at `path` says; `name` stands in messages. Raises Refusal where it cannot be read."""
    data = read_bytes(path)
    if data is None:
        _refuse_unreadable(path, name)
        if os.path.lexists(path):
            raise Refusal(Problem("cannot be read as an answers file", name, "name a text file"))
        raise Refusal(Problem("there is no such file", name, "scaffold init --defaults makes one"))
    return read_given(decode_answers(data, name), name)


def _refuse_unreadable(path: str, name: str) -> None:
    """Exit 74 where a regular file is there and the system does not let it be read."""
    from scaffold.project.trouble import refusal

    if os.path.isfile(path):
        try:
            os.close(os.open(path, os.O_RDONLY))
        except OSError as error:
            raise refusal("read", name, error) from error
