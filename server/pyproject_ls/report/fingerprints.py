"""What a finding is known by when its file has changed elsewhere, for baselines and services."""

from __future__ import annotations

import hashlib
from collections import Counter

from pyproject_ls.checks.finding import Finding
from pyproject_ls.report import Failure, FileReport, valid_unicode

SCHEME = "pyproject-ls/v1"
"""The name of how fingerprints are made. Those of another scheme mean nothing."""

_LENGTH = 32
_MOST = 200
"""Code points of the text that count: a token may be pages long."""


def fingerprints(report: FileReport, path: str | None = None) -> list[str]:
    """One fingerprint for each finding of `report`, in their order; all of them are different.

    It comes from `path` (default: that of the report), the rule, the keys that lead to the place,
    and what is written there: neither lines that move nor another wording of the message change it.
    Equal findings are numbered by place.
    """
    name = (report.path if path is None else path).replace("\\", "/")
    seen: Counter[str] = Counter()
    found = []
    for finding in report.findings:
        what = "\0".join((SCHEME, name, finding.code, *_keys(finding), _written(report, finding)))
        seen[what] += 1
        exact = valid_unicode(f"{what}\0{seen[what]}")
        found.append(hashlib.sha256(exact.encode()).hexdigest()[:_LENGTH])
    return found


def _keys(finding: Finding) -> list[str]:
    # without the places in lists: something inserted before would change them
    return [part for part in finding.path if isinstance(part, str)]


def _written(report: FileReport, finding: Finding) -> str:
    start, end = finding.span
    return " ".join(report.text[start : min(end, start + _MOST)].split())


def of_failure(failure: Failure) -> str:
    """The fingerprint of a file that could not be checked."""
    exact = valid_unicode("\0".join((SCHEME, failure.path.replace("\\", "/"), failure.reason)))
    return hashlib.sha256(exact.encode()).hexdigest()[:_LENGTH]
