"""Credentials of a name go only where they were approved for."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import TypeVar

import pytest

from pyproject_ls.index.trust import Approvals

HOME, EVIL = "https://corp.example", "https://evil.example"
Value = TypeVar("Value")


def run(work: Coroutine[object, object, Value]) -> Value:
    return asyncio.run(work)


class Person:
    """Answers questions, and counts them."""

    def __init__(self, *answers: bool) -> None:
        self.answers = list(answers)
        self.questions: list[tuple[str, str, str]] = []

    async def ask(self, name: str, old: str, new: str) -> bool:
        """The next answer."""
        self.questions.append((name, old, new))
        await asyncio.sleep(0)
        return self.answers.pop(0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "approvals.json"


def test_the_first_origin_is_remembered(path: Path) -> None:
    person = Person()
    assert run(Approvals(path, person.ask).allows("poetry:corp", HOME))
    assert run(Approvals(path, person.ask).allows("poetry:corp", HOME))
    assert person.questions == []
    assert json.loads(path.read_text("utf-8"))["origins"] == {"poetry:corp": [HOME]}


def test_another_origin_is_refused_where_nobody_can_be_asked(path: Path) -> None:
    approvals = Approvals(path)
    assert run(approvals.allows("poetry:corp", HOME))
    assert not run(approvals.allows("poetry:corp", EVIL))
    assert not run(approvals.allows("poetry:corp", "http://corp.example"))
    assert not run(approvals.allows("poetry:corp", f"{HOME}:8443"))
    assert run(approvals.allows("poetry:other", EVIL))
    assert EVIL not in path.read_text("utf-8").replace(f'"poetry:other": [\n   "{EVIL}"', "")


def test_no_holds_for_the_session(path: Path) -> None:
    person = Person(False)
    approvals = Approvals(path, person.ask)
    run(approvals.allows("poetry:corp", HOME))
    assert not run(approvals.allows("poetry:corp", EVIL))
    assert not run(approvals.allows("poetry:corp", EVIL))
    assert person.questions == [("poetry:corp", HOME, EVIL)]
    again = Person(True)
    assert run(Approvals(path, again.ask).allows("poetry:corp", EVIL))


def test_yes_holds_for_good(path: Path) -> None:
    person = Person(True)
    approvals = Approvals(path, person.ask)
    run(approvals.allows("poetry:corp", HOME))
    assert run(approvals.allows("poetry:corp", EVIL))
    later = Approvals(path)
    assert run(later.allows("poetry:corp", EVIL))
    assert run(later.allows("poetry:corp", HOME))
    assert len(person.questions) == 1


@pytest.mark.parametrize("answer", [True, False])
def test_one_question_at_a_time(path: Path, answer: bool) -> None:
    async def many() -> list[bool]:
        approvals = Approvals(path, person.ask)
        await approvals.allows("poetry:corp", HOME)
        return await asyncio.gather(*(approvals.allows("poetry:corp", EVIL) for _ in range(50)))

    person = Person(answer)
    assert run(many()) == [answer] * 50
    assert len(person.questions) == 1


def test_a_cancelled_question_is_asked_again(path: Path) -> None:
    async def cancelled() -> bool:
        async def never(name: str, old: str, new: str) -> bool:
            await asyncio.Event().wait()
            return True

        approvals = Approvals(path, never)
        await approvals.allows("poetry:corp", HOME)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(approvals.allows("poetry:corp", EVIL), 0.01)
        approvals.ask = person.ask
        return await approvals.allows("poetry:corp", EVIL)

    person = Person(True)
    assert run(cancelled())


def test_remembering_asks_nobody(path: Path) -> None:
    approvals = Approvals(path)
    run(approvals.remember("netrc:corp.example", HOME))
    run(approvals.remember("netrc:corp.example", EVIL))
    assert not run(approvals.allows("netrc:corp.example", EVIL))


def test_several_servers_share_the_file(path: Path) -> None:
    one, two = Approvals(path), Approvals(path)
    run(one.allows("poetry:a", HOME))
    run(two.allows("poetry:b", HOME))
    run(one.allows("poetry:c", HOME))
    assert not run(two.allows("poetry:c", EVIL))
    assert not run(one.allows("poetry:b", EVIL))
    assert set(json.loads(path.read_text("utf-8"))["origins"]) == {
        "poetry:a",
        "poetry:b",
        "poetry:c",
    }


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff", b"[]", b'{"origins": []}', b"[" * 100_000, b" " * (2 * 1024 * 1024)],
    ids=range(7),
)
def test_a_broken_file_is_set_aside(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    assert run(Approvals(path).allows("poetry:corp", HOME))
    assert not run(Approvals(path).allows("poetry:corp", EVIL))
    assert Path(f"{path}.broken").read_bytes() == content


def test_odd_values_are_left_out(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"origins": {"a": 1, "b": [1, HOME], "c": []}}), "utf-8")
    approvals = Approvals(path)
    assert run(approvals.allows("b", HOME))
    assert not run(approvals.allows("b", EVIL))
    assert run(approvals.allows("a", EVIL))


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """Then the approvals hold in memory."""
    (tmp_path / "file").write_text("", "utf-8")
    approvals = Approvals(tmp_path / "file" / "approvals.json")
    assert run(approvals.allows("poetry:corp", HOME))
    assert not run(approvals.allows("poetry:corp", EVIL))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_only_the_owner_can_read(path: Path) -> None:
    run(Approvals(path).allows("poetry:corp", HOME))
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == [path.name]
