"""Will it load? Reads libraries and archives in place, and applies the page and runtime rules."""
