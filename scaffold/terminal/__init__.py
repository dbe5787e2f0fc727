"""What a terminal can show: width, colour, printable text."""
