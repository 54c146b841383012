"""What failed answers leave behind: the server looks for garbage in circles only when it is idle.

Exceptions lead to frames, and frames to what was being read; one variable too many makes a circle
of it, which then keeps a page of many megabytes.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest

from pyproject_ls.index.failures import FetchError
from pyproject_ls.index.flight import within
from pyproject_ls.index.transport import Fetch, Limits, Transport
from tests.index.faults import HTML, Answer, Loopback

MEGABYTE = 1 << 20
PAGE = b" " * (3 * MEGABYTE)
LIMITS = Limits(connect=1, read=0.2, total=0.4, pauses=())


@pytest.fixture
def garbage() -> Iterator[Callable[[], list[Any]]]:
    """Collects what is in circles, and in no use, since the test began."""
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)

    def collect() -> list[Any]:
        gc.collect()
        return gc.garbage

    yield collect
    gc.set_debug(0)
    gc.enable()
    gc.garbage.clear()
    gc.collect()


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=PAGE, headers=HTML, cut=2 * MEGABYTE),
        Answer(body=PAGE, headers=HTML, hang=2 * MEGABYTE),
        Answer(body=PAGE, headers=HTML, is_chunked=True),  # too large
        Answer(body=PAGE[:MEGABYTE], headers=HTML, length=str(2 * MEGABYTE)),
    ],
    ids=["cut", "hangs", "too large", "wrong length"],
)
def test_no_page_is_kept(garbage: Callable[[], list[Any]], answer: Answer) -> None:
    async def main() -> None:
        async with Loopback(answer) as server:
            transport = Transport(LIMITS)
            for _ in range(2):
                with contextlib.suppress(FetchError):
                    await transport.fetch(Fetch(server.url, max_decoded=2 * MEGABYTE + 1000))
            assert len(server.seen) == 2, "it was asked"
            await transport.close()

    asyncio.run(main())
    kept = {id(each): len(each) for each in _bytes_in(garbage())}
    assert sum(kept.values()) < MEGABYTE
    frames = [each for each in gc.garbage if isinstance(each, FrameType)]
    assert "_try" not in {each.f_code.co_name for each in frames}


def test_what_fails_in_time_is_no_circle(garbage: Callable[[], list[Any]]) -> None:
    async def work() -> None:
        raise ValueError

    async def main() -> None:
        with pytest.raises(ValueError):  # noqa: PT011
            await within(1, work())

    asyncio.run(main())
    names = {each.f_code.co_name for each in garbage() if isinstance(each, FrameType)}
    assert "within" not in names


def _bytes_in(objects: list[Any]) -> Iterator[bytes | bytearray]:
    for each in objects:
        for inner in (each, *gc.get_referents(each)):
            if isinstance(inner, (bytes, bytearray)):
                yield inner
            elif type(inner) is list:
                yield from (part for part in inner if isinstance(part, (bytes, bytearray)))
