"""Text in, text out: TOML by key, managed blocks, and text three ways."""
