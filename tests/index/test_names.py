"""Searching all names of an index: what is offered, and in which order."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pyproject_ls.facts.packages import Names
from pyproject_ls.index import popular
from pyproject_ls.index.names import NameLists
from pyproject_ls.index.typos import Lookalikes
from tests import name_lists
from tests.index.name_folders import COUNT, PRIVATE, PUBLIC, found, put, spelled


@pytest.fixture(scope="module")
def ranked() -> list[str]:
    """Popular names, normalised."""
    return list(map(name_lists.normal, spelled()[:2000]))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, ranked: list[str]) -> Path:
    """A cache with a list of the public index and a ranking; nobody may change it."""
    path = tmp_path_factory.mktemp("names")
    put(path, PUBLIC, spelled())
    popular.write(path, ranked)
    return path


@pytest.fixture
def lists(folder: Path) -> NameLists:
    return NameLists(folder)


def edits(typed: str, name: str) -> list[int]:
    """The distances from `typed` to all beginnings of `name`, the plain way."""
    rows = [list(range(len(name) + 1))]
    for i, letter in enumerate(typed, start=1):
        rows.append([i])
        for j, other in enumerate(name, start=1):
            best = min(rows[i - 1][j], rows[i][j - 1]) + 1
            best = min(best, rows[i - 1][j - 1] + (letter != other))
            if i > 1 and j > 1 and typed[i - 2 : i] == name[j - 2 : j][::-1]:
                best = min(best, rows[i - 2][j - 2] + 1)
            rows[i].append(best)
    return rows[-1]


def test_beginnings_come_by_rank_then_by_alphabet(lists: NameLists, ranked: list[str]) -> None:
    """Against the plain way, for beginnings of all lengths."""
    by_normal = {name_lists.normal(each): each for each in spelled()}
    places = {name: place for place, name in enumerate(ranked)}
    chance = random.Random(1)
    for name in chance.sample(sorted(by_normal), 150):
        typed = name[: chance.randint(1, 9)].rstrip("-")
        matching = sorted(
            (each for each in by_normal if each.startswith(typed)),
            key=lambda each: (each != typed, places.get(each, COUNT), each),
        )
        names = lists.search(typed, [PUBLIC], limit=60)
        beginning = [each for each in names.found if name_lists.normal(each.name).startswith(typed)]
        wanted = matching[: len(beginning)]
        assert [each.name for each in beginning] == [by_normal[each] for each in wanted]
        assert [each.rank for each in beginning] == [places.get(each) for each in wanted]
        assert len(names.found) == 60 or len(beginning) == len(matching)
        assert len(beginning) >= min(len(matching), 40)
        assert names.complete


@pytest.mark.parametrize(
    "typed", ["Flask_S", "flask-s", "FLASK.SQL", "flask._-sqlalchemy", " flask-s"]
)
def test_names_are_compared_normalised(lists: NameLists, typed: str) -> None:
    assert found(lists.search(typed, [PUBLIC]))[0] == "Flask-SQLAlchemy"


def test_known_names_come_first(lists: NameLists) -> None:
    known = ["zeta-flask", "Flask-Own", "flask-a-little", "flask-sqlalchemy", "not a name\n", "-"]
    names = lists.search("flask-", [PUBLIC], known)
    assert found(names)[:3] == ["flask-sqlalchemy", "flask-a-little", "Flask-Own"]
    assert names.found[0].rank is not None


def test_the_name_that_was_typed_comes_first_of_all(lists: NameLists) -> None:
    assert found(lists.search("Flask", [PUBLIC], ["flask-own"]))[:2] == ["Flask", "flask-own"]
    assert found(lists.search("own", [PUBLIC], ["own-things", "own"]))[:2] == ["own", "own-things"]


def test_a_later_word_is_found_too(lists: NameLists) -> None:
    assert "Flask-SQLAlchemy" in found(lists.search("sqlalc", [PUBLIC]))
    assert "PyYAML" in found(lists.search("yaml", [PUBLIC], limit=1000))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("reqeusts", "requests"),
        ("equests", "requests"),
        ("rrequests", "requests"),
        ("tequests", "requests"),
        ("erquests", "requests"),
        ("rqeuest", "requests"),
        ("djnago", "django"),
        ("numpyy", "numpy"),
        ("pandsa", "pandas"),
        ("pnad", "pandas"),
        ("Flsk", "Flask"),
        ("scikitlearn", "scikit-learn"),
        ("sckiit_leran", "scikit-learn"),
        ("beautfulsop", "beautifulsoup4"),
    ],
)
def test_typing_errors(lists: NameLists, typed: str, meant: str) -> None:
    assert meant in found(lists.search(typed, [PUBLIC]), typos=True)


def test_typing_errors_in_known_names(lists: NameLists) -> None:
    names = lists.search("krop-tols", [PUBLIC], ["corp-tools", "krop-tools"])
    assert found(names, typos=True)[:1] == ["krop-tools"]


def test_short_text_is_no_typing_error(lists: NameLists) -> None:
    for typed in ("", "r", "re", "xq"):
        assert found(lists.search(typed, [PUBLIC]), typos=True) == []


def test_typing_errors_leave_room_for_what_was_typed(lists: NameLists) -> None:
    names = lists.search("pyte", [PUBLIC], limit=30)
    assert found(names)[0] == "pytest"
    assert len(names.found) == 30
    assert len(found(names, typos=True)) <= 20


def test_lookalikes_are_those_of_the_definition() -> None:
    """All of them, with their distances, against the plain table."""
    chance = random.Random(2)
    for _ in range(400):
        names = ["".join(chance.choices("ab-", k=chance.randint(1, 7))) for _ in range(9)]
        typed = "".join(chance.choices("abc", k=chance.randint(1, 7)))
        for distance in (1, 2):
            wanted = set()
            for place, name in enumerate(names):
                row = edits(typed, name)
                if 0 < min(row) <= distance:
                    wanted.add((place, min(row), row[-1] == min(row)))
            assert set(map(tuple, Lookalikes(names).near(typed, distance))) == wanted


def test_lookalikes_the_nearest_first() -> None:
    names = ["abcdefgh-x", "abcdefgh", "abcdefxx", "abcdefxx-x", "abcdefg"]
    assert [names[each.position] for each in Lookalikes(names).near("abcedfgh", 2)] == [
        "abcdefgh",
        "abcdefgh-x",
        "abcdefg",
    ]


@pytest.mark.parametrize(
    "typed", ["-", "é", "a b", "a\nb", "\0", "a" * 500, "../x", "flask[", "\u017f"]
)
def test_what_is_no_beginning_of_a_name_finds_nothing(lists: NameLists, typed: str) -> None:
    assert lists.search(typed, [PUBLIC]) == Names((), True)


def test_nothing_typed(lists: NameLists) -> None:
    names = lists.search("", [PUBLIC], ["own"])
    assert found(names)[:3] == ["own", "requests", "numpy"]
    assert len(names.found) == 100


def test_without_a_list(tmp_path: Path) -> None:
    """The first completion never waits: what is known, and the popular names that come with us."""
    names = NameLists(tmp_path / "missing").search("req", [PUBLIC], ["req-own"])
    assert found(names)[:2] == ["req-own", "requests"]
    assert not names.complete
    assert not NameLists(tmp_path).search("req", []).complete


def test_a_list_of_two_is_missing(lists: NameLists) -> None:
    names = lists.search("flask-s", [PRIVATE, PUBLIC])
    assert "Flask-SQLAlchemy" in found(names)
    assert not names.complete


def test_two_indexes(tmp_path: Path) -> None:
    put(tmp_path, PUBLIC, ["Flask", "flask-a", "flask-c"])
    put(tmp_path, PRIVATE, ["flask", "flask_b"])
    names = NameLists(tmp_path).search("flask", [PRIVATE, PUBLIC])
    assert found(names) == ["Flask", "flask-a", "flask_b", "flask-c"]
    assert names.complete


def test_popular_names_that_the_index_does_not_have(tmp_path: Path) -> None:
    put(tmp_path, PRIVATE, ["own-requests", "request-own"])
    names = NameLists(tmp_path).search("request", [PRIVATE])
    assert found(names) == ["request-own"]
    assert found(NameLists(tmp_path).search("reqeusts", [PRIVATE]), typos=True) == []


# The ranking


def test_the_built_in_ranking(tmp_path: Path) -> None:
    ranking = popular.load(tmp_path)
    assert ranking.is_built_in
    assert len(ranking.names) >= 400
    assert ranking.rank("requests") == 0
    lines = popular._BUILT_IN.read_text("ascii").splitlines()
    assert list(ranking.names) == [each for each in lines if not each.startswith("#")]


def test_a_fetched_ranking(tmp_path: Path) -> None:
    names = ["Own.One", "own_two", "own-one", "not a name", *(f"p{n}" for n in range(16_000))]
    popular.write(tmp_path, popular.parse(name_lists.ranking(names)))
    ranking = popular.load(tmp_path)
    assert ranking.names[:3] == ("own-one", "own-two", "p0")
    assert len(ranking.names) == 15_000
    assert not ranking.is_built_in
    assert list(ranking.beginning("own")) == ["own-one", "own-two"]
    assert list(ranking.continuing("t")) == ["own-two"]
    assert list(popular.Popular(()).beginning("")) == []


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"rows": 3}', b'{"rows": [1, {}]}', b"[" * 99_999]
)
def test_what_is_no_ranking(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"ranking|ranks"):
        popular.parse(body)


@pytest.mark.parametrize(
    "left", [b"", b"\xff\xfe", b"No Name\n" * 10, b"\0" * 100, b"a--b\n-c\nd-\n", b"a" * 300]
)
def test_a_broken_ranking_counts_as_none(tmp_path: Path, left: bytes) -> None:
    (tmp_path / popular.RANKING_FILE).write_bytes(left)
    assert popular.load(tmp_path).is_built_in


def test_the_wheel_has_the_popular_names() -> None:
    from poetry.core.factory import Factory
    from poetry.core.masonry.builders.wheel import WheelBuilder

    project = Factory().create_poetry(Path(__file__).parents[2])
    files = {
        each.relative_to_target_root().as_posix()
        for each in WheelBuilder(project).find_files_to_add()
    }
    assert "pyproject_ls/index/popular.txt" in files
