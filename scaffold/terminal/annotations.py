"""Annotations of GitHub's workflow commands."""

from scaffold.terminal.printable import printable


def annotation(severity: str, title: str, message: str, file: str = "", line: int = 0) -> str:
    """One line; `severity` is `error` or `warning`."""
    places = [f"file={_property(file)}"] if file else []
    places += [f"line={line}"] if line else []
    properties = ",".join([*places, f"title={_property(title)}"])
    return f"::{severity} {properties}::{_data(message)}"


def _data(text: str) -> str:
    text = "\n".join(printable(line) for line in text.split("\n"))
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
