"""What Poetry and uv print when they fail, told apart: what it is about, in a sentence of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.resolver.outcome import Failure, Trouble
from pyproject_ls.resolver.running import Ran

MAX_DETAILS = 8000
"""Characters of a tool's output that are kept for the log: the last ones."""

_PACKAGE = r"(?P<package>[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)"


class _Complaint(NamedTuple):
    """A pattern in the output of a tool, and the message for it.

    Named groups of the pattern stand in the message; `package` is who it is about.
    """

    trouble: Trouble
    pattern: re.Pattern[str]
    message: str


def _complaint(trouble: Trouble, pattern: str, message: str) -> _Complaint:
    return _Complaint(trouble, lazy_pattern(pattern, re.MULTILINE), message)


_LOCK_FIRST = "The lock file does not belong to `pyproject.toml` as it is saved; lock first."

_CREDENTIALS = (
    "An index asks for credentials, or refuses those that it got{host}; set them for {tool}."
)
_UNREACHABLE = "An index cannot be reached{host}; look at the network and at the index's address."

ACCESS = (
    _complaint(
        Trouble.UNREACHABLE,
        r"(?P<text>Authorization error accessing|valid authentication credentials"
        r"|40[13] Client Error|401 Unauthorized|403 Forbidden|407 Proxy)(?P<rest>.*)",
        _CREDENTIALS,
    ),
)
"""Complaints that go before a conflict: a package is missing only because nobody may see it."""

_COMMON = (
    *ACCESS,
    _complaint(
        Trouble.UNREACHABLE,
        r"(?P<text>Max retries exceeded|All attempts to connect to|Failed to fetch: "
        r"|error sending request|5\d\d Server Error|HTTP status server error|Connection ?Error"
        r"|ConnectTimeout|Read timed out|dns error|Network connectivity is disabled"
        r"|Name or service not known|CertificateError|SSLError)(?P<rest>.*)",
        _UNREACHABLE,
    ),
    _complaint(
        Trouble.UNREACHABLE,
        r"(?i)(?P<text>Failed to clone|Git operation failed|fatal: could not read from remote"
        r"|failed to fetch (?:commit|branch|tag|into))(?P<rest>.*)",
        "A git repository cannot be fetched{host}; look at its address and at your access to it.",
    ),
    _complaint(
        Trouble.BROKEN,
        r"No space left on device|not enough space on the disk|Disk quota exceeded",
        "The disk is full.",
    ),
)

POETRY = (
    _complaint(
        Trouble.BUILD,
        r"^Note: This error originates from the build backend, .*? with "
        + _PACKAGE
        + r" \((?P<version>[^\s()]*)",
        "`{package}` {version} cannot be built here; what its build has written says why.",
    ),
    _complaint(
        Trouble.BUILD,
        r"Unable to determine package info (?:from|for) path: (?P<path>.*)",
        "The package in `{path}` cannot be built to see what it needs.",
    ),
    _complaint(
        Trouble.BUILD,
        r"ChefBuildError|PEP ?517 build|Backend subprocess exited",
        "A package cannot be built here; what its build has written says why.",
    ),
    *_COMMON,
    _complaint(Trouble.INVALID, r"changed significantly since poetry\.lock", _LOCK_FIRST),
    _complaint(
        Trouble.INVALID,
        r"Group\(s\) not found: (?P<names>[^()\n]*?) \(",
        "The project has no dependency group `{names}`.",
    ),
    _complaint(
        Trouble.INVALID,
        r"Extras? \[(?P<names>[^\]]*)\] (?:is|are) not specified",
        "The project has no extra `{names}`.",
    ),
    _complaint(
        Trouble.INVALID,
        r"configuration is invalid|not a valid TOML|section not found in|Invalid initial character"
        r"|TOML ?(?:Decode|Parse)?Error",
        "Poetry does not accept this `pyproject.toml`; its own findings are listed by `poetry"
        " check`.",
    ),
    _complaint(
        Trouble.INVALID,
        r"lock file is not compatible with the current version of Poetry"
        r"|The lock file does not have a metadata entry|Unable to read the lock file",
        "This Poetry cannot read `poetry.lock`; upgrade Poetry, or lock from scratch.",
    ),
    _complaint(
        Trouble.BROKEN,
        r"unable to find a compatible version|Current Python version .* is not allowed"
        r"|Poetry was unable to find",
        "No Python that the project supports was found for its environment; install one, or choose"
        " one with `poetry env use`.",
    ),
)

UV = (
    _complaint(
        Trouble.BUILD,
        r"[Ff]ailed to (?:build|download and build|prepare distributions?|generate package"
        r" metadata for|resolve requirements from)[^`\n]*`"
        + _PACKAGE
        + r"(?:==(?P<version>[^`@\s]*))?[^`]*`",
        "`{package}` {version} cannot be built here; what its build has written says why.",
    ),
    *_COMMON,
    _complaint(
        Trouble.INVALID,
        r"needs to be updated, but `--locked`|Unable to find lockfile",
        _LOCK_FIRST,
    ),
    _complaint(
        Trouble.INVALID,
        r"Group `(?P<names>[^`]*)` is not defined",
        "The project has no dependency group `{names}`.",
    ),
    _complaint(
        Trouble.INVALID,
        r"Extra `(?P<names>[^`]*)` is not defined",
        "The project has no extra `{names}`.",
    ),
    _complaint(
        Trouble.INVALID,
        r"Failed to parse `?uv\.lock`?",
        "This uv cannot read `uv.lock`; upgrade uv, or lock from scratch.",
    ),
    _complaint(
        Trouble.INVALID,
        r"Failed to parse|Failed to (?:read|discover)|No `project` table|TOML parse error",
        "uv does not accept this `pyproject.toml`.",
    ),
    _complaint(
        Trouble.BUILD,
        r"(?P<text>Distribution not found at|does not appear to be a Python project)(?P<rest>.*)",
        "A dependency with a path is not there, or is no Python project.",
    ),
    _complaint(
        Trouble.BROKEN,
        r"No interpreter found|incompatible with the project's Python requirement",
        "No Python that the project supports was found; install one (`uv python install`), or"
        " choose another with `uv python pin`.",
    ),
)

_HOST = lazy_pattern(r"(?:https?|ssh|git)(?:\+\w+)?://(?:\*\*\*@)?(?P<host>[\w.:\[\]-]+)")
_BARE_HOST = lazy_pattern(r"^\s+(?P<host>[\w.-]+(?::\d+)?) failed")
_POOL_HOST = lazy_pattern(r"host='(?P<host>[^']+)'")


def first_of(complaints: tuple[_Complaint, ...], tool: str, ran: Ran) -> Failure | None:
    """The first of `complaints` that the output of `tool` has; None if it has none of them."""
    for each in complaints:
        match = each.pattern.search(ran.text)
        if match is not None:
            return _failure(each, tool, match, ran)
    return None


def failure(tool: str, ran: Ran, doing: str) -> Failure:
    """What `tool` complains of, in `ran`. `doing` is what it did, for a failure nobody knows."""
    if ran.status is None:
        return Failure(
            Trouble.BUDGET, f"{tool} took too long {doing}, and was ended.", details=details(ran)
        )
    found = first_of(POETRY if tool == "Poetry" else UV, tool, ran)
    return found or Failure(
        Trouble.BROKEN,
        f"{tool} failed {doing} (status {ran.status}); its output is in the log.",
        details=details(ran),
    )


def details(ran: Ran) -> str:
    """The end of what a tool has written, for the log."""
    return ran.text[-MAX_DETAILS:]


def not_started(tool: str, error: OSError) -> Failure:
    """The executable of `tool` does not run."""
    why = (error.strerror or type(error).__name__).lower()
    return Failure(Trouble.BROKEN, f"{tool} cannot be started: {why}.")


def _failure(complaint: _Complaint, tool: str, match: re.Match[str], ran: Ran) -> Failure:
    groups = {name: value or "" for name, value in match.groupdict().items()}
    where = next(_hosts(groups.get("rest", ""), ran.text), "")
    message = complaint.message.format_map(
        {**groups, "tool": tool, "host": f" (`{where}`)" if where else ""}
    )
    package = normalized_name(groups.get("package", ""))
    return Failure(complaint.trouble, message.replace("  ", " "), package, details(ran))


def _hosts(line: str, text: str) -> Iterator[str]:
    """The host that a complaint is about: on its own line, or on any."""
    places = (_HOST, line), (_BARE_HOST, line), (_POOL_HOST, text), (_HOST, text)
    for pattern, where in places:
        match = pattern.search(where)
        if match is not None:
            yield match["host"]
