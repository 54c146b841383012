"""The rules of the presets `strict` and `publish`; what looks is imported where they are on."""

from __future__ import annotations

from pyproject_ls.checks.finding import Rule, Severity
from pyproject_ls.checks.registry import check, later

ERROR, WARNING = Severity.ERROR, Severity.WARNING
STRICT, PUBLISH = ("strict",), ("publish",)

FLOATING = Rule(
    "floating-version", WARNING, "a dependency on any version", enabled=False, presets=STRICT
)
UNPINNED_PYTHON = Rule(
    "python-missing", WARNING, "no supported Python is named", enabled=False, presets=STRICT
)
UNLOCKED = Rule("not-locked", WARNING, "there is no lock file", enabled=False, presets=STRICT)
LOCK_IGNORED = Rule(
    "lock-ignored", WARNING, "the lock file is left out of Git", enabled=False, presets=STRICT
)
SECRET = Rule(
    "secret", ERROR, "what looks like a password or a token", enabled=False, presets=STRICT
)
DEVELOPMENT_TOOL = Rule(
    "development-tool-in-main",
    WARNING,
    "a tool of developers that every user installs",
    enabled=False,
    presets=STRICT,
)
UNUSED_DEPENDENCY = Rule(
    "strict-unused-dependency",
    WARNING,
    "a dependency that no file of the project imports",
    enabled=False,
    presets=STRICT,
)
UNDECLARED_IMPORT = Rule(
    "strict-undeclared-import",
    WARNING,
    "an imported module that no dependency provides",
    enabled=False,
    presets=STRICT,
)
PUBLISH_DIRECT_REFERENCE = Rule(
    "publish-direct-reference",
    ERROR,
    "a dependency with an address, which an index refuses",
    enabled=False,
    presets=PUBLISH,
)
PUBLISH_LOCAL_VERSION = Rule(
    "publish-local-version",
    ERROR,
    "a local version, which an index refuses",
    enabled=False,
    presets=PUBLISH,
)
PUBLISH_PRIVATE = Rule(
    "publish-private",
    ERROR,
    "a classifier that keeps the package out of indexes",
    enabled=False,
    presets=PUBLISH,
)
PUBLISH_NO_LICENSE = Rule(
    "publish-no-license", WARNING, "no licence for users", enabled=False, presets=PUBLISH
)
PUBLISH_NO_README = Rule(
    "publish-no-readme", WARNING, "no description for the page", enabled=False, presets=PUBLISH
)
PUBLISH_RELATIVE_LINK = Rule(
    "publish-relative-link",
    WARNING,
    "a link in the readme that leads nowhere on an index",
    enabled=False,
    presets=PUBLISH,
)
PUBLISH_RST = Rule(
    "publish-readme-rst",
    ERROR,
    "a readme that an index cannot render",
    enabled=False,
    presets=PUBLISH,
)
PUBLISH_VERSION_TAKEN = Rule(
    "publish-version-taken",
    ERROR,
    "a version that is on the index already",
    enabled=False,
    online=True,
    presets=PUBLISH,
)

check(FLOATING, DEVELOPMENT_TOOL)(later("strict", "dependencies"))
check(UNPINNED_PYTHON)(later("strict", "python"))
check(UNLOCKED, LOCK_IGNORED)(later("strict", "lock"))
check(SECRET)(later("strict", "secrets"))
check(UNUSED_DEPENDENCY)(later("unused", "unused_dependencies"))
check(UNDECLARED_IMPORT)(later("undeclared", "undeclared_imports"))
check(PUBLISH_DIRECT_REFERENCE)(later("publish", "direct_references"))
check(PUBLISH_LOCAL_VERSION)(later("publish", "local_version"))
check(PUBLISH_PRIVATE)(later("publish", "private"))
check(PUBLISH_NO_LICENSE, PUBLISH_NO_README)(later("publish", "metadata"))
check(PUBLISH_RELATIVE_LINK)(later("publish_readme", "relative_links"))
check(PUBLISH_RST)(later("publish_rst", "unrendered"))
check(PUBLISH_VERSION_TAKEN)(later("publish", "version_taken"))
