"""Lists of names on the disk, and the documents that they are made of."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pyproject_ls.index import names_file
from pyproject_ls.index.names import NameLists
from pyproject_ls.index.names_file import BrokenListError, SortedNames
from pyproject_ls.index.names_parse import parse_root
from tests import name_lists
from tests.index.name_folders import JSON, PUBLIC, Clock, found, put, spelled


def test_a_list_is_read_as_it_was_written(tmp_path: Path) -> None:
    names = SortedNames(put(tmp_path, PUBLIC, spelled()))
    assert names.count == len(spelled())
    assert dict(names.beginning("")) == {name_lists.normal(each): each for each in spelled()}
    assert [normal for normal, _ in names.beginning("")] == sorted(
        map(name_lists.normal, spelled())
    )
    for name in random.Random(3).sample(spelled(), 200):
        assert names.spelling(name_lists.normal(name)) == name
    assert names.spelling("flask-") is None
    assert list(names.beginning("zzzzz")) == []


def test_names_that_differ_by_case_and_separators_are_one(tmp_path: Path) -> None:
    names = SortedNames(put(tmp_path, PUBLIC, ["a_b", "A.b", "a-b", "a-c", "a--b"]))
    assert list(names.beginning("")) == [("a-b", "a-b"), ("a-c", "a-c")]


@pytest.mark.parametrize("names", [[], ["A"], ["a", "b"]])
def test_small_lists(tmp_path: Path, names: list[str]) -> None:
    kept = SortedNames(put(tmp_path, PUBLIC, names))
    assert [each for _, each in kept.beginning("")] == names
    assert kept.spelling("b") == ("b" if "b" in names else None)
    assert NameLists(tmp_path).search("a", [PUBLIC]).complete


def test_the_newest_list_counts(tmp_path: Path) -> None:
    clock = Clock()
    lists = NameLists(tmp_path, clock)
    old = put(tmp_path, PUBLIC, ["own-old"])
    assert found(lists.search("own-", [PUBLIC])) == ["own-old"]
    put(tmp_path, PUBLIC, ["own-new"])  # by another server
    names_file.remove_older(tmp_path, names_file.key_of(PUBLIC.url))
    assert found(lists.search("own-", [PUBLIC])) == ["own-old"]
    clock.now += 61
    assert found(lists.search("own-", [PUBLIC])) == ["own-new"]
    assert not old.exists()


def test_a_crash_in_the_middle_of_writing(tmp_path: Path) -> None:
    """Killed while half of the list is on the disk: the old one counts, all is cleaned later."""
    put(tmp_path, PUBLIC, ["own-old"])
    key = names_file.key_of(PUBLIC.url)
    program = (
        "import os, sys; from pathlib import Path; from pyproject_ls.index import names_file as f\n"
        "def pieces():\n"
        "    yield b'#names 1 0000000002 000000000004\\n' + b'a\\n' * 100_000\n"
        "    os._exit(9)\n"
        "f.write_whole(Path(sys.argv[1], f'names-{sys.argv[2]}-99999999999.txt'), pieces())\n"
    )
    server = str(Path(names_file.__file__).parents[2])
    ended = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path), key],
        env={**os.environ, "PYTHONPATH": server},
        check=False,
    )
    assert ended.returncode == 9
    (left,) = tmp_path.glob(".*.tmp")
    assert found(NameLists(tmp_path).search("own-", [PUBLIC])) == ["own-old"]
    names_file.remove_older(tmp_path, key)
    assert left.exists()  # somebody may be writing it
    os.utime(left, (0, 0))
    names_file.remove_older(tmp_path, key)
    assert not left.exists()


def test_a_list_that_cannot_be_written(tmp_path: Path) -> None:
    def breaking() -> Iterator[tuple[str, str]]:
        yield "a", "a"
        raise ValueError("cut")

    with pytest.raises(ValueError, match="cut"):
        names_file.write(tmp_path, names_file.key_of(PUBLIC.url), breaking())
    (tmp_path / "file").write_text("")
    with pytest.raises(FileExistsError):
        put(tmp_path / "file", PUBLIC, ["a"])
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda whole: whole[: len(whole) // 2],
    "cut by a byte": lambda whole: whole[:-1],
    "longer": lambda whole: whole + b"zz\n",
    "empty": lambda whole: b"",
    "no header": lambda whole: whole.partition(b"\n")[2],
    "zeros": lambda whole: whole[:33] + bytes(len(whole) - 33),
    "binary": lambda whole: bytes(range(256)) * 100,
    "not sorted": lambda whole: whole[:33] + b"".join(whole[33:].splitlines(True)[::-1]),
    "one line": lambda whole: whole[:33] + whole[33:].replace(b"\n", b"x"),
    "another version": lambda whole: whole.replace(b"#names 1", b"#names 2"),
}


@pytest.mark.parametrize("damage", BROKEN)
def test_a_broken_list_is_set_aside(tmp_path: Path, damage: str) -> None:
    path = put(tmp_path, PUBLIC, spelled()[:5000])
    path.write_bytes(BROKEN[damage](path.read_bytes()))
    with pytest.raises(BrokenListError):
        SortedNames(path)
    lists = NameLists(tmp_path)
    assert not lists.search("flask", [PUBLIC]).complete
    assert lists.is_due(PUBLIC)
    assert not path.exists()
    assert list(tmp_path.glob("*.broken"))


def test_behind_a_broken_list_there_may_be_a_sound_one(tmp_path: Path) -> None:
    put(tmp_path, PUBLIC, ["own"])
    put(tmp_path, PUBLIC, ["own", "own-new"]).write_bytes(b"?")
    assert found(NameLists(tmp_path).search("own", [PUBLIC])) == ["own"]


def test_damage_that_was_overlooked_is_not_offered(tmp_path: Path) -> None:
    path = put(tmp_path, PUBLIC, ["own-a", "own-b", "own-c"])
    lists = NameLists(tmp_path)
    assert lists.search("own", [PUBLIC]).complete
    with open(path, "r+b") as file:
        file.seek(-4, os.SEEK_END)
        file.write(b"\x1b")
    assert found(lists.search("own", [PUBLIC])) == ["own-a", "own-b"]


# The root document


def test_json_and_html_say_the_same() -> None:
    wanted = [(name_lists.normal(each), each) for each in spelled()]
    assert list(parse_root(name_lists.root_json(spelled()), JSON)) == wanted
    assert list(parse_root(name_lists.root_html(spelled()), "text/html; charset=utf-8")) == wanted


def test_a_very_long_line() -> None:
    names = [f"package-{number}" for number in range(300_000)]
    body = b"<a href=x>x</a>" + b"".join(
        b"<a href='%s/'>%s</a>" % ((n.encode(),) * 2) for n in names
    )
    assert sum(1 for _ in parse_root(body, "text/html")) == 300_001
    assert sum(1 for _ in parse_root(name_lists.root_json(names), JSON)) == 300_000


def test_what_is_no_name_is_left_out() -> None:
    names = ["good", "a" * 201, "-bad", "bad\n", "b\u0430d", "", "a b", "Good.One", "x\ty"]
    items = [*({"name": each} for each in names), {"name": 7}, {}, "text", None, ["good"]]
    body = json.dumps({"meta": {}, "projects": items}).encode()
    assert list(parse_root(body, JSON)) == [("good", "good"), ("good-one", "Good.One")]


WHOLE = name_lists.root_json(["a", "b", "c"])
HOSTILE = {
    "html as json": (name_lists.root_html(["a"]), JSON),
    "json as html": (WHOLE, "text/html"),
    "text": (b"a\nb\n", "text/plain"),
    "no type": (WHOLE, ""),
    "binary": (bytes(range(256)) * 50, JSON),
    "binary as html": (bytes(range(256)) * 50, "text/html"),
    "empty": (b"", JSON),
    "empty html": (b"", "text/html"),
    "another api": (WHOLE.replace(b'"1.4"', b'"2.0"'), JSON),
    "no projects": (b'{"meta": {}}', JSON),
    "projects that are no list": (b'{"projects": {"name": "a"}}', JSON),
    "an array": (b'[{"name": "a"}]', JSON),
    "more behind": (WHOLE + b"}", JSON),
    "depth": (b'{"projects": [' + b"[" * 200_000, JSON),
    "a huge number": (b'{"projects": [' + b"9" * 100_000 + b"]}", JSON),
    "html cut": (name_lists.root_html(["a", "b"])[:-20], "text/html"),
    "a login": (b"<html><a href='/login'>Sign-in</a><a href='/help'>Help!</a></html>", "text/html"),
    **{f"json cut at {at}": (WHOLE[:at], JSON) for at in range(1, len(WHOLE))},
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_list_of_projects(kind: str) -> None:
    body, content_type = HOSTILE[kind]
    with pytest.raises(ValueError, match=r"sends (something else than )?a list|Simple API"):
        list(parse_root(body, content_type))


def test_tags_without_end_take_no_time() -> None:
    body = b"<a href=" * 200_000 + b"</a <a >" * 200_000
    with pytest.raises(ValueError, match="sends"):
        list(parse_root(body, "text/html"))
