"""Base, the user's file and the new render → what happens to each file: the whole table."""
