"""Questions about packages on their indexes, and the answers.

What an index says is untrusted text: `pyproject_ls.index` bounds its size and drops what is no
version; whoever shows it to a person escapes it (`pyproject_ls.features.markdown`).
"""

from __future__ import annotations

from enum import Enum
from typing import Literal, Union

from pyproject_ls.named import NamedTuple
from pyproject_ls.project.lookup import IndexRef, Lookup

# Questions. `name` is always the normalised name (PEP 503).


class ReleasesOf(NamedTuple):
    """Which releases has the package `name`, looked up by `lookup`? Answer: `PackageAnswer`."""

    name: str
    lookup: Lookup
    about: Literal["releases"] = "releases"


class DetailsOf(NamedTuple):
    """What is the package `name`? `version` "" is the newest one. Answer: `DetailsAnswer`."""

    name: str
    lookup: Lookup
    version: str = ""
    about: Literal["details"] = "details"


class NamesLike(NamedTuple):
    """Which names on the indexes begin with, or look like, `typed` (as written)? Answer: `Names`.

    Answered at once from what is here; `Names.complete` says whether the whole list was.
    """

    typed: str
    lookup: Lookup
    about: Literal["names"] = "names"


class AdvisoriesFor(NamedTuple):
    """Which known vulnerabilities has `version` of the package `name`? Answer: `Advisories`.

    Asked of the advisory database (OSV), and only where the user opted in.
    """

    name: str
    version: str
    about: Literal["advisories"] = "advisories"


class StateOf(NamedTuple):
    """Can the index `ref` be reached with the credentials that there are? Answer: `IndexState`."""

    ref: IndexRef
    about: Literal["state"] = "state"


# Answers


class Release(NamedTuple):
    """One release, as its index has it. `version` is a valid PEP 440 version, normalised."""

    version: str
    uploaded: str = ""
    """The date of its first file, ``YYYY-MM-DD``; "" where the index does not say, as in HTML."""
    requires_python: str = ""
    """The specifier that all of its files ask for; "" where there is none or they differ."""
    yanked: str | None = None
    """Why it was withdrawn (PEP 592; may be ""), None if it was not. All its files are yanked."""
    is_prerelease: bool = False
    """Whether PEP 440 calls it a pre-release (or a development release)."""


class Status(Enum):
    """What an index says of a whole project (PEP 792)."""

    ACTIVE = "active"
    ARCHIVED = "archived"
    DEPRECATED = "deprecated"
    QUARANTINED = "quarantined"


class Package:
    """What the indexes say of one package. Immutable; another object stands for other knowledge.

    Comparing and hashing, which caches do all the time, look at no release.
    """

    __slots__ = (
        "found_on",
        "is_partial",
        "name",
        "releases",
        "stale_since",
        "status",
        "status_reason",
    )

    def __init__(
        self,
        name: str,
        releases: tuple[Release, ...],
        status: Status = Status.ACTIVE,
        status_reason: str = "",
        found_on: str = "",
        stale_since: str = "",
        is_partial: bool = False,
    ) -> None:
        self.name = name
        """As the index spells it."""
        self.releases = releases
        """The newest first."""
        self.status = status
        self.status_reason = status_reason
        self.found_on = found_on
        """The name of the index that has it, for people; "" for the default one."""
        self.stale_since = stale_since
        """When this was true (``YYYY-MM-DD HH:MM``), if the index could not be asked since."""
        self.is_partial = is_partial
        """Whether there may be other releases, at a place that was not, or could not be, asked."""


class Missing(NamedTuple):
    """Every index that was to be asked says that it has no such package."""

    indexes: tuple[str, ...]
    """The indexes' names, for people."""


class Unreachable(NamedTuple):
    """No answer. `reason` says why in a few words for a person, without secrets.

    `is_lasting` tells a state (offline mode, an untrusted workspace) from a failure.
    """

    reason: str
    is_lasting: bool = False


class Advisory(NamedTuple):
    """A known vulnerability."""

    id: str
    """The identifier that people know best: a CVE if there is one."""
    summary: str = ""
    fixed_in: tuple[str, ...] = ()
    """Versions that do not have it, oldest first."""
    url: str = ""


class Details:
    """Metadata of one version of a package (core metadata, JSON API); compared as `Package` is."""

    __slots__ = (
        "advisories",
        "extras",
        "license",
        "links",
        "name",
        "requires_python",
        "summary",
        "version",
    )

    def __init__(
        self,
        name: str,
        version: str,
        summary: str = "",
        license: str = "",
        requires_python: str = "",
        extras: tuple[str, ...] = (),
        links: tuple[tuple[str, str], ...] = (),
        advisories: tuple[Advisory, ...] = (),
    ) -> None:
        self.name = name
        self.version = version
        self.summary = summary
        self.license = license
        self.requires_python = requires_python
        self.extras = extras
        self.links = links
        """Labels and addresses, as the package gives them."""
        self.advisories = advisories
        """What the index itself knows of vulnerabilities of this version."""


class NameFound(NamedTuple):
    """A name that matches; `rank` is its place among the popular ones (from 0), or None.

    `is_typo` tells names that only look like what was typed from those that begin with it.
    """

    name: str
    rank: int | None = None
    is_typo: bool = False


class Names(NamedTuple):
    """The best matches, the best first; `complete` if the indexes' whole lists were searched."""

    found: tuple[NameFound, ...]
    complete: bool


class Advisories(NamedTuple):
    """What the advisory database knows; `unreachable` says why it knows nothing, else ""."""

    found: tuple[Advisory, ...]
    unreachable: str = ""


class IndexState(NamedTuple):
    """Whether an index answers.

    `problem` says why not, and what to do, in words that go on behind "not reachable:"; else "".
    """

    problem: str = ""


PackageAnswer = Union[Package, Missing, Unreachable]
DetailsAnswer = Union[Details, Missing, Unreachable]
IndexQuestion = Union[ReleasesOf, DetailsOf, NamesLike, AdvisoriesFor, StateOf]
IndexAnswer = Union[Package, Details, Missing, Unreachable, Names, Advisories, IndexState]

INDEX_QUESTIONS = (ReleasesOf, DetailsOf, NamesLike, AdvisoriesFor, StateOf)
"""The same as `IndexQuestion`, for `isinstance`, which takes its time with a Union."""
