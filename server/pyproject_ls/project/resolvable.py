"""What of a file matters to a resolver, as a digest: other edits ask nothing new."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyproject_ls.project.manifest import Manifest
from pyproject_ls.toml import Table, Value
from pyproject_ls.toml.convert import to_python

_PROJECT = ("name", "version", "requires-python", "dependencies", "optional-dependencies")
_POETRY = (
    *("name", "version", "dependencies", "dev-dependencies", "group", "extras", "source"),
    *("package-mode", "requires-poetry", "requires-plugins"),
)
_IRRELEVANT_TO_UV = frozenset({"pip", "build-backend", "publish-url", "cache-dir", "preview"})

_NAME = "resolvable digest"


def digest_of(manifest: Manifest) -> str | None:
    """A digest of all that a resolver looks at; computed once for a manifest.

    None where the text is not valid TOML, and where it declares no dependency and no Python, so
    that there is nothing to resolve.
    """
    kept = manifest.__dict__
    if _NAME not in kept:
        kept[_NAME] = _digest(manifest)
    found: str | None = kept[_NAME]
    return found


def _digest(manifest: Manifest) -> str | None:
    import json
    from hashlib import sha256

    document = manifest.document
    if any(problem.kind != "toml-1.1" for problem in document.problems):
        return None
    if not manifest.dependencies and document.get("project", "requires-python") is None:
        return None
    relevant: dict[str, Any] = {
        ".".join(path): to_python(node) for path, node in _relevant(manifest)
    }
    text = json.dumps(relevant, sort_keys=True, default=str, ensure_ascii=True)
    return sha256(text.encode()).hexdigest()


def _relevant(manifest: Manifest) -> Iterator[tuple[tuple[str, ...], Value]]:
    document = manifest.document
    for table, keys in ((("project",), _PROJECT), (("tool", "poetry"), _POETRY)):
        for key in keys:
            node = document.get(*table, key)
            if node is not None:
                yield (*table, key), node
    groups = document.get("dependency-groups")
    if groups is not None:
        yield ("dependency-groups",), groups
    uv = document.get("tool", "uv")
    if isinstance(uv, Table):
        for key, node in uv.values.items():
            if key not in _IRRELEVANT_TO_UV:
                yield ("tool", "uv", key), node
