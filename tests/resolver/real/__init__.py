"""The command-line backends with the real Poetry and the real uv, against the index of packages.

Not part of the normal run: ``.venv/bin/python -m pytest tests/resolver/real``.
"""
