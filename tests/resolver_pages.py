"""What a resolver says, written on a page: one fact a line.

- ``conflict NAME ..``: the dependencies at fault; then what leads to it:
- ``asks NAME [CONSTRAINT]``: what the file asks for;
- ``needs PACKAGE VERSIONS: NAME [CONSTRAINT]``;
- ``none PACKAGE [VERSIONS]``: no release of it; ``unknown PACKAGE``: no index has it;
- ``python PACKAGE VERSIONS: NEEDED; PROJECT``, ``platform PACKAGE VERSIONS: PLATFORM``;
- ``raise``, ``lower``, ``loosen`` (with ``NAME VERSION``) and ``drop NAME``: remedies that work;
- ``unresolved REASON``, or ``unresolved, lasting REASON``;
- ``build PACKAGE: MESSAGE``: the package could not be built.

All of it is said of the page's own text; every other text has a solution.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyproject_ls.facts import Facts
from pyproject_ls.facts.resolution import (
    BuildOf,
    BuildProblem,
    Conflict,
    Reason,
    ReasonKind,
    Remedy,
    RemedyKind,
    Resolution,
    Solution,
    Unresolved,
)

NOTHING = Solution(())


def answer(lines: Iterable[str]) -> Resolution:
    """What `lines` say of the text."""
    direct: tuple[str, ...] = ()
    reasons: list[Reason] = []
    remedies: list[Remedy] = []
    for line in filter(None, map(str.strip, lines)):
        word, _, rest = line.partition(" ")
        if word == "unresolved":
            return Unresolved(rest)
        if word == "unresolved,":
            return Unresolved(rest.removeprefix("lasting "), is_lasting=True)
        if word == "conflict":
            direct = tuple(rest.split())
        elif word in {each.value for each in RemedyKind}:
            name, _, version = rest.partition(" ")
            remedies.append(Remedy(RemedyKind(word), name, version))
        elif word != "build":
            reasons.append(_reason(word, rest))
    return Conflict(direct, tuple(reasons), tuple(remedies)) if direct else NOTHING


def facts(lines: Iterable[str]) -> Facts:
    """What `lines` say of builds."""
    for line in lines:
        word, _, rest = line.strip().partition(" ")
        if word == "build":
            package, _, message = rest.partition(": ")
            return Facts({BuildOf(): BuildProblem(package, message)})
    return Facts()


def _reason(word: str, rest: str) -> Reason:
    subject, _, told = rest.partition(": ")
    package, _, versions = subject.partition(" ")
    if word == "asks":
        return Reason(ReasonKind.NEEDS, "", "", package, versions)
    if word == "needs":
        other, _, constraint = told.partition(" ")
        return Reason(ReasonKind.NEEDS, package, versions, other, constraint)
    if word == "python":
        needed, _, project = told.partition("; ")
        return Reason(ReasonKind.PYTHON, package, versions, project, needed)
    if word == "platform":
        return Reason(ReasonKind.PLATFORM, package, versions, "", told)
    kinds = {"none": ReasonKind.NO_VERSION, "unknown": ReasonKind.UNKNOWN}
    return Reason(kinds[word], package, versions)
