"""Plugins: rules that other installed distributions bring (docs/plugins.md).

This module costs nothing but one look at the names of what is installed where there is no plugin;
`loading` imports them, `running` runs them, and neither lets them do harm.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from pyproject_ls.checks.finding import Rule
from pyproject_ls.checks.registry import Check, all_rules
from pyproject_ls.config import Plugins, Settings
from pyproject_ls.plugins import discovery

if TYPE_CHECKING:
    from pyproject_ls.plugins.discovery import EntryPoint
    from pyproject_ls.plugins.loading import Page, Plugin


def allowed_by(settings: Settings) -> Plugins:
    """The plugins that `settings` allow to run.

    Poetry knows of none of them, and who does not trust a folder may work with its environment.
    """
    return settings.plugins if settings.trusted and settings.profile != "poetry" else False


def allowed(plugins: Plugins = True) -> tuple[Plugin, ...]:
    """The installed ones of `plugins`, imported; those that cannot be used are among them."""
    found = discovery.installed() if plugins else ()
    if not found:
        return ()
    from pyproject_ls.plugins.loading import plugin

    names = plugins if isinstance(plugins, frozenset) else {each.name for each in found}
    return tuple(plugin(each) for each in found if each.name in names)


def checks_of(plugins: Plugins) -> tuple[Check, ...]:
    """One check for each of `plugins`, which never raises and always ends."""
    if not allowed(plugins):
        return ()
    from pyproject_ls.plugins.running import check_of

    return tuple(map(check_of, allowed(plugins)))


@lru_cache(maxsize=32)
def known_rules(plugins: Plugins = True) -> dict[str, Rule]:
    """Every rule by its code, sorted by code: the built-in ones and those of `plugins`."""
    found = allowed(plugins)
    if not found:
        return all_rules()
    rules = {rule.code: rule for each in found for rule in each.rules}
    return dict(sorted({**all_rules(), **rules}.items()))


def owner_of(pattern: str) -> EntryPoint | None:
    """The installed plugin whose rules `pattern` names, whether it can be used or not."""
    start = pattern[:-1] if pattern.endswith("*") else None
    for each in sorted(discovery.installed(), key=lambda each: -len(each.name)):
        prefix = f"{each.name}-"
        if pattern.startswith(prefix) or (start is not None and prefix.startswith(start)):
            return each
    return None


def page_of(code: str) -> Page | None:
    """The page of a plugin's rule `code`; None for other rules."""
    owner = owner_of(code)
    if owner is None:
        return None
    from pyproject_ls.plugins.loading import plugin

    return plugin(owner).pages.get(code)
