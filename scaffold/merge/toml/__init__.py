"""TOML three ways, key by key and element by element."""
