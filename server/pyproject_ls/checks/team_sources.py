"""What a team asks about the indexes that packages come from."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding
from pyproject_ls.checks.team import SOURCE
from pyproject_ls.checks.team_wording import absent, because, listed
from pyproject_ls.checks.wording import shown
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.manifest import as_table, text_of
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.toml import Array, Document, Scalar, Table, Value

_TABLES = (("tool", "poetry", "source"), ("tool", "uv", "index"), ("tool", "pdm", "source"))
_ADDRESSES = ("index-url", "extra-index-url", "find-links")
"""The keys of uv that hold addresses without a name."""


class Declared(NamedTuple):
    """An index or page of links that the file declares; `name` or `url` may be ""."""

    name: str
    url: str
    node: Value
    path: TomlPath


def sources(context: Context) -> Iterator[Finding]:
    """Indexes that the policy does not allow, and the public one where nobody names it."""
    policy = context.policy
    allowed, forbidden = policy.allowed_sources, policy.forbidden_sources
    if allowed is None and not forbidden and policy.implicit_pypi is not False:
        return
    declared = list(_declared(context.document))
    for each in declared:
        if any(_is_meant(each, pattern) for pattern in forbidden):
            says, key = "forbids the index", "forbidden-sources"
            advice = "take another one"
        elif allowed is not None and not any(_is_meant(each, pattern) for pattern in allowed):
            says, key = "does not allow the index", "allowed-sources"
            advice = f"it allows {listed(allowed)}"
        else:
            continue
        message = f"The policy {says} {shown(each.name or _without_user(each.url))}; {advice}"
        yield SOURCE.at(each.node, each.path, f"{message}{because(policy, key)}.")
    if policy.implicit_pypi is False:
        yield from _implicit(context, declared)


def _implicit(context: Context, declared: list[Declared]) -> Iterator[Finding]:
    """The public index where it is asked although the file does not name it."""
    default = context.manifest.lookups.default
    is_asked = any(not ref.url for tier in default.tiers for ref in tier)
    is_asked = is_asked or (not default.tiers and not default.is_bound)
    if is_asked and not any(each.name.lower() == "pypi" for each in declared):
        how = {
            "poetry": 'a `[[tool.poetry.source]]` with `priority = "primary"`',
            "uv": "a `[[tool.uv.index]]` with `default = true`",
            "pdm": "a `[[tool.pdm.source]]` with the name `pypi`",
        }
        tool = default.tiers[0][0].tool if default.tiers else ""
        advice = how.get(tool, "the index to use in the table of your tool")
        yield from absent(
            context,
            SOURCE,
            "Packages are looked for in the public index, which the policy forbids; name"
            f" {advice}{because(context.policy, 'implicit-pypi')}.",
        )


def _is_meant(declared: Declared, pattern: str) -> bool:
    """Whether `pattern` is the name (in any case) or the address of an index."""
    if declared.name and fnmatchcase(declared.name.lower(), pattern.lower()):
        return True
    return bool(declared.url) and _is_address(declared.url, pattern)


def _without_user(url: str) -> str:
    """`url` without a user and a password, which are nobody's business."""
    scheme, separator, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{separator}{host.rpartition('@')[2]}{slash}{path}" if separator else url


def _is_address(url: str, pattern: str) -> bool:
    """Whether `pattern` means the address `url`; its ``*`` do not reach beyond the host's name.

    Otherwise ``https://*.example.org/*`` would let ``https://elsewhere.net/x.example.org/`` pass.
    """
    ours, wanted = _parts(url), _parts(pattern)
    return all(fnmatchcase(one, part) for one, part in zip(ours, wanted, strict=True))


def _parts(address: str) -> tuple[str, str, str]:
    """The scheme, the host without a user, and the path without a slash at its end."""
    scheme, _, rest = address.replace("\\", "/").partition("://")
    host, _, path = rest.partition("/")
    return scheme.lower(), host.rpartition("@")[2].lower(), path.rstrip("/")


def _declared(document: Document) -> Iterator[Declared]:
    for path in _TABLES:
        node = document.get(*path)
        for at, item in enumerate(node.items if isinstance(node, Array) else ()):
            if isinstance(item, Table):
                name, url = item.values.get("name"), item.values.get("url")
                place = url or name or item
                yield Declared(text_of(name) or "", text_of(url) or "", place, (*path, at))
    uv = as_table(document.get("tool", "uv"))
    for key in _ADDRESSES if uv is not None else ():
        value = uv.values.get(key) if uv is not None else None
        for each in value.items if isinstance(value, Array) else (value,):
            if isinstance(each, Scalar) and each.kind == "string":
                yield Declared("", str(each.value), each, ("tool", "uv", key))


CHECKS = (sources,)
