"""Looks at this machine and a project for what will break a build."""
