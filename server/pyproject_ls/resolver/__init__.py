"""The tools that resolve, lock and install: the user's own Poetry or uv, kept at hand."""
