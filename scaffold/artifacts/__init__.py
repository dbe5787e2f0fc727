"""Each thing that scaffold generates: when, with which values, where, and why it changed."""
