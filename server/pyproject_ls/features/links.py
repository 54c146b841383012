"""Document links: URLs, files that exist, and packages to their page on the index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Union

from pyproject_ls.config import INDEX_PAGE
from pyproject_ls.facts import PathKind
from pyproject_ls.features.files import FileKind, file_target, named_files
from pyproject_ls.features.names import (
    POETRY_TABLES,
    NameKind,
    Occurrence,
    Role,
    is_own_name,
    occurrences,
)
from pyproject_ls.features.walk import Patterns
from pyproject_ls.host import Snapshot
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.manifest import Manifest, as_array, as_table, is_truthy, text_of
from pyproject_ls.project.requirement import cut, normalized_name
from pyproject_ls.text import Span
from pyproject_ls.toml import Document, Scalar, Table, Value, source_span


class Link(NamedTuple):
    """A stretch of the text that can be followed: to a `url`, or to the file at `path`.

    A `url` is http or https, without user name or password. A `path` is relative to the project's
    folder, or absolute. `tooltip` is plain text.
    """

    span: Span
    url: str | None
    path: str | None
    tooltip: str


_URLS: dict[str, bool] = dict.fromkeys(
    (
        "project/urls/*",
        "tool/poetry/urls/*",
        "tool/poetry/homepage",
        "tool/poetry/repository",
        "tool/poetry/documentation",
        "tool/poetry/source/#/url",
        "tool/pdm/source/#/url",
        "tool/uv/index/#/url",
        "tool/uv/index-url",
        "tool/uv/extra-index-url/#",
        "tool/uv/find-links/#",
        "tool/uv/sources/*/git",
        "tool/uv/sources/*/url",
        "tool/uv/sources/*/#/git",
        "tool/uv/sources/*/#/url",
        *(
            f"{table}{item}/{key}"
            for table in POETRY_TABLES
            for item in ("", "/#")
            for key in ("git", "url")
        ),
    ),
    False,
)
_REQUIREMENTS: dict[str, bool] = dict.fromkeys(
    (
        "build-system/requires/#",
        "project/dependencies/#",
        "project/optional-dependencies/*/#",
        "dependency-groups/*/#",
        "tool/uv/dev-dependencies/#",
        "tool/uv/constraint-dependencies/#",
        "tool/uv/override-dependencies/#",
        "tool/pdm/dev-dependencies/*/#",
        "tool/hatch/envs/*/dependencies/#",
    ),
    True,
)
_PATTERNS = Patterns({}, {**_URLS, **_REQUIREMENTS})

_WEB = lazy_pattern(r"(?:git\+)?(https?)://(?:[^\s/?#@]*@)*([^\s/?#@]+)([^\s]*)", re.IGNORECASE)
_SSH = lazy_pattern(
    r"(?:(?:git\+)?ssh://(?:[^\s/@]*@)?|[\w.-]+@)"
    r"((?:github|gitlab)\.com|bitbucket\.org|codeberg\.org|git\.sr\.ht)(?::\d+(?=/))?[:/]([^\s]+)",
    re.IGNORECASE,
)
_REVISION = lazy_pattern(r"@[^@/]*\Z|#.*\Z|\?.*\Z", re.DOTALL)
_UNSAFE = lazy_pattern(r"[\x00-\x20\x7f-\x9f\"<>\\^`{|}\u200b-\u200f\u2028-\u202e\u2066-\u2069]")
_ELSEWHERE = ("source", "git", "url", "path", "file")
_MAX_URL = 2000


def links(snapshot: Snapshot) -> list[Link]:
    """The links of the file, in the order of the text; they do not overlap.

    Files are linked once the facts know that they exist. A package is linked to its page where the
    public index is where it comes from: not with ``git``, ``path`` or ``source``, nor where the
    project replaces the index.
    """
    found = [*_urls(snapshot.document), *_files(snapshot), *_packages(snapshot)]
    found.sort(key=lambda link: link.span)
    return found


@lru_cache(maxsize=4096)
def web_address(url: str) -> str | None:
    """The page of a URL as it may be shown and opened, without user info; None where none is.

    ``git+https://user@host/a.git@main#egg=a`` is ``https://host/a``; of SSH addresses only those of
    well-known hosts have a page.
    """
    url = url.strip()
    if len(url) > _MAX_URL or not url.isprintable() or _UNSAFE.search(url):
        return None
    is_git = url.lower().startswith("git+")
    match = _WEB.fullmatch(url)
    if match is not None:
        scheme, host, rest = match.groups()
        if is_git:
            rest = _REVISION.sub("", rest.split("#")[0])
        page = f"{scheme.lower()}://{host}{rest}"
    else:
        match = _SSH.fullmatch(url)
        if match is None:
            return None
        rest = _REVISION.sub("", match[2]) if url.lower().startswith("git+") else match[2]
        page = f"https://{match[1].lower()}/{rest.lstrip('/')}"
    return page.removesuffix(".git")


def index_page(name: str) -> str:
    """The page of the package `name` on the public index."""
    return INDEX_PAGE.format(name=normalized_name(name))


def is_on_index(snapshot: Snapshot, occurrence: Occurrence) -> bool:
    """Whether the package named at `occurrence` comes from the public index, as far as told."""
    if occurrence.name.kind is not NameKind.PACKAGE or is_own_name(snapshot, occurrence.name):
        return False
    name = occurrence.name.text
    elsewhere, pinned = _origins(snapshot.manifest)
    return name not in elsewhere and (name in pinned or not _index_is_replaced(snapshot.document))


def _urls(document: Document) -> Iterator[Link]:
    for match in _PATTERNS.find(document):
        if not isinstance(match.node, Scalar):
            continue
        value, start = match.node.value, 0
        if match.kind:
            part = cut(value).url
            if part is None:
                continue
            value, start = part.text, part.span.start
        page = web_address(value)
        if page is not None:
            span = source_span(document.text, match.node, start, start + len(value))
            yield Link(span, page, None, page)


def _files(snapshot: Snapshot) -> Iterator[Link]:
    """Files whose whole path is written, but for path dependencies: their pyproject.toml."""
    for named in named_files(snapshot):
        if named.kind is FileKind.REFERENCE or any(mark in named.node.value for mark in "*?["):
            continue
        target = file_target(snapshot, named)
        if target is None or snapshot.facts.path_kind(target.path) is not PathKind.FILE:
            continue  # a folder cannot be opened as a document
        yield Link(named.span, None, target.path, target.path)


def _packages(snapshot: Snapshot) -> Iterator[Link]:
    taken: set[tuple[Union[str, int], ...]] = set()
    for each in occurrences(snapshot):
        if each.name.kind is not NameKind.PACKAGE or each.role is not Role.DECLARATION:
            continue
        if each.path in taken or not _is_name(each.name.text) or not is_on_index(snapshot, each):
            continue
        taken.add(each.path)
        page = index_page(each.name.text)
        yield Link(each.span, page, None, page)


@lru_cache(maxsize=8)
def _origins(manifest: Manifest) -> tuple[frozenset[str], frozenset[str]]:
    """Packages that come from elsewhere, and those that name the public index as their source."""
    elsewhere, pinned = set(), set()
    for dependency in manifest.dependencies:
        source, requirement = dependency.text_option("source"), dependency.requirement
        if source is not None and source.value.lower() == "pypi":
            pinned.add(dependency.normalized)
        elif any(dependency.option(key) is not None for key in _ELSEWHERE) or (
            requirement is not None and requirement.url is not None
        ):
            elsewhere.add(dependency.normalized)
    uv_sources = as_table(manifest.document.get("tool", "uv", "sources"))
    elsewhere.update(map(normalized_name, uv_sources.values if uv_sources is not None else ()))
    return frozenset(elsewhere), frozenset(pinned)


@lru_cache(maxsize=8)
def _index_is_replaced(document: Document) -> bool:
    """Whether packages come from the project's own sources unless they say otherwise."""
    for item in _tables(document.get("tool", "poetry", "source")):
        name = (text_of(item.values.get("name")) or "").lower()
        priority = (text_of(item.values.get("priority")) or "primary").lower()
        if name == "pypi":
            continue
        if priority in {"primary", "default"}:
            return True
        if "default" in item.values and is_truthy(item.values["default"]):
            return True
    for item in _tables(document.get("tool", "uv", "index")):
        explicit = item.values.get("explicit")
        if explicit is None or not is_truthy(explicit):
            return True
    sources = _tables(document.get("tool", "pdm", "source"))
    return document.get("tool", "uv", "index-url") is not None or any(True for _ in sources)


def _tables(node: Value | None) -> Iterator[Table]:
    array = as_array(node)
    for item in array.items if array is not None else ():
        if isinstance(item, Table):
            yield item


def _is_name(name: str) -> bool:
    return name.isascii() and name.replace("-", "").isalnum()
