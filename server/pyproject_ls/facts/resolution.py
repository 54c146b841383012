"""What a resolver makes of a project's dependencies: the question, and the answers.

What stands in the answers comes from the resolver and from indexes: untrusted text, in which only
names and versions are used. Whoever shows it to a person escapes it.
"""

from __future__ import annotations

from enum import Enum
from typing import Literal, Union

from pyproject_ls.named import NamedTuple


class ResolutionOf(NamedTuple):
    """Do the dependencies of the file with this digest fit together? Answer: `Resolution`.

    The digest (`pyproject_ls.project.resolvable.digest_of`) covers what a resolver looks at and
    nothing else, so that an edit of the description asks nothing new.
    """

    digest: str
    about: Literal["resolution"] = "resolution"


class ToolStateOf(NamedTuple):
    """What can the project's tool do at the moment, and what does it do? Answer: `ToolState`."""

    about: Literal["tool"] = "tool"


class ToolState(NamedTuple):
    """The state of the tool that locks and installs.

    `obstacle` says in a sentence for a person why nothing can be locked (no tool, an untrusted
    workspace); "" where it can. `activity` says what is being done, in a few words.
    """

    obstacle: str = ""
    activity: str = ""


class BuildOf(NamedTuple):
    """Which package could not be built when it was installed? Answer: `BuildProblem`."""

    about: Literal["build"] = "build"


class BuildProblem(NamedTuple):
    """The normalised name of the package, "" for none, and what to say about it."""

    package: str
    message: str


class ReasonKind(Enum):
    """Why something cannot be had."""

    NEEDS = "needs"
    """`package` `versions` needs `other` in `constraint`."""
    NO_VERSION = "no-version"
    """No release of `package` is in `versions`."""
    UNKNOWN = "unknown"
    """No index has `package`."""
    PYTHON = "python"
    """`package` `versions` runs on the Pythons `constraint` only, the project supports `other`."""
    PLATFORM = "platform"
    """`package` `versions` is for the platform `constraint` only."""


class Reason(NamedTuple):
    """One fact that a conflict follows from; names are normalised, constraints PEP 440 or Poetry's.

    `package` is "" where it is the project itself that needs `other`. `versions` is "" for all.
    `releases` says of how many releases it was found.
    """

    kind: ReasonKind
    package: str
    versions: str = ""
    other: str = ""
    constraint: str = ""
    releases: int = 1


class RemedyKind(Enum):
    """What a remedy does to the declaration of a dependency."""

    LOOSEN = "loosen"
    RAISE = "raise"
    LOWER = "lower"
    DROP = "drop"


class Remedy(NamedTuple):
    """A change with which the resolver found a solution: it was tried.

    `name` is the normalised name of the direct dependency, `version` the release that it got when
    its constraint was not there ("" for `DROP`).
    """

    kind: RemedyKind
    name: str
    version: str = ""


class Solution(NamedTuple):
    """The dependencies fit together: the versions of all packages, by normalised name."""

    packages: tuple[tuple[str, str], ...]


class Conflict(NamedTuple):
    """They do not. `direct` are the normalised names of the dependencies of this file at fault.

    `reasons` has at most five facts, in the order in which a person would tell them; none where the
    resolver ran out of time and the culprits were found by leaving each out in turn.
    """

    direct: tuple[str, ...]
    reasons: tuple[Reason, ...] = ()
    remedies: tuple[Remedy, ...] = ()


class Unresolved(NamedTuple):
    """Nothing is known: `reason` says why, in a sentence for a person, without secrets.

    `is_lasting` tells a state (no tool, an untrusted workspace) from a failure.
    """

    reason: str
    is_lasting: bool = False


Resolution = Union[Solution, Conflict, Unresolved]
