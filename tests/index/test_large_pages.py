"""Large pages, and pages made to take time: the work stays small and comes in small steps."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from pyproject_ls.index import json_reader
from pyproject_ls.index.core_metadata import parse_metadata
from pyproject_ls.index.json_api import parse_json_api
from pyproject_ls.index.json_reader import WINDOW, JsonReader
from pyproject_ls.index.releases import WITH_METADATA
from pyproject_ls.index.simple import parse_project

URL = "https://index.example/simple/foo-bar/"
JSON = "application/vnd.pypi.simple.v1+json"
HTML = "text/html; charset=utf-8"


def large_page(files: int, filler: int = 0) -> bytes:
    listed = [
        {
            "filename": f"foo_bar-1.{number // 4}-cp3{number % 4}-cp3{number % 4}-any.whl",
            "url": f"https://files.example/{'0' * 60}/{number}.whl",
            "hashes": {"sha256": "0" * 64},
            "core-metadata": True,
            "provenance": "x" * filler,
        }
        for number in range(files)
    ]
    versions = [f"1.{number}" for number in range(files)]
    return json.dumps({"name": "foo-bar", "versions": versions, "files": listed}).encode()


def test_large_page_is_decoded_in_small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """No call of the decoder sees more than one file, so another thread can run in between."""
    steps: list[int] = []
    seen: list[int] = []
    decode = json_reader._decode

    def measured(text: str, at: int) -> tuple[Any, int]:
        value, end = decode(text, at)
        seen.append(len(text))
        steps.append(end - at)
        return value, end

    monkeypatch.setattr(json_reader, "_decode", measured)
    page = large_page(3000, filler=1100)
    assert len(page) > 4_000_000
    project = parse_project(page, JSON, URL)
    assert len(project.releases) == 750
    assert len(project.metadata) == WITH_METADATA
    assert len(steps) >= 3000
    assert max(steps) < 2000
    assert max(seen) <= 2 * WINDOW


@pytest.mark.parametrize("size", [WINDOW - 200, WINDOW - 3, WINDOW, 2 * WINDOW, 5 * WINDOW])
def test_entry_longer_than_the_window(size: int) -> None:
    """It is left out; what stands around it counts, wherever the pieces of the text end."""
    files = [
        {"filename": "foo-bar-1.0.tar.gz", "url": ""},
        {"filename": "foo-bar-2.0.tar.gz", "url": "x" * size, "\\": '"' * 9},
        {"filename": "foo-bar-3.0.tar.gz", "url": "é" * 9},
    ]
    page = json.dumps({"name": "foo-bar", "files": files}, ensure_ascii=False).encode()
    versions = {each.version for each in parse_project(page, JSON, URL).releases}
    assert versions - {"2.0"} == {"1.0", "3.0"}
    assert ("2.0" in versions) == (size == WINDOW - 200)


@pytest.mark.parametrize("seed", range(20))
def test_reader_agrees_with_json(seed: int) -> None:
    """Values of all kinds, of lengths around those at which the text is cut."""
    rng = random.Random(seed)
    values: list[Any] = [
        rng.choice(
            [
                rng.choice('aé€😀"\\\n') * rng.randrange(WINDOW // 13),
                [None, True, False, {}],
                {"a": [1.5, {"b": "\\"}]},
                " ",
            ]
        )
        for _ in range(40)
    ]
    document = {"a": values, "skipped": values, "b": values[:3]}
    body = json.dumps(document, ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, 3]))
    reader = JsonReader(body.encode())
    read: dict[str, Any] = {}
    for key in reader.members():
        if key == "skipped":
            reader.skip()
        else:
            read[key] = list(reader.items())
    reader.end()
    assert read == {"a": values, "b": values[:3]}


LONG = 300_000


@pytest.mark.parametrize(
    "text",
    [
        "<a " * LONG,
        "<!-- " * LONG,
        "<a x='" * LONG,
        '<a x="' * LONG + "'" * LONG,
        "<a href" + " " * LONG * 3,
        "<a " + "x=" * LONG,
        "</" * LONG,
        "<script>" * LONG,
        "<![CDATA[" * LONG,
        "<a>" * LONG,
        "<" * LONG,
        "&#" * LONG,
        "<a href=x>" + "&" * LONG,
    ],
    ids=lambda text: text[:12],
)
def test_html_that_takes_time(text: str) -> None:
    """Anything more than linear would take minutes."""
    try:
        found: object = parse_project(text.encode(), HTML, URL).releases
    except ValueError as error:
        found = str(error)
    assert found in ((), "sends a page with too many entries")


@pytest.mark.parametrize(
    "text",
    [
        "[" * LONG,
        '{"a":' * LONG,
        '{"files":' * LONG,
        '{"a": "' + "\\\\" * LONG,
        '{"a": "' + "a" * LONG,
        '{"a": ' + "9" * LONG,
        '{"files": [' + "1," * LONG * 3,
        '{"a": [' + "[]," * LONG * 3,
        '{"a": [' + '"\\"",' * LONG,
        " " * LONG * 10,
        "{" + '"a":1,' * LONG,
        "\\ufeff" * LONG,
    ],
    ids=lambda text: text[:12],
)
@pytest.mark.parametrize("parse", [parse_json_api, lambda body: parse_project(body, JSON, URL)])
def test_json_that_takes_time(text: str, parse: Callable[[bytes], object]) -> None:
    with pytest.raises(ValueError, match="sends a page"):
        parse(text.encode())


@pytest.mark.parametrize("text", ["a: b\n" * LONG, "a" * LONG, " " * LONG, "Name: x\n " * LONG])
def test_metadata_that_takes_time(text: str) -> None:
    with pytest.raises(ValueError, match="sends metadata"):
        parse_metadata(text.encode())
