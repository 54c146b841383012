"""The server's text is the client's text, whatever is typed, and however columns are counted."""

from __future__ import annotations

import random
import re
from itertools import count

import pytest

from pyproject_ls.config import Settings
from pyproject_ls.lsp.documents import Change, Document
from pyproject_ls.text import Encoding

from .client import PULL, Client

ENCODINGS: tuple[Encoding, ...] = ("utf-8", "utf-16", "utf-32")
URI = "untitled:pyproject.toml"

PIECES = (
    *("a", "key", ' = "v"', "[", "]\n", "[project]\n", "# c", "\t", " ", "", ""),
    *("\n", "\n\n", "\r\n", "\r", "\n\r", "\r\n\r\n"),  # ends of lines
    *("\u2028", "\u2029", "\u0085", "\f", "\v", "\x1c"),  # none, although Python splits there
    *("é", "ß€", "漢字", "😀", "👩‍👩‍👧", "a\u0301"),  # one to four bytes, one or two code units
)
START = '[project]\nname = "demo"\r\n# é 😀 \u2028\u0085\f漢\rend'


class Editor:
    """A client's document, kept in the plainest way that there is."""

    def __init__(self, text: str, encoding: Encoding) -> None:
        self.text = text
        self.encoding = encoding

    def position(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset."""
        before = self.text[:offset]
        ends = list(re.finditer(r"\r\n|\r|\n", before))
        line = before[ends[-1].end() :] if ends else before
        unit = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[self.encoding]
        coded = line.encode(f"{self.encoding}-le" if unit > 1 else "utf-8")
        return len(ends), len(coded) // unit

    def is_addressable(self, offset: int) -> bool:
        """Whether an offset has a position: the inside of a line's end has none."""
        return self.text[offset - 1 : offset + 1] != "\r\n" or offset == 0

    def random_change(self, dice: random.Random) -> Change:
        """Make a small random edit, and say it in the client's positions."""
        if dice.random() < 0.01:
            self.text = "".join(dice.choices(PIECES, k=20))
            return Change(self.text)
        start, end = sorted(self._place(dice) for _ in range(2))
        if dice.random() < 0.8:
            end = start
            for _ in range(dice.choice((0, 0, 1, 3))):
                end = min(end + 1, len(self.text))
            while not self.is_addressable(end):
                end += 1
        elif len(self.text) < 200:
            end = start
        first, last = self.position(start), self.position(end)
        if end == len(self.text) and dice.random() < 0.5:  # far outside: the nearest place inside
            last = (last[0] + dice.randint(1, 5), dice.randint(0, 99))
        elif self.text[end : end + 1] in ("", "\r", "\n") and dice.random() < 0.5:
            last = (last[0], last[1] + dice.randint(1, 99))
        text = "".join(dice.choices(PIECES, k=dice.randint(0, 3)))
        self.text = self.text[:start] + text + self.text[end:]
        return Change(text, first, last)

    def _place(self, dice: random.Random) -> int:
        while True:
            offset = dice.randint(0, len(self.text))
            if self.is_addressable(offset):
                return offset


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("seed", [1, 2, None])
def test_a_thousand_edits(encoding: Encoding, seed: int | None) -> None:
    """After each of 1,000 edits, alone or several at once, both texts are equal."""
    seed = random.randrange(10**6) if seed is None else seed
    dice = random.Random(seed)
    editor = Editor(START, encoding)
    document = Document(URI, 1, START, Settings(), count(1), lambda document, answers: None)
    for number in range(1000):
        document.apply(
            [editor.random_change(dice) for _ in range(dice.choice((1, 1, 1, 2, 4)))],
            number,
            encoding,
        )
        assert document.text == editor.text, f"seed {seed}, edit {number}"
        if dice.random() < 0.2:
            document.state()  # from now on the lines come from an analysis


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_edits_over_the_wire(encoding: Encoding) -> None:
    """The same with a real server, which also finds the right places afterwards."""
    dice = random.Random(7)
    capabilities = {**PULL, "general": {"positionEncodings": ["ebcdic", encoding, "utf-16"]}}
    with Client(capabilities) as client:
        assert client.capabilities["positionEncoding"] == encoding
        editor = Editor(START, encoding)
        uri = client.open(URI, START)
        for number in range(300):
            changes = [editor.random_change(dice) for _ in range(dice.choice((1, 1, 3)))]
            client.change(uri, *(as_json(change) for change in changes))
            if number % 10 == 0:
                assert view(client, uri) == editor.text, f"edit {number}"
        assert view(client, uri) == editor.text

        text = '# 😀é\u2028\n"😀é\u2028" = 1\n"😀é\u2028" = 2\n'
        client.replace(uri, text)
        (found,) = [each for each in client.pull(uri)["items"] if each["code"] == "duplicate-key"]
        width = Editor('"😀é\u2028"', encoding).position(5)[1]
        assert found["range"] == {
            "start": {"line": 2, "character": 0},
            "end": {"line": 2, "character": width},
        }


@pytest.mark.parametrize(
    ("offered", "taken"),
    [
        (None, "utf-16"),
        ([], "utf-16"),
        (["utf-8", "utf-32"], "utf-8"),
        (["utf-32", "utf-8"], "utf-32"),
        (["utf-7"], "utf-16"),
    ],
)
def test_the_clients_favourite_encoding_is_taken(offered: list[str] | None, taken: str) -> None:
    general = {} if offered is None else {"positionEncodings": offered}
    with Client({**PULL, "general": general}) as client:
        assert client.capabilities["positionEncoding"] == taken


@pytest.mark.parametrize(
    ("range_", "expected"),
    [
        (((0, 99), (0, 99)), "abcX\n"),
        (((9, 0), (9, 9)), "abc\nX"),
        (((0, 1), (9, 9)), "aX"),
        (((1, 0), (0, 1)), "abc\nX"),  # upside down: nothing is replaced
    ],
)
def test_ranges_outside_the_text(
    range_: tuple[tuple[int, int], tuple[int, int]], expected: str
) -> None:
    document = Document(URI, 1, "abc\n", Settings(), count(1), lambda document, answers: None)
    document.apply([Change("X", *range_)], 2, "utf-16")
    assert document.text == expected


def as_json(change: Change) -> dict[str, object]:
    """A change as the protocol has it."""
    if change.start is None:
        return {"text": change.text}
    start, end = (
        {"line": line, "character": column} for line, column in (change.start, change.end)
    )
    return {"range": {"start": start, "end": end}, "text": change.text}


def view(client: Client, uri: str) -> str:
    """The text as the server has it."""
    text: str = client.request("pyproject-ls/viewText", {"textDocument": {"uri": uri}})
    return text
