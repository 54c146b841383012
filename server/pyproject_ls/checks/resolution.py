"""The rules about what the project's own resolver says, and about builds that failed.

As with the rules about packages, what checks them is imported when they first run.
"""

from __future__ import annotations

from pyproject_ls.checks.finding import Rule, Severity
from pyproject_ls.checks.registry import check, later

RESOLUTION_CONFLICT = Rule(
    "resolution-conflict",
    Severity.ERROR,
    "dependencies that no set of versions can fulfil together",
    resolves=True,
)
RESOLUTION_PYTHON = Rule(
    "resolution-python",
    Severity.ERROR,
    "dependencies that do not run on all Pythons of the project",
    resolves=True,
)
RESOLUTION_UNKNOWN_PACKAGE = Rule(
    "resolution-unknown-package",
    Severity.ERROR,
    "a dependency that needs a package which no index has",
    resolves=True,
)
RESOLUTION_FAILED = Rule(
    "resolution-failed",
    Severity.INFORMATION,
    "the dependencies could not be resolved, and not because of them",
    resolves=True,
)
BUILD_FAILED = Rule(
    "build-failed",
    Severity.ERROR,
    "a dependency that could not be built when it was installed",
)

check(RESOLUTION_CONFLICT, RESOLUTION_PYTHON, RESOLUTION_UNKNOWN_PACKAGE, RESOLUTION_FAILED)(
    later("resolved", "resolution")
)
check(BUILD_FAILED)(later("resolved", "build_failed"))
