"""Asks a person what the answers need; the only user of questionary."""
