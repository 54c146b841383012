"""Differential fuzzing of the TOML tree against `tomllib`, over mutations of real documents.

Each round changes a document at random and asks of the result: `parse` does not raise; every span
lies within the text and within what holds it; the verdict and the values are tomllib's; parsing on
from an earlier document gives the same as parsing afresh. Run it with::

    python -m tests.toml_fuzz --rounds 100000 --seed 1

Deterministic for a seed (and the documents that are there).
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

from pyproject_ls.toml import (
    Array,
    Document,
    Entry,
    Header,
    Key,
    Scalar,
    Table,
    Value,
    parse,
    to_python,
)
from pyproject_ls.toml.scalars import MAX_WORD
from tests.shared import REPO, SHARED

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_TOKENS = (
    *"\"'[]{}=,.#\n\\ \ta1-:+_eE0xT\r\x00\x7f\ufeff\u00e9\U0001f60b\ud83d",
    *('"""', "'''", "[[", "]]", "\r\n", "\\u00e9", "\\\n", "\\e", "\\x41", " = ", "true", "inf"),
    *("1979-05-27", "07:32:00", "07:32", "1979-05-27T07:32:00Z", "+01:00", "0x1f", "1_000", "1e3"),
    *("\n[a]\n", "\n[[a]]\n", "\n[a.b]\n", "\na.b = 1\n", "\na = {b = 1}\n", "{ a = 1, b.c = 2 }"),
    *("[1, 2]", "[\n1,\n]", "x = {\n a = 1,\n}\n", '"a" = 1\n', "# c\n", "a = ", '= "x"\n'),
)


def _reads_toml_1_1() -> bool:
    try:
        tomllib.loads("a = {b = 1,}")
    except ValueError:
        return False
    return True


READS_TOML_1_1 = _reads_toml_1_1()
"""Whether the reference is one that reads TOML 1.1 (Python 3.15, tomli 2.4)."""


def reference(text: str) -> tuple[bool, Any]:
    """The verdict and value of tomllib; raises RecursionError for what is too deep for it.

    A byte order mark, which TOML allows at the start, is kept from it: it would refuse it.
    """
    try:
        return True, tomllib.loads(text[1:] if text.startswith("\ufeff") else text)
    except ValueError:
        return False, None


def accepts(document: Document) -> bool:
    """Our verdict, for the version of TOML that the reference reads."""
    return not any(
        problem.kind != "toml-1.1" or not READS_TOML_1_1 for problem in document.problems
    )


def beyond_limits(document: Document) -> bool:
    """True where a limit of ours, which tomllib does not have, decides the verdict."""
    return any(problem.kind == "nesting" for problem in document.problems) or bool(
        re.search(rf"[0-9_a-fA-F.]{{{MAX_WORD},}}", document.text)
    )


def documents() -> list[str]:
    """The documents that mutations begin with: our fixtures, and the shared corpora if there."""
    paths = sorted((REPO / "fixtures" / "toml").glob("*.toml"))
    paths += sorted((SHARED / "corpus").glob("*.toml"))
    paths += sorted((SHARED / "toml-test" / "valid").rglob("*.toml"))
    texts = []
    for path in paths:
        texts.append(path.read_bytes().decode("utf-8", "replace"))
    return texts


def mutations(texts: Sequence[str], rounds: int, seed: int) -> Iterator[tuple[str, str]]:
    """`rounds` pairs of a text and the same text after one more change."""
    chance = random.Random(seed)
    for _ in range(rounds):
        text = _window(chance.choice(texts), chance)
        for _ in range(chance.choice((0, 0, 1, 2))):
            text = _change(text, texts, chance)
        yield text, _change(text, texts, chance)


def _window(text: str, chance: random.Random) -> str:
    """Some consecutive lines of `text`: small documents find more in the same time."""
    lines = text.splitlines(keepends=True)
    start = chance.randrange(len(lines) + 1) if chance.random() < 0.7 else 0
    return "".join(lines[start : start + chance.randrange(1, 40)])


def _change(text: str, texts: Sequence[str], chance: random.Random) -> str:
    one, other = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
    kind = chance.random()
    token: str = chance.choice(_TOKENS)
    if kind < 0.2:
        return text[:one] + text[one + 1 :]
    if kind < 0.65:
        return text[:one] + token + text[one:]
    if kind < 0.75:
        return text[:one] + token + text[one + 1 :]
    if kind < 0.8:
        return text[:one] + text[other:]
    if kind < 0.83:
        return text[:other]
    if kind < 0.85:
        return text.replace("\n", "\r\n")
    if kind < 0.9:
        return text[:one] + _window(chance.choice(texts), chance) + text[one:]
    lines = text.splitlines(keepends=True)
    if not lines:
        return text
    here, there = chance.randrange(len(lines)), chance.randrange(len(lines))
    if kind < 0.95:
        lines.insert(there, lines[here])
    else:
        lines[here], lines[there] = lines[there], lines[here]
    return "".join(lines)


def check_spans(document: Document) -> None:
    """Assert that every node lies within the text, in order, and within the node that holds it."""
    length = len(document.text)
    assert document.problems == sorted(document.problems, key=lambda problem: problem.span)
    for problem in document.problems:
        assert 0 <= problem.span.start <= problem.span.end <= length, problem
        assert problem.message
        assert "\n" not in problem.message
    assert len(document.headers) == len(document.tables)
    at = 0
    for header in document.headers:
        assert at <= header.start <= header.end <= length
        _check_path(document.text, header.path, header.start, header.end)
        at = _check_entries(document.text, header.entries, header.end, length)


def _check_entries(text: str, entries: list[Entry], start: int, end: int) -> int:
    at = start
    for entry in entries:
        assert at <= entry.start <= entry.end <= end, (at, entry.start, entry.end, end)
        _check_path(text, entry.path, entry.start, entry.end)
        at = entry.end
        if entry.value is not None:
            assert entry.path[-1].end < entry.value.start
            assert entry.value.end == entry.end
            _check_value(text, entry.value)
    return at


def _check_path(text: str, path: list[Key], start: int, end: int) -> None:
    at = start
    for key in path:
        assert at <= key.start <= key.end <= end, (at, key.start, key.end, end)
        at = key.end
        written = text[key.start : key.end]
        if written[:1] not in ('"', "'"):
            assert written == key.text


def _check_value(text: str, value: Value) -> None:
    written = text[value.start : value.end]
    if isinstance(value, Table):
        assert (written.startswith("{") and written.endswith("}")) or not value.closed
        _check_entries(text, value.entries, value.start + 1, value.end)
    elif isinstance(value, Array):
        assert (written.startswith("[") and written.endswith("]")) or not value.closed
        at = value.start + 1
        for item in value.items:
            assert at <= item.start <= item.end <= value.end
            at = item.end
            _check_value(text, item)
    elif value.kind == "string":
        assert written[0] in "\"'"
    else:
        assert written == written.strip(" ")
        if value.kind in ("datetime", "invalid"):
            assert written == value.value


def dump(document: Document) -> Any:
    """Everything about `document` as plain values, for comparing two of them."""
    return (
        [_dump_header(header) for header in document.headers],
        _dump_value(document.root),
        [_dump_value(table) for table in document.tables],
        document.problems,
        document.has_bom,
    )


def _dump_header(header: Header) -> Any:
    path = [_dump_key(key) for key in header.path]
    entries = [_dump_entry(entry) for entry in header.entries]
    return (header.start, header.end, header.array, header.closed, path, entries)


def _dump_key(key: Key) -> Any:
    return (key.start, key.end, key.text)


def _dump_entry(entry: Entry) -> Any:
    value = None if entry.value is None else _dump_value(entry.value)
    return (entry.start, entry.end, [_dump_key(key) for key in entry.path], value)


def _dump_value(value: Value) -> Any:
    place = (value.start, value.end, value.kind, value.closed)
    if isinstance(value, Scalar):
        return (*place, repr(value.value))
    if isinstance(value, Array):
        return (*place, value.of_tables, [_dump_value(item) for item in value.items])
    return (
        *place,
        value.origin,
        [(name, _dump_value(below)) for name, below in value.values.items()],
        [(name, _dump_key(key)) for name, key in value.keys.items()],
        [_dump_entry(entry) for entry in value.entries],
        [header.start for header in value.headers],
    )


def check(text: str, previous: Document | None = None) -> str | None:
    """What is wrong with how we read `text`, in words, or None. AssertionError for bad spans."""
    document = parse(text)
    check_spans(document)
    if previous is not None and dump(parse(text, previous)) != dump(document):
        return "parsing on from an earlier document gives another result"
    if beyond_limits(document):
        return None
    try:
        valid, value = reference(text)
    except RecursionError:  # tomllib's own limit: it reads nested arrays recursively
        return None
    ours = accepts(document)
    if ours != valid:
        return f"we {'accept' if ours else 'reject'} what tomllib does not: {document.problems}"
    # the text of the values tells 1 from 1.0 and True, and makes one nan equal another
    if valid and repr(to_python(document.root)) != repr(value):
        return f"the values differ: {to_python(document.root)} for {value}"
    return None


def run(rounds: int, seed: int) -> list[tuple[str, str]]:
    """The texts that `check` has something against, with its words, of `rounds` mutations."""
    faults = []
    for before, after in mutations(documents(), rounds, seed):
        try:
            fault = check(after, parse(before))
        except (AssertionError, RecursionError, ValueError, LookupError, TypeError) as error:
            fault = f"{type(error).__name__}: {error}"
        if fault is not None:
            faults.append((after, fault))
    return faults


def main() -> int:
    """Run from the command line; the exit code is 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    started = time.perf_counter()
    faults = run(options.rounds, options.seed)
    for text, fault in faults[:10]:
        print(f"{fault}\n    {text!r}\n")
    seconds = time.perf_counter() - started
    print(f"{options.rounds} rounds, {len(faults)} faults, {seconds:.1f} s")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
