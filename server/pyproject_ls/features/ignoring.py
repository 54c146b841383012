"""The comment that ignores a finding: where it goes, and what it says."""

from __future__ import annotations

from pyproject_ls.checks.finding import Finding
from pyproject_ls.checks.ignored import protected
from pyproject_ls.checks.run import demanded
from pyproject_ls.configuration.comments import Ignore, ignores_in
from pyproject_ls.host import Snapshot
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.plugins import allowed_by
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Array, Document, Entry, Scalar, Table, Value

_LINE = lazy_pattern(r"[^\r\n]*")


def ignoring(snapshot: Snapshot, finding: Finding) -> Edit | None:
    """The edit that ignores `finding` with a comment; None where no comment may.

    The code goes into the comment that is there, else into one behind the line, else, where the
    line ends in a string, into one on a line of its own above the key.
    """
    code, text, document = finding.code, snapshot.text, snapshot.document
    settings = snapshot.configuration.settings
    demands = demanded(settings.below, allowed_by(settings))
    if code in protected() or code in demands or document.problems:
        return None
    there = next((each for each in ignores_in(document) if each.covers(finding.span)), None)
    if there is not None:
        return _among(there, code)
    start = max(text.rfind("\n", 0, finding.span.start), text.rfind("\r", 0, finding.span.start))
    line = _LINE.match(text, start + 1)
    end = line.end() if line is not None else finding.span.start
    string = _string_over(document, end)
    if string is not None:
        return _above(text, string, code)
    blank = "  " if text[start + 1 : end].strip() else ""
    return Edit(Span(end, end), f"{blank}# pyproject-ls: ignore[{code}] ")


def _among(ignore: Ignore, code: str) -> Edit:
    """Add `code` to a comment that covers the place already."""
    if ignore.listed is not None:
        codes = ", ".join((*(each.pattern for each in ignore.codes), code))
        return Edit(ignore.listed, f"[{codes}]")
    return Edit(ignore.span, f"# pyproject-ls: ignore[{code}] {ignore.reason}")


def _above(text: str, entry: Entry, code: str) -> Edit:
    start = max(text.rfind("\n", 0, entry.start), text.rfind("\r", 0, entry.start)) + 1
    indent = text[start : entry.start]
    return Edit(Span(start, start), f"{indent}# pyproject-ls: ignore[{code}] \n")


def _string_over(document: Document, offset: int) -> Entry | None:
    """The entry with a string over several lines that goes on at `offset`."""
    for header in document.headers:
        for entry in header.entries:
            if entry.start <= offset < entry.end and _has_string(entry.value, offset):
                return entry
    return None


def _has_string(value: Value | None, offset: int) -> bool:
    if isinstance(value, Scalar):
        return value.kind == "string" and value.start < offset < value.end
    if isinstance(value, Array):
        return any(_has_string(item, offset) for item in value.items)
    if isinstance(value, Table):
        return any(_has_string(entry.value, offset) for entry in value.entries)
    return False
