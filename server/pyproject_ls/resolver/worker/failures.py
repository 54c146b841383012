"""From an exception to the answer for the host: whose fault it is, and a sentence about it."""

from __future__ import annotations

import traceback
from typing import Any

from .project import Invalid, LockUnreadable
from .runs import Run, Unreachable

Answer = dict[str, Any]

LONGEST = 4000
"""Characters of details."""

_BUILD = {
    "PackageInfoError",
    "ChefBuildError",
    "ChefInstallError",
    "IsolatedBuildBaseError",
    "BuildBackendException",
}
_NETWORK = {"RequestException", "RepositoryError", "HTTPError", "PoetryRuntimeError"}


def answer_for(error: Exception, run: Run) -> Answer:
    """The answer to `error`, which ended `run`."""
    names = {kind.__name__ for kind in type(error).__mro__}
    text = _first_lines(str(error))
    if isinstance(error, Invalid):
        return _failure("invalid", f"Poetry cannot use this file: {text}", error=error)
    if isinstance(error, LockUnreadable):
        return _failure("lock", text, error=error)
    if names & _BUILD or run.building:
        package = run.building or run.package
        return _failure(
            "build", f"`{package}` could not be built to see what it needs.", package, error
        )
    answer = refused(run)
    if answer is not None:
        return answer
    if run.failures or names & _NETWORK:
        host = next(iter(run.failures), "")
        where = f"The index at `{host}`" if host else "An index"
        return _failure("unreachable", f"{where} cannot be used: {text}", run.package, error)
    if "NotGitRepository" in names or "git" in type(error).__module__.lower() or "vcs" in text:
        return _failure("unreachable", f"A git repository cannot be read: {text}", error=error)
    if _is_about_the_file(error, names):
        return _failure("invalid", f"Poetry refuses the project: {text}", run.package, error)
    if "PackageNotFoundError" in names:
        return _failure("unusable", text, run.package, error)
    return _failure("error", f"{type(error).__name__}: {text}", run.package, error)


def stopped(error: Unreachable) -> Answer:
    """The answer where an index was given up."""
    message = f"The index at `{error.host}` cannot be reached: {error.why}."
    return {"kind": "unreachable", "message": message, "package": "", "details": ""}


def refused(run: Run) -> Answer | None:
    """The answer where an index asked for credentials, without which nothing can be said."""
    for host in run.refused.values():
        message = (
            f"The index at `{host}` asks for a user name and a password; "
            "give them to Poetry with `poetry config http-basic.<source>`."
        )
        return {"kind": "unreachable", "message": message, "package": run.package, "details": ""}
    return None


def _is_about_the_file(error: Exception, names: set[str]) -> bool:
    """Poetry says so with whatever exception it has at hand."""
    if names & {
        "PyProjectError",
        "PoetryCoreError",
        "PoetryError",
        "InvalidSourceError",
        "TOMLError",
    }:
        return True
    if names & {"ParseConstraintError", "InvalidRequirementError", "InvalidVersionError"}:
        return True
    if isinstance(error, RuntimeError):
        return "configuration is invalid" in str(error) or "requires Poetry" in str(error)
    return isinstance(error, (ValueError, FileNotFoundError, IndexError))


def _failure(kind: str, message: str, package: str = "", error: Exception | None = None) -> Answer:
    details = (
        ""
        if error is None
        else "".join(traceback.format_exception(None, error, error.__traceback__))
    )
    return {"kind": kind, "message": message, "package": package, "details": details[-LONGEST:]}


def _first_lines(text: str) -> str:
    """The beginning of `text` on one line, and without Poetry's markup."""
    lines = [line.strip(" -") for line in text.splitlines() if line.strip(" -")]
    lines = [line for line in lines if not line.endswith("configuration is invalid:")] or lines
    return "; ".join(lines[:3])[:300].rstrip(".")
