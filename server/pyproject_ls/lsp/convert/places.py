"""Places: positions and ranges of the protocol, offsets and spans of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lsprotocol import types

from pyproject_ls.host import Snapshot
from pyproject_ls.lsp.client import Client
from pyproject_ls.lsp.documents import Change
from pyproject_ls.lsp.uris import uri_in
from pyproject_ls.named import NamedTuple
from pyproject_ls.text import Encoding, LineIndex, Span

Json = dict[str, Any]

Place = tuple[int, int, int, int]
"""The line and the column where something starts, and those where it ends."""


def changes_of(params: types.DidChangeTextDocumentParams) -> list[Change]:
    """The edits of a notification, in their order."""
    changes = []
    for event in params.content_changes:
        if isinstance(event, types.TextDocumentContentChangePartial):
            start, end = event.range.start, event.range.end
            changes.append(
                Change(event.text, (start.line, start.character), (end.line, end.character))
            )
        else:
            changes.append(Change(event.text))
    return changes


def span_of(range_: types.Range, lines: LineIndex, encoding: Encoding) -> Span:
    """The stretch of text under a range."""
    start = lines.offset(range_.start.line, range_.start.character, encoding)
    end = lines.offset(range_.end.line, range_.end.character, encoding)
    return Span(start, max(start, end))


def place_of(span: Span, lines: LineIndex, encoding: Encoding) -> Place:
    """A span as lines and columns."""
    return (*lines.position(span.start, encoding), *lines.position(span.end, encoding))


def range_at(place: Place) -> Json:
    """Lines and columns as a range."""
    start_line, start_column, end_line, end_column = place
    return {
        "start": {"line": start_line, "character": start_column},
        "end": {"line": end_line, "character": end_column},
    }


def range_of(span: Span, lines: LineIndex, encoding: Encoding) -> Json:
    """A span as a range."""
    return range_at(place_of(span, lines, encoding))


class View(NamedTuple):
    """A document as a client sees it: one state of its text, and the words for places in it.

    `folder` is where the document lies; `version` is None for a file that is not open.
    """

    snapshot: Snapshot
    uri: str
    version: int | None
    folder: Path | None
    client: Client

    def offset(self, position: types.Position) -> int:
        """The offset of a position."""
        return self.snapshot.lines.offset(position.line, position.character, self.client.encoding)

    def span(self, range_: types.Range) -> Span:
        """The stretch of text under a range."""
        return span_of(range_, self.snapshot.lines, self.client.encoding)

    def position(self, offset: int) -> Json:
        """An offset as a position."""
        line, column = self.snapshot.lines.position(offset, self.client.encoding)
        return {"line": line, "character": column}

    def range(self, span: Span) -> Json:
        """A span as a range."""
        return range_of(span, self.snapshot.lines, self.client.encoding)

    def uri_of(self, path: str) -> str | None:
        """The URI of a file that the document names, if it has one."""
        return uri_in(self.folder, path)
