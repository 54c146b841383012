"""``python -m tests.bench.names``: searching 860,000 names, and fetching them.

Prints a table with the targets of issue 4. Exit status 1 if one is missed. Needs about a minute;
memory is read from ``/proc``, so it is measured on Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from pyproject_ls.index import names_file, popular
from pyproject_ls.index.names import NameLists
from pyproject_ls.index.records import Index
from tests import name_lists
from tests.index_server import Answer, IndexServer

COUNT = 860_000
RANKED = 15_000
KNOWN = 60
TYPED = 400
"""So many names are typed, letter by letter."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Row(NamedTuple):
    """One line of the table; no target means that it is only reported."""

    what: str
    value: float
    unit: str
    target: float | None = None

    @property
    def is_met(self) -> bool:
        """Whether the value is within the target."""
        return self.target is None or self.value <= self.target


def main() -> int:
    """Measure and print; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.names", description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT)
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder), count)
    width = max(len(row.what) for row in rows)
    for row in rows:
        target = "" if row.target is None else f"  (at most {row.target:g})"
        verdict = "" if row.is_met else "  MISSED"
        print(f"{row.what:{width}}  {row.value:8.2f} {row.unit}{target}{verdict}")
    return 0 if all(row.is_met for row in rows) else 1


def measure(folder: Path, count: int) -> list[Row]:
    """All rows, for `count` names."""
    names = name_lists.made_up(count)
    chance = random.Random(7)
    ranked = chance.sample(names, min(RANKED, count))
    known = chance.sample(ranked, KNOWN // 2) + chance.sample(names, KNOWN // 2)
    typed = [*chance.sample(names, TYPED // 2), *ranked[: TYPED // 2]]
    index, rows = ingest(folder, names, ranked)
    popular_ones = [each for each in map(name_lists.normal, ranked[:TYPED]) if len(each) >= 6]
    # in a fresh process, which has no memory lying about that searching could use
    with get_context("spawn").Pool(1) as process:
        arguments = (folder, index, list(map(name_lists.normal, typed)), popular_ones, known)
        return rows + process.apply(search, arguments)


def ingest(folder: Path, names: list[str], ranked: list[str]) -> tuple[Index, list[Row]]:
    """Fetch the lists as a server does."""
    json = {"Content-Type": "application/vnd.pypi.simple.v1+json"}
    with IndexServer() as server:
        body = name_lists.root_json(names)
        server.instead["/simple/"] = Answer(200, json, body)
        server.instead["/ranking.json"] = Answer(200, json, name_lists.ranking(ranked))
        index = Index("bench", server.url(), is_default=True)
        with get_context("spawn").Pool(1) as process:  # a child's peak begins with ours
            arguments = (folder, index, server.url("/ranking.json"))
            elapsed, used, peak = process.apply(fetch, arguments)
    path = names_file.newest(folder, names_file.key_of(index.url))
    assert path is not None
    return index, [
        Row("root document", len(body) / 1e6, "MB"),
        Row("list on the disk", path.stat().st_size / 1e6, "MB"),
        Row("fetching it, other process", elapsed, "s"),
        Row("  processor of the other process", used, "s"),
        Row("  its peak memory", peak, "MB"),
    ]


def fetch(folder: Path, index: Index, ranking: str) -> tuple[float, float, float]:
    """Let a process fetch the list: seconds, its processor seconds, its peak memory in MB."""
    lists = NameLists(folder)
    start, used = time.perf_counter(), _processor()
    assert asyncio.run(lists.refresh(index))
    elapsed, used = time.perf_counter() - start, _processor() - used
    peak = _peak_of_children()
    assert asyncio.run(lists.refresh_ranking(ranking))
    return elapsed, used, peak


def search(
    folder: Path, index: Index, typed: list[str], ranked: list[str], known: list[str]
) -> list[Row]:
    """Load the lists, search for the beginnings of `typed` and for `ranked` with typing errors."""
    path = names_file.newest(folder, names_file.key_of(index.url))
    assert path is not None
    chance = random.Random(8)
    mistaken = [mistake(each, chance) for each in ranked]
    gc.collect()
    before = private_memory()
    opened = [_timed(names_file.SortedNames, path) for _ in range(5)]
    rankings = [_timed(popular.load, folder) for _ in range(5)]
    lists = NameLists(folder)

    def times(texts: Iterable[str]) -> list[tuple[float, float]]:
        return [_timed_both(lists.search, each, [index], known) for each in texts]

    first = _timed(lists.search, "reqe", [index], known)
    rows = [
        Row("open the list, median", statistics.median(opened), "ms", 10),
        Row("load the ranking, median", statistics.median(rankings), "ms", 10),
        Row("first search, with loading", first, "ms"),
    ]
    for length in range(1, 9):
        rows += _rows(f"search, {length} letters", times(each[:length] for each in typed))
    rows += _rows("search, typing errors", times(mistaken))
    gc.collect()
    after = private_memory()
    found = [_finds(lists, index, *each) for each in zip(ranked, mistaken, strict=True)]
    rows += [
        Row("popular names not found again", 100 * (1 - sum(found) / len(found)), "%", 2),
        Row("private memory, written", after[0] - before[0], "MB", 30),
        Row("private memory, with pages of the file", sum(after) - sum(before), "MB", 30),
    ]
    return rows


def mistake(name: str, chance: random.Random) -> str:
    """`name` with one typing error."""
    at = chance.randrange(len(name) - 1)
    letter = chance.choice(_LETTERS)
    return chance.choice(
        (
            name[:at] + name[at + 1 :],
            name[:at] + letter + name[at:],
            name[:at] + letter + name[at + 1 :],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        )
    )


def private_memory() -> tuple[float, float]:
    """What this process has for itself, in MB: written pages, and clean ones nobody else maps."""
    found = {"Private_Dirty": 0.0, "Private_Clean": 0.0}
    path = Path("/proc/self/smaps_rollup")
    for line in path.read_text().splitlines() if path.exists() else ():
        key, _, rest = line.partition(":")
        if key in found:
            found[key] = int(rest.split()[0]) / 1024
    return found["Private_Dirty"], found["Private_Clean"]


def _rows(what: str, times: list[tuple[float, float]]) -> list[Row]:
    elapsed, used = (sorted(each) for each in zip(*times, strict=True))
    return [
        Row(f"{what}, median", statistics.median(elapsed), "ms"),
        Row(f"{what}, p95", elapsed[int(len(elapsed) * 0.95)], "ms", 3),
        Row(f"{what}, p95 of processor time", used[int(len(used) * 0.95)], "ms", 3),
        Row(f"{what}, longest", elapsed[-1], "ms"),
    ]


def _finds(lists: NameLists, index: Index, name: str, typed: str) -> bool:
    found = lists.search(typed, [index]).found
    return name in {name_lists.normal(each.name) for each in found}


def _timed(work: Callable[..., object], *arguments: object) -> float:
    """Milliseconds."""
    start = time.perf_counter()
    work(*arguments)
    return (time.perf_counter() - start) * 1e3


def _timed_both(work: Callable[..., object], *arguments: object) -> tuple[float, float]:
    """Milliseconds by the clock, and of processor time, which other programs do not disturb."""
    used = time.thread_time()
    elapsed = _timed(work, *arguments)
    return elapsed, (time.thread_time() - used) * 1e3


def _processor() -> float:
    """Processor seconds of ended child processes."""
    times = os.times()
    return times.children_user + times.children_system


def _peak_of_children() -> float:
    """MB; 0 where the system does not say."""
    if sys.platform == "win32":
        return 0.0
    import resource

    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    sys.exit(main())
