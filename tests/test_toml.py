"""The TOML tree: what it reads, what it reports and where, whatever the text."""

from __future__ import annotations

import datetime
import json
import os
import re
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyproject_ls.text import LineIndex, Span
from pyproject_ls.toml import (
    Array,
    Document,
    Header,
    Key,
    Problem,
    Scalar,
    Table,
    Value,
    parse,
    source_span,
    to_python,
)
from pyproject_ls.toml.problems import MAX_PROBLEMS
from pyproject_ls.toml.scalars import parse_moment
from tests import toml_fuzz
from tests.shared import REPO, SHARED, needs_shared

FIXTURES = REPO / "fixtures" / "toml"
SEED = (FIXTURES / "seed.toml").read_text(encoding="utf-8")
steady = settings(derandomize=True, deadline=None, max_examples=200)


def faults(text: str) -> list[tuple[str, str]]:
    """The kind and the text under each problem of `text`."""
    return [
        (problem.kind, text[problem.span.start : problem.span.end])
        for problem in parse(text).problems
    ]


# -- the TOML test suite ---------------------------------------------------------------------------


def suite(version: str) -> Iterator[Path]:
    folder = SHARED / "toml-test"
    for name in (folder / f"files-toml-{version}").read_text().split():
        if name.endswith(".toml"):
            yield folder / name


def expected_value(node: Any) -> Any:
    """The suite's tagged JSON as (type, value) leaves."""
    if isinstance(node, list):
        return [expected_value(item) for item in node]
    if set(node) == {"type", "value"} and isinstance(node["value"], str):
        kind, value = node["type"], node["value"]
        if kind == "float":
            return kind, repr(float(value))
        if "date" in kind or "time" in kind:
            return kind, parse_moment(value)
        return kind, value
    return {name: expected_value(below) for name, below in node.items()}


def tagged(value: Any) -> Any:
    """A Python value in the shape of `expected_value`."""
    if isinstance(value, dict):
        return {name: tagged(below) for name, below in value.items()}
    if isinstance(value, list):
        return [tagged(item) for item in value]
    if isinstance(value, bool):
        return "bool", str(value).lower()
    if isinstance(value, float):
        return "float", repr(value)
    if isinstance(value, datetime.datetime):
        return "datetime" if value.tzinfo else "datetime-local", value
    if isinstance(value, datetime.date):
        return "date-local", value
    if isinstance(value, datetime.time):
        return "time-local", value
    return ("integer", str(value)) if isinstance(value, int) else ("string", value)


@needs_shared
@pytest.mark.parametrize("version", ["1.0.0", "1.1.0"])
def test_toml_test(version: str) -> None:
    """No valid file is rejected, no invalid one accepted, and the values are the suite's."""
    wrong = []
    count = 0
    for path in suite(version):
        try:
            text = path.read_bytes().decode()
        except UnicodeDecodeError:
            continue  # not a text: refused before it comes to us
        count += 1
        document = parse(text)
        found = [
            problem.message
            for problem in document.problems
            if version == "1.0.0" or problem.kind != "toml-1.1"
        ]
        valid = "/valid/" in path.as_posix()
        if valid is bool(found):
            wrong.append(f"{path.name}: {found}")
        elif valid:
            expected = expected_value(json.loads(path.with_suffix(".json").read_text("utf-8")))
            if tagged(to_python(document.root)) != expected:
                wrong.append(f"{path.name}: other values")
    assert count > 600
    assert not wrong


# -- recovery --------------------------------------------------------------------------------------

RECOVERY = FIXTURES / "recovery.md"
CASE = re.compile(
    r"^## (?P<name>.*)\n\n```toml\n(?P<toml>(?s:.*?))```\n\n```text\n(?s:.*?)```$", re.M
)


def case_text(block: str) -> str:
    """The text of a case, with the characters that its block only names."""
    block = block.removesuffix("\n<EOF>\n")
    return re.sub(r"<U\+([0-9A-F]{4})>", lambda match: chr(int(match[1], 16)), block)


def described(document: Document) -> str:
    """The statements and the problems of a document, as the recovery page shows them."""
    lines = []
    for header in document.headers:
        if header.path:
            brackets = "[[%s]]" if header.array else "[%s]"
            state = "" if header.closed else " (open)"
            lines.append(brackets % dotted(header.path) + state)
        for entry in header.entries:
            lines.append(
                f"{'  ' if header.path else ''}{dotted(entry.path)} = {shown(entry.value)}"
            )
    index = LineIndex(document.text)
    for problem in document.problems:
        start, end = (index.position(offset) for offset in problem.span)
        place = f"{start[0] + 1}:{start[1] + 1}-{end[0] + 1}:{end[1] + 1}"
        lines.append(f"{place} {problem.kind}: {problem.message}")
    return "".join(f"{line}\n" for line in lines)


def dotted(path: list[Key]) -> str:
    return ".".join(key.text if key.end > key.start else "…" for key in path)


def shown(value: Value | None) -> str:
    if value is None:
        return "…"
    state = "" if value.closed else " (open)"
    if isinstance(value, Array):
        return f"[{', '.join(map(shown, value.items))}]{state}"
    if isinstance(value, Table):
        pairs = (f"{dotted(entry.path)} = {shown(entry.value)}" for entry in value.entries)
        return f"{{{', '.join(pairs)}}}{state}"
    if value.kind == "string":
        return json.dumps(value.value, ensure_ascii=False) + state
    if value.kind == "invalid":
        return f"<{value.value}>"
    return str(value.value).lower() if value.kind == "boolean" else str(value.value)


def test_recovery_page() -> None:
    """Every case of the page is read and reported as it says; no statement is swallowed."""
    page = RECOVERY.read_text(encoding="utf-8")

    def rewrite(match: re.Match[str]) -> str:
        text = described(parse(case_text(match["toml"])))
        return f"## {match['name']}\n\n```toml\n{match['toml']}```\n\n```text\n{text}```"

    found, count = CASE.subn(rewrite, page)
    assert count == page.count("\n## ") >= 24
    if os.environ.get("UPDATE_FIXTURES"):
        RECOVERY.write_text(found, encoding="utf-8")
    assert found == page or os.environ.get("UPDATE_FIXTURES")


def test_recovery_at_every_place() -> None:
    """However far a table has been typed, the table below it is read as if nothing were wrong."""
    below = '\n[tool.below]\nfirst = "1"\nsecond = ["a", { b = 2 }]\n'
    expected = to_python(parse(below).root)["tool"]["below"]
    head = SEED[: SEED.index("[project]")].replace('"""', '"').replace("'''", "'")
    for end in range(len(head)):
        document = parse(head[:end] + below)
        table = document.get("tool", "below")
        assert isinstance(table, Table), head[:end][-60:]
        assert to_python(table) == expected, head[:end][-60:]


@pytest.mark.parametrize(
    "text", ["name", "name =", "name = # why", "a.b", "a.b =", "a. = 1", "= 1"]
)
def test_half_typed_keys_are_not_in_the_tree(text: str) -> None:
    document = parse(f"{text}\nnext = 1\n")
    assert list(document.root.values) == list(document.root.keys) == ["next"]
    assert len(document.problems) == 1
    assert len(document.root.entries) == 2


# -- the tree --------------------------------------------------------------------------------------


def place(text: str, value: Any) -> str:
    assert value is not None
    return text[value.start : value.end]


def test_tables_know_where_they_come_from() -> None:
    text = (
        "top.dotted = 1\n"
        "[a.b]\nx = { y = 1, z.w = 2 }\n"
        "[a]\nc = 3\n"
        "[[list]]\nn = 1\n[list.sub]\n[[list]]\nn = 2\n"
    )
    document = parse(text)
    assert not document.problems
    found = {}
    for path in (
        *[(), ("top",), ("a",), ("a", "b"), ("a", "b", "x"), ("a", "b", "x", "z")],
        ("list",),
    ):
        value = document.get(*path)
        assert value is not None
        origin = value.origin if isinstance(value, Table) else "array"
        found[".".join(path)] = (origin, place(text, value))
    assert found == {
        "": ("root", ""),
        "top": ("dotted", "top"),
        "a": ("header", "[a]"),
        "a.b": ("header", "[a.b]"),
        "a.b.x": ("inline", "{ y = 1, z.w = 2 }"),
        "a.b.x.z": ("dotted", "z"),
        "list": ("array", "[[list]]"),
    }
    array = document.get("list")
    assert isinstance(array, Array)
    assert array.of_tables
    first, second = array.items
    assert isinstance(first, Table)
    assert isinstance(second, Table)
    assert (first.origin, list(first.values)) == ("element", ["n", "sub"])
    assert second.start == text.rindex("[[list]]")
    assert [table.headers for table in document.tables] == [[h] for h in document.headers]
    assert [table.entries for table in document.tables] == [h.entries for h in document.headers]
    table = document.get("a")
    assert isinstance(table, Table)
    assert table.keys["b"].start == text.index("b]")
    # [a] comes after [a.b], but defines it
    assert document.root.keys["a"].start == text.index("[a]") + 1


def test_implicit_table() -> None:
    text = "[one.two]\n"
    table = parse(text).get("one")
    assert isinstance(table, Table)
    assert (table.origin, place(text, table), table.headers) == ("implicit", "one", [])


@pytest.mark.parametrize(
    ("text", "second", "first", "words"),
    [
        ("a = 1\n'a' = 2\n", "'a'", "a", "the key `a` is defined twice"),
        ("a.b = 1\na.b = 2\n", "b", "b", "the key `b` is defined twice"),
        ("a.b = 1\na = 2\n", "a", "a", "the key `a` is already a table"),
        ("a = 1\na.b = 2\n", "a", "a", "`a` is a value"),
        ("a = [1]\na.b = 2\n", "a", "a", "`a` is an array"),
        ("a = {}\na.b = 2\n", "a", "a", "inline table `a`"),
        ("x = { a = 1, a = 2 }\n", "a", "a", "the key `a` is defined twice"),
        ("[a.b]\n[a]\nb.c = 1\n", "b", "b", "the table `b` has its own header"),
        ("[a]\n[a]\n", "a", "a", "the table `a` is defined twice"),
        ("[a]\n[[a]]\n", "a", "a", "write `[a]`"),
        ("[[a]]\n[a]\n", "a", "a", "write `[[a]]`"),
        ("a = 1\n[a]\n", "a", "a", "already has a value"),
        ("a = [1]\n[[a]]\n", "a", "a", "already has a value"),
        ("a = {}\n[a.b]\n", "a", "a", "inline table `a`"),
        ("a = 1\n[a.b]\n", "a", "a", "`a` is a value"),
        ("[x]\na.b = 1\n[x.a]\n", "a", "a", "already has a value"),
    ],
)
def test_defined_twice(text: str, second: str, first: str, words: str) -> None:
    """One problem, at the second key, that leads to the first; the first value stays."""
    document = parse(text)
    (problem,) = document.problems
    assert problem.kind == "duplicate-key"
    assert words in problem.message
    assert text[problem.span.start : problem.span.end] == second
    assert problem.related is not None
    assert text[problem.related.start : problem.related.end] == first
    assert problem.related.start < problem.span.start
    kept = text[: text.rfind("\n", 0, len(text) - 1) + 1] or "x = { a = 1 }"
    assert to_python(parse(kept).root) == to_python(document.root)


def test_entries_of_a_second_table_can_be_reached() -> None:
    document = parse("[a]\nb = 1\n[a]\nc = 2\n")
    assert to_python(document.root) == {"a": {"b": 1}}
    detached = document.tables[2]
    assert to_python(detached) == {"c": 2}
    assert detached.headers == [document.headers[2]]
    assert detached is not document.get("a")


def test_dotted_keys_may_define_what_only_a_deeper_header_implied() -> None:
    """As in tomllib: `a.b` was not defined before, [[a.b.c]] only needed it."""
    document = parse("[[a.b.c]]\n[a]\nb.x = 1\n")
    assert not document.problems
    assert to_python(document.root) == {"a": {"b": {"c": [{}], "x": 1}}}


# -- what is reported ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "under"),
    [
        ("x = { a = 1, }", ","),
        ("x = {\n}", "{"),
        ("x = { a = 1, # why\n b = 2,\n}", "{ a = 1, # why"),
        ("x = { a = [\n1,\n] }", None),
        (r'x = "a\eb"', r"\e"),
        (r'x = "a\x41b"', r"\x41"),
        ("x = 07:32", "07:32"),
        ("x = 1979-05-27 07:32Z", "1979-05-27 07:32Z"),
    ],
)
def test_toml_1_1(text: str, under: str | None) -> None:
    """What only TOML 1.1 has is one problem at its place."""
    assert faults(text) == ([] if under is None else [("toml-1.1", under)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1 # \x07\x07 b", ["\x07\x07"]),
        ("a = '\x00'", ["\x00"]),
        ("\x7fa\x01 = 1", ["\x7f", "\x01"]),
        ("a = 1\rb = 2\r", ["\r", "\r"]),
        ('a = """\r"""', ["\r"]),
        ("a = 1\r\n# c\r\n", []),
        ("\ufeffa = 1", []),
    ],
)
def test_control_characters(text: str, expected: list[str]) -> None:
    assert faults(text) == [("control-character", under) for under in expected]
    assert "a" in parse(text).root.values


def test_byte_order_mark() -> None:
    assert parse("\ufeff[a]\n").has_bom
    assert not parse("[a]\n").has_bom
    assert parse("\ufeff[a]\n").headers[1].span == Span(1, 4)
    assert faults("a = 1\n\ufeffb = 2\n") == [("syntax", "\ufeffb")]


def test_lone_surrogates() -> None:
    text = 'a = "\ud800" # \udfff\n"\ud83d" = 1\n\ud83e = 1\n[\udc00]\n'
    document = parse(text)
    toml_fuzz.check_spans(document)
    assert document.get("\ud83d") is not None
    assert [problem.kind for problem in document.problems] == ["syntax", "syntax"]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("[" * 100_000, None),
        ("x = " + "[" * 100_000, 104),
        ("x = " + "[" * 100_000 + "]" * 100_000, 104),
        ("x = " + "{a=" * 100_000, None),
        ("x = [" + "{a=[" * 100_000, None),
        ("a." * 10_000 + "a = 1", 0),
        ("[" + "a." * 10_000 + "a]", 1),
        ('"a".' * 10_000 + "a = 1", 0),
        ("x = {" + "a." * 10_000 + "a = 1}", 5),
        ('"x".y = ' + "[" * 100_000, 108),
    ],
)
def test_nesting(text: str, start: int | None) -> None:
    """Too deep is one problem; what is too deep is left out, what follows is read."""
    began = time.perf_counter()
    document = parse(f"{text}\nnext = 1\n")
    to_python(document.root)
    assert time.perf_counter() - began < 2
    assert len(document.problems) == 1
    if start is not None:
        (problem,) = document.problems
        assert problem.kind == "nesting"
        assert problem.span.start == start
    assert document.headers[-1].entries[-1].path[0].text == "next"


def test_depth_is_bounded_by_the_limits() -> None:
    """The deepest tree that can be made can be walked without recursion limits in sight."""
    header = "[" + ".".join(["h"] * 100) + "]\n"
    text = header + ".".join(["k"] * 100) + " = " + "{" + ".".join(["i"] * 99) + " = []}"
    document = parse(text)
    assert not document.problems
    depth, level = 0, [to_python(document.root)]
    while level:
        depth += 1
        level = [
            below for node in level for below in (node.values() if isinstance(node, dict) else node)
        ]
    assert depth == 300


@pytest.mark.parametrize(
    "word", ["1" * 5000, "-" + "1" * 5000, "0x" + "f" * 5000, "1." + "0" * 5000, "1_" * 5000 + "1"]
)
def test_endless_numbers(word: str) -> None:
    document = parse(f"a = {word}\nb = 1\n")
    value = document.get("a")
    assert isinstance(value, Scalar)
    assert (value.kind, value.value) == ("invalid", word)
    assert faults(f"a = {word}\nb = 1\n") == [("syntax", word)]
    assert document.get("b") is not None


def test_big_numbers_within_the_limit() -> None:
    document = parse(f"a = {'1' * 4300}\nb = 9223372036854775808\nc = 1e999\n")
    assert not document.problems
    values = to_python(document.root)
    assert values["a"] == int("1" * 4300)
    assert values["b"] == 2**63
    assert values["c"] == float("inf")


def test_problems_are_capped_by_kind() -> None:
    """More problems than anybody reads are not kept, but none of another kind is lost."""
    text = "x = 07:32\n" * (MAX_PROBLEMS + 50) + "y =\n"
    document = parse(text)
    kinds = [problem.kind for problem in document.problems]
    assert kinds.count("toml-1.1") == kinds.count("duplicate-key") == MAX_PROBLEMS
    assert kinds[-1] == "syntax"
    assert toml_fuzz.dump(parse(text, document)) == toml_fuzz.dump(document)


@pytest.mark.parametrize(
    "line",
    [
        *['a = "x\n', "a = [\n", "a = [1,\n", "a = {\n", "a = { b\n", 'a = {"\n', '"\n', "[a\n"],
        *["a = \"\"\"\nb = '''\n", 'a = [\\"""\n', "a = {\n[b]\n", "[[\n", "[]\n", "a\n", "=\n"],
        *["a.", "[", "x = [", "{a=", '"a".', "]", "\x00a", "a\r", '"', "'", "\\", "{\n"],
    ],
)
@pytest.mark.parametrize("before", ["", "x = [\n", "x = {\n", 'x = """'])
def test_time_grows_with_the_length_only(before: str, line: str) -> None:
    """100 kB of what is hardest to recover from; anything quadratic takes minutes."""
    began = time.perf_counter()
    parse(before + line * (100_000 // len(line)))
    assert time.perf_counter() - began < 5


# -- spans -----------------------------------------------------------------------------------------

bare = st.text("abz09_-", min_size=1, max_size=4)
plain = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=8)


def quoted(value: str) -> str:
    """`value` as a basic string, in one of the ways it can be written."""
    escaped = json.dumps(value, ensure_ascii=len(value) % 2 == 0)
    # JSON writes characters beyond U+FFFF as two surrogates, which TOML does not have
    pair = re.compile(r"\\u(d[89ab]..)\\u(d[c-f]..)", re.I)
    escaped = pair.sub(lambda match: json.loads(f'"{match[0]}"'), escaped)
    return escaped.replace("\x7f", r"\u007f")


keys = st.one_of(
    bare,
    plain.map(quoted),
    st.text("ab '#", max_size=3).filter(lambda s: "'" not in s).map(lambda s: f"'{s}'"),
)
scalars = st.one_of(
    plain.map(quoted),
    st.integers().map(str),
    st.floats(allow_nan=False).map(repr).filter(lambda word: "." in word or "inf" in word),
    st.booleans().map(lambda value: str(value).lower()),
    st.datetimes().map(lambda value: value.isoformat()),
    st.sampled_from(['"""\na\\\n  b"""', "'''x\ny'''", "0xff", "1979-05-27", "07:32:00.5Z"[:-1]]),
)
values = st.recursive(
    scalars,
    lambda below: st.one_of(
        st.lists(below, max_size=4).map(lambda items: f"[ {' , '.join(items)} ]"),
        st.lists(below, max_size=4).map(
            lambda items: "[\n" + "".join(f"{i}, # c\n" for i in items) + "]"
        ),
        st.lists(st.tuples(keys, below), max_size=3).map(
            lambda pairs: "{" + ", ".join(f"{key} = {value}" for key, value in pairs) + "}"
        ),
    ),
    max_leaves=6,
)
lines = st.one_of(
    st.tuples(st.lists(keys, min_size=1, max_size=3), values).map(
        lambda pair: f"{' . '.join(pair[0])} = {pair[1]}"
    ),
    st.lists(keys, min_size=1, max_size=3).map(lambda path: f"[{'.'.join(path)}] # header"),
    bare.map(lambda key: f"[[{key}]]"),
    st.sampled_from(["", "# comment", "\t"]),
)
texts = st.tuples(st.lists(lines, max_size=8), st.sampled_from(["\n", "\r\n"])).map(
    lambda pair: pair[1].join(pair[0])
)


def scalars_of(value: Value) -> Iterator[Scalar]:
    """The scalars written in a value."""
    if isinstance(value, Scalar):
        yield value
    elif isinstance(value, Array):
        for item in value.items:
            yield from scalars_of(item)
    else:
        for entry in value.entries:
            if entry.value is not None:
                yield from scalars_of(entry.value)


@steady
@given(texts)
def test_spans_are_exact(text: str) -> None:
    """What stands under a key or value reads as that key or value; nothing but keys is wrong."""
    document = parse(text)
    toml_fuzz.check_spans(document)
    assert {problem.kind for problem in document.problems} <= {"duplicate-key"}
    for header in document.headers:
        for entry in header.entries:
            assert (
                parse(text[entry.start : entry.end]).root.entries[0].end == entry.end - entry.start
            )
            for key in entry.path:
                written = text[key.start : key.end]
                assert list(parse(f"{written} = 1").root.values) == [key.text]
            assert entry.value is not None
            for scalar in scalars_of(entry.value):
                again = parse(f"x = {text[scalar.start : scalar.end]}").get("x")
                assert isinstance(again, Scalar)
                assert (again.kind, again.value) == (scalar.kind, scalar.value)


@steady
@given(st.text(st.sampled_from("ab=.[]{},\"'#\n\r\t \\x\x00é\ud800"), max_size=40))
def test_any_text_is_read(text: str) -> None:
    assert toml_fuzz.check(text) is None


# -- decoded places --------------------------------------------------------------------------------


def string_at(text: str) -> Scalar:
    value = parse(text).get("x")
    assert isinstance(value, Scalar)
    return value


@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [
        ('x = "abc"', "b", "b"),
        ("x = 'a\\c'", "\\", "\\"),
        (r'x = "a\tb"', "\t", r"\t"),
        (r'x = "a\tb"', "b", "b"),
        (r'x = "\u00e9\U0001F60Bz"', "😋", r"\U0001F60B"),
        (r'x = "\u00e9\U0001F60Bz"', "é😋z", r"\u00e9\U0001F60Bz"),
        ('x = """\nab"""', "a", "a"),
        ('x = """\r\na\r\nb"""', "\nb", "\r\nb"),
        ("x = '''\na\r\n\\n'''", "\\", "\\"),
        ('x = """a\\\n   b"""', "a", "a"),
        ('x = """a\\\n   b"""', "b", "b"),
        ('x = """a\\\n   b"""', "ab", "a\\\n   b"),
        (r'x = "a\qb\n"', r"\q", r"\q"),
        (r'x = "a\qb\n"', "\n", r"\n"),
        ('x = "abc', "bc", "bc"),
        ('x = """a\\t', "\\t", "\\t"),
    ],
)
def test_source_span(text: str, part: str, expected: str) -> None:
    scalar = string_at(text)
    start = scalar.value.index(part)
    span = source_span(text, scalar, start, start + len(part))
    assert text[span.start : span.end] == expected


@pytest.mark.parametrize("text", [r'"a\tb" = 1', "'a b' = 1", "ab = 1", '"a b', r'"\u0061b" = 1'])
def test_source_span_of_a_key(text: str) -> None:
    key = parse(text).root.entries[0].path[0]
    span = source_span(text, key, len(key.text) - 1, len(key.text))
    assert text[span.start : span.end] == key.text[-1] == "b"


pieces = st.sampled_from(
    [
        "a",
        "é",
        "😋",
        r"\t",
        r"\\",
        r"\"",
        r"\u00e9",
        r"\U0001F60B",
        "\\\n  ",
        "\\ \r\n\n",
        "\r\n",
        "\n",
        "'",
    ]
)


@steady
@given(st.lists(pieces, max_size=10), st.sampled_from(['"""', '"""\n', '"""\r\n']))
def test_source_spans_cover_the_string(parts: list[str], opening: str) -> None:
    """Each decoded character stands where it was written; together they are in order."""
    text = f'x = {opening}{"".join(parts)}""" # end'
    scalar = string_at(text)
    at = scalar.start
    for index, char in enumerate(scalar.value):
        span = source_span(text, scalar, index, index + 1)
        assert at <= span.start < span.end <= scalar.end - 3
        at = span.end
        assert string_at(f'x = """{text[span.start : span.end]}x"""').value.removesuffix("x") in (
            char,
            "" if char == "\n" else char,  # a line break right after the quotes is not content
        )
        empty = source_span(text, scalar, index, index)
        assert empty == Span(span.start, span.start)
    whole = source_span(text, scalar, -5, len(scalar.value) + 5)
    assert scalar.start + 3 <= whole.start <= whole.end <= scalar.end - 3


# -- parsing on ------------------------------------------------------------------------------------


def test_sections_before_an_edit_are_taken_over() -> None:
    before = parse("a = 1\n[b]\nc = { d = 1 }\n[e]\nf =\n[g]\nh = 1\n[i]\nj = 1\n")
    after = parse(before.text.replace("j = 1", "j = 2"), before)
    kept = [one is other for one, other in zip(before.headers, after.headers, strict=True)]
    # [e] has a problem, and the edit is in [i]
    assert kept == [True, True, False, True, False]
    assert before.get("i", "j") is not after.get("i", "j")
    assert toml_fuzz.dump(after) == toml_fuzz.dump(parse(after.text))


def test_sections_behind_an_edit_move() -> None:
    behind = "[b]\nc = { d = 1 }\n[b.e]\nf = ['x']\n[[g]]\nh.i = 1\n[k]\nl = 1\nl = 2\n"
    document = parse(f"a = 1\n{behind}")
    for text in ("a = 10\n", "a = 100\n", "a = 1\n", "b.x = 1\n", "[[b]]\n", "k = 1\n", ""):
        document = parse(text + behind, document)  # of what has moved already
        if "0" not in text:  # else nobody looks before it moves once more
            assert toml_fuzz.dump(document) == toml_fuzz.dump(parse(document.text))


@pytest.fixture
def often_switching() -> Iterator[None]:
    """Threads take turns very often."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def test_threads_see_the_same_moved_nodes(often_switching: None) -> None:
    names = [f"n{each}" for each in range(500)]
    behind = "\n[b]\n" + "".join(f"{each} = 1\n" for each in names)
    document = parse("a = 1" + behind)
    with ThreadPoolExecutor(8) as pool:
        for each in range(20):
            document = parse(f"a = {each}{behind}", parse("a = 1111" + behind, document))
            start = threading.Barrier(8)

            def look(document: Document = document, start: threading.Barrier = start) -> None:
                start.wait()
                found = document.get("b")
                assert isinstance(found, Table)
                assert list(found.values) == list(found.keys) == names
                assert [entry.value for entry in found.entries] == list(found.values.values())

            for future in [pool.submit(look) for _ in range(8)]:
                future.result()


def test_what_is_taken_over_is_not_changed() -> None:
    before = parse(SEED)
    dumped = toml_fuzz.dump(before)
    for end in range(0, len(SEED), 7):
        for text in (SEED[:end], SEED[:end] + "\n[project]\n" + SEED[end:]):
            assert toml_fuzz.dump(parse(text, before)) == toml_fuzz.dump(parse(text))
    assert toml_fuzz.dump(before) == dumped


# -- against tomllib -------------------------------------------------------------------------------


def test_values_are_those_of_tomllib() -> None:
    assert toml_fuzz.reference(SEED)[0]
    assert toml_fuzz.check(SEED) is None


def test_fuzz() -> None:
    """2,000 random changes; `python -m tests.toml_fuzz --rounds 100000` for more."""
    assert toml_fuzz.run(2000, seed=1) == []


def test_public_nodes() -> None:
    """`Header` and `Problem` of the statements view are what `Document` says they are."""
    document = parse("[a]\nb = \n")
    assert all(isinstance(header, Header) for header in document.headers)
    assert all(isinstance(problem, Problem) for problem in document.problems)
