"""What of a file matters to a resolver, as a digest: other edits ask nothing new."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.wants import is_locked_apart
from pyproject_ls.toml import Scalar, Table, Value

_PROJECT = ("requires-python", "dependencies", "optional-dependencies")
_POETRY = (
    *("dependencies", "dev-dependencies", "group", "extras", "source"),
    *("package-mode", "requires-poetry"),
)
_IRRELEVANT_TO_UV = frozenset(
    {
        *("build-backend", "cache-dir", "cache-keys", "check-url", "compile-bytecode"),
        *("concurrent-builds", "concurrent-downloads", "concurrent-installs", "default-groups"),
        *("link-mode", "pip", "preview", "publish-url", "trusted-publishing"),
    }
)

_NAME = "resolvable digest"


def digest_of(manifest: Manifest) -> str | None:
    """A digest of all in the text that a resolver looks at; computed once for a manifest.

    Neither comments and layout nor the order of keys count, nor does what is needed to build the
    project. Its name counts if the project depends on itself (``demo[all]``), its version does not.
    None where the text is not valid TOML, and where it declares no dependency and no Python, so
    that there is nothing to resolve.
    """
    kept = manifest.__dict__
    if _NAME not in kept:
        kept[_NAME] = _digest(manifest)
    found: str | None = kept[_NAME]
    return found


def _digest(manifest: Manifest) -> str | None:
    import marshal  # quicker than JSON by far; the form of version 0 depends on the values alone
    from hashlib import sha256

    document = manifest.document
    if any(problem.kind != "toml-1.1" for problem in document.problems):
        return None
    asks = any(not is_locked_apart(each) for each in manifest.dependencies)
    if not asks and document.get("project", "requires-python") is None:
        return None
    relevant = [(path, _plain(node)) for path, node in _relevant(manifest)]
    own = manifest.normalized_name
    is_own = bool(own) and any(each.normalized == own for each in manifest.dependencies)
    dynamic = [name for name in _PROJECT if name in manifest.dynamic]
    return sha256(marshal.dumps((relevant, own if is_own else "", dynamic), 0)).hexdigest()


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
        for key in sorted(uv.values):
            if key not in _IRRELEVANT_TO_UV:
                yield ("tool", "uv", key), uv.values[key]


def _plain(node: Value) -> Any:
    """`node` as plain values of one form, whatever the order of its keys; dates as written."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Table):
        return [
            (name, each.value if each.__class__ is Scalar else _plain(each))
            for name, each in sorted(node.values.items())
        ]
    return tuple(each.value if each.__class__ is Scalar else _plain(each) for each in node.items)
