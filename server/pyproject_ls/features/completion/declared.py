"""Values that the file itself determines, and those that a table lists."""

from __future__ import annotations

from pyproject_ls.features.completion import names, packages
from pyproject_ls.features.completion.model import Choice, Choices, Kind, Request
from pyproject_ls.project.dependencies import Home
from pyproject_ls.project.manifest import is_truthy, text_of
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.project.schema.standard import DYNAMIC_FIELDS

_PRIORITIES = {
    "primary": "searched first; switches the implicit PyPI off",
    "supplemental": "searched where no primary source has the package",
    "explicit": "searched only for dependencies that name it",
}
_CONTENT_TYPES = ("text/markdown", "text/x-rst", "text/plain")


def _plain(request: Request, values: list[str], kind: Kind = Kind.VALUE) -> Choices:
    """`values` in their order, without those that the array has already."""
    others = {normalized_name(each) for each in request.others()}
    return request.whole(
        Choice(value, kind, order=order)
        for order, value in enumerate(dict.fromkeys(values))
        if value and normalized_name(value) not in others
    )


def content_type(request: Request) -> Choices:
    """Media types of a readme."""
    return _plain(request, list(_CONTENT_TYPES))


def dynamic(request: Request) -> Choices:
    """Members of ``project.dynamic``: the fields that are not given statically."""
    project = request.snapshot.manifest.project
    static = project.values if project is not None else {}
    fields = (*DYNAMIC_FIELDS, "import-names", "import-namespaces")
    return _plain(request, [each for each in fields if each not in static])


def person_name(request: Request) -> Choices:
    """The names of people who are named elsewhere."""
    return _plain(request, [name for name, _ in names.people(request.snapshot.manifest)])


def person_email(request: Request) -> Choices:
    """The addresses of people who are named elsewhere; first that of the same name."""
    table = request.table
    own = text_of(table.values.get("name")) if table is not None else None
    known = list(names.people(request.snapshot.manifest))
    return _plain(request, [mail for name, mail in sorted(known, key=lambda each: each[0] != own)])


def include_group(request: Request) -> Choices:
    """Groups that a group of ``[dependency-groups]`` may include."""
    own = normalized_name(str(request.path[1]))
    groups = names.standard_groups(request.snapshot.manifest)
    return _plain(request, [each for each in groups if normalized_name(each) != own], Kind.GROUP)


def include_groups(request: Request) -> Choices:
    """Groups that a group of Poetry may include: its own, and the standard's."""
    own = normalized_name(str(request.path[3]))
    manifest = request.snapshot.manifest
    groups = [*names.poetry_groups(manifest), *names.standard_groups(manifest)]
    return _plain(request, [each for each in groups if normalized_name(each) != own], Kind.GROUP)


def poetry_extra_member(request: Request) -> Choices:
    """Dependencies that an extra of Poetry may list, the optional ones first."""
    others = {normalized_name(each) for each in request.others()}
    choices = []
    for order, each in enumerate(request.snapshot.manifest.by_home.get(Home.POETRY, ())):
        if each.normalized == "python" or each.normalized in others:
            continue
        others.add(each.normalized)
        option = each.option("optional")
        optional = option is not None and is_truthy(option)
        detail = "optional" if optional else "not optional"
        rank = order if optional else 1000 + order
        choices.append(Choice(each.name, Kind.PACKAGE, detail=detail, order=rank))
    return request.whole(choices)


def script_extra(request: Request) -> Choices:
    """The extras of ``[tool.poetry.extras]``."""
    return _plain(request, names.poetry_extras(request.snapshot.manifest), Kind.EXTRA)


def dependency_extra(request: Request) -> Choices:
    """Extras of the package: what the file names elsewhere, and what its metadata has."""
    at = next((i for i, step in enumerate(request.path) if step == "extras"), 1)
    above = [step for step in request.path[:at] if isinstance(step, str)]
    own = (
        each
        for each in request.snapshot.manifest.dependencies
        if each.requirement is None and request.path[: len(each.path)] == each.path
    )
    package = above[-1] if above else ""
    found, may_grow = packages.extras_of(request.snapshot, package, next(own, None))
    return _plain(request, found, Kind.EXTRA)._replace(incomplete=may_grow)


def script_type(request: Request) -> Choices:
    """What a script of Poetry is."""
    return _plain(request, ["file", "console"])


def source(request: Request) -> Choices:
    """The names of the sources."""
    return request.whole(
        Choice(name, Kind.SOURCE, detail=url, order=order)
        for order, (name, url) in enumerate(names.sources(request.snapshot.manifest))
    )


def priority(request: Request) -> Choices:
    """What a source is asked for."""
    return request.whole(
        Choice(name, Kind.VALUE, detail=detail, order=order)
        for order, (name, detail) in enumerate(_PRIORITIES.items())
    )


def source_name(request: Request) -> Choices:
    """``PyPI``, and the sources that dependencies ask for and nobody has declared."""
    manifest = request.snapshot.manifest
    known = {name.lower() for name, url in names.sources(manifest) if url != "the public index"}
    wanted = [text_of(each.option("source")) or "" for each in manifest.dependencies]
    return _plain(request, [each for each in (*wanted, "PyPI") if each.lower() not in known])


def rule(request: Request) -> Choices:
    """The codes of the rules."""
    from pyproject_ls.plugins import allowed_by, known_rules

    others = request.others()
    return request.whole(
        Choice(each.code, Kind.VALUE, detail=each.summary)
        for each in known_rules(allowed_by(request.snapshot.configuration.settings)).values()
        if each.code not in others
    )


def plugin(request: Request) -> Choices:
    """The names of the installed plugins."""
    from pyproject_ls.plugins.discovery import installed

    others = request.others()
    return request.whole(
        Choice(each.name, Kind.VALUE, detail=each.source)
        for each in installed()
        if each.name not in others
    )
