"""Baselines: findings that are known and do not count, so that a team can begin with new ones.

A baseline is a JSON file that belongs to the repository::

    {"version": 1, "scheme": "pyproject-ls/v1",
     "files": {"packages/a/pyproject.toml": {"<fingerprint>": "code: message"}}}

Paths are relative to its folder. What a finding is known by does not change when lines move (see
`report.fingerprints`); the texts are for people who read it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from pyproject_ls.files import FileError, read_bytes, write
from pyproject_ls.named import NamedTuple
from pyproject_ls.report import FileReport, valid_unicode
from pyproject_ls.report.fingerprints import SCHEME, fingerprints

VERSION = 1


class BaselineError(Exception):
    """A baseline cannot be used; the message says why, and what to do."""


class Compared(NamedTuple):
    """A report without what is known, how many findings that were, and how many are known no more.

    The last are those of the file's entries that no finding has any longer.
    """

    report: FileReport
    known: int
    gone: int


class Baseline:
    """The known findings of many files."""

    def __init__(self, folder: Path, files: Mapping[str, Mapping[str, str]]) -> None:
        """`files`: by path, relative to `folder`, the fingerprints and what they stand for."""
        self._folder = folder
        self._files = files

    @classmethod
    def read(cls, path: str) -> Baseline:
        """The baseline in the file at `path`. Raises BaselineError."""
        try:
            data = json.loads(read_bytes(path))
        except FileError as error:
            raise BaselineError(f"the baseline {path} cannot be read: {error}") from error
        except (ValueError, RecursionError) as error:
            raise BaselineError(f"the baseline {path} is not JSON: {error}") from error
        if not isinstance(data, dict) or not isinstance(data.get("files"), dict):
            raise BaselineError(f"{path} is not a baseline of pyproject-ls")
        if data.get("version") != VERSION or data.get("scheme") != SCHEME:
            raise BaselineError(
                f"the baseline {path} was written by another version of pyproject-ls;"
                " write it anew with --write-baseline"
            )
        entries = data["files"].values()
        if not all(isinstance(each, dict) for each in entries):
            raise BaselineError(f"{path} is damaged; write it anew with --write-baseline")
        return cls(_folder_of(path), data["files"])

    def without_known(self, report: FileReport) -> Compared:
        """`report` without the findings that are known."""
        path = _relative(report.path, self._folder)
        known = self._files.get(path, {})
        marks = fingerprints(report, path)
        new = [f for f, mark in zip(report.findings, marks, strict=True) if mark not in known]
        left = len(report.findings) - len(new)
        gone = len(set(known).difference(marks))
        return Compared(FileReport(report.path, report.text, new), left, gone)


def write_baseline(path: str, reports: Iterable[FileReport]) -> int:
    """Write all findings of `reports` as the baseline at `path`; their number. Raises FileError."""
    folder = _folder_of(path)
    files: dict[str, dict[str, str]] = {}
    for report in reports:
        name = _relative(report.path, folder)
        marks = fingerprints(report, name)
        if marks:
            files[name] = {
                mark: valid_unicode(f"{finding.code}: {finding.message}")
                for mark, finding in zip(marks, report.findings, strict=True)
            }
    data = {"version": VERSION, "scheme": SCHEME, "files": dict(sorted(files.items()))}
    _write(path, json.dumps(data, indent=2) + "\n")
    return sum(map(len, files.values()))


def _write(path: str, text: str) -> None:
    if not os.path.exists(path):
        try:
            with open(path, "x", encoding="utf-8"):
                pass
        except OSError as error:
            raise FileError(error.strerror or str(error)) from error
    write(path, text)


def _folder_of(path: str) -> Path:
    return Path(os.path.abspath(path)).parent


def _relative(path: str, folder: Path) -> str:
    absolute = os.path.abspath(path)
    try:
        return os.path.relpath(absolute, folder).replace(os.sep, "/")
    except ValueError:  # another drive
        return absolute.replace(os.sep, "/")
