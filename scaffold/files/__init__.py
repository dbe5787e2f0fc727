"""Bounded reading of a project's files, whose contents are a stranger's word."""
