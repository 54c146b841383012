"""Shorter ways to what Poetry's own functions find, put in their place once.

They give the same answers in less time, as long as Poetry has these functions.
"""

from __future__ import annotations

import functools
import importlib
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from .memo import Memo

REQUIREMENTS = 20_000
"""Requirements that are kept as Poetry has read them; one has about a kilobyte."""


def install() -> None:
    """Put all of them in place."""
    kind = importlib.import_module("poetry.core.packages.dependency").Dependency
    read = vars(kind).get("create_from_pep_508")
    if isinstance(read, classmethod):
        kind.create_from_pep_508 = classmethod(_reading_once(read.__func__))
    node = getattr(importlib.import_module("poetry.puzzle.solver"), "PackageNode", None)
    if node is not None and "reachable" in vars(node):
        node.reachable = _looking_up(node.reachable)


def _reading_once(read: Callable[..., Any]) -> Callable[..., Any]:
    """``Dependency.create_from_pep_508``, which reads each requirement once.

    What it gives is a copy: the solver notes in a dependency what holds for one solution only.
    """
    known = Memo(REQUIREMENTS)

    @functools.wraps(read)
    def once(kind: Any, name: str, *arguments: Any, **named: Any) -> Any:
        # what stands for a path depends on the disk
        is_bare = not arguments and all(each is None for each in named.values())
        if not is_bare or not _is_plain(name):
            return read(kind, name, *arguments, **named)
        return known.get((kind, name), lambda: read(kind, name)).clone()

    return once


def _is_plain(requirement: str) -> bool:
    """Whether `requirement` starts with a name, and has neither path nor address."""
    return requirement[:1].isalnum() and not any(mark in requirement for mark in "/\\@#")


def _looking_up(reachable: Callable[..., Any]) -> Callable[..., Any]:
    """``PackageNode.reachable``, which compares dependencies with packages of their name only.

    Otherwise each dependency is compared with each package.
    """

    @functools.wraps(reachable)
    def look_up(node: Any) -> Any:
        every = node.packages
        index = node.__dict__.get("_by_name")
        if index is None:
            index = defaultdict(list)
            for package in every:
                index[package.complete_name].append(package)
        names = dict.fromkeys(each.complete_name for each in node.package.all_requires)
        node.packages = [package for name in names for package in index.get(name, ())]
        try:
            children = reachable(node)
        finally:
            node.packages = every
        for child in children:
            child.packages, child._by_name = every, index
        return children

    return look_up
