"""Findings as diagnostics."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pyproject_ls.checks.finding import Finding, Severity, Tag
from pyproject_ls.lsp.client import Client
from pyproject_ls.lsp.convert.places import Json, Place, place_of, range_at
from pyproject_ls.lsp.convert.written import Written, written
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.rulebook import rule_url
from pyproject_ls.text import LineIndex

SOURCE = "pyproject-ls"
"""Whom a diagnostic comes from."""

MAX_DIAGNOSTICS = 1000
"""The most diagnostics of one document: an editor is of no use with more."""

_TAGS = {Tag.UNNECESSARY: 1, Tag.DEPRECATED: 2}

_link = lru_cache(maxsize=None)(rule_url)


def diagnostics(findings: Sequence[Finding], lines: LineIndex, uri: str, client: Client) -> Written:
    """`findings` about the document at `uri` as the client can show them: a list.

    Of too many the gravest are sent, and a last one says how many are missing. From one keystroke
    to the next most stay as they are, so what was written of each is remembered.
    """
    if len(findings) <= MAX_DIAGNOSTICS:
        shown = findings
    else:
        shown = sorted(findings, key=lambda finding: finding.severity)[: MAX_DIAGNOSTICS - 1]
        shown.sort(key=lambda finding: finding.span)
    items = [_written(_shown(finding, lines, uri, client)) for finding in shown]
    if shown is not findings:
        missing = f"{len(findings) - len(shown)} more findings are not shown."
        items.append(_written(_Shown((0, 0, 0, 0), int(Severity.INFORMATION), "", missing)))
    return Written(f"[{','.join(items)}]")


def diagnostic(finding: Finding, lines: LineIndex, uri: str, client: Client) -> Json:
    """One finding.

    Its `data` tells a client's extension (and a later request for code actions) the TOML path, and
    the title of the fix where there is one.
    """
    return _diagnostic(_shown(finding, lines, uri, client))


class _Shown(NamedTuple):
    """What a client can show of a finding; what it cannot is left out."""

    place: Place
    severity: int
    code: str
    message: str
    link: str = ""
    tags: tuple[int, ...] = ()
    related: tuple[tuple[str, Place, str], ...] = ()
    path: TomlPath | None = None
    fix: str | None = None


def _shown(finding: Finding, lines: LineIndex, uri: str, client: Client) -> _Shown:
    code, message, encoding, fix = finding.rule.code, finding.message, client.encoding, finding.fix
    tags: tuple[int, ...] = ()
    related: tuple[tuple[str, Place, str], ...] = ()
    if finding.tags:
        tags = tuple(_TAGS[tag] for tag in finding.tags if _TAGS[tag] in client.tags)
    if finding.related and client.related:
        related = tuple((uri, place_of(at, lines, encoding), text) for at, text in finding.related)
    elif finding.related:
        for at, text in finding.related:
            message += f"\nLine {lines.position(at.start)[0] + 1}: {text}"
    return _Shown(
        place_of(finding.span, lines, encoding),
        int(finding.severity),
        code,
        message,
        _link(code) if client.code_links else "",
        tags,
        related,
        finding.path if client.diagnostic_data else None,
        fix.title if fix is not None else None,
    )


def _diagnostic(shown: _Shown) -> Json:
    """`shown` in the words of the protocol."""
    result: Json = {"range": range_at(shown.place), "severity": shown.severity}
    if shown.code:
        result["code"] = shown.code
    result["source"] = SOURCE
    result["message"] = shown.message
    if shown.link:
        result["codeDescription"] = {"href": shown.link}
    if shown.tags:
        result["tags"] = shown.tags
    if shown.related:
        result["relatedInformation"] = [
            {"location": {"uri": uri, "range": range_at(place)}, "message": text}
            for uri, place, text in shown.related
        ]
    if shown.path is not None:
        data: Json = {"path": shown.path}
        if shown.fix is not None:
            data["fix"] = shown.fix
        result["data"] = data
    return result


@lru_cache(maxsize=MAX_DIAGNOSTICS)
def _written(shown: _Shown) -> Written:
    return written(_diagnostic(shown))
