"""Completion: the pages of ``fixtures/completion``, and what holds at every offset of any text."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pyproject_ls.disk import MAX_NAMES, answer
from pyproject_ls.facts import Facts, Listing
from pyproject_ls.features.completion import (
    MAX_ITEMS,
    Completion,
    Completions,
    Kind,
    complete,
    resolve,
    without_placeholders,
)
from pyproject_ls.host import Snapshot
from pyproject_ls.text import Edit, Span, apply_edits
from pyproject_ls.toml import Document, parse
from tests import feature_pages
from tests.feature_pages import Case
from tests.shared import SHARED, needs_shared

SHOWN = 12
DEMO = feature_pages.FIXTURES / "projects" / "demo" / "pyproject.toml"


@pytest.mark.parametrize("case", feature_pages.parameters("completion"))
def test_page(case: Case, tmp_path: Path) -> None:
    found = case.ask(tmp_path, lambda snapshot: complete(snapshot, case.cursor))
    check_items(case.text, case.cursor, found)
    case.check("text items", shown(found))
    if "insert" in case.options and found.items:
        case.check("toml after", inserted(case.text, found.items[0], plain=False))


def shown(found: Completions) -> str:
    """The first items as a page shows them: label, kind, detail."""
    lines = []
    width = max((len(item.label) for item in found.items[:SHOWN]), default=0) + 2
    for item in found.items[:SHOWN]:
        label = f"~{item.label}~" if item.deprecated else item.label
        lines.append(f"{label:<{width}}  {item.kind.value:<10}  {item.detail}".rstrip())
    more = len(found.items) - SHOWN
    if more > 0:
        lines.append(f"… and {more} more")
    return "\n".join(lines) or "nothing"


def inserted(text: str, item: Completion, *, plain: bool) -> str:
    """`text` after `item` has been chosen; with `plain` nothing is filled in."""
    new = item.edit.text
    if item.snippet and plain:
        new = without_placeholders(new)
    return apply_edits(text, [Edit(item.edit.span, new), *item.more_edits])


def check_items(text: str, offset: int, found: Completions) -> None:
    """What the protocol and editors ask of every item."""
    assert len(found.items) <= MAX_ITEMS
    labels = [item.sort_text for item in found.items]
    assert labels == sorted(labels)
    for item in found.items:
        start, end = item.edit.span
        assert 0 <= start <= offset <= end <= len(text), item
        assert not {"\n", "\r"} & set(text[start:end]), item
        assert item.filter_text.startswith(text[start:offset]), item
        assert item.label
        for edit in item.more_edits:
            assert 0 <= edit.span.start <= edit.span.end <= len(text), item
            assert edit.span.end <= start or edit.span.start >= end, item


def is_sound(document: Document) -> bool:
    return not [problem for problem in document.problems if problem.kind != "toml-1.1"]


def check_text(text: str, offsets: list[int], *, most: int = 8) -> None:
    """Completion at `offsets`: no exception, and what parsed before parses after."""
    snapshot = Snapshot(text)
    sound = is_sound(snapshot.document)
    for offset in offsets:
        found = complete(snapshot, offset)
        check_items(text, offset, found)
        for item in found.items[:most] if sound else ():
            if item.kind is Kind.TABLE and text[item.edit.span.start - 1 :].startswith("["):
                continue  # another name for a table that is full of keys may clash
            after = inserted(text, item, plain=True)
            assert is_sound(parse(after)), (text[max(offset - 60, 0) : offset], item)


def test_every_offset_of_the_demo() -> None:
    text = DEMO.read_text("utf-8")
    check_text(text, list(range(len(text) + 1)))


def test_truncated_texts() -> None:
    text = DEMO.read_text("utf-8")
    for end in range(0, len(text), 7):
        check_text(text[:end], [end, *range(0, end, 97)])


@pytest.mark.parametrize("seed", range(8))
def test_mutated_texts(seed: int) -> None:
    text = DEMO.read_text("utf-8")
    chance = random.Random(seed)
    for _ in range(6):
        letters = list(text)
        for _ in range(chance.randrange(1, 8)):
            letters[chance.randrange(len(letters))] = chance.choice(
                "\"'[]{}=,.#\n\r\tx\\é\x00\ufeff"
            )
        mutated = "".join(letters)
        check_text(mutated, list(range(chance.randrange(7), len(mutated) + 1, 7)))


@needs_shared
def test_corpus() -> None:
    """Places of every kind in files of the corpus, also on new lines in them."""
    chance = random.Random(5)
    paths = sorted((SHARED / "corpus").glob("*.toml"))
    for path in paths[::4]:
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            continue
        check_text(text, [chance.randrange(len(text) + 1) for _ in range(12)])
        ends = [i + 1 for i, letter in enumerate(text) if letter == "\n"]
        for end in chance.sample(ends, min(4, len(ends))):
            check_text(f"{text[:end]}\n{text[end:]}", [end])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "]",
        "[[",
        "[[]]",
        "=",
        "a = [",
        "a = [{",
        "a = {b = [{c = ",
        '"',
        "'''",
        '[project]\nname = """',
        "[tool.poetry.dependencies]\nx = {",
        "[" * 500,
        "a = " + "[" * 500,
        "\ufeff[project]\n",
        "project = 3\n[project]\n",
        "[project]\ndependencies = 5\n[project.dependencies.x]\n",
        "[[project]]\n[project.urls]\n",
    ],
)
def test_odd_texts(text: str) -> None:
    for offset in range(len(text) + 1):
        check_items(text, offset, complete(Snapshot(text), offset))


def test_offsets_outside() -> None:
    snapshot = Snapshot("[project]\n")
    assert complete(snapshot, -1).items == []
    assert complete(snapshot, 99).items == []


def test_large_text() -> None:
    text = "[project]\nname = 'x'\n" + "# comment\n" * 200_000
    assert complete(Snapshot(text), len(text)).items == []


def test_long_lists_are_cut() -> None:
    text = '[project]\nlicense = ""\n'
    found = complete(Snapshot(text), text.index('""') + 1)
    assert len(found.items) == MAX_ITEMS
    assert found.incomplete


def test_names_that_need_quotes() -> None:
    text = '[tool.poetry.group.dev.dependencies]\n\n[dependency-groups]\n\'a"b\' = ["x"]\n'
    found = complete(Snapshot(f"{text}[tool.poetry.group.]\n"), len(text) + 19)
    item = next(item for item in found.items if "a" in item.label and "b" in item.label)
    assert item.edit.text == 'tool.poetry.group."a\\"b".dependencies]'


def test_documentation() -> None:
    text = "[build-system]\n"
    item = complete(Snapshot(text), len(text)).items[0]
    assert item.label == "requires"
    documentation = resolve(None, item.label, item.kind, item.data)
    assert documentation is not None
    assert "requirements" in documentation
    assert resolve(None, "x", Kind.VALUE, ()) is None
    assert resolve(None, "x", Kind.KEY, ("key", "no", "such")) is None


def test_placeholders() -> None:
    assert without_placeholders('a = "${1|x,y|}"') == 'a = "x"'
    assert without_placeholders('{ a = "$1", b = ${2:no\\}} \\}') == '{ a = "", b = no\\} }'
    assert without_placeholders("\\$1 ${3}.") == "$1 ."


def test_a_listing_leaves_out_what_no_project_means(tmp_path: Path) -> None:
    for name in (".git", ".venv", "__pycache__", "node_modules", "src"):
        (tmp_path / name).mkdir()
    (tmp_path / "README.md").touch()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    question = Listing(".")
    assert answer(tmp_path, [question])[question] == ("README.md", "loop", "src/")
    for path in ("missing", "README.md", "\0", "loop"):
        question = Listing(path)
        assert answer(tmp_path, [question])[question] == ()


def test_a_listing_is_bounded(tmp_path: Path) -> None:
    for number in range(MAX_NAMES + 10):
        (tmp_path / f"{number}").touch()
    found = answer(tmp_path, [Listing("")])[Listing("")]
    assert isinstance(found, tuple)
    assert len(found) == MAX_NAMES


def test_facts_of_a_listing() -> None:
    facts = Facts({Listing("src"): ()})
    assert facts.listing("src") == ()
    assert facts.listing("lib") is None
    assert facts.wanted == {Listing("lib")}


def test_unknown_folders_are_wanted() -> None:
    text = "[project]\nreadme = \n"
    snapshot = Snapshot(text)
    found = complete(snapshot, len(text) - 1)
    assert [item.kind for item in found.items] == [Kind.SNIPPET, Kind.SNIPPET]
    assert snapshot.facts.wanted == {Listing("")}


def test_a_span_is_on_one_line() -> None:
    text = "[project]\nclassifiers = [\n  'Typ\n]\n"
    found = complete(Snapshot(text), text.index("Typ") + 3)
    assert found.items[0].edit == Edit(
        Span(text.index("Typ"), text.index("Typ") + 3), "Typing :: $0',"
    )
