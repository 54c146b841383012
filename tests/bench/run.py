"""The benchmark: our server and command beside the peers, in one run, taking turns.

Every round starts a fresh session of each server on each file, in an order that changes with the
round, so that a busy machine is busy for all. Timings are reported, never asserted; see README.md.
"""

from __future__ import annotations

import argparse
import compileall
import json
import shlex
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from . import report
from .client import ServerError
from .files import SIZES, BenchFile, bench_files, many_files
from .peers import InstallError, Peers, cache_folder, prepare
from .processes import Command, rotated, time_commands
from .session import Samples, Server, run_session

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = REPOSITORY.parent / "shared"
MANY = 200
OFFLINE = {"PYPROJECT_LS_OFFLINE": "1"}
"""The peers ask no package index either; ``tests.bench.packages`` is about that."""
FAILED, GATED = 2, 1


@dataclass
class Outcome:
    """What a run has to tell."""

    rows: list[report.Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def main(arguments: list[str] | None = None) -> int:
    """0, or 2 when something could not run, or 1 when ``--gate`` finds a target missed."""
    options = _parser().parse_args(arguments)
    # as an installer leaves a package: otherwise every process of ours would compile it again
    compileall.compile_dir(REPOSITORY / "server", quiet=1)
    with tempfile.TemporaryDirectory(prefix="pyproject-ls-bench-") as folder:
        work = Path(folder).resolve()
        try:
            peers = prepare(cache_folder(REPOSITORY), SHARED, work)
        except InstallError as error:
            print(f"the peers could not be installed: {error}", file=sys.stderr)
            return FAILED
        outcome = Outcome(notes=list(peers.notes))
        if options.only != "commands":
            _servers(options, peers, work, outcome)
        if options.only != "servers":
            _commands(options, peers, work, outcome)
        if peers.schemas is None:
            outcome.rows = report.without_targets(outcome.rows, "tombi")
    missed = report.gate(outcome.rows) if options.gate else []
    print(report.table(outcome.rows))
    for title, lines in (
        ("note", outcome.notes),
        ("failed", outcome.failures),
        ("gate", missed),
    ):
        for line in lines:
            print(f"{title}: {line}")
    if options.json:
        facts = {
            "rounds": options.rounds,
            "notes": outcome.notes,
            "failures": outcome.failures,
            "missed": missed,
        }
        text = json.dumps(report.as_json(outcome.rows, **facts), indent=2) + "\n"
        options.json.write_text(text, encoding="utf-8")
    return FAILED if outcome.failures else GATED if missed else 0


def _servers(options: argparse.Namespace, peers: Peers, work: Path, outcome: Outcome) -> None:
    """Measure the language servers."""
    files = bench_files(SHARED, work / "files", tuple(options.sizes))
    outcome.notes += [f"{file.name} lines: {file.origin}" for file in files]
    ours = Server(report.OURS, tuple(shlex.split(options.server)), OFFLINE)
    servers = [ours, *peers.servers()]
    samples = {file.name: {server.name: Samples() for server in servers} for file in files}
    broken: set[tuple[str, str]] = set()
    for number in range(options.rounds):
        for file in files:
            for server in rotated(servers, number):
                if (server.name, file.name) not in broken:
                    _progress(f"round {number + 1}: {server.name}, {file.name} lines")
                    problem = _session(server, file, samples[file.name][server.name])
                    if problem:
                        broken.add((server.name, file.name))
                        outcome.failures.append(problem)
    taken = [sample for by_server in samples.values() for sample in by_server.values()]
    outcome.notes += sorted(set().union(*(sample.notes for sample in taken)))
    outcome.rows += report.server_rows(samples)


def _session(server: Server, file: BenchFile, samples: Samples) -> str | None:
    """One session; what went wrong, if anything did."""
    try:
        run_session(server, file, samples)
    except (ServerError, OSError) as error:
        return f"{server.name}, {file.name} lines: {error}"
    return None


def _commands(options: argparse.Namespace, peers: Peers, work: Path, outcome: Outcome) -> None:
    """Measure the command lines."""
    [single] = bench_files(SHARED, work / "one", ("300",))
    many, origin = many_files(SHARED, work / "many", MANY)
    outcome.notes.append(f"{MANY} files: {origin}")
    ours = tuple(shlex.split(options.check))
    validate, lint = peers.script("validate-pyproject"), peers.script("tombi")
    one, all_of_them = ("pyproject.toml",), tuple(str(path.relative_to(work)) for path in many)
    jobs = {
        report.CHECK_ONE: (
            single.path.parent,
            {
                report.OURS: (*ours, *one),
                "poetry": (peers.script("poetry"), "check"),
                "validate-pyproject": (validate, *one),
                "tombi": (lint, "lint", "--offline", *one),
            },
        ),
        report.CHECK_MANY: (
            work,
            {
                report.OURS: (*ours, *all_of_them),
                "tombi": (lint, "lint", "--offline", *all_of_them),
                "validate-pyproject": (validate, *all_of_them),
            },
        ),
    }
    for what, (folder, lines) in jobs.items():
        _progress(f"commands: {what}")
        commands = [
            Command(name, line, folder, peers.environment, tracebacks=line[0] == validate)
            for name, line in lines.items()
        ]
        times, problems = time_commands(commands, options.rounds * 2)
        outcome.failures += [f"{what}: {problem}" for problem in problems]
        outcome.rows.append(report.command_row(what, times))


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    python = shlex.quote(sys.executable)
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--server",
        metavar="CMD",
        default=f"{python} -m pyproject_ls serve",
        help="the language server under test (default: this Python's pyproject_ls)",
    )
    parser.add_argument(
        "--check",
        metavar="CMD",
        default=f"{python} -m pyproject_ls check",
        help="the command under test; the files are added to it",
    )
    parser.add_argument("--only", choices=("servers", "commands"), help="half of the run")
    parser.add_argument(
        "--sizes",
        nargs="+",
        choices=SIZES,
        default=list(SIZES),
        help="files for the servers, by lines",
    )
    parser.add_argument("--rounds", type=int, default=5, help="sessions of each server and file")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument(
        "--gate", action="store_true", help="fail where a target is missed by more than 30 %%"
    )
    return parser
