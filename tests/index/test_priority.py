"""Who computes in the background lets those go first who wait for an answer."""

from __future__ import annotations

import asyncio
import gzip
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from pyproject_ls.index import priority
from pyproject_ls.index.decoding import Body
from pyproject_ls.index.simple_html import parse_html
from pyproject_ls.index.simple_json import parse_json


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(priority, "LONGEST", 60.0)
    yield
    priority.somebody_is_served()


def read_a_page() -> None:
    parse_json(b'{"name": "a", "files": [{"filename": "a-1.tar.gz", "url": "a-1.tar.gz"}]}', "/a/")


def read_html() -> None:
    parse_html(b"<a href='a-1.tar.gz'>a-1.tar.gz</a>", "/a/")


def unpack() -> None:
    Body("gzip", 1000, 1000).feed(gzip.compress(b"a"))


def run_a_loop() -> None:
    loop = priority.new_event_loop()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()


WORK: list[Callable[[], None]] = [priority.give_way, read_a_page, read_html, unpack]
if sys.platform != "win32":
    WORK.append(run_a_loop)


@pytest.mark.parametrize("work", WORK)
def test_work_comes_after_the_answer(work: Callable[[], None]) -> None:
    order: list[str] = []
    started = threading.Event()

    def background() -> None:
        started.set()
        work()
        order.append("work")

    priority.somebody_waits()
    thread = threading.Thread(target=background)
    thread.start()
    started.wait()
    time.sleep(0.05)  # enough for whoever does not wait
    order.append("answer")
    priority.somebody_is_served()
    thread.join()
    work()  # and nothing is in its way any more
    assert order == ["answer", "work"]


def test_an_answer_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(priority, "LONGEST", 0.01)
    priority.somebody_waits()
    priority.give_way()
    monkeypatch.setattr(priority, "LONGEST", 60.0)
    priority.give_way()
