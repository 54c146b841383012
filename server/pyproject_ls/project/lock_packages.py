"""The packages of a lock file and what each of them needs, read tolerantly.

Knows poetry.lock (formats 1.0 to 2.x), uv.lock and pylock.toml (PEP 751). Each ``[[package]]`` is
parsed by itself, without its lists of files, which are nearly all of the text: a merge conflict in
one hides no other, and what has not changed is not read again. Nothing here raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.toml import parse, to_python

_HEADER = lazy_pattern(r"^\[\[packages?\]\]", re.MULTILINE)
_AFTER = lazy_pattern(r"^\[(?!\[?packages?[.\]])", re.MULTILINE)
_FILES = lazy_pattern(r"^(?:files|wheels) *= *\[[ \t]*$", re.MULTILINE)
_SDIST = lazy_pattern(r"^sdist *= *\{[^\n]*\n", re.MULTILINE)
_EXTRA = lazy_pattern(r"""\bextra\s*==\s*(?:"([^"]*)"|'([^']*)')""")
_PLACES = ("git", "url", "path", "directory", "editable", "virtual", "file")
_VCS_KEYS = ("branch", "tag", "rev")

MAX_LIST = 10_000
"""Of longer lists (no tool writes such) only the beginning counts."""


class Need(NamedTuple):
    """What one locked package needs of another.

    `constraint` is as written, "" for any version; `place` is a direct reference (``git <url>``),
    "" for an index. `version` is the locked version that is meant, where the file says so (uv).
    `extras` are those asked of the other package, `extra` the extra of the package itself that
    brings the need in, "" for none; `marker` is as written and may speak of that extra too.
    """

    name: str
    normalized: str
    constraint: str = ""
    marker: str = ""
    extras: tuple[str, ...] = ()
    extra: str = ""
    version: str = ""
    place: str = ""


class LockedPackage:
    """One version of one package in a lock file; two are equal only if they are the same object.

    `marker` says for which environments this version is meant, "" for all (several groups with
    markers of their own are joined by ``;``). `groups` are the groups that need it, where the file
    says so. `place` is where it comes from unless that is an index, whose address is `index`.
    `is_project` marks the project itself, which uv.lock lists. `fingerprint` differs where anything
    in the record does, within one run of the program.
    """

    __slots__ = (
        "fingerprint",
        "groups",
        "index",
        "is_project",
        "marker",
        "name",
        "needs",
        "normalized",
        "place",
        "version",
    )

    def __init__(self, record: dict[str, Any], name: str, fingerprint: int) -> None:
        source = _table(record.get("source"))
        self.name = name
        self.normalized = normalized_name(name)
        self.version = _text(record.get("version"))
        self.marker = _markers(record)
        self.groups = tuple(_texts(record.get("groups") or [record.get("category")]))
        self.place = _place(source) or _pylock_place(record)
        self.index = "" if self.place else _index(source, record)
        self.is_project = "." in {source.get("virtual"), source.get("editable")}
        self.needs = tuple(_needs(record))
        self.fingerprint = fingerprint

    def __repr__(self) -> str:
        return f"<{self.name} {self.version}>"


@lru_cache(maxsize=8)
def locked_packages(text: str) -> tuple[LockedPackage, ...]:
    """The packages of the lock file `text`, in its order; records without a name are left out."""
    found = (_package(*each) for each in _records(text))
    return tuple(package for package in found if package is not None)


def _records(text: str) -> Iterator[tuple[str, int]]:
    """The text of each package without files, and the fingerprint of all of it."""
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    header = _HEADER.search(text)
    while header is not None:
        start = header.start()
        header = _HEADER.search(text, header.end())
        end = header.start() if header is not None else len(text)
        after = _AFTER.search(text, start + 1, end)
        whole = text[start : after.start() if after is not None else end]
        yield _without_files(whole), hash(whole.rstrip())


def _without_files(record: str) -> str:
    parts: list[str] = []
    done = 0
    for match in _FILES.finditer(record):
        if match.start() < done:
            continue
        end = record.find("\n]", match.end())
        if end < 0:
            break
        parts.append(record[done : match.start()])
        done = end + 2
    parts.append(record[done:])
    return _SDIST.sub("", "".join(parts))


@lru_cache(maxsize=4096)
def _package(record: str, fingerprint: int) -> LockedPackage | None:
    content = to_python(parse(record).root)
    for key in ("package", "packages"):
        tables = content.get(key)
        if isinstance(tables, list) and tables and isinstance(tables[0], dict):
            name = _text(tables[0].get("name")).strip()
            if name:
                return LockedPackage(tables[0], name, fingerprint)
    return None


def _needs(record: dict[str, Any]) -> Iterator[Need]:
    listed = record.get("dependencies")
    if isinstance(listed, dict):
        yield from _poetry_needs(listed, _table(record.get("extras")))
    specifiers = _specifiers(record)
    for item in listed[:MAX_LIST] if isinstance(listed, list) else ():
        yield from _listed_need(item, "", specifiers)
    for extra, items in _table(record.get("optional-dependencies")).items():
        for item in items[:MAX_LIST] if isinstance(items, list) else ():
            yield from _listed_need(item, extra, specifiers)


def _poetry_needs(listed: dict[str, Any], extras: dict[str, Any]) -> Iterator[Need]:
    for name, value in listed.items():
        for item in value[:MAX_LIST] if isinstance(value, list) else [value]:
            if isinstance(item, str):
                yield Need(name, normalized_name(name), _constraint(item))
            elif isinstance(item, dict):
                marker = _text(item.get("markers"))
                found = _EXTRA.search(marker)
                extra = (found[1] or found[2]) if found is not None else ""
                if not extra and item.get("optional") is True:
                    extra = _extra_with(name, extras)
                yield Need(
                    name,
                    normalized_name(name),
                    _constraint(_text(item.get("version"))),
                    marker,
                    tuple(_texts(item.get("extras"))),
                    extra,
                    place=_place(item),
                )


def _listed_need(item: Any, extra: str, specifiers: dict[str, str]) -> Iterator[Need]:
    """A need as uv and PEP 751 write it: a table with the name."""
    name = _text(item.get("name")).strip() if isinstance(item, dict) else ""
    if name:
        normalized = normalized_name(name)
        yield Need(
            name,
            normalized,
            specifiers.get(normalized, ""),
            _text(item.get("marker")),
            tuple(_texts(item.get("extra"))),
            extra,
            _text(item.get("version")),
        )


def _specifiers(record: dict[str, Any]) -> dict[str, str]:
    """What the members of a uv workspace ask for; of other packages uv.lock does not tell."""
    listed = _table(record.get("metadata")).get("requires-dist")
    return {
        normalized_name(_text(item.get("name"))): _text(item.get("specifier"))
        for item in (listed[:MAX_LIST] if isinstance(listed, list) else ())
        if isinstance(item, dict)
    }


def _extra_with(name: str, extras: dict[str, Any]) -> str:
    """The extra that lists the package, as the files of Poetry 1.0 tell it."""
    wanted = normalized_name(name)
    for extra, items in extras.items():
        for item in _texts(items):
            if normalized_name(re.split(r"[\s(\[<>=!~;]", item, maxsplit=1)[0]) == wanted:
                return extra
    return ""


def _markers(record: dict[str, Any]) -> str:
    for key in ("markers", "marker"):
        value = record.get(key)
        if isinstance(value, str):
            return value
        if isinstance(value, dict):
            return "; ".join(f"{group}: {_text(marker)}" for group, marker in value.items())
    return " or ".join(_texts(record.get("resolution-markers")))


def _place(source: dict[str, Any]) -> str:
    """The place outside of an index that a source of Poetry or uv names, or a need of Poetry."""
    kind = _text(source.get("type"))
    if kind and kind != "legacy":
        at = _text(source.get("resolved_reference")) or _text(source.get("reference"))
        words = [kind, _text(source.get("url")), at, _text(source.get("subdirectory"))]
        return " ".join(word for word in words if word)
    for key in _PLACES:
        if not kind and isinstance(source.get(key), str):
            revisions = (_text(source.get(each)) for each in _VCS_KEYS)
            return " ".join((key, source[key], *filter(None, revisions)))
    return ""


def _pylock_place(record: dict[str, Any]) -> str:
    for key in ("vcs", "directory", "archive"):
        table = record.get(key)
        if isinstance(table, dict):
            words = (table.get("type"), table.get("url"), table.get("path"), table.get("commit-id"))
            return " ".join((key, *_texts(list(words))))
    return ""


def _index(source: dict[str, Any], record: dict[str, Any]) -> str:
    found = source.get("registry") or source.get("url") or record.get("index")
    return _text(found).rstrip("/")


def _constraint(written: str) -> str:
    return "" if written.strip() == "*" else written.strip()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
