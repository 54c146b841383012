"""The metadata of one release (PEP 566, 643, 639, fetched by PEP 658), and what it comes to."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pyproject_ls.facts.packages import Advisory, Details
from pyproject_ls.index.releases import version_of
from pyproject_ls.index.untrusted import is_name, lines, one_line
from pyproject_ls.lazy import lazy_pattern

_MAX_HEADERS = 1 << 20
_MAX_EXTRAS = 300
_MAX_LINKS = 20
_SHORT = 60
"""A text of a licence is no name of one (code points)."""

_HEADERS_END = re.compile(rb"\r?\n\r?\n")
_OF_EXTRA = lazy_pattern(r"""\bextra\s*==\s*(["'])([^"']*)\1""")
_LICENSE = "License :: "
_PLACEHOLDER = "UNKNOWN"
"""What setuptools used to write where there was nothing to say."""


def parse_metadata(body: bytes) -> Details:
    """What the core metadata `body` says. ValueError: it is none.

    The description, which is most of it, is not read. The reason of the error goes on where "the
    server" begins.
    """
    from email.parser import HeaderParser

    end = _HEADERS_END.search(body.lstrip(), 0, _MAX_HEADERS)
    headers = body.lstrip()[: end.start() if end else _MAX_HEADERS]
    message = HeaderParser().parsestr(headers.decode("utf-8", "replace"))

    def one(field: str) -> str:
        return str(message.get(field, ""))

    def many(field: str) -> list[str]:
        return list(map(str, message.get_all(field, ())))

    labelled = [each.partition(",") for each in many("Project-URL")]
    return details_of(
        name=one("Name"),
        version=one("Version"),
        summary=one("Summary"),
        license=license_of(one("License-Expression"), one("License"), many("Classifier")),
        requires_python=one("Requires-Python"),
        extras=many("Provides-Extra"),
        requires=many("Requires-Dist"),
        links=[(label, url) for label, _, url in labelled],
        home_page=one("Home-page"),
    )


def details_of(
    *,
    name: object,
    version: object,
    summary: object,
    license: str,
    requires_python: object,
    extras: Iterable[object],
    requires: Iterable[object],
    links: Iterable[tuple[object, object]],
    home_page: object,
    advisories: tuple[Advisory, ...] = (),
) -> Details:
    """`Details` from fields as they were received; ValueError: they name no project and version.

    Where no extras are listed, they are those that the requirements (`requires`) speak of. The
    home page comes last among the links, unless it is one of them anyway.
    """
    given, written = one_line(name), one_line(version)
    if not is_name(given) or not written:
        raise ValueError("sends metadata that name no package and version")
    judged = version_of(written)
    return Details(
        name=given,
        version=written if judged is None else str(judged),
        summary=_said(one_line(summary)),
        license=license,
        requires_python=_said(one_line(requires_python, 200)),
        extras=_extras(extras) or _extras(_extras_meant(requires)),
        links=_links([*links, ("Homepage", home_page)]),
        advisories=advisories,
    )


def license_of(expression: object, text: object, classifiers: Iterable[object]) -> str:
    """The license in a few words; "" where it is not told in a few.

    The SPDX expression (PEP 639) goes first, then what ``License`` says, if that is a name and not
    the whole text, then the classifiers.
    """
    if stated := _said(one_line(expression, 200)):
        return stated
    if isinstance(text, str) and "\n" not in text.strip():
        named = _said(one_line(text, _SHORT + 1))
        if named and len(named) <= _SHORT:
            return named
    found: list[str] = []
    for each in lines(classifiers):
        if each.startswith(_LICENSE):
            last = each.rpartition(" :: ")[2]
            if last not in {"OSI Approved", *found}:
                found.append(last)
    return ", ".join(found[:5])


def _said(text: str) -> str:
    return "" if text.upper() == _PLACEHOLDER else text


def _extras(values: Iterable[object]) -> tuple[str, ...]:
    """Extras as written, each once; what cannot be the name of one is left out."""
    found = dict.fromkeys(each for each in lines(values) if is_name(each))
    return tuple(found)[:_MAX_EXTRAS]


def _extras_meant(requirements: Iterable[object]) -> list[str]:
    return [found[2] for each in lines(requirements) for found in _OF_EXTRA.finditer(each)]


def _links(pairs: Iterable[tuple[object, object]]) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for label, url in pairs:
        address = _said(one_line(url, 2000))
        if address and address.rstrip("/") not in {each.rstrip("/") for each in found}:
            found[address] = one_line(label, 60) or "Link"
        if len(found) == _MAX_LINKS:
            break
    return tuple((label, address) for address, label in found.items())
