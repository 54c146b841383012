"""The rules of a team's policy (`configuration.policy`), and the one check that holds them.

What looks is in the modules ``team_*``, which are imported where there is a policy.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Rule, Severity
from pyproject_ls.checks.registry import check
from pyproject_ls.configuration import NO_POLICY

ERROR = Severity.ERROR

FORBIDDEN_PACKAGE = Rule("team-forbidden-package", ERROR, "a package that the policy forbids")
REQUIRED_PACKAGE = Rule("team-required-package", ERROR, "a package that the policy asks for")
AGREED_CONSTRAINT = Rule(
    "team-agreed-constraint", ERROR, "another constraint than all projects of the policy have"
)
CONSTRAINT_STYLE = Rule(
    "team-constraint-style", ERROR, "a constraint in another style than the policy asks for"
)
DIRECT_REFERENCE = Rule(
    "team-direct-reference",
    ERROR,
    "a dependency that comes from no index, which the policy forbids",
)
PRE_RELEASE = Rule("team-pre-release", ERROR, "a pre-release, which the policy forbids")
PYTHON = Rule("team-requires-python", ERROR, "another range of Pythons than the policy asks for")
LICENSE = Rule("team-license", ERROR, "a licence that the policy does not allow")
REQUIRED_KEY = Rule("team-required-key", ERROR, "a key that the policy asks for")
REQUIRED_GROUP = Rule("team-required-group", ERROR, "a dependency group that the policy asks for")
REQUIRED_TOOL = Rule("team-required-tool", ERROR, "a tool's table that the policy asks for")
NAME = Rule("team-name", ERROR, "a name that does not look as the policy asks")
LOCK = Rule("team-lock", ERROR, "no lock file, or one of a Poetry that the policy does not allow")
LOCKED_LICENSE = Rule(
    "team-locked-license",
    ERROR,
    "a locked package with a licence that the policy does not allow",
    online=True,
)
SOURCE = Rule("team-source", ERROR, "an index that the policy does not allow packages to come from")

_MODULES = (
    *("team_packages", "team_workspace", "team_constraints", "team_sources", "team_project"),
    *("team_required", "team_licenses", "team_locked"),
)


@check(
    FORBIDDEN_PACKAGE,
    REQUIRED_PACKAGE,
    AGREED_CONSTRAINT,
    CONSTRAINT_STYLE,
    DIRECT_REFERENCE,
    PRE_RELEASE,
    PYTHON,
    LICENSE,
    REQUIRED_KEY,
    REQUIRED_GROUP,
    REQUIRED_TOOL,
    NAME,
    LOCK,
    SOURCE,
)
def team(context: Context) -> Iterator[Finding]:
    """Everything in which the project differs from what the policy asks for."""
    if context.policy == NO_POLICY:
        return
    for name in _MODULES:
        for look in import_module(f"{__package__}.{name}").CHECKS:
            yield from look(context)


@check(LOCKED_LICENSE)
def locked_licenses(context: Context) -> Iterator[Finding]:
    """Locked packages with a licence that the policy does not allow."""
    if context.policy.locked_licenses == NO_POLICY.locked_licenses:
        return
    from pyproject_ls.checks.team_locked import licenses

    yield from licenses(context)
