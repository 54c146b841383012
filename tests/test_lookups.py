"""The pages of ``fixtures/lookups/``: on which indexes each dependency is looked up."""

from __future__ import annotations

import pytest

from pyproject_ls.project.indexes import NOWHERE, PAGE
from pyproject_ls.project.lookup import IndexRef, Lookup
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.toml import parse
from tests import feature_pages
from tests.feature_pages import Case


def manifest(text: str) -> Manifest:
    return Manifest(parse(text))


def shown_ref(ref: IndexRef) -> str:
    name = ref.name or ref.url.removeprefix(PAGE)
    if not ref.url:
        name = f"{name} (public)"
    elif ref.url.startswith(PAGE):
        name = f"{name} (page)"
    return name if ref.verify else f"{name} (unverified)"


def shown(lookup: Lookup) -> str:
    """``a + b > c``: a and b together, then c; ``only a`` where the dependency names it."""
    if lookup == NOWHERE:
        return "nowhere"
    if not lookup.tiers:
        return "pip decides"
    tiers = " > ".join(" + ".join(map(shown_ref, tier)) for tier in lookup.tiers)
    return f"only {tiers}" if lookup.is_bound else tiers


@pytest.mark.parametrize("case", feature_pages.parameters("lookups"))
def test_lookups(case: Case) -> None:
    found = manifest(case.text)
    lookups = found.lookups
    lines = [
        f"{dependency.name} {dependency.declared.home.value}: {shown(lookups.of(dependency))}\n"
        for dependency in found.dependencies
    ]
    case.check("text lookups", "".join([*lines, f"others: {shown(lookups.default)}\n"]))
    declared = [f"{ref.name or '(no name)'} {ref.url}\n" for ref in lookups.declared]
    case.check("text declared", "".join(declared))


def test_equal_files_have_equal_lookups() -> None:
    """Facts are kept by lookup: a keystroke elsewhere must not change it."""
    text = '[[tool.poetry.source]]\nname = "corp"\nurl = "https://corp.example/simple/"\n'
    assert manifest(text).lookups.default == manifest(f"# x\n{text}").lookups.default
    assert hash(manifest(text).lookups.default)


def test_every_prefix_of_a_file() -> None:
    """Half-typed files never fail."""
    text = (
        '[project]\ndependencies = ["a", "b @ https://x.example/b.whl"]\n'
        '[tool.uv]\nindex-url = "https://x.example"\nsources = {a = [{index = "i", marker = ""}]}\n'
        '[[tool.uv.index]]\nname = "i"\nurl = "https://i.example"\ndefault = true\n'
        '[[tool.pdm.source]]\nname = "p"\nurl = "https://p.example"\ninclude_packages = ["a*"]\n'
        '[[tool.poetry.source]]\nname = "q"\nurl = "https://q.example"\npriority = "explicit"\n'
        '[tool.poetry.dependencies]\na = [{source = "q"}, "^1"]\n'
    )
    for end in range(len(text)):
        for part in (text[:end], text[end:]):
            found = manifest(part)
            for dependency in found.dependencies:
                found.lookups.of(dependency)
            assert all(ref.url for ref in found.lookups.declared)
