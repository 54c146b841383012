"""Build backends, and what ``requires`` has to list for them."""

from __future__ import annotations

from pyproject_ls.checks.backends import BACKENDS, usual_backend
from pyproject_ls.features.completion import names, packages, requirements
from pyproject_ls.features.completion.model import Choice, Choices, Kind, Request
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.manifest import as_table, strings
from pyproject_ls.project.requirement import cut, normalized_name
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Array, Key, Table

_USUAL = (
    "poetry.core.masonry.api",
    "hatchling.build",
    "setuptools.build_meta",
    "uv_build",
    "pdm.backend",
    "flit_core.buildapi",
    "maturin",
    "scikit_build_core.build",
    "mesonpy",
)
_BOUNDS = {
    "poetry-core": ">=2.0.0,<3.0.0",
    "hatchling": ">=1.26",
    "setuptools": ">=77.0.3",
    "flit-core": ">=3.11,<4",
    "maturin": ">=1.0,<2.0",
}
"""The versions that know the `[project]` table of today."""
_HELPERS = ("setuptools-scm", "hatch-vcs", "poetry-dynamic-versioning", "cython", "numpy")
_NAME = lazy_pattern(r"[A-Za-z0-9._-]*")


def backend(request: Request) -> Choices:
    """Backends, each with the edit that adds its distribution to ``requires``."""
    table = as_table(request.snapshot.document.get("build-system"))
    listed = _USUAL + tuple(each for each in BACKENDS if each not in _USUAL)
    choices = []
    for order, name in enumerate(listed):
        distributions = BACKENDS[name]
        deprecated = name == "poetry.masonry.api"
        choices.append(
            Choice(
                name,
                Kind.BACKEND,
                detail=distributions[0],
                order=order + 1000 * deprecated,
                deprecated=deprecated,
                more_edits=_requires_edits(request, table, distributions),
            )
        )
    return request.whole(choices)


def requires(request: Request) -> Choices | None:
    """Distributions that ``build-system.requires`` usually lists, and others of the indexes."""
    match = _NAME.match(request.content)
    if match is None:
        return None
    is_online = request.snapshot.settings.online
    if request.at > match.end():
        return requirements.behind_name(request) if is_online else None
    present = {cut(other).normalized for other in request.others()}
    distributions = [BACKENDS[name][0] for name in _USUAL]
    has_bound = bool(request.content[match.end() :].strip())
    choices = []
    for order, each in enumerate((*distributions, *_HELPERS)):
        if normalized_name(each) not in present:
            text = each if has_bound else each + _BOUNDS.get(each, "")
            detail = usual_backend(each) or ""
            data = ("package", normalized_name(each))
            choices.append(Choice(text, Kind.PACKAGE, text, detail, order, data=data))
    known = {normalized_name(each) for each in (*distributions, *_HELPERS)} | present
    for order, (name, written) in enumerate(
        names.packages(request.snapshot.manifest, but=request.start).items()
    ):
        if name not in known:
            choices.append(Choice(written, Kind.PACKAGE, order=1000 + order))
    if is_online:
        return packages.in_requirement(request, 0, match.end(), choices)
    return Choices(0, match.end(), choices)


def _requires_edits(
    request: Request, table: Table | None, distributions: tuple[str, ...]
) -> tuple[Edit, ...]:
    """What makes ``requires`` list `distributions`; nothing where that is not certain."""
    if table is None:
        return ()
    text = request.snapshot.document.text
    node = table.values.get("requires")
    if node is None:
        key = table.keys.get("build-backend") or _key_at(request, table)
        if key is None or table.origin not in ("header", "implicit"):
            return ()
        line = max(text.rfind("\n", 0, key.start), text.rfind("\r", 0, key.start)) + 1
        if text[line : key.start].strip():
            return ()
        items = ", ".join(f'"{each}{_BOUNDS.get(each, "")}"' for each in distributions)
        line_break = "\r\n" if "\r\n" in text else "\n"
        return (Edit(Span(line, line), f"requires = [{items}]{line_break}"),)
    if not isinstance(node, Array) or not node.closed or node.of_tables:
        return ()
    listed = list(strings(node))
    if len(listed) != len(node.items):
        return ()
    present = {cut(item.value).normalized for item in listed}
    missing = [each for each in distributions if each not in present]
    if not missing:
        return ()
    written = ", ".join(f'"{each}{_BOUNDS.get(each, "")}"' for each in missing)
    if not listed:
        return (Edit(Span(node.start, node.end), f"[{written}]"),)
    name = cut(listed[0].value).normalized
    if len(listed) == 1 and (usual_backend(name) or name == "poetry"):
        # one backend takes the place of another
        return (Edit(Span(listed[0].start, listed[0].end), written),)
    end = listed[-1].end
    return (Edit(Span(end, end), f", {written}"),)


def _key_at(request: Request, table: Table) -> Key | None:
    """The key of the entry that is being written, which may have no value yet."""
    for entry in table.entries:
        if entry.path and entry.path[0].text == "build-backend":
            return entry.path[0]
    return None
