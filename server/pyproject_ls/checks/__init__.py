"""The checks: what can be wrong in a ``pyproject.toml``, one file a subject.

A check is a function with the `check` decorator (`registry`), run by `run`; every rule it reports
has one page in ``fixtures/checks``, which is its documentation and its test.
"""
