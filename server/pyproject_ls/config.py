"""Settings: one value for what editors, command lines and (later) policy files can set."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from pyproject_ls.checks.finding import Severity

Profile = Literal["all", "poetry"]

DEFAULT_INDEX = "https://pypi.org/"
"""The public index: the product's only address of one."""

INDEX_SIMPLE = f"{DEFAULT_INDEX}simple/"
"""Its Simple API (PEP 503, PEP 691)."""

INDEX_PAGE = f"{DEFAULT_INDEX}project/{{name}}/"
"""The page of a package for people."""

ADVISORY_DATABASE = "https://api.osv.dev/"
"""Where known vulnerabilities are asked for, by those who opted in."""

RANKING = "https://hugovk.github.io/top-pypi-packages/top-pypi-packages.min.json"
"""Which names are popular: the 15,000 most downloaded ones."""

Newest = Literal["off", "outdated", "all"]
Resolve = Literal["off", "save", "type"]
ConstraintStyle = Literal["auto", "lower", "compatible", "exact", "none"]


class IndexSettings(NamedTuple):
    """How package indexes are reached; analysis knows nothing of it.

    `url` (the Simple API of an index) goes before all that files and tools configure. `offline`
    answers from what was fetched earlier. In a workspace that is not `trusted` only the public
    index is asked, without credentials. `ranking` is the address of a list of popular names ("":
    none is fetched).
    """

    url: str = ""
    offline: bool = False
    trusted: bool = True
    ranking: str = RANKING


Tool = Literal["auto", "poetry", "uv"]


class ToolSettings(NamedTuple):
    """Where the programs are that resolve, lock and install: "" to look for them."""

    poetry: str = ""
    uv: str = ""


class Settings(NamedTuple):
    """What is checked, and how it is judged.

    `profile` "poetry" reports what ``poetry check`` would and nothing else. `select` names the only
    rules to run (empty: those that are on by default), `extend_select` adds to them, `ignore` takes
    away; a name is a rule's code or a prefix of codes that ends in ``*``. `severity` replaces the
    severity of rules. `lock` asks for poetry.lock to exist, as ``poetry check --lock`` does.
    `inlay_locked` shows the locked version behind each dependency, `inlay_ranges` the range behind
    each Poetry constraint, `inlay_newest` the newest version. `online` allows rules and features
    to ask about packages on indexes. `constraint_style` is what follows a package's name that
    completion inserts: "auto" is what most of the same list or table uses, else ``^1.4`` in
    Poetry's tables and ``>=1.4`` elsewhere. `resolve` allows rules and features to ask what a
    resolver makes of the dependencies, and says when an editor has it asked. `tool` is the one that
    locks the project; "auto" leaves that to what the project uses.
    """

    profile: Profile = "all"
    select: frozenset[str] = frozenset()
    extend_select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    severity: Mapping[str, Severity] = MappingProxyType({})
    lock: bool = False
    inlay_locked: bool = True
    inlay_ranges: bool = False
    inlay_newest: Newest = "outdated"
    online: bool = False
    constraint_style: ConstraintStyle = "auto"
    resolve: Resolve = "off"
    tool: Tool = "auto"
