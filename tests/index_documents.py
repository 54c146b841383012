"""The documents of `tests.index_server`: the records of ``fixtures/index`` in every form."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple
from urllib.parse import quote

from pyproject_ls.project.requirement import normalized_name
from tests import fixture_index
from tests.fixture_index import PRIVATE, PUBLIC, Record

JSON = "application/vnd.pypi.simple.v1+json"
HTML = "application/vnd.pypi.simple.v1+html"


class Document(NamedTuple):
    """The body of an answer and its type."""

    content_type: str
    body: bytes


def document(path: str, format: str, names: int = 0) -> Document | None:
    """What stands at `path`; None for nothing.

    `format` ("json", "html") is that of pages of the Simple API; `names` is the number of made-up
    names on the public index.
    """
    match path.strip("/").split("/"):
        case ["v1", "vulns", id]:
            return _vulnerability(id)
        case ["ranking.json"]:
            return _ranking()
        case ["public" | "private" as index, *rest]:
            return _of_index(index, rest, format, names)
        case rest:
            return _of_index(PUBLIC, rest, format, names)


def moved(path: str) -> str:
    """Where the page of a project is that `path` means, as PyPI redirects; "" if it is there."""
    parts = path.strip("/").split("/")
    if len(parts) < 2 or parts[-2] != "simple":
        return ""
    right = "/" + "/".join([*parts[:-1], normalized_name(parts[-1])]) + "/"
    return right if right != path else ""


def batch(body: bytes) -> Document | None:
    """The answer to ``POST /v1/querybatch``."""
    results: list[dict[str, Any]] = []
    for query in json.loads(body)["queries"]:
        record = fixture_index.records(PUBLIC).get(normalized_name(query["package"]["name"]), {})
        found = [each for each in _advisories(record) if query["version"] in each["affects"]]
        vulns = [{"id": _osv_id(each), "modified": "2024-01-01T00:00:00Z"} for each in found]
        results.append({"vulns": vulns} if vulns else {})
    return _json({"results": results})


def made_up(count: int) -> tuple[str, ...]:
    """The first `count` made-up names."""
    return tuple(_made_up_name(number) for number in range(count))


# Pages of an index


def _of_index(index: str, parts: list[str], format: str, names: int) -> Document | None:
    match parts:
        case ["simple"]:
            return _root(index, format, names)
        case ["simple", name]:
            record = _record(index, name, names)
            return None if record is None else _project(record, format)
        case ["files", filename]:
            return _file(index, filename, names)
        case ["pypi", name, "json"]:
            return _json_api(index, normalized_name(name), "")
        case ["pypi", name, version, "json"]:
            return _json_api(index, normalized_name(name), version)
    return None


@lru_cache(maxsize=8)
def _root(index: str, format: str, names: int) -> Document:
    spelt = [each["name"] for each in fixture_index.records(index).values()]
    if index == PUBLIC:
        spelt += made_up(names)
    if format == "json":
        projects = [{"_last-serial": 1, "name": each} for each in spelt]
        meta = {"api-version": "1.4", "_last-serial": 1}
        return _json({"meta": meta, "projects": projects}, JSON)
    links = [f'    <a href="{normalized_name(each)}/">{each}</a>\n' for each in spelt]
    return _html("Simple index", "", "".join(links))


def _record(index: str, name: str, names: int) -> Record | None:
    found = fixture_index.records(index).get(name)
    if found is None and index == PUBLIC:
        number = name.rpartition("-")[2]
        if number.isdigit() and int(number) < names and _made_up_name(int(number)) == name:
            return {"name": name, "summary": "Made up.", "releases": [{"version": "1.0"}]}
    return found


def _project(record: Record, format: str) -> Document:
    releases = record["releases"]
    files = [file for release in releases for file in _files(record, release)]
    if format == "html":
        meta = ""
        if "status" in record:
            meta += _meta("project-status", record["status"])
            meta += _meta("project-status-reason", record.get("status-reason", ""))
        return _html(f"Links for {record['name']}", meta, "".join(map(_link, files)))
    page = {
        "meta": {"api-version": "1.4", "_last-serial": 1},
        "name": record["name"],
        "alternate-locations": [],
        "versions": [each["version"] for each in releases],
        "project-status": {
            "status": record.get("status", "active"),
            "reason": record.get("status-reason"),
        },
        "files": files,
    }
    return _json(page, JSON)


def _files(record: Record, release: Record) -> list[Record]:
    """A wheel and a source distribution, as PEP 691 describes them."""
    stem = f"{normalized_name(record['name']).replace('-', '_')}-{release['version']}"
    metadata = hashlib.sha256(_metadata(record, release)).hexdigest()
    found = []
    for filename in (f"{stem}-py3-none-any.whl", f"{stem}.tar.gz"):
        file = {
            "filename": filename,
            "url": f"../../files/{quote(filename)}",
            "hashes": {"sha256": hashlib.sha256(filename.encode()).hexdigest()},
            "requires-python": release.get("requires-python"),
            "size": 10_000,
            "yanked": (release["yanked"] or True) if "yanked" in release else False,
            "core-metadata": {"sha256": metadata} if filename.endswith(".whl") else False,
        }
        if "uploaded" in release:
            file["upload-time"] = f"{release['uploaded']}T12:00:00.000000Z"
        found.append(file)
    return found


def _link(file: Record) -> str:
    attributes = {"href": f"{file['url']}#sha256={file['hashes']['sha256']}"}
    if file["requires-python"]:
        attributes["data-requires-python"] = file["requires-python"]
    if file["yanked"]:
        attributes["data-yanked"] = file["yanked"] if isinstance(file["yanked"], str) else ""
    if file["core-metadata"]:
        attributes["data-core-metadata"] = f"sha256={file['core-metadata']['sha256']}"
    written = " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items())
    return f"    <a {written}>{file['filename']}</a><br />\n"


def _file(index: str, filename: str, names: int) -> Document | None:
    """The metadata beside a wheel. The files themselves are not there: issue 5 puts them here."""
    wheel = filename.removesuffix(".metadata")
    name, _, rest = wheel.partition("-")
    record = _record(index, normalized_name(name), names)
    if wheel == filename or record is None:
        return None
    for release in record["releases"]:
        if rest == f"{release['version']}-py3-none-any.whl":
            return Document("application/octet-stream", _metadata(record, release))
    return None


def _metadata(record: Record, release: Record) -> bytes:
    fields = [
        ("Metadata-Version", "2.4"),
        ("Name", record["name"]),
        ("Version", release["version"]),
    ]
    fields += [("Summary", record.get("summary", "").replace("\n", " "))]
    fields += [("Project-URL", f"{label}, {url}") for label, url in _links(record)]
    if "license" in record:
        fields.append(("License-Expression", record["license"]))
    if "requires-python" in release:
        fields.append(("Requires-Python", release["requires-python"]))
    fields += [("Requires-Dist", each) for each in release.get("requires", ())]
    fields += [("Provides-Extra", each) for each in record.get("extras", ())]
    head = "".join(f"{name}: {value}\n" for name, value in fields if value)
    return f"{head}\n# {record['name']}\n".encode()


# The JSON API and the advisory database


def _json_api(index: str, name: str, version: str) -> Document | None:
    found = fixture_index.details(index, name, version)
    if found is None:
        return None
    record = fixture_index.records(index)[name]
    release = next(each for each in record["releases"] if each["version"] == found.version)
    files = [
        {
            "filename": file["filename"],
            "requires_python": file["requires-python"],
            "upload_time_iso_8601": file.get("upload-time"),
            "url": file["url"],
            "yanked": bool(file["yanked"]),
        }
        for file in _files(record, release)
    ]
    info = {
        "classifiers": [],
        "description": f"# {record['name']}\n",
        "home_page": "",
        "license": None,
        "license_expression": record.get("license"),
        "name": record["name"],
        "project_urls": dict(_links(record)) or None,
        "provides_extra": record.get("extras"),
        "requires_dist": release.get("requires"),
        "requires_python": release.get("requires-python"),
        "summary": record.get("summary"),
        "version": found.version,
        "yanked": "yanked" in release,
        "yanked_reason": release.get("yanked") or None,
    }
    known = [each for each in _advisories(record) if found.version in each["affects"]]
    page = {
        "info": info,
        "last_serial": 1,
        "urls": files,
        "vulnerabilities": [
            {
                "aliases": [each["id"]],
                "details": f"### Impact\n\n{each['summary']}",
                "fixed_in": each["fixed-in"],
                "id": _osv_id(each),
                "link": each.get("url"),
                "source": "osv",
                "summary": each["summary"],
                "withdrawn": None,
            }
            for each in known
        ],
    }
    return _json(page)


def _vulnerability(id: str) -> Document | None:
    for record in fixture_index.records(PUBLIC).values():
        for each in _advisories(record):
            if _osv_id(each) == id:
                return _json(_osv(record, each))
    return None


def _osv(record: Record, advisory: Record) -> Record:
    """The advisory in the OSV schema."""
    events = [{"introduced": "0"}, *({"fixed": each} for each in advisory["fixed-in"])]
    package = {"ecosystem": "PyPI", "name": record["name"]}
    return {
        "schema_version": "1.6.0",
        "id": _osv_id(advisory),
        "aliases": [advisory["id"]],
        "modified": "2024-01-01T00:00:00Z",
        "summary": advisory["summary"],
        "details": f"{advisory['summary']}, at length.",
        "affected": [
            {
                "package": package,
                "ranges": [{"type": "ECOSYSTEM", "events": events}],
                "versions": advisory["affects"],
            }
        ],
        "references": [{"type": "ADVISORY", "url": advisory["url"]}],
    }


def _ranking() -> Document:
    names = sorted(fixture_index.records(PUBLIC))
    rows = [
        {"download_count": 1_000_000 - place, "project": name} for place, name in enumerate(names)
    ]
    return _json({"last_update": "2024-01-01 00:00:00", "rows": rows})


def _advisories(record: Record) -> list[Record]:
    found: list[Record] = record.get("advisories", [])
    return found


def _osv_id(advisory: Record) -> str:
    """The database has its own identifiers; the CVE is an alias."""
    return "PYSEC-" + str(advisory["id"]).removeprefix("CVE-")


def _links(record: Record) -> list[tuple[str, str]]:
    return list(record.get("links", {}).items())


def _made_up_name(number: int) -> str:
    return f"{_SYLLABLES[number % 8]}{_SYLLABLES[number // 8 % 8]}-{number}"


_SYLLABLES = ("ba", "ce", "di", "fo", "gu", "py", "lo", "tra")


def _json(value: object, content_type: str = "application/json") -> Document:
    return Document(content_type, json.dumps(value).encode())


def _html(title: str, meta: str, links: str) -> Document:
    page = (
        '<!DOCTYPE html>\n<html>\n  <head>\n    <meta charset="utf-8">\n'
        f"{_meta('repository-version', '1.4')}{meta}"
        f"    <title>{escape(title)}</title>\n  </head>\n"
        f"  <body>\n    <h1>{escape(title)}</h1>\n{links}  </body>\n</html>\n"
    )
    return Document(f"{HTML}; charset=UTF-8", page.encode())


def _meta(name: str, content: str) -> str:
    return f'    <meta name="pypi:{name}" content="{escape(content)}">\n'


__all__ = ["PRIVATE", "PUBLIC", "Document", "batch", "document", "made_up", "moved"]
