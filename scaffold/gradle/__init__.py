"""All reading of Gradle: what a module's build does."""
