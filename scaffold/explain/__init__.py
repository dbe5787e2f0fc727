"""Build logs and crash logs, held against signatures of known failures."""
