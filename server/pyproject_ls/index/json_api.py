"""The JSON API of the public index, which others have taken up: one release with its summary.

``/pypi/<name>/json`` and ``/pypi/<name>/<version>/json`` (warehouse's documentation, "JSON API").
"""

from __future__ import annotations

from typing import Any

from pyproject_ls.facts.packages import Details
from pyproject_ls.index.advisories import parse_listed
from pyproject_ls.index.core_metadata import details_of, license_of
from pyproject_ls.index.json_reader import JsonReader
from pyproject_ls.index.untrusted import items, mapping

_WANTED = frozenset(
    {
        "classifiers",
        "home_page",
        "license",
        "license_expression",
        "name",
        "project_urls",
        "provides_extra",
        "requires_dist",
        "requires_python",
        "summary",
        "version",
    }
)


def parse_json_api(body: bytes) -> Details:
    """What the document `body` says. ValueError: it is no such document.

    The reason of the error goes on where "the server" begins. The description and the lists of
    files, which are most of the document, are left out without being decoded.
    """
    reader = JsonReader(body)
    if reader.peek() != "{":
        raise ValueError("sends a page that is no JSON object")
    info: dict[str, Any] | None = None
    vulnerabilities: list[Any] = []
    for key in reader.members():
        first = reader.peek()
        if key == "info" and first == "{":
            info = _info(reader)
        elif key == "vulnerabilities" and first == "[":
            vulnerabilities = list(reader.items())
        else:
            reader.skip()
    reader.end()
    if info is None:
        raise ValueError("sends a page that describes no package")
    return details_of(
        name=info.get("name"),
        version=info.get("version"),
        summary=info.get("summary"),
        license=license_of(
            info.get("license_expression"), info.get("license"), items(info.get("classifiers"))
        ),
        requires_python=info.get("requires_python"),
        extras=items(info.get("provides_extra")),
        requires=items(info.get("requires_dist")),
        links=list(mapping(info.get("project_urls")).items()),
        home_page=info.get("home_page"),
        advisories=parse_listed(vulnerabilities),
    )


def _info(reader: JsonReader) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in reader.members():
        if key in _WANTED:
            found[key] = reader.short_value()
        else:
            reader.skip()
    return found
