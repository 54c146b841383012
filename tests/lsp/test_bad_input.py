"""Documents that nobody writes: huge, deep, binary. The server answers, and serves others, too."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pyproject_ls.checks.syntax import MAX_LENGTH

from .client import Client, ServerError, at, push

SMALL = '[project]\nname = "demo"\nversion = "1"\nkeywords = ["a", "a"]\n'
KEYWORD = "duplicate-keyword"
CANCELLED = -32800


def long(size: int) -> str:
    """A valid text of about `size` characters, with many tables."""
    block = (
        '[tool.t{}]\nname = "value"  # a comment\nlist = ["one", "two", 3]\nwhen = 1979-05-27\n\n'
    )
    blocks, length = [SMALL.replace('"a", "a"', '"a"')], 0
    while length < size:
        blocks.append(block.format(len(blocks)))
        length += len(blocks[-1])
    return "".join(blocks)


LONG = long(MAX_LENGTH - 10_000)
"""The longest text that is looked into."""


@pytest.mark.parametrize("text", [LONG, long(10_000_000)], ids=["long", "10 MB"])
def test_a_huge_document(text: str, tmp_path: Path) -> None:
    """Diagnostics within 5 s, after an edit too, and another document is served meanwhile."""
    with Client() as client:
        small = client.open(tmp_path / "small" / "pyproject.toml", SMALL)
        assert KEYWORD in client.codes(small)
        began = time.monotonic()
        big = client.open(tmp_path / "pyproject.toml", text)
        asked = client.start_request("textDocument/diagnostic", {"textDocument": {"uri": big}})
        slowest, served = 0.0, 0
        while asked not in client.answers:
            client.replace(small, f"{SMALL}# {served}\n")
            started = time.monotonic()
            assert KEYWORD in client.codes(small)
            slowest, served = max(slowest, time.monotonic() - started), served + 1
        assert client.answer_to(asked)["kind"] == "full"
        assert time.monotonic() - began < 5 * patience(), "the answer took too long"
        assert served > 1 or text is not LONG
        assert slowest < 1 * patience(), "another document had to wait"

        client.change(big, {"range": at(0, 0), "text": "x = \n"})
        began = time.monotonic()
        assert ("toml-syntax" if text is LONG else "too-large") in client.codes(big)
        assert time.monotonic() - began < 5 * patience()
        assert client.shutdown() == 0


def patience() -> float:
    """How many times longer than on an idle machine things may take: they do on a busy one."""
    started = time.perf_counter()
    sum(range(2_000_000))
    return max(1.0, (time.perf_counter() - started) / 0.03)


def test_a_huge_document_that_is_sent_its_diagnostics(tmp_path: Path) -> None:
    text = long(1_000_000) + "x = \n"
    with Client(push()) as client:
        uri = client.open(tmp_path / "pyproject.toml", text)
        for _ in range(5):
            client.change(uri, {"range": at(0, 0), "text": "# typing\n"})
        assert "toml-syntax" in [each["code"] for each in client.published(uri)]


def test_a_waiting_request_can_be_cancelled(tmp_path: Path) -> None:
    with Client() as client:
        uri = client.open(tmp_path / "pyproject.toml", LONG)
        params = {"textDocument": {"uri": uri}}
        first = client.start_request("textDocument/diagnostic", params)
        second = client.start_request("textDocument/diagnostic", params)
        client.notify("$/cancelRequest", {"id": first})
        with pytest.raises(ServerError) as caught:
            client.answer_to(first)
        assert caught.value.code == CANCELLED
        assert client.answer_to(second)["kind"] == "full"


def test_closing_and_ending_while_a_huge_document_is_analysed(tmp_path: Path) -> None:
    """Nobody waits for work that has become useless."""
    with Client() as client:
        uri = client.open(tmp_path / "pyproject.toml", LONG)
        asked = client.start_request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
        client.close(uri)
        client.notify("$/cancelRequest", {"id": asked})
        with pytest.raises(ServerError):
            client.answer_to(asked)
        began = time.monotonic()
        assert client.shutdown() == 0
        assert time.monotonic() - began < 2 * patience()


def test_fix_all_in_a_huge_document(tmp_path: Path) -> None:
    text = long(500_000).replace('["a"]', '["a", "a"]')
    with Client() as client:
        uri = client.open(tmp_path / "pyproject.toml", text)
        (action,) = client.actions(uri, at(0, 0), {"only": ["source.fixAll"]})
        (change,) = action["edit"]["documentChanges"]
        assert change["edits"] == [{"range": at(3, 0, 4, 0), "newText": 'keywords = ["a"]\n'}]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\ufeff",
        "\0" * 1000,
        "".join(map(chr, range(0x250))) * 10,
        "\ud800",  # half a pair, as JSON can have it
        "x = " + "[" * 100_000,
        "x = " + "[" * 100_000 + "]" * 100_000,
        "x = " + "{a=" * 100_000,
        "a." * 100_000 + "b = 1",
        "[" * 100_000,
        "[" + "a." * 100_000 + "b]",
        '"' * 100_000,
        "x = '''" + "y" * 100_000,
        "\r" * 100_000,
        "=\n" * 100_000,
        "<<<<<<< HEAD\n[project]\n=======\n>>>>>>> other\n",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_strange_documents(text: str, tmp_path: Path) -> None:
    with Client() as client:
        uri = client.open(tmp_path / "pyproject.toml", text)
        items = client.pull(uri)["items"]
        assert len(items) <= 1000
        assert client.log == []
        client.replace(uri, SMALL)
        assert KEYWORD in client.codes(uri)
        assert client.shutdown() == 0
