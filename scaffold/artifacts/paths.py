"""Paths from the project's root, with `/`."""


def below(folder: str, path: str) -> str:
    return path if folder == "." else f"{folder}/{path}"


def relative(path: str, start: str) -> str:
    """`path` seen from the folder `start`, both from the project's root."""
    steps = [] if path == "." else path.split("/")
    origin = [] if start == "." else start.split("/")
    while steps and origin and steps[0] == origin[0]:
        steps, origin = steps[1:], origin[1:]
    return "/".join([".."] * len(origin) + steps) or "."
