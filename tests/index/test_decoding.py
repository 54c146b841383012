"""A packed body becomes what it was, in steps, whatever its size."""

from __future__ import annotations

import gzip

import pytest

from pyproject_ls.index import decoding
from pyproject_ls.index.failures import FetchError

SIZES = [0, 1, 99, 100, 101, 200, 1000]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("wire", [1, 7, 10_000])
def test_unpacking(size: int, wire: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_AT_ONCE", 100)
    packed = gzip.compress(b"a" * size) + gzip.compress(b"behind")
    body = decoding.Body("gzip", len(packed), size + 6)
    for start in range(0, len(packed), wire):
        body.feed(packed[start : start + wire])
    assert body.finish() == b"a" * size + b"behind"


@pytest.mark.parametrize("size", SIZES[1:])
def test_one_byte_too_many(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_AT_ONCE", 100)
    packed = gzip.compress(b"a" * size)
    with pytest.raises(FetchError, match="sends a page of more than"):
        decoding.Body("gzip", len(packed), size - 1).feed(packed)


def test_half_a_page() -> None:
    body = decoding.Body("gzip", 1000, 1000)
    body.feed(gzip.compress(b"abc")[:-4])
    with pytest.raises(FetchError, match="in the middle"):
        body.finish()
