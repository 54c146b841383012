"""A project's page as JSON: PEP 691, with PEP 700 (upload times), PEP 714 (metadata), PEP 792."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from pyproject_ls.index.json_reader import JsonReader
from pyproject_ls.index.records import Project
from pyproject_ls.index.releases import File, project_of
from pyproject_ls.index.untrusted import is_name, mapping, one_line

_METADATA = ("core-metadata", "dist-info-metadata", "data-dist-info-metadata")
"""The key of PEP 714, that of PEP 691, and how it was misspelt in practice (PEP 714)."""


def parse_json(body: bytes, url: str) -> Project:
    """The project of the page `body` at the address `url`. ValueError says what is wrong with it.

    PEP 700's list of versions is not needed: a version without a file cannot be installed.
    """
    reader = JsonReader(body)
    if reader.peek() != "{":
        raise ValueError("sends a page that is no JSON object")
    name = ""
    status: dict[str, Any] = {}
    files: list[File] | None = None
    for key in reader.members():
        first = reader.peek()
        if key == "files" and first == "[":
            files = list(_files(reader))
        elif key == "name" and first == '"':
            name = one_line(reader.short_value())
        elif key == "project-status" and first == "{":
            status = mapping(reader.short_value())
        elif key == "meta" and first == "{":
            check_version(mapping(reader.short_value()).get("api-version"))
        else:
            reader.skip()
    reader.end()
    if files is None:
        raise ValueError("sends a page without a list of files")
    return project_of(
        name if is_name(name) else name_in(url),
        files,
        url,
        one_line(status.get("status")),
        one_line(status.get("reason")),
    )


def check_version(version: object) -> None:
    """Raise ValueError if `version` of the Simple API (PEP 629) is one that we must not read."""
    major = one_line(version, 20).partition(".")[0]
    if major and major != "1":
        raise ValueError("speaks a version of the Simple API that is not known here")


def name_in(url: str) -> str:
    """The project's name in the address of its page: the last part of the path."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    return path.rstrip("/").rpartition("/")[2]


def _files(reader: JsonReader) -> Iterator[File]:
    for each in reader.items():
        if isinstance(each, dict):
            filename = each.get("filename")
            if isinstance(filename, str):
                yield File(
                    filename,
                    _string(each.get("url")),
                    _string(each.get("upload-time")),
                    _string(each.get("requires-python")),
                    _yanked(each.get("yanked")),
                    _has_metadata(each),
                )


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _yanked(value: object) -> str | None:
    """A text that is not empty is the reason; what else counts as true has none (PEP 691)."""
    if not value:
        return None
    return value if isinstance(value, str) else ""


def _has_metadata(file: dict[str, Any]) -> bool:
    for key in _METADATA:
        if key in file:
            return file[key] is True or isinstance(file[key], dict)
    return False
