"""What the library of the transport looks for in vain is looked for once."""

from __future__ import annotations

import sys

import pytest

from pyproject_ls.index.network import remember_what_is_missing


def test_a_module_that_is_missing_is_not_looked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_for: list[str] = []

    class Finder:
        def find_spec(self, name: str, *_: object) -> None:
            looked_for.append(name)

    monkeypatch.setattr(sys, "meta_path", [Finder()])
    monkeypatch.delitem(sys.modules, "is_missing", raising=False)
    remember_what_is_missing("is_missing")
    for _ in range(2):
        with pytest.raises(ImportError):
            __import__("is_missing")
    assert looked_for == ["is_missing"]
    del sys.modules["is_missing"]


def test_a_module_that_is_there_stays() -> None:
    remember_what_is_missing("json")
    import json

    assert json.loads("1") == 1
