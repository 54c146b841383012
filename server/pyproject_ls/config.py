"""Settings: one value for what editors, command lines and configuration files can set."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Union

from pyproject_ls.checks.finding import Severity
from pyproject_ls.named import NamedTuple

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

CONFIG_NAME = "pyproject-ls.toml"
"""The file with the configuration of a folder and all below it; packages ship one by this name."""

CACHE_DIR = "PYPROJECT_LS_CACHE_DIR"
"""The variable of the environment that says where the cache is."""

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
PoetryTarget = Literal["1.8", "2", "auto"]
Subject = Literal["project", "configuration"]
Plugins = Union[bool, frozenset[str]]
"""The plugins that may run: all, none, or those with these names."""


class ToolSettings(NamedTuple):
    """Where the programs are that resolve, lock and install: "" to look for them."""

    poetry: str = ""
    uv: str = ""


class Selection(NamedTuple):
    """Which rules one layer of the configuration switches on and off, and how grave they are.

    A name is a rule's code or a prefix of codes that ends in ``*``. `severity` has the general
    names before the special ones. What a layer that is `final` demands, no layer above it weakens.
    """

    select: frozenset[str] = frozenset()
    extend_select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    severity: tuple[tuple[str, Severity], ...] = ()
    presets: frozenset[str] = frozenset()
    final: bool = False


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

    `presets` names groups of rules that are on besides those that are on by default. `below` are
    the layers of the configuration under this one, the lowest first. `given` names what was set on
    purpose although it may be the default, so that it goes before configuration files. `poetry` is
    the Poetry that rules judge for; "auto" leaves that to what the project says. `trusted` is False
    where configuration may not be taken from the project's environment, `fetch` True where it may
    be fetched. `subject` is what the text is: a ``pyproject.toml``, or a file of configuration.
    `plugins` are those that may run, of the installed ones.
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
    presets: frozenset[str] = frozenset()
    below: tuple[Selection, ...] = ()
    given: frozenset[str] = frozenset()
    poetry: PoetryTarget = "auto"
    trusted: bool = True
    fetch: bool = False
    subject: Subject = "project"
    plugins: Plugins = True


def for_file(settings: Settings, name: str) -> Settings:
    """`settings` for the file called `name`, which may be one of configuration itself."""
    return settings._replace(subject="configuration") if name == CONFIG_NAME else settings


def cache_folder(environ: Mapping[str, str]) -> Path:
    """The folder for what was fetched: ``PYPROJECT_LS_CACHE_DIR``, else the system's place."""
    chosen = environ.get(CACHE_DIR)
    if chosen:
        return Path(chosen).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("pyproject-ls", appauthor=False)
