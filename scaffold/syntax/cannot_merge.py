"""A text that is not what it should be."""


class CannotMerge(Exception):
    """The user's text is not what it should be; `paste` is what to put in by hand, if anything."""

    def __init__(self, message: str, line: int | None = None, paste: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.paste = paste
