"""Syntax trees of Kotlin and Rust, comments, and where scaffold's blocks stand."""
