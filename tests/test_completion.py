"""Completion: the pages of ``fixtures/completion``, and what holds at every offset of any text."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pyproject_ls.config import ConstraintStyle, Settings
from pyproject_ls.disk import MAX_NAMES, answer
from pyproject_ls.facts import Answer, Facts, Listing, Question
from pyproject_ls.facts.packages import (
    Details,
    DetailsOf,
    NameFound,
    Names,
    NamesLike,
    Package,
    Release,
    ReleasesOf,
)
from pyproject_ls.features.completion import (
    MAX_ITEMS,
    Completion,
    Completions,
    Kind,
    complete,
    resolve,
    without_placeholders,
)
from pyproject_ls.features.completion.constraints import written
from pyproject_ls.host import Snapshot
from pyproject_ls.project.lookup import Lookup
from pyproject_ls.text import Edit, Span, apply_edits
from pyproject_ls.toml import Document, parse
from tests import feature_pages, fixture_index
from tests.feature_pages import Case
from tests.shared import SHARED, needs_shared

SHOWN = 12
ONLINE = Settings(online=True)
NOWHERE = Lookup()
"""Where the packages of a file are looked up that says nothing of indexes."""

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


class Index:
    """Completion with the index of the fixtures, which learns what it is asked."""

    def __init__(self) -> None:
        self.answers: dict[Question, Answer] = {}

    def complete(self, text: str, offset: int) -> Completions:
        """What is offered once all is known."""
        while True:
            snapshot = Snapshot(text, Facts(self.answers), ONLINE)
            found = complete(snapshot, offset)
            new = fixture_index.answers(snapshot.facts.wanted)
            if not new:
                return found
            self.answers.update(new)


def test_every_offset_of_the_demo_with_an_index() -> None:
    text, index = DEMO.read_text("utf-8"), Index()
    packages = 0
    for offset in range(0, len(text) + 1, 2):
        found = index.complete(text, offset)
        check_items(text, offset, found)
        packages += any(item.data[:1] == ("package",) for item in found.items)
        for item in found.items[:4]:
            if item.kind is not Kind.TABLE:
                assert is_sound(parse(inserted(text, item, plain=True))), item
    assert packages > 20


@pytest.mark.parametrize("seed", range(4))
def test_mutated_texts_with_an_index(seed: int) -> None:
    text, index = DEMO.read_text("utf-8"), Index()
    chance = random.Random(seed)
    for _ in range(4):
        at = chance.randrange(len(text))
        cut = f"{text[:at]}{chance.choice('=<>,|[(]^~ @;*')}{text[at + chance.randrange(3) :]}"
        for offset in range(max(at - 40, 0), min(at + 40, len(cut))):
            check_items(cut, offset, index.complete(cut, offset))


def releases_of(*versions: str) -> Package:
    return Package("spam", tuple(Release(each) for each in versions))


def with_names(typed: str, found: list[NameFound], **answers: Package) -> Completions:
    """What is offered for a requirement where `typed` stands, in a list that has ``numpy``."""
    text = f'[project]\ndependencies = ["numpy", "{typed}"]\n[dependency-groups]\nx = ["flasky"]\n'
    known: dict[Question, Answer] = {NamesLike(typed, NOWHERE): Names(tuple(found), True)}
    known |= {ReleasesOf(name, NOWHERE): package for name, package in answers.items()}
    offset = text.index(typed + '"]') + len(typed)
    result = complete(Snapshot(text, Facts(known), ONLINE), offset)
    check_items(text, offset, result)
    assert result.incomplete
    return result


def test_names_keep_the_order_of_the_index() -> None:
    listed = [
        NameFound("flask-zope", 12),
        NameFound("Flask_Login", 3),
        NameFound("FLASKY"),
        NameFound("flask-babel"),
        NameFound("numpy", 1),
        NameFound("flsk", 2, is_typo=True),
    ]
    found = with_names("flask", listed)
    assert [(item.label, item.detail) for item in found.items] == [
        ("flasky", "declared in this file"),
        ("flask-zope", "popular"),
        ("Flask_Login", "popular"),
        ("flask-babel", ""),
        ("flsk", "did you mean this?"),
    ]


def test_the_name_that_is_typed_comes_first() -> None:
    listed = [NameFound("flask-login", 3), NameFound("Flask", 1)]
    found = with_names("flask", listed, flask=releases_of("3.1.0"))
    assert found.items[0].label == "Flask"
    assert without_placeholders(found.items[0].edit.text) == "flask"  # numpy has no constraint
    assert found.items[1].edit.text == "flask>=3.1"


@pytest.mark.parametrize(
    ("typed", "name"),
    [("Flask_S", "flask-sqlalchemy"), ("zope.inter", "zope-interface"), ("reqeusts", "requests")],
)
def test_names_pass_the_filter_of_editors(typed: str, name: str) -> None:
    found = with_names(typed, [NameFound(name, is_typo=name == "requests")])
    assert found.items[0].label == name
    assert found.items[0].filter_text.startswith(typed)
    assert found.items[0].edit.text == name


@pytest.mark.parametrize(
    "name", ["a b", "-x", "x]", 'x"', "x\n", "\u202ex", "$1", "x" * 3 + "`", ""]
)
def test_what_is_no_name_is_not_offered(name: str) -> None:
    assert with_names("xx", [NameFound(name)]).items == []


def test_few_packages_are_asked_for() -> None:
    text = '[project]\ndependencies = ["aa"]\n'
    listed = (*(NameFound(f"aa{number}") for number in range(150)), NameFound("AA"))
    facts = Facts({NamesLike("aa", NOWHERE): Names(listed, True)})
    found = complete(Snapshot(text, facts, ONLINE), text.index('aa"') + 2)
    assert len(found.items) == MAX_ITEMS
    assert facts.wanted == {ReleasesOf(name, NOWHERE) for name in ("aa0", "aa1", "aa2")}


def test_names_that_are_not_known_yet() -> None:
    text = '[project]\ndependencies = ["fla"]\n[dependency-groups]\nx = ["flasky"]\n'
    some: dict[Question, Answer] = {NamesLike("fla", NOWHERE): Names((), complete=False)}
    nothing: dict[Question, Answer] = {}
    for answers in (nothing, some):
        snapshot = Snapshot(text, Facts(answers), ONLINE)
        found = complete(snapshot, text.index('fla"') + 3)
        assert [item.label for item in found.items] == ["flasky"]
        assert found.incomplete
        assert snapshot.facts.asked == {NamesLike("fla", NOWHERE)}


def test_versions_and_extras_that_are_not_known_yet() -> None:
    for text, asked in (
        ('[project]\ndependencies = ["flask>="]\n', ReleasesOf("flask", NOWHERE)),
        ('[project]\ndependencies = ["flask["]\n', DetailsOf("flask", NOWHERE)),
    ):
        snapshot = Snapshot(text, None, ONLINE)
        found = complete(snapshot, text.index('"]'))
        assert found == Completions([], incomplete=True)
        assert snapshot.facts.wanted == {asked}


def test_nothing_is_asked_of_indexes_offline() -> None:
    for typed in ("flask", "flask>=", "flask[", "flask "):
        text = f'[project]\ndependencies = ["{typed}"]\n[tool.poetry.dependencies]\nfla = "^"\n'
        snapshot = Snapshot(text)
        for offset in range(len(text)):
            complete(snapshot, offset)
        assert snapshot.facts.asked == set()


@pytest.mark.parametrize(
    ("style", "standard", "poetry"),
    [
        ("auto", "spam~=1.4", 'spam = "1.4.2"'),
        ("lower", "spam>=1.4", 'spam = ">=1.4"'),
        ("compatible", "spam~=1.4", 'spam = "^1.4"'),
        ("exact", "spam==1.4.2", 'spam = "1.4.2"'),
        ("none", "spam", 'spam = "*"'),
    ],
)
def test_the_setting_of_the_style(style: ConstraintStyle, standard: str, poetry: str) -> None:
    for text, expected in (
        ('[dependency-groups]\nx = ["a~=1.0", "spa"]\n', standard),
        ('[tool.poetry.dependencies]\na = "1.0"\nspa\n', poetry),
    ):
        lookup = Snapshot(text).manifest.lookups.default
        facts = Facts(
            {
                NamesLike("spa", lookup): Names((NameFound("spam"),), True),
                ReleasesOf("spam", lookup): releases_of("1.4.2"),
            }
        )
        snapshot = Snapshot(text, facts, Settings(online=True, constraint_style=style))
        assert complete(snapshot, text.index("spa") + 3).items[0].edit.text == expected


@pytest.mark.parametrize(
    ("version", "lower", "compatible", "caret", "between"),
    [
        ("1.4.2", ">=1.4", "~=1.4", "^1.4", ">=1.4,<2.0"),
        ("0.27.2", ">=0.27", "~=0.27", "^0.27", ">=0.27,<0.28"),
        ("0.0.5", ">=0.0.5", "~=0.0.5", "^0.0.5", ">=0.0.5,<0.0.6"),
        ("24", ">=24", "~=24.0", "^24", ">=24,<25"),
        ("2024.8.30", ">=2024.8", "~=2024.8", "^2024.8", ">=2024.8,<2025.0"),
        ("1.4.2.post1", ">=1.4", "~=1.4", "^1.4", ">=1.4,<2.0"),
        ("0.1b2", ">=0.1b2", "~=0.1b2", "^0.1b2", ">=0.1b2,<0.2"),
        ("2.5.1+cu124", ">=2.5", "~=2.5", "^2.5", ">=2.5,<3.0"),
        ("1!2.0", ">=1!2.0", ">=1!2.0", ">=1!2.0", ">=1!2.0"),
    ],
)
def test_a_version_in_a_style(
    version: str, lower: str, compatible: str, caret: str, between: str
) -> None:
    release = Release(version)
    assert [written(style, release) for style in (">=", "~=", "^", "<")] == [
        lower,
        compatible,
        caret,
        between,
    ]
    assert written("==", release) == f"=={version}"
    assert written("*", release) == ""


def test_local_versions_follow_equality_only() -> None:
    package = releases_of("2.5.1+cu124", "2.5.1+cpu", "2.5.0")
    for operator, expected in (
        (">=", ["2.5.1", "2.5.0"]),
        ("==", ["2.5.1+cu124", "2.5.*", "2.5.1+cpu", "2.5.0"]),
    ):
        text = f'[project]\ndependencies = ["spam{operator}"]\n'
        facts = Facts({ReleasesOf("spam", NOWHERE): package})
        found = complete(Snapshot(text, facts, ONLINE), text.index('"]'))
        assert [item.label for item in found.items] == expected


def test_documentation_of_a_package() -> None:
    text = '[project]\ndependencies = ["spa"]\n'
    data = ("package", "spam")
    assert resolve(Snapshot(text, None, ONLINE), "spam", Kind.PACKAGE, data) is None
    assert resolve(Snapshot(text), "spam", Kind.PACKAGE, data) is None
    assert resolve(None, "spam", Kind.PACKAGE, data) is None
    details = Details("spam", "1.4.2", "Spam for *everybody*.", "MIT", ">=3.9")
    facts = Facts({DetailsOf("spam", NOWHERE): details})
    documentation = resolve(Snapshot(text, facts, ONLINE), "spam", Kind.PACKAGE, data)
    assert documentation == (
        "Spam for \\*everybody\\*.\n\n- Newest `1.4.2`\n- License MIT · Python `>=3.9`"
    )
    released = Package("spam", (Release("1.4.2", "2025-01-31", ">=3.9"),))
    facts = facts.with_answers({ReleasesOf("spam", NOWHERE): released})
    documentation = resolve(Snapshot(text, facts, ONLINE), "spam", Kind.PACKAGE, data)
    assert documentation is not None
    assert "- Newest `1.4.2` (2025-01-31)\n" in documentation
    assert "[Project page](" in documentation


def test_many_names_and_many_releases() -> None:
    """100 names, or 2,000 releases: never more items than anybody reads."""
    lines = "".join(f'    "package-{n}>=1.{n},<2",\n' for n in range(290))
    text = f'[project]\ndependencies = [\n{lines}    "spam>=", "aa"]\n'
    listed = tuple(NameFound(f"aa{number}", number) for number in range(100))
    package = releases_of(*(f"{2000 - number}.1" for number in range(2000)))
    answers: dict[Question, Answer] = {
        NamesLike("aa", NOWHERE): Names(listed, True),
        ReleasesOf("spam", NOWHERE): package,
    }
    answers |= {ReleasesOf(f"aa{number}", NOWHERE): releases_of("1.0") for number in range(3)}
    snapshot = Snapshot(text, Facts(answers), ONLINE)
    for offset in (text.index('aa"]') + 2, text.index("spam>=") + 6):
        assert len(complete(snapshot, offset).items) == MAX_ITEMS
