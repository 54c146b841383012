"""What is kept of an index's pages: small values instead of documents."""

from __future__ import annotations

from pyproject_ls.facts.packages import Release, Status
from pyproject_ls.named import NamedTuple


class Index(NamedTuple):
    """An index that can be asked.

    `name` is for people. `url` is the address of its Simple API with a "/" at the end and without
    user name and password. `is_default` marks the public index, whose JSON API is known.
    `credentials` says where credentials for it may be found (see `credentials`); "" for none.
    `verify` is False, or the path of a file with certificates, where the user configured that.
    """

    name: str
    url: str
    is_default: bool = False
    credentials: str = ""
    verify: bool | str = True


class Project(NamedTuple):
    """One project on one index (PEP 691, PEP 503)."""

    name: str
    """As the index spells it."""
    releases: tuple[Release, ...]
    """The newest first."""
    status: Status = Status.ACTIVE
    status_reason: str = ""
    metadata: tuple[tuple[str, str], ...] = ()
    """Of the newest releases: the version, and where the metadata of a wheel of it is (PEP 658)."""
