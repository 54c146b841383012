"""Checking many inputs, in several processes where that is worth their start."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from pyproject_ls.checking.inputs import Input
from pyproject_ls.checking.work import Checked, Sources, Wishes, check_input
from pyproject_ls.files import FileError
from pyproject_ls.report import Failure

WORTH = 60
"""So many files for each process that is started by itself: a start takes as long as some."""

CHUNK = 16
"""So many files are handed to a process at once."""

Result = Checked | Failure


def check_all(
    found: Iterable[Input | Failure], wishes: Wishes, sources: Sources, jobs: int | None
) -> Iterator[Result]:
    """The result for each of `found`, in its order; `jobs` processes, None: as many as help.

    What asks indexes or a resolver is done in this process, which waits for them anyway, and so is
    standard input.
    """
    if sources.packages is not None or sources.resolver is not None:
        jobs = 1
    if jobs == 1:
        yield from (_result(each, wishes, sources) for each in found)
        return
    waiting = list(found)
    if jobs is None:
        jobs = min(_processors(), len(waiting) // WORTH)
    if jobs <= 1 or any(isinstance(each, Input) and each.is_stdin for each in waiting):
        yield from (_result(each, wishes, sources) for each in waiting)
    else:
        yield from _in_processes(waiting, wishes, jobs)


def _in_processes(waiting: list[Input | Failure], wishes: Wishes, jobs: int) -> Iterator[Result]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    # a fork has imported everything already; there are no threads yet that it could break
    ways = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if "fork" in ways else "spawn")
    done = 0
    with ProcessPoolExecutor(jobs, context, _begin, (wishes,)) as pool:
        try:
            for result in pool.map(_work, waiting, chunksize=CHUNK):
                done += 1
                yield result
        except BrokenProcessPool:
            reason = "the process that checked it has ended: too little memory? Use --jobs 1"
            yield from (
                each if isinstance(each, Failure) else Failure(each.name, reason)
                for each in waiting[done:]
            )


_wishes: Wishes
"""Of a process of the pool."""


def _begin(wishes: Wishes) -> None:
    import signal

    from pyproject_ls.plugins import role

    global _wishes
    _wishes = wishes
    role.is_command = True
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us


def _work(source: Input | Failure) -> Result:
    return _result(source, _wishes, Sources())


def _result(source: Input | Failure, wishes: Wishes, sources: Sources) -> Result:
    if isinstance(source, Failure):
        return source
    try:
        return check_input(source, wishes, sources)
    except FileError as error:
        return Failure(source.name, str(error))


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
