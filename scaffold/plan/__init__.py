"""Answers + facts + what the repository has → artifacts and decisions, each with its reason."""
