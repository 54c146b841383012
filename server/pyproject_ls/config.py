"""Settings: one value for what editors, command lines and (later) policy files can set."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from pyproject_ls.checks.finding import Severity

Profile = Literal["all", "poetry"]

INDEX_PAGE = "https://pypi.org/project/{name}/"
"""The page of a package for people: the product's only address of an index."""


class Settings(NamedTuple):
    """What is checked, and how it is judged.

    `profile` "poetry" reports what ``poetry check`` would and nothing else. `select` names the only
    rules to run (empty: those that are on by default), `extend_select` adds to them, `ignore` takes
    away; a name is a rule's code or a prefix of codes that ends in ``*``. `severity` replaces the
    severity of rules. `lock` asks for poetry.lock to exist, as ``poetry check --lock`` does.
    `inlay_locked` shows the locked version behind each dependency, `inlay_ranges` the range behind
    each Poetry constraint.
    """

    profile: Profile = "all"
    select: frozenset[str] = frozenset()
    extend_select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    severity: Mapping[str, Severity] = MappingProxyType({})
    lock: bool = False
    inlay_locked: bool = True
    inlay_ranges: bool = False
