"""Write a caret, a tilde or a compatible release as a range, and a range as one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyproject_ls.checks.edits import part_of
from pyproject_ls.features.inlay_hints import spelled_out
from pyproject_ls.features.rewrites.action import REWRITE, Action, Request
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.caret import as_pep440
from pyproject_ls.project.manifest import as_string
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Scalar

_PLAIN = lazy_pattern(r"[\w.^~<>=!,|* +-]{1,200}", re.ASCII)
_RELEASE = r"\d{1,9}(?:\.\d{1,9})*"
_BOTH_WAYS = lazy_pattern(
    rf"\s*(?:>=\s*(?P<low>{_RELEASE})\s*,\s*<\s*(?P<high>{_RELEASE})"
    rf"|<\s*(?P<high_first>{_RELEASE})\s*,\s*>=\s*(?P<low_last>{_RELEASE}))\s*"
)
_COMPATIBLE = lazy_pattern(rf"\s*~=\s*(?P<release>{_RELEASE})\s*")


def offers(request: Request) -> Iterator[Action]:
    """The other way to write the range that is touched."""
    for node, span, poetry in _constraint(request):
        written = node.value[span.start : span.end]
        if not _PLAIN.fullmatch(written) or "*" in written:  # no range has the same pre-releases
            continue
        for other in _others(written, poetry):
            edit = Edit(part_of(request.text, node, span), other)
            yield Action(f"Write `{written}` as `{other}`", REWRITE, (edit,))


def _constraint(request: Request) -> Iterator[tuple[Scalar, Span, bool]]:
    """The string and the part of it that is touched, and whether it is in Poetry's notation."""
    dependency = request.dependency
    if dependency is None:
        if request.place.path == ("project", "requires-python"):
            node = as_string(request.place.value)
            node = node or as_string(request.snapshot.document.get("project", "requires-python"))
            if node is not None and node.value:
                yield node, Span(0, len(node.value)), False
        return
    if dependency.requirement is not None:
        span = dependency.requirement.specifier_span
        if span is not None and isinstance(dependency.node, Scalar):
            yield dependency.node, span, False
    elif dependency.version is not None:
        yield dependency.version, Span(0, len(dependency.version.value)), True


def _others(written: str, poetry: bool) -> Iterator[str]:
    if poetry:
        meant = spelled_out(written)
        if meant is not None:
            yield meant
            return
    else:
        compatible = _COMPATIBLE.fullmatch(written)
        upper = _compatible_upper(compatible["release"]) if compatible else None
        if compatible and upper:
            yield f">={compatible['release']},<{upper}"
            return
    both = _BOTH_WAYS.fullmatch(written)
    if both is None:
        return
    low, high = both["low"] or both["low_last"], both["high"] or both["high_first"]
    if poetry:
        for operator in "^~":
            if _same(as_pep440(operator, low), high):
                yield operator + low
                return
    elif _same(f"<{_compatible_upper(low)}", high):
        yield f"~={low}"


def _compatible_upper(release: str) -> str | None:
    """The first release that ``~=release`` excludes (PEP 440); None where it is not allowed."""
    parts = [int(part) for part in release.split(".")]
    if len(parts) < 2:
        return None
    return ".".join(map(str, [*parts[:-2], parts[-2] + 1]))


def _same(range_: str | None, high: str) -> bool:
    """Whether the upper bound of `range_` is the release `high`."""
    upper = (range_ or "").rpartition("<")[2]
    return _trimmed(upper) == _trimmed(high)


def _trimmed(release: str) -> str:
    while release.endswith(".0"):
        release = release[:-2]
    return release
