"""Ranges of Python versions, and of Poetry's own."""

from __future__ import annotations

from pyproject_ls.features.completion.model import Choice, Choices, Kind, Request
from pyproject_ls.lazy import lazy_pattern

PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14", "3.9", "3.15")
"""Versions that are maintained or near it, the most likely lower bounds first."""

_CLAUSE = lazy_pattern(r"[^,|]*")
_OPERATOR = lazy_pattern(r"\s*(?:[<>=!~^]+)?\s*")


def requires_python(request: Request) -> Choices:
    """Ranges as PEP 440 writes them."""
    return _ranges(request, with_caret=False)


def poetry_python(request: Request) -> Choices:
    """Ranges as Poetry writes them."""
    return _ranges(request, with_caret=True)


def requires_poetry(request: Request) -> Choices:
    """Ranges of Poetry versions."""
    bounds = (">=2.0", ">=2.1", ">=2.2", ">=1.8")
    return request.whole(
        Choice(bound, Kind.VERSION, order=order) for order, bound in enumerate(bounds)
    )


def _ranges(request: Request, *, with_caret: bool) -> Choices:
    content, at = request.content, request.at
    start = max(content.rfind(each, 0, at) for each in ",|") + 1
    clause = _CLAUSE.match(content, start)
    end = max(clause.end() if clause is not None else at, at)
    operator = _OPERATOR.match(content, start, at)
    written = operator.group().strip() if operator is not None else ""
    while content[start:at][:1] == " ":
        start += 1
    items: list[Choice] = []
    if written:
        begin = operator.end() if operator is not None else start
        for order, version in enumerate(PYTHONS):
            items.append(Choice(version, Kind.VERSION, order=order))
        if "<" in written:
            items.insert(0, Choice("4.0", Kind.VERSION, order=-1))
        return Choices(begin, end, items)
    if start > 0 and content[:start].rstrip().endswith(","):
        uppers = ("<4.0", *(f"<{version}" for version in PYTHONS[1:5]), "!=3.9.*")
        items = [Choice(each, Kind.VERSION, order=order) for order, each in enumerate(uppers)]
        return Choices(start, end, items)
    order = 0
    for version in PYTHONS[:6]:
        forms = [f">={version}"]
        if with_caret:
            forms = [f"^{version}", f">={version}", f">={version},<4.0"]
        for form in forms:
            items.append(Choice(form, Kind.VERSION, order=order))
            order += 1
    if not with_caret:
        for version in PYTHONS[:6]:
            items.append(Choice(f">={version},<4.0", Kind.VERSION, order=order))
            order += 1
    return Choices(start, end, items)
