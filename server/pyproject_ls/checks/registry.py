"""The `check` decorator, and which checks there are."""

from __future__ import annotations

from _thread import get_ident
from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Rule
from pyproject_ls.named import NamedTuple

CheckFunction = Callable[[Context], Iterable[Finding]]

SUBJECTS = (
    "build_system",
    "classifiers",
    "configuration",
    "conflicts",
    "constraints",
    "dependencies",
    "dynamic",
    "extras",
    "groups",
    "ignores",
    "imports",
    "legacy",
    "license",
    "lock",
    "name",
    "online",
    "own_table",
    "packages",
    "paths",
    "people",
    "plugins",
    "poetry_1",
    "poetry_tool",
    "policy",
    "presets",
    "readme",
    "requirements",
    "resolution",
    "schema",
    "scripts",
    "sources",
    "syntax",
    "team",
    "templates",
    "tool_tables",
    "urls",
    "uv",
    "version",
)
"""The modules of this package that hold checks."""


class Check(NamedTuple):
    """A check function and the rules that it may report."""

    run: CheckFunction
    rules: tuple[Rule, ...]
    plugin: str = ""
    """The plugin that was being imported when this was registered, "" for none."""


_CHECKS: list[Check] = []

importing: dict[int, str] = {}
"""The threads that import plugins now, and which ones."""


def check(*rules: Rule) -> Callable[[CheckFunction], CheckFunction]:
    """Register a function as the check that reports `rules`.

    The function takes a `Context` and yields findings of these rules; it is pure, and never raises
    whatever the text is.
    """

    def register(function: CheckFunction) -> CheckFunction:
        _CHECKS.append(Check(function, rules, importing.get(get_ident(), "")))
        return function

    return register


def later(module: str, name: str) -> CheckFunction:
    """The check `name` of another module of this package, imported at its first run."""

    def run(context: Context) -> Iterable[Finding]:
        function: CheckFunction = getattr(import_module(f"{__package__}.{module}"), name)
        return function(context)

    return run


@cache
def all_checks() -> tuple[Check, ...]:
    """Every check of this package, in a fixed order."""
    for subject in SUBJECTS:
        import_module(f"pyproject_ls.checks.{subject}")
    return tuple(each for each in _CHECKS if each.run.__module__.startswith(f"{__package__}."))


def checks_from(plugin: str, module: str) -> list[Check]:
    """What was registered while `plugin` was imported, or else earlier by its `module`."""
    return [
        each
        for each in _CHECKS
        if each.plugin == plugin
        or (not each.plugin and f"{each.run.__module__}.".startswith(f"{module}."))
    ]


@cache
def all_rules() -> dict[str, Rule]:
    """Every rule by its code, sorted by code."""
    rules = {rule.code: rule for each in all_checks() for rule in each.rules}
    return dict(sorted(rules.items()))
