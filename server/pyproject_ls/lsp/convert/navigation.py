"""Where things are: locations, links, highlights."""

from __future__ import annotations

from collections.abc import Iterable

from pyproject_ls.features.definition import Location
from pyproject_ls.features.links import Link
from pyproject_ls.features.references import Highlight
from pyproject_ls.lsp.convert.places import Json, View
from pyproject_ls.text import LineIndex

_READ, _WRITE = 2, 3


def definitions(found: Iterable[Location], view: View) -> list[Json]:
    """Locations, or links where the client can show what leads to them."""
    result = []
    for location in found:
        uri = view.uri if location.path is None else view.uri_of(location.path)
        if uri is None:
            continue
        place = view.range(location.span) if location.span else _elsewhere(location, view)
        if view.client.links:
            origin = view.range(location.origin)
            result.append(
                {
                    "originSelectionRange": origin,
                    "targetUri": uri,
                    "targetRange": place,
                    "targetSelectionRange": place,
                }
            )
        else:
            result.append({"uri": uri, "range": place})
    return result


def _elsewhere(location: Location, view: View) -> Json:
    """A range in another file, whose columns have to be counted in the client's way."""
    line, columns = location.line, [location.column, location.end_column]
    if location.path is not None and any(columns):
        source = view.snapshot.facts.text_of(location.path)
        if source is not None and source.text is not None and not source.text.isascii():
            lines = LineIndex(source.text)
            start = lines.line_start(line)
            columns = [
                lines.position(start + column, view.client.encoding)[1] for column in columns
            ]
    start_column, end_column = columns
    return {
        "start": {"line": line, "character": start_column},
        "end": {"line": line, "character": end_column},
    }


def document_link(link: Link, view: View) -> Json | None:
    """A link to a page or a file; None where a client has no way to go there."""
    uri = link.url if link.path is None else view.uri_of(link.path)
    if uri is None:
        return None
    result: Json = {"range": view.range(link.span), "target": uri}
    if view.client.link_tooltips:
        result["tooltip"] = link.tooltip
    return result


def highlight(found: Highlight, view: View) -> Json:
    """A place that has to do with what is under the cursor."""
    kind = _WRITE if found.is_declaration else _READ
    return {"range": view.range(found.span), "kind": kind}
