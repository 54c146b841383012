"""The rules about packages on their indexes.

They are known from the start, for reports and settings; what checks them is imported when they
first run, so that a command line that asks no index does not wait for it.
"""

from __future__ import annotations

from pyproject_ls.checks.finding import Rule, Severity
from pyproject_ls.checks.registry import check, later

UNKNOWN_PACKAGE = Rule(
    "unknown-package", Severity.ERROR, "a package that no index has", online=True
)
PROJECT_ARCHIVED = Rule(
    "project-archived",
    Severity.INFORMATION,
    "a package whose maintainers do not mean to update it any more",
    online=True,
)
PROJECT_DEPRECATED = Rule(
    "project-deprecated",
    Severity.WARNING,
    "a package whose maintainers advise against it",
    online=True,
)
PROJECT_QUARANTINED = Rule(
    "project-quarantined",
    Severity.ERROR,
    "a package that its index has put under quarantine",
    online=True,
)
NAME_NEAR_POPULAR = Rule(
    "name-near-popular",
    Severity.WARNING,
    "a little-known package whose name is one edit away from that of a popular one",
    enabled=False,
    online=True,
)
NO_MATCHING_VERSION = Rule(
    "no-matching-version",
    Severity.ERROR,
    "no release of the package satisfies the constraint",
    online=True,
)
ONLY_YANKED = Rule(
    "only-yanked", Severity.WARNING, "only yanked releases satisfy the constraint", online=True
)
ONLY_PRERELEASES = Rule(
    "only-prereleases",
    Severity.WARNING,
    "only pre-releases satisfy a constraint that does not ask for them",
    online=True,
)
NEEDS_OTHER_PYTHON = Rule(
    "needs-other-python",
    Severity.WARNING,
    "what satisfies the constraint does not run on the project's Pythons",
    online=True,
)
NEWER_VERSION = Rule(
    "newer-version",
    Severity.HINT,
    "there is a newer release that the constraint does not allow",
    online=True,
)
LOCKED_YANKED = Rule(
    "locked-yanked", Severity.WARNING, "the locked version of a dependency was yanked", online=True
)
PACKAGE_EXTRA_UNKNOWN = Rule(
    "package-extra-unknown",
    Severity.WARNING,
    "an extra that the package does not have",
    online=True,
)
VULNERABLE_VERSION = Rule(
    "vulnerable-version",
    Severity.WARNING,
    "the locked or pinned version has a known vulnerability",
    enabled=False,
    online=True,
)


check(UNKNOWN_PACKAGE)(later("index_packages", "unknown_package"))
check(PROJECT_ARCHIVED, PROJECT_DEPRECATED, PROJECT_QUARANTINED)(
    later("index_packages", "project_status")
)
check(NAME_NEAR_POPULAR)(later("index_packages", "name_near_popular"))
check(NO_MATCHING_VERSION, ONLY_YANKED, ONLY_PRERELEASES, NEEDS_OTHER_PYTHON, NEWER_VERSION)(
    later("index_versions", "constraints")
)
check(LOCKED_YANKED)(later("index_versions", "locked_yanked"))
check(PACKAGE_EXTRA_UNKNOWN)(later("index_extras", "package_extra_unknown"))
check(VULNERABLE_VERSION)(later("advisories", "vulnerable_version"))
