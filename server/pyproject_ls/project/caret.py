"""Poetry's ``^`` and ``~`` written as PEP 440 specifiers."""

from __future__ import annotations

from pyproject_ls.lazy import lazy_pattern

_RELEASE = lazy_pattern(r"\d{1,9}(?!\d)(?:\.\d{1,9}(?!\d))*")


def as_pep440(operator: str, version: str) -> str | None:
    """The specifiers with the meaning of ``^version`` or ``~version``; None for what is no release.

    ``^1.2`` is ``>=1.2,<2.0``: up to the next change of the leftmost number that is not zero.
    ``~1.2`` is ``>=1.2,<1.3``, ``~1`` is ``>=1,<2``. Pre-releases keep their lower bound.
    """
    match = _RELEASE.match(version)
    if match is None:
        return None
    parts = [int(part) for part in match.group().split(".")]
    if operator == "^":
        index = next((i for i, part in enumerate(parts) if part), len(parts) - 1)
    else:
        index = min(1, len(parts) - 1)
    upper = [*parts[:index], parts[index] + 1, *([0] * (len(parts) - index - 1))]
    return f">={version},<{'.'.join(str(part) for part in upper)}"
