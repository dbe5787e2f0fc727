"""The only door to programs, the environment and a repository's existing files."""
