"""The only writer of a user's project: one transaction on disk, the lock, the base copies.

`fresh`, `locktext`, `layout` and `content` are what `regenerate --check` runs on an unchanged
project: they import nothing but `os` and built-in modules. Import the module that is needed, never
this package's contents.
"""
