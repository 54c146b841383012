"""What a team asks about the indexes that packages come from."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding
from pyproject_ls.checks.team import SOURCE
from pyproject_ls.checks.team_wording import first_line
from pyproject_ls.checks.wording import shown
from pyproject_ls.project.indexes import Lookups
from pyproject_ls.project.lookup import IndexRef
from pyproject_ls.toml import Array, Table, Value

_DECLARED = (("tool", "poetry", "source"), ("tool", "uv", "index"), ("tool", "pdm", "source"))


def sources(context: Context) -> Iterator[Finding]:
    """Indexes that the policy does not name, and the public one where nobody names it."""
    policy = context.policy
    allowed = policy.allowed_sources
    if allowed is None and policy.implicit_pypi is not False:
        return
    lookups = Lookups(context.manifest)
    if allowed is not None:
        for ref in lookups.declared:
            if not _is_allowed(ref, allowed):
                yield SOURCE.at(
                    _place(context, ref),
                    (),
                    f"The policy does not allow the index {shown(ref.name or ref.url)}; it allows"
                    f" {', '.join(f'`{each}`' for each in allowed) or 'none'}.",
                )
    tiers = lookups.default.tiers
    implicit = not tiers or any(ref.url == "" for tier in tiers for ref in tier)
    if policy.implicit_pypi is False and implicit and not _names_pypi(context):
        yield SOURCE.at(
            first_line(context.document),
            (),
            "Packages are looked for in the public index, which the policy forbids; name the index"
            " to use as the primary one.",
        )


def _is_allowed(ref: IndexRef, allowed: tuple[str, ...]) -> bool:
    addresses = {ref.url, ref.url.rstrip("/"), f"{ref.url.rstrip('/')}/"}
    names = {ref.name, ref.name.lower()} - {""}
    return any(fnmatchcase(each, pattern) for each in names | addresses for pattern in allowed)


def _names_pypi(context: Context) -> bool:
    """Whether the file asks for the public index by name."""
    for table in _tables(context):
        name = getattr(table.values.get("name"), "value", "")
        if isinstance(name, str) and name.lower() == "pypi":
            return True
    return False


def _place(context: Context, ref: IndexRef) -> Value:
    """The address of an index where it is declared."""
    for table in _tables(context):
        url = table.values.get("url")
        if url is not None and getattr(url, "value", None) == ref.url:
            return url
    return context.document.root


def _tables(context: Context) -> Iterator[Table]:
    for path in _DECLARED:
        node = context.document.get(*path)
        for item in node.items if isinstance(node, Array) else ():
            if isinstance(item, Table):
                yield item


CHECKS = (sources,)
