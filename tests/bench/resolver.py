"""``python -m tests.bench.resolver``: the warm worker beside ``poetry lock``, in one run.

Two projects against an index on loopback: 19 and 150 packages, each with 60 releases. The warm
worker is asked the same again, and with one constraint changed, another one each time. Prints a
table with the targets of issue 5 as ratios; exit status 1 if one is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from pyproject_ls.resolver.locating import FoundPoetry
from pyproject_ls.resolver.outcome import Locked, Request
from pyproject_ls.resolver.poetry import PoetryWorker
from tests.bench.names import Row
from tests.resolver.package_index import PackageIndex
from tests.resolver.package_pages import Package, Release
from tests.resolver.tools import poetry_environ, tool, tool_python, tool_version

SIZES = (19, 150)
RELEASES = 60
ROUNDS = 3
CHANGES = 3
TYPING = 1.0
"""Seconds before a changed constraint: nobody types one in less."""

FASTER = 8.0
"""How many times as fast as the command a lock in a warm worker has to be, at least."""

POETRY = "poetry-newest"

TEXT = """\
[project]
name = "bench"
version = "1.0"
requires-python = ">=3.10,<4"
dependencies = [{dependencies}]

[tool.poetry]
package-mode = false

[[tool.poetry.source]]
name = "local"
url = "{url}"
"""


def packages(count: int) -> Iterator[Package]:
    """`count` packages; each release needs up to three packages that come after its own."""
    rng = random.Random(count)
    for at in range(count):
        later = range(at + 1, min(at + 12, count))
        releases = []
        for number in range(RELEASES):
            needed = rng.sample(later, min(3, len(later)))
            requires = tuple(f"bench-{each:03}>=1.{max(0, number - 6)}" for each in needed)
            releases.append(Release(f"1.{number}", requires, ">=3.8", kinds=("wheel",)))
        yield Package(f"bench-{at:03}", tuple(releases))


def main() -> int:
    """Measure and print; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.resolver", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    rows: list[Row] = []
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder, PackageIndex(packages(size)) as index:
            rows += asyncio.run(measure(Path(folder).resolve(), index, size, rounds))
    width = max(len(row.what) for row in rows)
    for row in rows:
        target = "" if row.target is None else f"  (at most {row.target:g})"
        print(f"{row.what:{width}}  {row.value:8.3f} {row.unit}{target}", end="")
        print("" if row.is_met else "  MISSED")
    return 0 if all(row.is_met for row in rows) else 1


async def measure(folder: Path, index: PackageIndex, size: int, rounds: int) -> list[Row]:
    """The rows for the project of `size` packages, all asked for by the file itself."""
    project = folder / "project"
    project.mkdir()
    listed = ", ".join(f'"bench-{at:03}"' for at in range(size))
    text = TEXT.format(dependencies=listed, url=index.url)
    (project / "pyproject.toml").write_text(text, encoding="utf-8")
    environ = poetry_environ(folder / "tools")
    command(project, environ)  # fills the cache on the disk, which both use
    lock = (project / "poetry.lock").read_text(encoding="utf-8")
    times: dict[str, list[float]] = {"first": [], "again": [], "changed": []}
    by_command = []
    for _ in range(rounds):
        by_command += [command(project, environ)]
        found = FoundPoetry(tool_python(POETRY), tool_version(POETRY), tool(POETRY), True)
        worker = PoetryWorker(found, environ)
        try:
            times["first"].append(await resolve(worker, project, text, lock))
            times["again"] += [await resolve(worker, project, text, lock) for _ in range(3)]
            for at in range(CHANGES):
                await asyncio.sleep(TYPING)
                changed = text.replace(f'"bench-{at:03}"', f'"bench-{at:03}>=1.1"')
                times["changed"].append(await resolve(worker, project, changed, lock))
        finally:
            await worker.close()
    cli = statistics.median(by_command)
    first, again, other = (statistics.median(times[name]) for name in times)
    return [
        Row(f"{size} packages: poetry lock", cli, "s"),
        Row(f"{size} packages: first lock of a new worker", first, "s"),
        Row(f"{size} packages: second lock", again, "s"),
        Row(f"{size} packages: lock after a change", other, "s"),
        Row(f"{size} packages: first / poetry lock", first / cli, "", 1.0),
        Row(f"{size} packages: second / poetry lock", again / cli, "", 1 / FASTER),
        Row(f"{size} packages: after a change / poetry lock", other / cli, "", 1 / FASTER),
    ]


def command(project: Path, environ: dict[str, str]) -> float:
    """Seconds of ``poetry lock``."""
    started = time.perf_counter()
    subprocess.run(
        [tool(POETRY), "lock", "-n"], cwd=project, env=environ, check=True, capture_output=True
    )
    return time.perf_counter() - started


async def resolve(worker: PoetryWorker, project: Path, text: str, lock: str) -> float:
    """Seconds of a lock in the worker."""
    started = time.perf_counter()
    outcome = await worker.resolve(Request(project, text, lock), lambda step: None)
    assert isinstance(outcome, Locked), outcome
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
