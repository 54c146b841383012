"""A project's page as HTML: PEP 503, with PEP 592 (yanked), PEP 658 and 714 (metadata), PEP 792."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote, urljoin

from pyproject_ls.index.html_tags import Tag, tags
from pyproject_ls.index.records import Project
from pyproject_ls.index.releases import File, project_of, version_text
from pyproject_ls.index.simple_json import check_version, name_in
from pyproject_ls.project.requirement import normalized_name

_METADATA = ("data-core-metadata", "data-dist-info-metadata")
_HEADINGS = frozenset({"title", "h1"})
_BUTTONS = frozenset({"button", "submit"})
_LATIN = frozenset({"iso-8859-1", "latin-1", "latin1", "windows-1252", "cp1252"})


def parse_html(body: bytes, url: str, charset: str = "utf-8") -> Project:
    """The project of the page `body` at the address `url`. ValueError says what is wrong with it.

    A page without links is a project without releases, but a form to fill in is none: that is a
    login, as a rule. (devpi has a button on its pages.)
    """
    name = name_in(url)
    wanted = normalized_name(name)
    base = None
    files: list[File] = []
    meta: dict[str, str] = {}
    is_form = False
    encoding = "cp1252" if charset.lower() in _LATIN else "utf-8"
    for tag in tags(body.decode(encoding, "replace")):
        attributes = tag.attributes
        if tag.name == "a":
            if href := attributes.get("href"):
                files.append(_file(tag, href, wanted))
        elif tag.name in _HEADINGS:
            name = _spelling(tag.text, wanted) or name
        elif tag.name == "base" and base is None:
            base = attributes.get("href")
        elif tag.name == "meta":
            _add_meta(meta, attributes)
        elif tag.name == "input" and attributes.get("type", "").lower() not in _BUTTONS:
            is_form = True
    check_version(meta.get("pypi:repository-version"))
    project = project_of(
        name,
        files,
        _joined(url, base),
        meta.get("pypi:project-status", ""),
        meta.get("pypi:project-status-reason", ""),
    )
    if is_form and not project.releases:
        raise ValueError("sends a form to fill in, perhaps a login, instead of a list of files")
    return project


def _file(tag: Tag, href: str, wanted: str) -> File:
    attributes = tag.attributes
    filename = tag.text
    if version_text(filename, wanted) is None:  # long names are cut in some listings
        path = href.partition("#")[0].partition("?")[0]
        filename = unquote(path.rpartition("/")[2])
    return File(
        filename,
        href,
        "",
        attributes.get("data-requires-python", ""),
        attributes.get("data-yanked"),
        _has_metadata(attributes),
    )


def _has_metadata(attributes: Mapping[str, str]) -> bool:
    for key in _METADATA:
        if key in attributes:
            return attributes[key] not in {"", "false"}
    return False


def _add_meta(meta: dict[str, str], attributes: Mapping[str, str]) -> None:
    name = attributes.get("name", "").lower()
    if name.startswith("pypi:"):
        meta.setdefault(name, attributes.get("content", ""))


def _spelling(heading: str, wanted: str) -> str:
    """The project's name at the end of `heading` (``Links for Flask``), if it is that."""
    last = heading.rpartition(" ")[2]
    return last if last and normalized_name(last) == wanted else ""


def _joined(url: str, base: str | None) -> str:
    try:
        return urljoin(url, base) if base else url
    except ValueError:
        return url
