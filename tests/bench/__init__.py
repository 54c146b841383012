"""Benchmarks of pyproject-ls beside its peers: ``python -m tests.bench`` (see README.md)."""
