"""Poetry's free-form license as an SPDX expression (PEP 639)."""

from __future__ import annotations

from collections.abc import Iterable

from pyproject_ls.checks.licenses import (
    canonical,
    certain_expression,
    expression_for_classifier,
)
from pyproject_ls.lazy import lazy_pattern

_NOT_IN_REFERENCE = lazy_pattern(r"[^A-Za-z0-9.-]+")
LICENSE_CLASSIFIER = "License :: "


def expression(license: str, classifiers: Iterable[str]) -> tuple[str, str]:
    """The expression for `license`, and a note where it is not plainly the same ("" if it is).

    What is no SPDX expression is known by a common name, or by the one license classifier of the
    project, or else becomes a license of its own (``LicenseRef-...``).
    """
    known = canonical(license)
    if known is not None:
        return known, ""
    meant = certain_expression(license)
    if meant is None:
        named = {expression_for_classifier(each) for each in classifiers}
        stated = [each for each in classifiers if each.startswith(LICENSE_CLASSIFIER)]
        if len(stated) == 1 and len(named - {None}) == 1:
            meant = next(each for each in named if each is not None)
    if meant is not None:
        return meant, f'The license "{license}" is written as the SPDX expression `{meant}`.'
    reference = _NOT_IN_REFERENCE.sub("-", license).strip("-.") or "Unknown"
    meant = f"LicenseRef-{reference}"
    return meant, (
        f'The license "{license}" is no SPDX identifier and leaves open which one is meant, so it'
        f" became `{meant}`; write the identifier if there is one."
    )
