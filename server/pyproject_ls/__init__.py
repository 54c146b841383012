"""All that can be known about a ``pyproject.toml``, in editors and on the command line."""

__version__ = "0.1.0"
