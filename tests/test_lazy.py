"""What makes starting cheap: patterns that are compiled when they are used, lean named tuples."""

from __future__ import annotations

import importlib
import pickle
import pkgutil
import re
import typing
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

import pyproject_ls
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple


class Release(NamedTuple):
    """One release."""

    version: str
    yanked: str | None = None

    @property
    def is_yanked(self) -> bool:
        """Whether it was withdrawn."""
        return self.yanked is not None

    def shouted(self) -> str:
        """The version in capitals."""
        return self.version.upper()


class TypingRelease(typing.NamedTuple):
    """One release."""

    version: str
    yanked: str | None = None


def test_a_named_tuple_is_one_of_typing() -> None:
    one, other = Release("1.0", yanked="old"), TypingRelease("1.0", yanked="old")
    assert tuple(one) == tuple(other) == ("1.0", "old")
    assert repr(one) == repr(other).replace("TypingRelease", "Release")
    assert one._replace(version="2.0")._asdict() == {"version": "2.0", "yanked": "old"}
    for each in ("_fields", "_field_defaults", "__match_args__", "__doc__"):
        assert getattr(Release, each) == getattr(TypingRelease, each)
    assert typing.get_type_hints(Release) == typing.get_type_hints(TypingRelease)
    assert Release.__module__ == __name__
    assert (Release("1.0rc1").is_yanked, Release("1.0rc1").shouted()) == (False, "1.0RC1")
    assert pickle.loads(pickle.dumps(one)) == one
    assert not hasattr(one, "__dict__")


def test_a_pattern_is_as_the_one_that_it_stands_for() -> None:
    text = "Width = 10, height=2"
    pattern = lazy_pattern(r"(?P<key>[a-z]+) ?=", re.IGNORECASE)
    compiled = re.compile(r"(?P<key>[a-z]+) ?=", re.IGNORECASE)
    assert pattern.pattern == compiled.pattern
    assert set(vars(pattern)) == {"pattern", "_flags"}
    assert pattern.sub("-", text) == compiled.sub("-", text)
    assert pattern.findall(text) == compiled.findall(text)
    match = pattern.match(text, 6)
    assert match is None
    assert [each["key"] for each in pattern.finditer(text)] == ["Width", "height"]
    assert pattern.groupindex == compiled.groupindex
    assert pattern.flags == compiled.flags


def modules() -> Iterator[ModuleType]:
    for each in pkgutil.walk_packages(pyproject_ls.__path__, "pyproject_ls."):
        if ".worker" not in each.name and not each.name.endswith("__main__"):
            yield importlib.import_module(each.name)


def test_every_pattern_can_be_compiled() -> None:
    kind = type(lazy_pattern("")).__base__  # also of those that have been used
    assert kind is not None
    found: dict[str, Any] = {
        f"{module.__name__}.{name}": value
        for module in modules()
        for name, value in vars(module).items()
        if isinstance(value, kind)
    }
    assert len(found) > 100
    for name, value in found.items():
        try:
            re.compile(value.pattern, value._flags)
        except re.error as error:
            pytest.fail(f"{name}: {error}")
