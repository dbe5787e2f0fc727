"""A project's files: the plan, what happens to each file, and the only writer of it all."""
