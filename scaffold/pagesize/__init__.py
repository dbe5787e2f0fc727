"""Will it load? The page rules and the runtime rules, over what `elf` and `archive` have read."""
