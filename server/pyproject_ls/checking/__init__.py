"""The parts of the command ``check``: which files, what is found in each, and how it is told."""
