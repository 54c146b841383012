"""The shape of a file: symbols, folds, selections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pyproject_ls.features.folding import Fold
from pyproject_ls.features.symbols import Symbol, SymbolKind, WorkspaceSymbol
from pyproject_ls.lsp.convert.places import Json, View
from pyproject_ls.text import Span

# SymbolKind of LSP 3.17
_MODULE, _NAMESPACE, _PACKAGE, _INTERFACE, _FUNCTION, _VARIABLE = 2, 3, 4, 11, 12, 13
_STRING, _NUMBER, _BOOLEAN, _ARRAY, _OBJECT, _NULL, _MEMBER = 15, 16, 17, 18, 19, 21, 22
_KINDS = {
    SymbolKind.TABLE: _OBJECT,
    SymbolKind.ELEMENT: _OBJECT,
    SymbolKind.ARRAY: _ARRAY,
    SymbolKind.STRING: _STRING,
    SymbolKind.NUMBER: _NUMBER,
    SymbolKind.BOOLEAN: _BOOLEAN,
    SymbolKind.DATE: _STRING,
    SymbolKind.NONE: _NULL,
    SymbolKind.PACKAGE: _PACKAGE,
    SymbolKind.GROUP: _NAMESPACE,
    SymbolKind.EXTRA: _MEMBER,
    SymbolKind.SOURCE: _INTERFACE,
    SymbolKind.SCRIPT: _FUNCTION,
    SymbolKind.PROJECT: _MODULE,
}


def document_symbols(symbols: Sequence[Symbol], view: View) -> list[Json]:
    """The outline: a tree where the client can show one, else a list."""
    if view.client.symbol_trees:
        return [_branch(symbol, view) for symbol in symbols]
    return list(_listed(symbols, "", view))


def _branch(symbol: Symbol, view: View) -> Json:
    result: Json = {
        "name": symbol.name,
        "kind": _kind(symbol.kind, view.client.symbol_kinds),
        "range": view.range(symbol.span),
        "selectionRange": view.range(symbol.selection),
    }
    if symbol.detail:
        result["detail"] = symbol.detail
    if symbol.children:
        result["children"] = [_branch(child, view) for child in symbol.children]
    return result


def _listed(symbols: Sequence[Symbol], container: str, view: View) -> Iterator[Json]:
    for symbol in symbols:
        yield {
            "name": symbol.name,
            "kind": _kind(symbol.kind, view.client.symbol_kinds),
            "location": {"uri": view.uri, "range": view.range(symbol.span)},
            "containerName": container,
        }
        yield from _listed(symbol.children, symbol.name, view)


def workspace_symbol(symbol: WorkspaceSymbol, view: View) -> Json:
    """A name of a project; `view` is that of the project's file."""
    return {
        "name": symbol.name,
        "kind": _kind(symbol.kind, view.client.symbol_kinds),
        "location": {"uri": view.uri, "range": view.range(symbol.span)},
        "containerName": symbol.container,
    }


def _kind(kind: SymbolKind, known: frozenset[int]) -> int:
    number = _KINDS[kind]
    return number if number in known else _VARIABLE


def folding_range(fold: Fold) -> Json:
    """Lines that can be folded."""
    result: Json = {"startLine": fold.start_line, "endLine": fold.end_line}
    if fold.kind == "comment":  # a region is something that a comment in the text says
        result["kind"] = "comment"
    return result


def selection_range(spans: Iterable[Span], view: View) -> Json:
    """Nested spans, the innermost first, each with its parent."""
    result: Json | None = None
    for span in reversed(list(spans)):
        outer, result = result, {"range": view.range(span)}
        if outer is not None:
            result["parent"] = outer
    return result or {"range": view.range(Span(0, len(view.snapshot.text)))}
