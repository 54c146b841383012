"""What holds for one file: the layers of its configuration, put together.

The layers, the lowest first: what is built in; the nearest ``pyproject-ls.toml`` in the folder or
above; ``[tool.pyproject-ls]``; the command line or the editor. `extend` puts other files below the
layer that names them. This module costs nothing where nothing is configured; `reading` does the
work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyproject_ls.config import Settings
from pyproject_ls.configuration.policy import Policy
from pyproject_ls.facts import Facts
from pyproject_ls.toml import Document

if TYPE_CHECKING:
    from pyproject_ls.configuration.layers import Layer, Refused, Trouble

OWN = ("tool", "pyproject-ls")
"""The table with our configuration."""


class Configuration:
    """What holds for one file, and where it comes from. Nothing in it changes.

    `layers` are those that are files, the lowest first. `unsafe` says whether fixes that are not
    safe are made by themselves, too; `fixable` names the only rules whose fixes are (codes, or
    prefixes that end in ``*``; all, if empty), `unfixable` those whose fixes are not.
    """

    # a plain class: it is made at every start, and a tuple with names takes its time to be defined
    __slots__ = (
        *("fixable", "layers", "policy", "refused", "settings", "troubles"),
        *("unfixable", "unsafe"),
    )

    def __init__(
        self,
        settings: Settings,
        policy: Policy,
        layers: tuple[Layer, ...] = (),
        troubles: tuple[Trouble, ...] = (),
        refused: tuple[Refused, ...] = (),
        unsafe: bool = False,
        fixable: frozenset[str] = frozenset(),
        unfixable: frozenset[str] = frozenset(),
    ) -> None:
        self.settings = settings
        self.policy = policy
        self.layers = layers
        self.troubles = troubles
        self.refused = refused
        self.unsafe = unsafe
        self.fixable = fixable
        self.unfixable = unfixable


NO_POLICY = Policy()


def configuration_of(document: Document, facts: Facts, settings: Settings) -> Configuration:
    """What holds for `document`; `settings` are those of the command line or the editor.

    Files that are not known yet count for nothing, and are wanted of `facts`. Never raises.
    """
    above = facts.config()
    if document.get(*OWN) is None and (above is None or not above.path):
        return Configuration(settings, NO_POLICY)
    from pyproject_ls.configuration.reading import read

    return read(document, facts, settings)
