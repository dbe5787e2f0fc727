"""The doors to Cargo, NDKs, programs and the environment."""
