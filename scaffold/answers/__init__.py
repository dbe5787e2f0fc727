"""What the user decided: `Answers`, its keys, and YAML text ⇄ value."""
