"""Findings, plans and refusals for people and for scripts; the only room that knows colour."""
