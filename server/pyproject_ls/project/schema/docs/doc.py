"""What is said about one key."""

from __future__ import annotations

from pyproject_ls.named import NamedTuple


class Doc(NamedTuple):
    """The text about one key, as the modules of this package write it."""

    text: str
    """What the key means and what to do with it, two to four short sentences of Markdown."""
    example: str = ""
    """Lines of TOML; "" where an example says no more than the text."""
    since: str = ""
    """What introduced it: ``PEP 621``, ``Poetry 1.2``; "": as the table it stands in."""
    deprecated: str = ""
    """Since when it should not be used any more and what replaces it; "" for what is in use."""
    link: str = ""
    """The page that defines it; "": as the table it stands in."""
    type: str = ""
    """What stands behind it, if the shape of the schema says too little."""


Docs = dict[tuple[str, ...], Doc]
"""Texts by the path of keys; ``*`` is any name, the indexes of arrays are left out."""


class KeyDoc(NamedTuple):
    """All that is known about one key."""

    text: str
    """What the key means and what to do with it: two to four short sentences of Markdown."""
    type: str
    """What stands behind the key, in words: "a string", "an array of tables"."""
    example: str
    """Lines of TOML, "" for none."""
    since: str
    """What introduced it: ``PEP 621``, ``Poetry 1.2``."""
    deprecated: str
    """Since when it should not be used and what replaces it, in a sentence; "" if it may be."""
    standard: bool
    """Whether a packaging standard defines it; False: Poetry, or this program."""
    link: str
    """The address of the page that defines it."""
