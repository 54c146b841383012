"""People: ``"Name <mail>"`` as tables."""

from __future__ import annotations

from pyproject_ls.checks.edits import quoted
from pyproject_ls.features.migrate.write import inline_table
from pyproject_ls.lazy import lazy_pattern

_PERSON = lazy_pattern(r"(?P<name>[^<>]+?) <(?P<email>[^<>]+)>")
_MAIL = lazy_pattern(r"[^\s@<>,]+@[^\s@<>,]+\.[^\s@<>,]+")


def person(text: str) -> str:
    """The inline table for ``Name <mail>``, a name alone or an address alone.

    Poetry writes the two parts into the metadata as they stand in the string.
    """
    match = _PERSON.fullmatch(text)
    if match is not None:
        return inline_table((("name", quoted(match["name"])), ("email", quoted(match["email"]))))
    kind = "email" if _MAIL.fullmatch(text) else "name"
    return inline_table(((kind, quoted(text)),))
