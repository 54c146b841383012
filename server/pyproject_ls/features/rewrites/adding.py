"""Add a table that is missing, with the keys it needs."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.features.rewrites.action import REWRITE, Action, Request
from pyproject_ls.features.rewrites.layout import as_line
from pyproject_ls.project.locate import PlaceKind
from pyproject_ls.project.manifest import Manifest, as_table
from pyproject_ls.text import Edit, Span

_BACKENDS = {
    "poetry": ("poetry-core>=2.0.0,<3.0.0", "poetry.core.masonry.api"),
    "hatch": ("hatchling", "hatchling.build"),
    "setuptools": ("setuptools>=77", "setuptools.build_meta"),
    "setuptools_scm": ("setuptools>=77", "setuptools.build_meta"),
    "pdm": ("pdm-backend", "pdm.backend"),
    "flit": ("flit_core>=3.12,<4", "flit_core.buildapi"),
    "uv": ("uv_build", "uv_build"),
    "maturin": ("maturin>=1,<2", "maturin"),
    "scikit-build": ("scikit-build-core", "scikit_build_core.build"),
    "meson-python": ("meson-python", "mesonpy"),
}
"""What builds a project, by the table below ``[tool]`` that gives it away."""

_NAME = "my-project"


def offers(request: Request) -> Iterator[Action]:
    """The tables that are missing; only where the cursor is at no key or value."""
    place, manifest = request.place, request.snapshot.manifest
    if place.entry is not None or place.kind not in {PlaceKind.BLANK, PlaceKind.HEADER}:
        return
    if place.kind is PlaceKind.HEADER and len(place.path) > 2:
        return
    names = request.snapshot.document.root.values
    poetry = manifest.poetry
    if "project" not in names and (poetry is None or "name" not in poetry.values):
        yield _table(request, "project", f'name = "{_NAME}"\nversion = "0.1.0"\n')
    if "build-system" not in names and manifest.package_mode and (manifest.project or poetry):
        requirement, backend = _backend(manifest)
        yield _table(
            request,
            "build-system",
            f'requires = ["{requirement}"]\nbuild-backend = "{backend}"\n',
        )
    if "dependency-groups" not in names and manifest.project is not None:
        yield _table(request, "dependency-groups", "dev = []\n")


def _backend(manifest: Manifest) -> tuple[str, str]:
    """The requirement and the name of the backend in use; without a sign of one, setuptools."""
    tool = as_table(manifest.document.get("tool"))
    names = tool.values if tool is not None else {}
    if manifest.poetry is not None and "name" in manifest.poetry.values:
        return "poetry-core>=1.0.0", _BACKENDS["poetry"][1]
    return next((_BACKENDS[name] for name in _BACKENDS if name in names), _BACKENDS["setuptools"])


def _table(request: Request, name: str, body: str) -> Action:
    text, end = request.text, len(request.text)
    start = end if text.strip("\ufeff\n\r") else end - len(text.lstrip("\ufeff"))
    blank = "\n" if start == end and not text.endswith(("\n\n", "\ufeff")) and text else ""
    table = as_line(text, start, f"{blank}[{name}]\n{body}") if blank else f"[{name}]\n{body}"
    return Action(f"Add `[{name}]`", REWRITE, (Edit(Span(start, end), table),))
