"""Text from files and archives, made harmless for a terminal and for any output encoding."""


def printable(text: str) -> str:
    """Control characters, text-direction marks and lone surrogates become escapes; everything else stays."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )
