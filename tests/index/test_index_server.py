"""The index on loopback serves what ``fixtures/index`` says, and the parsers read it back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Literal, NamedTuple

import pytest

from pyproject_ls.facts.packages import Details, Package
from pyproject_ls.index.advisories import batch_body, parse_batch, parse_vulnerability
from pyproject_ls.index.core_metadata import parse_metadata
from pyproject_ls.index.json_api import parse_json_api
from pyproject_ls.index.records import Project
from pyproject_ls.index.simple import ACCEPT, parse_project
from tests import fixture_index
from tests.fixture_index import PRIVATE, PUBLIC
from tests.index_server import Answer, IndexServer, preferred

JSON = "application/vnd.pypi.simple.v1+json"
PACKAGES = [(index, name) for index in (PUBLIC, PRIVATE) for name in fixture_index.records(index)]


class Got(NamedTuple):
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes


def get(server: IndexServer, path: str, body: bytes | None = None, **headers: str) -> Got:
    """Ask `server` for `path`; with a body it is a POST."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET" if body is None else "POST", path, body, named)
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Got(answer.status, found, answer.read())
    finally:
        connection.close()


@pytest.fixture(scope="module")
def server() -> Iterator[IndexServer]:
    with IndexServer(names=20) as started:
        yield started


def fetched(server: IndexServer, path: str, accept: str = ACCEPT) -> Project:
    got = get(server, path, Accept=accept)
    assert got.status == 200
    return parse_project(got.body, got.headers["content-type"], server.url(path))


def expected(index: str, name: str) -> Package:
    found = fixture_index.package(index, name)
    assert found is not None
    return found


@pytest.mark.parametrize(("index", "name"), PACKAGES)
@pytest.mark.parametrize("format", ["json", "html"])
def test_simple_page(
    server: IndexServer, index: str, name: str, format: Literal["json", "html"]
) -> None:
    """Both formats say the same, but for the dates, which HTML does not have."""
    accept = ACCEPT if format == "json" else "text/html"
    project, package = fetched(server, f"/{index}/simple/{name}/", accept), expected(index, name)
    releases = package.releases
    if format == "html":
        releases = tuple(each._replace(uploaded="") for each in releases)
    assert project.releases == releases
    assert (project.name, project.status) == (package.name, package.status)
    assert project.status_reason == " ".join(package.status_reason.split())
    assert [version for version, _ in project.metadata] == [each.version for each in releases]


@pytest.mark.parametrize(("index", "name"), PACKAGES)
def test_metadata_of_a_wheel(server: IndexServer, index: str, name: str) -> None:
    for version, url in fetched(server, f"/{index}/simple/{name}/").metadata:
        got = get(server, url.removeprefix(server.url("")))
        known = fixture_index.details(index, name, version)
        assert known is not None
        assert facts_of(parse_metadata(got.body)) == facts_of(known)


@pytest.mark.parametrize(("index", "name"), PACKAGES)
def test_json_api(server: IndexServer, index: str, name: str) -> None:
    for version in ("", *(each.version for each in expected(index, name).releases)):
        path = "/".join(filter(None, ("", index, "pypi", name, version, "json")))
        details, known = (
            parse_json_api(get(server, path).body),
            fixture_index.details(index, name, version),
        )
        assert known is not None
        assert facts_of(details) == facts_of(known)
        assert details.advisories == known.advisories


def facts_of(details: Details) -> tuple[object, ...]:
    """All but the vulnerabilities, which core metadata does not have."""
    return (
        details.name,
        details.version,
        " ".join(details.summary.split()),
        details.license,
        details.requires_python,
        details.extras,
        details.links,
    )


def test_advisory_database(server: IndexServer) -> None:
    pairs = [("requests", "2.28.0"), ("Flask", "3.1.0"), ("flask", "2.2.5"), ("nothing", "1")]
    found = parse_batch(get(server, "/v1/querybatch", batch_body(pairs)).body, len(pairs))
    assert found == [["PYSEC-2023-32681"], [], ["PYSEC-2023-30861"], []]
    advisory = parse_vulnerability(get(server, f"/v1/vulns/{found[0][0]}").body, "requests")
    assert (advisory,) == fixture_index.advisories("requests", "2.28.0")


def test_names(server: IndexServer) -> None:
    listed = json.loads(get(server, "/simple/", Accept=ACCEPT).body)["projects"]
    names = [each["name"] for each in listed]
    assert len(names) == len(set(names)) == len(fixture_index.records(PUBLIC)) + 20
    html = get(server, "/simple/").body.decode()
    assert all(f">{name}</a>" in html for name in names)
    assert fetched(server, f"/simple/{names[-1]}/").releases[0].version == "1.0"
    assert get(server, "/simple/baba-99/").status == 404
    private = json.loads(get(server, "/private/simple/", Accept=ACCEPT).body)["projects"]
    assert {each["name"] for each in private} == set(fixture_index.records(PRIVATE))


def test_ranking(server: IndexServer) -> None:
    rows = json.loads(get(server, "/ranking.json").body)["rows"]
    assert {each["project"] for each in rows} == set(fixture_index.records(PUBLIC))
    counts = [each["download_count"] for each in rows]
    assert counts == sorted(counts, reverse=True)


def test_page_that_has_not_changed(server: IndexServer) -> None:
    first = get(server, "/simple/flask/", Accept=ACCEPT)
    again = get(server, "/simple/flask/", Accept=ACCEPT, If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    other = get(server, "/simple/flask/", Accept="text/html", If_None_Match=first.headers["etag"])
    assert other.status == 200


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/simple/Flask/", "/simple/flask/"),
        ("/simple/flask", "/simple/flask/"),
        ("/private/simple/ACME_core", "/private/simple/acme-core/"),
    ],
)
def test_redirect_to_the_normal_name(server: IndexServer, path: str, location: str) -> None:
    got = get(server, path)
    assert (got.status, got.headers["location"]) == (301, location)


@pytest.mark.parametrize(
    "path",
    [
        "/simple/nothing/",
        "/private/simple/flask/",
        "/pypi/nothing/json",
        "/pypi/flask/9.9/json",
        "/files/flask-3.1.0-py3-none-any.whl",
        "/files/flask-9.9-py3-none-any.whl.metadata",
        "/v1/vulns/nothing",
        "/",
        "/x/y/z",
    ],
)
def test_what_is_not_there(server: IndexServer, path: str) -> None:
    assert get(server, path).status == 404


@pytest.mark.parametrize(
    ("accept", "format"),
    [
        (ACCEPT, "json"),
        ("", "html"),
        ("*/*", "html"),
        ("text/html", "html"),
        ("application/vnd.pypi.simple.v1+json;q=0.1, text/html;q=0.9", "html"),
        ("application/vnd.pypi.simple.latest+json", "json"),
        ("application/vnd.pypi.simple.v1+json;q=x, text/html", "html"),
    ],
)
def test_format_by_accept(accept: str, format: str) -> None:
    assert preferred(accept) == format


@pytest.mark.parametrize("only", ["json", "html"])
def test_one_format_only(only: Literal["json", "html"]) -> None:
    with IndexServer(only=only) as server:
        for accept in (JSON, "text/html"):
            assert only in get(server, "/simple/flask/", Accept=accept).headers["content-type"]


def test_password() -> None:
    with IndexServer(password="me:pÄss", protected="/private/") as server:
        assert get(server, "/public/simple/flask/").status == 200
        refused = get(server, "/private/simple/torch/")
        assert (refused.status, refused.headers["www-authenticate"][:6]) == (401, "Basic ")
        wrong = get(server, "/private/simple/torch/", Authorization="Basic bWU6eA==")
        assert wrong.status == 401
        right = get(server, "/private/simple/torch/", Authorization="Basic bWU6cMOEc3M=")
        assert right.status == 200
        sent = [each.authorization for each in server.requests]
        assert sent == [None, None, "Basic bWU6eA==", "Basic bWU6cMOEc3M="]


def test_log_and_answers_of_a_test(server: IndexServer) -> None:
    with IndexServer() as own:
        own.instead["/simple/flask/"] = Answer(503, {"Retry-After": "7"}, b"later")
        got = get(own, "/simple/flask/", User_Agent="me")
        assert (got.status, got.headers["retry-after"], got.body) == (503, "7", b"later")
        assert get(own, "/v1/querybatch", b'{"queries": []}').body == b'{"results": []}'
        assert own.paths() == ["/simple/flask/", "/v1/querybatch"]
        first, second = own.requests
        assert (first.method, first.headers["user-agent"]) == ("GET", "me")
        assert (second.method, second.body) == ("POST", b'{"queries": []}')


def test_requests_wait_while_they_are_held() -> None:
    with IndexServer() as own, ThreadPoolExecutor(4) as pool:
        own.hold()
        waiting = [pool.submit(get, own, "/simple/flask/") for _ in range(4)]
        assert own.wait_for(4)
        assert not any(each.done() for each in waiting)
        own.release()
        assert {each.result(30).status for each in waiting} == {200}
        assert not own.wait_for(5, timeout=0)
