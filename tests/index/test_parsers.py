"""What indexes send, and what is kept of it: the pages of ``fixtures/index_pages``, and bad input.

The first block of a case is the document; the words behind its kind are options: ``url=`` (where it
comes from) and ``type=`` (its content type). The block ``result`` is what it comes to.
``UPDATE_FIXTURES=1`` rewrites the results.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from pyproject_ls.facts.packages import Advisory, Details, Release
from pyproject_ls.index.advisories import (
    MAX_BATCH,
    batch_body,
    merged,
    parse_batch,
    parse_vulnerability,
)
from pyproject_ls.index.core_metadata import parse_metadata
from pyproject_ls.index.json_api import parse_json_api
from pyproject_ls.index.records import Project
from pyproject_ls.index.releases import newest_first, version_text
from pyproject_ls.index.simple import parse_project
from tests import pages

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "index_pages"
URL = "https://index.example/simple/foo-bar/"
JSON = "application/vnd.pypi.simple.v1+json"
HTML = "text/html; charset=utf-8"


class Document(NamedTuple):
    """A case of a page."""

    path: Path
    name: str
    body: bytes
    options: dict[str, str]

    def parse(self, body: bytes) -> str:
        """What the parser of this page makes of `body`, as text."""
        return READ[self.path.stem](body, self.options)


def simple(kind: str) -> Callable[[bytes, dict[str, str]], str]:
    def read(body: bytes, options: dict[str, str]) -> str:
        content_type = options.get("type", kind).replace(";", "; ")
        return shown_project(parse_project(body, content_type, options.get("url", URL)))

    return read


def vulnerability(body: bytes, options: dict[str, str]) -> str:
    advisory = parse_vulnerability(body, "foo-bar")
    return shown_advisory(advisory) if advisory else "withdrawn"


READ: dict[str, Callable[[bytes, dict[str, str]], str]] = {
    "advisories": vulnerability,
    "core-metadata": lambda body, options: shown_details(parse_metadata(body)),
    "json-api": lambda body, options: shown_details(parse_json_api(body)),
    "simple-html": simple(HTML),
    "simple-json": simple(JSON),
}


def shown_project(project: Project) -> str:
    first = f"{project.name}, {project.status.value}"
    if project.status_reason:
        first += f": {project.status_reason}"
    lines = [first, *map(shown_release, project.releases)]
    lines += [f"metadata of {version}: {url}" for version, url in project.metadata]
    return "\n".join(lines)


def shown_release(release: Release) -> str:
    parts = [release.version, release.uploaded]
    parts.append(f"Python {release.requires_python}" if release.requires_python else "")
    parts.append("pre-release" if release.is_prerelease else "")
    if release.yanked is not None:
        parts.append(f"yanked: {release.yanked}".rstrip(": "))
    return ", ".join(filter(None, parts))


def shown_details(details: Details) -> str:
    lines = [f"{details.name} {details.version}: {details.summary}".rstrip(": ")]
    if details.license:
        lines.append(f"license: {details.license}")
    if details.requires_python:
        lines.append(f"Python {details.requires_python}")
    if details.extras:
        lines.append(f"extras: {', '.join(details.extras)}")
    lines += [f"link: {label}: {url}" for label, url in details.links]
    lines += map(shown_advisory, details.advisories)
    return "\n".join(lines)


def shown_advisory(advisory: Advisory) -> str:
    fixed = f" (fixed in {', '.join(advisory.fixed_in)})" if advisory.fixed_in else ""
    url = f" <{advisory.url}>" if advisory.url else ""
    return f"{advisory.id}{fixed}: {advisory.summary}{url}".rstrip(": ")


def documents() -> list[Document]:
    found = []
    for path in sorted(FOLDER.glob("*.md")):
        for case in pages.read(path).cases:
            source = case.blocks[0]
            options = dict(word.partition("=")[::2] for word in source.words[1:])
            body = source.text.encode("utf-8", "surrogateescape")
            found.append(Document(path, case.name, body, options))
    return found


DOCUMENTS = documents()


def result(document: Document) -> str:
    try:
        return document.parse(document.body)
    except ValueError as error:
        return f"error: the server {error}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: f"{each.path.stem}: {each.name}")
def test_page(document: Document) -> None:
    page = pages.read(document.path)
    case = next(case for case in page.cases if case.name == document.name)
    block = next(block for block in case.blocks if block.words == ["result"])
    actual = pages.fixed_lines(result(document))
    if pages.UPDATE:
        page.lines[block.first + 1 : block.last] = actual
        document.path.write_text("\n".join(page.lines) + "\n", "utf-8")
    assert actual == block.lines or pages.UPDATE


# Names of files


@pytest.mark.parametrize(
    ("filename", "wanted", "version"),
    [
        ("foo-1.0-py3-none-any.whl", "foo", "1.0"),
        ("foo-1.0-3build-py3-none-any.whl", "foo", "1.0"),
        ("foo-1.0-py3-none.whl", "foo", None),
        ("foo-1.0-1-2-py3-none-any.whl", "foo", None),
        ("Foo.Bar_baz-1.0-py3-none-any.whl", "foo-bar-baz", "1.0"),
        ("foo-1.0-py3-none-any.whl", "bar", None),
        ("foo-bar-baz-1.0.tar.gz", "foo-bar-baz", "1.0"),
        ("foo_bar.baz-1.0.tar.gz", "foo-bar-baz", "1.0"),
        ("foo--bar-1.0.tar.gz", "foo-bar", "1.0"),
        ("foo-2-1.0.tar.gz", "foo-2", "1.0"),
        ("foo-1.0-rc-1.zip", "foo", "1.0-rc-1"),
        ("foo-1.0.tar.xz", "foo", "1.0"),
        ("foo-1.0.tgz", "foo", "1.0"),
        ("foo.tar.gz", "foo", None),
        ("-1.0.tar.gz", "foo", None),
        ("foo-1.0.egg", "foo", None),
        ("foo-1.0.exe", "foo", None),
        ("foo-1.0.tar.gz.asc", "foo", None),
        ("", "foo", None),
        ("foo-1.0.tar.gz", "", None),
        ("foo-" + "1." * 200 + "0.tar.gz", "foo", None),
    ],
)
def test_version_in_filename(filename: str, wanted: str, version: str | None) -> None:
    assert version_text(filename, wanted) == version


def test_newest_first_leaves_out_what_is_no_version() -> None:
    given = [Release("1.0"), Release("what"), Release("1.10"), Release("1.9"), Release("2.0a1")]
    assert [each.version for each in newest_first(given)] == ["2.0a1", "1.10", "1.9", "1.0"]


# Documents with faults


def mutated(body: bytes, rng: random.Random) -> bytes:
    """`body` (at most its first 4,000 bytes) with a few faults."""
    changed = bytearray(body[:4000])
    for _ in range(rng.randrange(1, 5)):
        at = rng.randrange(len(changed) + 1)
        kind = rng.randrange(4)
        if kind == 0:
            del changed[at : at + rng.randrange(1, 40)]
        elif kind == 1:
            changed[at:at] = rng.choice(
                [b'"', b"<", b"{", b"[", b"\\", b"\xff", b"\0", b"&#x110000;"]
            )
        elif kind == 2:
            start = rng.randrange(len(changed) + 1)
            changed[at:at] = changed[start : start + rng.randrange(80)]
        elif changed:
            changed[at % len(changed)] = rng.randrange(256)
    return bytes(changed)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: f"{each.path.stem}: {each.name}")
def test_mutated_documents_raise_nothing_but_value_error(document: Document) -> None:
    rng = random.Random(document.name)
    reasons = []
    for _ in range(60):
        try:
            document.parse(mutated(document.body, rng))
        except ValueError as error:
            reasons.append(str(error))
    for each in reasons:
        assert each.startswith(("sends ", "speaks ", "does not say "))


# The advisory database


def test_question_to_the_advisory_database() -> None:
    """Nothing but names and versions is sent."""
    assert json.loads(batch_body([("foo", "1.0"), ("bar", "2")])) == {
        "queries": [
            {"package": {"name": "foo", "ecosystem": "PyPI"}, "version": "1.0"},
            {"package": {"name": "bar", "ecosystem": "PyPI"}, "version": "2"},
        ]
    }


def test_answer_of_the_advisory_database() -> None:
    body = json.dumps(
        {
            "results": [
                {"vulns": [{"id": "GHSA-1", "modified": "x"}, {"id": "PYSEC-1"}, {"id": "GHSA-1"}]},
                {},
                None,
                {"vulns": [{"id": "../x"}, {"id": "a?b"}, {"id": 1}, 1, {"id": "-"}]},
            ]
        }
    ).encode()
    assert parse_batch(body, 4) == [["GHSA-1", "PYSEC-1"], [], [], []]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"results": {}}',
        b'{"results": [{}]}',
        json.dumps({"results": [{}] * (MAX_BATCH + 1)}).encode(),
        b"[" * 100_000,
        b" " * (5 << 20),
    ],
    ids=lambda body: str(body[:16]),
)
def test_wrong_answer_of_the_advisory_database(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"^(sends|answers) "):
        parse_batch(body, 2)


def test_advisories_of_one_identifier_are_one() -> None:
    found = [
        Advisory("CVE-1", "", ("1.10",), ""),
        Advisory("CVE-2", "other"),
        Advisory("CVE-1", "it leaks", ("1.9", "1.10"), "https://a.example"),
    ]
    assert merged(found) == (
        Advisory("CVE-1", "it leaks", ("1.9", "1.10"), "https://a.example"),
        Advisory("CVE-2", "other"),
    )
