"""Authors and maintainers: names that are names, addresses in their own field.

The standard (PEP 621): a name is what can stand before an address in a mail header, without
commas. Poetry reads the first of ``tool.poetry.authors`` when it builds, not in ``poetry check``
(``poetry/core/utils/patterns.py``, AUTHOR_REGEX).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.edits import quoted, without_item
from pyproject_ls.checks.finding import Finding, Fix, Related, Rule, Severity, Tag
from pyproject_ls.checks.registry import check
from pyproject_ls.checks.wording import shown
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.manifest import as_array, as_string, indexed_strings, is_truthy, text_of
from pyproject_ls.project.paths import TomlPath, dotted
from pyproject_ls.text import Edit
from pyproject_ls.toml import Array, Scalar, Table

WARNING, INFORMATION = Severity.WARNING, Severity.INFORMATION

PERSON_WITHOUT_NAME = Rule("person-without-name", WARNING, "a person whose name is empty")
PERSON_EMAIL_IN_NAME = Rule(
    "person-email-in-name", INFORMATION, "an e-mail address in the field of the name"
)
PERSON_NAME_COMMA = Rule("person-name-comma", INFORMATION, "a person's name with a comma")
PERSON_DUPLICATE = Rule(
    "person-duplicate", INFORMATION, "a person listed twice", tags=(Tag.UNNECESSARY,)
)
PERSON_FORMAT = Rule(
    "person-format",
    WARNING,
    "an author of `tool.poetry` who is not written as `Name <mail>`",
    standard=False,
)

_LISTS = ("authors", "maintainers")
_MAIL = r"[^<>@\s,]+@[^<>@\s,]+\.[^<>@\s,]+"
_NAME_AND_MAIL = lazy_pattern(
    rf"\s*(?P<name>[^<>@,]*[^<>@,\s])\s*[<(]\s*(?P<mail>{_MAIL})\s*[>)]\s*"
)
_ONLY_MAIL = lazy_pattern(rf"\s*<?\s*(?P<mail>{_MAIL})\s*>?\s*")
_POETRY_PERSON = lazy_pattern(r"[^<>]+(?: <.+?>)?")


@check(PERSON_WITHOUT_NAME, PERSON_EMAIL_IN_NAME, PERSON_NAME_COMMA, PERSON_DUPLICATE)
def standard_people(context: Context) -> Iterator[Finding]:
    """The tables of ``project.authors`` and ``project.maintainers``."""
    for key in _LISTS:
        array = as_array(context.document.get("project", key))
        if array is None:
            continue
        seen: dict[tuple[str, str], Table] = {}
        for index, person in enumerate(array.items):
            if not isinstance(person, Table):
                continue
            path: TomlPath = ("project", key, index)
            name = as_string(person.values.get("name"))
            if name is not None:
                yield from _name(person, name, (*path, "name"))
            identity = (text_of(person.values.get("name")), text_of(person.values.get("email")))
            first = seen.setdefault((identity[0] or "", identity[1] or ""), person)
            if first is not person and any(identity):
                yield _duplicate(context, array, index, path, first)


@check(PERSON_FORMAT, PERSON_DUPLICATE, PERSON_EMAIL_IN_NAME)
def poetry_people(context: Context) -> Iterator[Finding]:
    """The strings of ``tool.poetry.authors`` and ``tool.poetry.maintainers``."""
    poetry = context.manifest.poetry
    if poetry is None:
        return
    for key in _LISTS:
        array = as_array(poetry.values.get(key))
        standard = context.document.get("project", key)
        if array is None or (standard is not None and is_truthy(standard)):
            continue  # what [project] says is all that counts
        seen: dict[str, Scalar] = {}
        for index, person in indexed_strings(array):
            path: TomlPath = ("tool", "poetry", key, index)
            fault = _format_fault(person.value)
            if fault is not None:
                message, better = fault
                edit = Edit(person.span, quoted(better))
                yield PERSON_FORMAT.at(
                    person,
                    path,
                    f"{shown(person.value)} in `{dotted(path[:-1])}` {message};"
                    " Poetry reads `Name <mail@example.org>`.",
                    fix=Fix(f"Change to {shown(better)}", (edit,)) if better else None,
                )
            elif _ONLY_MAIL.fullmatch(person.value):
                yield PERSON_EMAIL_IN_NAME.at(
                    person,
                    path,
                    f"{shown(person.value)} is an address without a name, which Poetry takes for a"
                    " name; write `Name <mail@example.org>`.",
                )
            first = seen.setdefault(person.value, person)
            if first is not person and person.value:
                yield _duplicate(context, array, index, path, first)


def _name(person: Table, name: Scalar, path: TomlPath) -> Iterator[Finding]:
    value = name.value
    if not value.strip():
        yield PERSON_WITHOUT_NAME.at(
            name, path, f"`{dotted(path)}` is empty; give a name or remove the key."
        )
    elif "@" in value and (match := _mail_in(value)) is not None:
        yield PERSON_EMAIL_IN_NAME.at(
            name,
            path,
            f"`{dotted(path)}` holds an e-mail address; put it into `email`.",
            fix=_split(person, name, *match),
        )
    elif "," in value:
        yield PERSON_NAME_COMMA.at(
            name,
            path,
            f"`{dotted(path)}` ({shown(value)}) has a comma, which separates people in the"
            " metadata; give each person a table, or leave the comma out.",
        )


@lru_cache(maxsize=512)
def _mail_in(value: str) -> tuple[str, str] | None:
    """The name and the address that a name is made of, if it has an address in it."""
    match = _NAME_AND_MAIL.fullmatch(value)
    if match is not None:
        return match["name"].strip(), match["mail"]
    match = _ONLY_MAIL.fullmatch(value)
    return ("", match["mail"]) if match is not None else None


def _split(person: Table, node: Scalar, name: str, mail: str) -> Fix | None:
    """Move the address into ``email``; on one line, and only where there is no other address."""
    if person.origin != "inline" or "email" in person.values:
        return None
    if name:
        edit = Edit(node.span, f"{quoted(name)}, email = {quoted(mail)}")
        return Fix("Move the address into `email`", (edit,))
    edits = (Edit(person.keys["name"].span, "email"), Edit(node.span, quoted(mail)))
    return Fix("Change `name` to `email`", edits)


def _duplicate(
    context: Context, array: Array, index: int, path: TomlPath, first: Table | Scalar
) -> Finding:
    item = array.items[index]
    fix = None
    if not array.of_tables:
        edit = without_item(context.document.text, array, index)
        fix = Fix("Remove the second entry", (edit,))
    return PERSON_DUPLICATE.at(
        item,
        path,
        f"`{dotted(path[:-1])}` lists this person twice; remove one of the entries.",
        related=(Related(first.span, "first listed here"),),
        fix=fix,
    )


@lru_cache(maxsize=512)
def _format_fault(value: str) -> tuple[str, str] | None:
    """What is wrong with a string of ``tool.poetry.authors``, and the right form if certain."""
    if not value.strip():
        return "is empty", ""
    if _POETRY_PERSON.fullmatch(value):
        return None
    match = re.fullmatch(rf"\s*([^<>]*[^<>\s])\s*<\s*({_MAIL})\s*>\s*", value)
    if match is not None:
        return "is not written as Poetry wants it", f"{match[1].strip()} <{match[2]}>"
    if _ONLY_MAIL.fullmatch(value):
        return "has an address without a name", ""
    return "is not a name with an optional address", ""
