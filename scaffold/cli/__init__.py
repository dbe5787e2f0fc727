"""Arguments, wiring, exit codes."""
