"""What is put around Poetry's own functions, once, so that work can be watched and ended.

Poetry is reached through `importlib`: it is there only under its own interpreter. Every hook is
left out where a version of Poetry does not have the function any more.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import os
import subprocess
import time
import weakref
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from .runs import Run, Unreachable, checked, current

ATTEMPTS = 3
"""Failed requests to one host before it is given up; Poetry would try six times, for 8 seconds."""

REFUSED = (401, 403)
BUSY = (429, 500, 501, 502, 503, 504)
"""What Poetry tries again (``poetry.utils.constants.STATUS_FORCELIST``)."""

_children: weakref.WeakSet[subprocess.Popen[bytes]] = weakref.WeakSet()


def install() -> None:
    """Put all hooks in place."""
    _watch_solver()
    _watch_network()
    _watch_builds()
    _keep_dependencies_of_errors()


def end_children() -> None:
    """Kill the programs that were started and still run: a build that hangs."""
    for child in list(_children):
        if child.poll() is None:
            with contextlib.suppress(OSError):
                child.kill()


def _wrap(
    owner: Any, name: str, wrapper: Callable[[Callable[..., Any]], Callable[..., Any]]
) -> None:
    original = getattr(owner, name, None)
    if original is not None:
        setattr(owner, name, functools.wraps(original)(wrapper(original)))


# The solver


def _watch_solver() -> None:
    provider = importlib.import_module("poetry.puzzle.provider").Provider
    _wrap(provider, "search_for", _looks_at)
    _wrap(provider, "complete_package", _looks_at)
    _wrap(provider, "incompatibilities_for", _counts_needs)
    solver = importlib.import_module("poetry.mixology.version_solver").VersionSolver
    # what can run for minutes without asking the provider anything
    _wrap(solver, "_propagate_incompatibility", checked)
    _wrap(solver, "_resolve_conflict", checked)
    incompatibility = importlib.import_module("poetry.mixology.incompatibility").Incompatibility
    _wrap(incompatibility, "__init__", checked)


def _looks_at(function: Callable[..., Any]) -> Callable[..., Any]:
    def look(provider: Any, subject: Any, *arguments: Any, **named: Any) -> Any:
        run = current()
        if run is not None:
            run.at(getattr(subject, "package", subject).name)
        return function(provider, subject, *arguments, **named)

    return look


def _counts_needs(function: Callable[..., Any]) -> Callable[..., Any]:
    def count(provider: Any, package: Any, *arguments: Any, **named: Any) -> Any:
        needs = function(provider, package, *arguments, **named)
        run = current()
        if run is not None and not package.package.is_root():
            run.effort.update(term.dependency.name for need in needs for term in need.terms[1:])
        return needs

    return count


def _keep_dependencies_of_errors() -> None:
    """Have the error of two declarations that exclude each other say which they are."""
    module = importlib.import_module("poetry.puzzle.provider")
    error = getattr(module, "IncompatibleConstraintsError", None)
    if error is None:
        return

    def keep(original: Callable[..., Any]) -> Callable[..., Any]:
        def init(self: Any, package: Any, *dependencies: Any, **named: Any) -> None:
            self.package = package
            self.dependencies = dependencies
            original(self, package, *dependencies, **named)

        return init

    _wrap(error, "__init__", keep)


# The network


def _watch_network() -> None:
    requests = importlib.import_module("requests")
    _wrap(requests.Session, "send", _sends)
    authenticator: Any = importlib.import_module("poetry.utils.authenticator")
    if getattr(authenticator, "time", None) is time:
        authenticator.time = _Clock()


class _Clock:
    """The module `time` for Poetry's waits between attempts; `Retry-After` may be long."""

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)

    def sleep(self, seconds: float) -> None:
        run = current()
        if run is None:
            time.sleep(seconds)
        else:
            run.sleep(seconds)


def _sends(send: Callable[..., Any]) -> Callable[..., Any]:
    def watched(session: Any, request: Any, **named: Any) -> Any:
        run = current()
        if run is None:
            return send(session, request, **named)
        run.check()
        named["timeout"] = _within(named.get("timeout"), run)
        host = urlsplit(request.url).hostname or ""
        try:
            response = send(session, request, **named)
        except OSError as error:  # all that `requests` raises is one
            run.check()
            _failed(run, host, _why(error), error)
            raise
        if response.status_code in REFUSED:
            run.refused[urlsplit(request.url)._replace(query="").geturl()] = host
        if response.status_code in BUSY:
            _failed(run, host, f"it answers with status {response.status_code}", None)
        return response

    return watched


def _failed(run: Run, host: str, why: str, error: Exception | None) -> None:
    run.failures[host] += 1
    if run.failures[host] >= ATTEMPTS:
        raise Unreachable(host, why) from error


def _within(timeout: Any, run: Run) -> Any:
    """`timeout`, but no longer than the run may last."""
    left = max(0.1, run.left)
    if isinstance(timeout, (int, float)):
        return min(timeout, left)
    return left if timeout is None else timeout


def _why(error: Exception) -> str:
    names = {kind.__name__ for kind in type(error).__mro__}
    if "SSLError" in names:
        return "its certificate is not accepted"
    if "ProxyError" in names:
        return "the proxy does not let it through"
    if "Timeout" in names:
        return "it does not answer in time"
    return "no connection can be made"


# Builds


def _watch_builds() -> None:
    def starts(original: Callable[..., Any]) -> Callable[..., Any]:
        def init(self: Any, *arguments: Any, **named: Any) -> None:
            original(self, *arguments, **named)
            _children.add(self)

        return init

    _wrap(subprocess.Popen, "__init__", starts)
    info = importlib.import_module("poetry.inspection.info")
    _wrap(info, "get_pep517_metadata", _builds)
    # nobody is there to answer what git might ask
    os.environ["GIT_TERMINAL_PROMPT"] = "0"


def _builds(function: Callable[..., Any]) -> Callable[..., Any]:
    def build(*arguments: Any, **named: Any) -> Any:
        run = current()
        if run is None:
            return function(*arguments, **named)
        run.building = run.package or "?"
        try:
            result = function(*arguments, **named)
        except Exception:
            run.check()  # its programs were killed: the time is up
            raise
        run.building = ""
        return result

    return build
