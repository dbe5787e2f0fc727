"""Sets up the cross-compilation files of a Rust + Kotlin project, and keeps them right."""
