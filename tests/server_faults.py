"""Faults at random, thrown at the whole server while somebody types; asks that nobody notices.

A real server process has a project of twenty dependencies and sources of all kinds; its indexes
are four hosts on loopback that lie (`tests.server_faults_hosts`). An editor (`..._editor`) edits,
completes, hovers and asks for all that editors ask for. Meanwhile the cache is damaged and child
processes are killed. Completions and hovers have to come in 100 ms, nothing may be answered or
logged as an error, nothing hostile or secret may be shown or kept, credentials may reach their own
host only, memory has to stay flat, and the server has to end when it is told to. What is read or
imported once in a session is timed apart, and takes longer than that. Run it with::

    python -m tests.server_faults --faults 1000 --seed 1

What happens depends on the seed, but also on time: the same seed is a similar storm.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from tests.server_faults_editor import LIMIT, Editor, Listener, leaks, start
from tests.server_faults_hosts import Hosts, Report

MAX_GROWTH = 60 << 20
"""Bytes of memory that the server may gain after the warm-up.

The allocator keeps what the largest pages took, once in a while for good: the steps in what is
printed. A leak is another size: the first one that this found was of 541 MB.
"""

PAUSE_EVERY = 150
"""Faults after which somebody sits back for a moment."""

WARM_UP = 3
"""Pauses after which the server has seen most of what there is."""

MAX_END = 5.0
"""Seconds that the server may take to end."""

MORE = 5
"""A short storm goes on, up to so many times as long, until it proves what it is there for."""

STEPS = 200
"""As much is done with a server that is offline, for comparison."""


class Result(NamedTuple):
    """What came of it. `problems` is empty if all was well."""

    report: Report
    times: dict[str, list[float]]
    asked: Counter[str]
    log: Counter[str]
    hostile: int
    memory: list[tuple[int, int]]
    """What the server used before and after each pause of the editor, in bytes."""
    end: float
    accidents: int
    problems: list[str]

    @property
    def growth(self) -> int:
        """Bytes that the server has gained since the first pauses, which are the warm-up."""
        calm = [after for _, after in self.memory]
        return calm[-1] - calm[min(WARM_UP, len(calm)) - 1] if calm else 0


def storm(faults: int, seed: int, *, pauses: bool = False) -> Result:
    """Throw `faults` faults at a server, with `pauses` in between, in which it can tidy up."""
    chance = random.Random(seed)
    accidents = 0
    memory: list[tuple[int, int]] = []
    with tempfile.TemporaryDirectory() as name, Hosts(seed) as hosts:
        folder = Path(name)
        with start(folder, hosts) as client:
            editor = Editor(client, folder / "pyproject.toml", hosts, chance)
            report = hosts.report()
            while _goes_on(report, client, faults):
                for _ in range(10):
                    editor.step()
                if chance.random() < 0.1:
                    accidents += 1
                    chance.choice([_damage, _kill_children])(client, folder / "cache")
                    editor.begin_anew()
                report = hosts.report()
                if pauses and sum(report.faults.values()) > (len(memory) + 1) * PAUSE_EVERY:
                    before = _memory(client.process.pid)
                    editor.pause()
                    memory.append((before, _memory(client.process.pid)))
            editor.settle()
            client.sync()
            begin = time.perf_counter()
            status = client.shutdown()
            end = time.perf_counter() - begin
        problems = [*client.problems, *hosts.report().problems]
        problems += [f"a secret is in {each}" for each in leaks(folder / "cache")]
        report = hosts.report()
    if status or end > MAX_END:
        problems.append(f"the server ended with status {status} after {end:.1f} s")
    problems += _unproved(report, client)
    found = Result(
        report,
        editor.times,
        editor.asked,
        client.reports,
        client.hostile,
        memory,
        end,
        accidents,
        problems,
    )
    if found.growth > MAX_GROWTH:
        problems.append(f"memory has grown by {found.growth / 2**20:.1f} MB")
    return found


def _goes_on(report: Report, client: Listener, faults: int) -> bool:
    """Whether there is more to throw, and somebody there to throw it at."""
    count = sum(report.faults.values())
    wanted = count < faults or (count < MORE * faults and bool(_unproved(report, client)))
    return wanted and len(client.problems) < 20


def _unproved(report: Report, client: Listener) -> list[str]:
    """What was not put to the test at all."""
    found = []
    if not client.hostile:
        found.append("nothing hostile was shown, so nothing is proved about it")
    if not report.welcomed["corp"] or not report.welcomed["mirror"]:
        found.append("no credentials were sent at all")
    return found


def calm(seed: int) -> dict[str, list[float]]:
    """How long the same takes a server that is offline."""
    with tempfile.TemporaryDirectory() as name, Hosts(seed) as hosts:
        folder = Path(name)
        with start(folder, hosts, offline=True) as client:
            editor = Editor(client, folder / "pyproject.toml", hosts, random.Random(seed))
            editor.more = {"offline": True}
            for _ in range(STEPS):
                editor.step()
            editor.settle()
            client.shutdown()
    return editor.times


def p95(times: list[float]) -> float:
    """The time in which 95 of 100 were there."""
    return statistics.quantiles(times, n=20)[-1]


def _damage(client: Listener, cache: Path) -> None:
    """Write nonsense into the database."""
    for path in cache.glob("packages-*.sqlite"):
        with open(path, "r+b") as file:
            file.seek(0)
            file.write(b"nonsense" * 1000)


def _kill_children(client: Listener, cache: Path) -> None:
    """End what the server has started."""
    for each in children(client.process.pid):
        try:
            os.kill(each, signal.SIGKILL)
        except ProcessLookupError:
            continue


def children(process: int) -> list[int]:
    """The processes that `process` has started; none where the system does not say."""
    found: list[int] = []
    for path in Path("/proc").glob(f"{process}/task/*/children"):
        try:
            found += map(int, path.read_text("ascii").split())
        except OSError:
            continue
    return found


def _memory(process: int) -> int:
    """Bytes that a process uses; 0 where the system does not say."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    except (OSError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _figures(what: str, times: list[float]) -> str:
    over = sum(each > LIMIT for each in times)
    return (
        f"{what}: {len(times)}, p50 {statistics.median(times) * 1e3:.1f} ms,"
        f" p95 {p95(times) * 1e3:.1f} ms, max {max(times) * 1e3:.1f} ms, {over} over 100 ms"
    )


def main() -> int:
    """Run from the command line; 1 if anything went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.server_faults", description=__doc__)
    parser.add_argument("--faults", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    begin = time.perf_counter()
    found = storm(chosen.faults, chosen.seed, pauses=True)
    seconds = time.perf_counter() - begin
    report = found.report
    print(f"{sum(report.faults.values())} faults of {len(report.faults)} kinds in {seconds:.0f} s")
    print("  " + ", ".join(f"{name} {count}" for name, count in sorted(report.faults.items())))
    print(f"{report.requests} requests to indexes, with credentials: {report.welcomed}")
    print(f"{found.accidents} times the cache was damaged or children were killed")
    print(", ".join(f"{name} {count}" for name, count in sorted(found.asked.items())))
    for what, times in found.times.items():
        print(_figures(what, times))
    usual = calm(chosen.seed)
    for what, times in usual.items():
        print(_figures(f"offline, {what}", times))
    pauses = ", ".join(f"{before >> 20} > {after >> 20}" for before, after in found.memory)
    print(f"memory before and after pauses, in MB: {pauses}")
    print(f"memory {found.growth / 2**20:+.1f} MB since the warm-up")
    print(f"{found.hostile} texts of hostile people were shown, harmless")
    print(f"the server ended after {found.end:.2f} s")
    for line, count in found.log.most_common(12):
        print(f"  log, {count} times: {line[:150]}")
    # a busy machine makes everybody late
    late = [what for what, times in found.times.items() if p95(times) > LIMIT + p95(usual[what])]
    problems = [*found.problems, *(f"{what} is late" for what in late)]
    for each in problems[:20]:
        print("PROBLEM", each)
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
