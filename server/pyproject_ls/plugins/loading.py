"""Importing plugins, and judging whether what they register can be used."""

from __future__ import annotations

import os
import threading
from _thread import get_ident
from importlib import import_module
from types import ModuleType

from pyproject_ls.checks import registry
from pyproject_ls.checks.finding import Rule, Severity, Tag
from pyproject_ls.checks.registry import Check
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.plugins import discovery
from pyproject_ls.plugins.discovery import EntryPoint
from pyproject_ls.plugins.guard import Unusable, guarded

API_VERSION = 1
"""The version of the API that plugins are written for (`pyproject_ls.plugin`)."""

API_MARK = "PYPROJECT_LS_API"
URL_MARK = "PYPROJECT_LS_PAGES_URL"
PAGES_FOLDER = "pages"

IMPORT_SECONDS = 5.0
"""The most that the import of a plugin may take."""

_NAME = lazy_pattern(r"[a-z0-9]+(-[a-z0-9]+)*")
_URL = lazy_pattern(r"https://[^\s<>\"]+")


class Page(NamedTuple):
    """Where the page of a rule is: its file, and its address for a browser."""

    path: str
    url: str


class Plugin:
    """One plugin after its import. `failure` says why it cannot be used; "" where it can."""

    def __init__(self, entry: EntryPoint) -> None:
        self.entry = entry
        self.checks: tuple[Check, ...] = ()
        self.rules: tuple[Rule, ...] = ()
        self.pages: dict[str, Page] = {}
        self.failure = ""
        self.slow = 0
        """How many runs one after the other were too slow for an editor."""
        self.lock = threading.Lock()

    def sentence(self, reason: str) -> str:
        """That it cannot be used for this reason."""
        return f"The plugin `{self.entry.name}` of {self.entry.source} cannot be used: {reason}."


_plugins: dict[EntryPoint, Plugin] = {}
_lock = threading.Lock()


def plugin(entry: EntryPoint) -> Plugin:
    """The plugin that `entry` announces, imported at the first call. Never raises."""
    with _lock:
        found = _plugins.get(entry)
        if found is None:
            found = _plugins[entry] = _load(entry)
        return found


def _load(entry: EntryPoint) -> Plugin:
    result = Plugin(entry)
    registry.all_checks()  # before anything of a plugin
    try:
        _require_name(entry)
        outcome = guarded(lambda: _imported(entry), IMPORT_SECONDS)
        if outcome.value is None:
            raise Unusable(outcome.reason)
        result.checks, result.rules, result.pages = outcome.value
    except Unusable as error:
        result.failure = str(error)
    return result


def _require_name(entry: EntryPoint) -> None:
    """Raise Unusable where the rules of a plugin with this name could be taken for others'."""
    name, prefix = entry.name, f"{entry.name}-"
    if not _NAME.fullmatch(name):
        raise Unusable(
            f"its name is no prefix for codes of rules; name the entry point in the group"
            f" {discovery.GROUP} with small letters, digits and single hyphens, such as `acme`"
        )
    if any(code.startswith(prefix) or code == name for code in registry.all_rules()):
        raise Unusable(f"codes of built-in rules begin with `{prefix}`; choose another name")
    first = next(each for each in discovery.installed() if each.name == name)
    if first != entry:
        raise Unusable(f"{first.source} has a plugin of this name, too; uninstall one of them")
    if not entry.module:
        raise Unusable(f"its entry point is `{entry.value}`, which names no module")


def _imported(entry: EntryPoint) -> tuple[tuple[Check, ...], tuple[Rule, ...], dict[str, Page]]:
    """Import a plugin, in the thread for this. Raises whatever it raises, or Unusable."""
    registry.importing[get_ident()] = entry.name
    try:
        module = import_module(entry.module)
        _require_version(module)
        _call(module, entry.attribute)
    finally:
        del registry.importing[get_ident()]
    checks = tuple(registry.checks_from(entry.name, entry.module))
    if not checks:
        raise Unusable("it registers no check; decorate a function with `@check(RULE)`")
    rules = _rules(entry, checks)
    return checks, rules, dict(_pages(module, rules))


def _require_version(module: ModuleType) -> None:
    wanted = getattr(module, API_MARK, None)
    if wanted is None:
        raise Unusable(
            f"it does not say for which API it was written; set `{API_MARK} = {API_VERSION}` in"
            f" {module.__name__}"
        )
    if type(wanted) is not int or wanted != API_VERSION:
        raise Unusable(
            f"it was written for version {wanted!r:.20} of the API, and this pyproject-ls has"
            f" version {API_VERSION}; install versions that fit together"
        )


def _call(module: ModuleType, attribute: str) -> None:
    """Call the function that the entry point names, if it does."""
    if attribute:
        function = module
        for name in attribute.split("."):
            function = getattr(function, name)
        if callable(function):
            function()


def _rules(entry: EntryPoint, checks: tuple[Check, ...]) -> tuple[Rule, ...]:
    found: dict[str, Rule] = {}
    for rule in (rule for each in checks for rule in each.rules):
        fault = _fault(entry, rule)
        if fault:
            raise Unusable(fault)
        if found.setdefault(rule.code, rule) != rule:
            raise Unusable(f"it has two rules with the code `{rule.code}`")
    return tuple(found.values())


def _fault(entry: EntryPoint, rule: object) -> str:
    """Why `rule` cannot be a rule of this plugin; "" where it can."""
    if type(rule) is not Rule:
        return f"it registers {rule!r:.60}, which is no Rule"
    if not isinstance(rule.code, str) or not _NAME.fullmatch(rule.code):
        return f"{rule.code!r:.60} is no code; use small letters, digits and single hyphens"
    if not rule.code.startswith(f"{entry.name}-"):
        return f"the code `{rule.code}` does not begin with the plugin's name; `{entry.name}-` must"
    for other in discovery.installed():
        if len(other.name) > len(entry.name) and rule.code.startswith(f"{other.name}-"):
            return f"the code `{rule.code}` belongs to the plugin `{other.name}` by its beginning"
    if not isinstance(rule.summary, str) or not rule.summary or "\n" in rule.summary:
        return f"`{rule.code}` needs a summary of one line"
    if not isinstance(rule.severity, Severity) or not all(isinstance(x, Tag) for x in rule.tags):
        return f"`{rule.code}` needs a Severity, and a tuple of Tags or nothing"
    if not all(isinstance(each, bool) for each in (rule.standard, rule.enabled)):
        return f"`standard` and `enabled` of `{rule.code}` must be True or False"
    if rule.poetry is not None or rule.online or rule.resolves or rule.always or rule.presets:
        return f"`{rule.code}` uses what only built-in rules may: poetry, online, presets and such"
    return ""


def _pages(module: ModuleType, rules: tuple[Rule, ...]) -> list[tuple[str, Page]]:
    """The page of every rule, which lies in the folder ``pages`` of the module's package."""
    if not module.__package__ or not module.__file__:
        raise Unusable(f"{module.__name__} must be in a package, which has the pages of its rules")
    folder = os.path.join(os.path.dirname(os.path.abspath(module.__file__)), PAGES_FOLDER)
    url = getattr(module, URL_MARK, "")
    if url and not (isinstance(url, str) and _URL.fullmatch(url) and "{code}" in url):
        raise Unusable(f"`{URL_MARK}` must be an address with https and {{code}} in it")
    found = []
    for rule in rules:
        path = os.path.join(folder, f"{rule.code}.md")
        if not os.path.isfile(path):
            where = f"{module.__package__.replace('.', '/')}/{PAGES_FOLDER}"
            raise Unusable(f"the page {where}/{rule.code}.md is missing")
        address = url.replace("{code}", rule.code) if url else _file_url(path)
        found.append((rule.code, Page(path, address)))
    return found


def _file_url(path: str) -> str:
    from pathlib import Path

    return Path(path).as_uri()
