"""The one place of the version; the build backend reads it too."""

VERSION = "0.1.0"
