"""What a tool is asked to do, and what comes of it: the same for Poetry and uv."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Literal, Union

from pyproject_ls.facts.resolution import Conflict
from pyproject_ls.named import NamedTuple

Mode = Literal["keep", "regenerate", "update"]
"""Lock and keep what can be kept; from scratch; or with the newest versions of some packages."""


class Request(NamedTuple):
    """Resolve the project in `folder` whose file would have this `text`. Nothing is written.

    `lock` is the text of the lock file to start from, None where there is none. `names` are the
    packages to update (mode "update"; empty: all). `budget` is in seconds.
    """

    folder: Path
    text: str
    lock: str | None
    mode: Mode = "keep"
    names: tuple[str, ...] = ()
    budget: float = 60.0


class Locked(NamedTuple):
    """The new lock file, byte for byte what the tool would write, and the versions in it.

    `changed` is False where the tool would leave the lock file alone.
    """

    text: str
    packages: tuple[tuple[str, str], ...]
    changed: bool


class Trouble(Enum):
    """Why there is no result, where it is not for the dependencies."""

    INVALID = "invalid"
    """The tool does not accept the file."""
    BUDGET = "budget"
    """It took too long, and nobody knows whose fault it is."""
    CANCELLED = "cancelled"
    UNREACHABLE = "unreachable"
    """An index cannot be reached, or asks for credentials that are not there."""
    BUILD = "build"
    """A package could not be built."""
    BROKEN = "broken"
    """The tool itself failed."""


class Failure(NamedTuple):
    """No result. `message` is a sentence for a person, without secrets; `details` is for the log.

    `package` is the normalised name of the dependency that it is about, "" for none.
    """

    trouble: Trouble
    message: str
    package: str = ""
    details: str = ""


Outcome = Union[Locked, Conflict, Failure]


class Step(NamedTuple):
    """How far a resolver has come: packages looked at, and the one it looks at now."""

    done: int
    package: str


OnStep = Callable[[Step], None]
OnLine = Callable[[str], None]
"""Takes a line of a tool's own output, without its line end."""
