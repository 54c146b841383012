"""From what a file says of indexes to the indexes that are asked.

What the setting ``index.url`` names goes before all else. Without it the file's tool decides:
Poetry asks what the file says; uv adds what its own configuration says; PDM and pip do so too,
and take the releases of all their indexes together. In a workspace that is not trusted only the
public index (or the setting's) is left.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Union
from urllib.parse import quote, urlsplit

from pyproject_ls.config import DEFAULT_INDEX, INDEX_SIMPLE
from pyproject_ls.facts.packages import Unreachable
from pyproject_ls.index.addresses import Address, AddressError, host_of, index_address, origin
from pyproject_ls.index.configured import Configured
from pyproject_ls.index.environment import Surroundings
from pyproject_ls.index.records import Index
from pyproject_ls.index.uv_config import UvFile
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.indexes import is_page
from pyproject_ls.project.lookup import IndexRef, Lookup

__all__ = ["PUBLIC", "Resolution", "Surroundings", "resolution", "resolve", "resolve_ref"]

PUBLIC = Index("PyPI", INDEX_SIMPLE, is_default=True)
"""The public index. It gets no credentials: nothing that can be read there needs any."""

NOT_TRUSTED = "the workspace is not trusted, so only the public index is asked"
NO_INDEX = "it comes from no index that is known here"
PARTIAL = "packages may also come from pages or folders, which are not read"

_VARIABLE = lazy_pattern(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")

Found = Union[Index, Unreachable]


class Resolution(NamedTuple):
    """The indexes to ask, tier by tier, and why that may not be all of them.

    While `left_out` is not "", a package that none of `tiers` has may still exist: its reason is
    for a person, and has no secret.
    """

    tiers: tuple[tuple[Index, ...], ...]
    left_out: str = ""


def resolve(lookup: Lookup, surroundings: Surroundings) -> tuple[tuple[Index, ...], ...]:
    """The indexes to ask, tier by tier; () if there is none."""
    return resolution(lookup, surroundings).tiers


def resolution(lookup: Lookup, surroundings: Surroundings) -> Resolution:
    """The indexes to ask for a package that is looked up by `lookup`."""
    if surroundings.setting_error:
        reason = (
            "the address in the setting `index.url` or in PYPROJECT_LS_INDEX_URL cannot be used:"
            f" {surroundings.setting_error}"
        )
        return Resolution((), reason)
    if lookup.is_bound and not lookup.tiers:
        return Resolution((), NO_INDEX)
    declared = [[resolve_ref(ref, surroundings) for ref in tier] for tier in lookup.tiers]
    if lookup.is_bound:
        return _kept(declared)
    setting = _setting(surroundings)
    if setting is not None:
        return _kept([[setting], *declared])
    tool = lookup.tiers[0][0].tool if lookup.tiers else "pip"
    if tool == "uv":
        return _kept(*_uv(declared, surroundings))
    if tool == "pdm":
        stored = _all(surroundings.pdm.stored, "pdm", surroundings)
        named = {each.name for tier in declared for each in tier if isinstance(each, Index)}
        extra = [each for each in stored if not isinstance(each, Index) or each.name not in named]
        reason = PARTIAL if surroundings.pdm.is_partial else ""
        if len(declared) == 1:
            return _kept([declared[0] + extra], reason)
        return _kept([*declared, *([each] for each in extra)], reason)
    if tool == "pip":
        return _kept(*_pip(surroundings))
    return _kept(declared)


def resolve_ref(ref: IndexRef, surroundings: Surroundings) -> Index | Unreachable:
    """The index that a file names, or why it cannot be asked."""
    if not ref.url:
        setting = _setting(surroundings)
        if setting is not None:
            return setting
        pdm = surroundings.pdm
        if ref.tool == "pdm" and pdm.default is not None:
            return _index(pdm.default, "pdm", surroundings)
        if ref.tool == "pdm" and pdm.replaces_default:
            return Unreachable(PARTIAL, is_lasting=True)
        return PUBLIC
    if not surroundings.settings.trusted and not _names_public(ref.url):
        return Unreachable(NOT_TRUSTED, is_lasting=True)
    if is_page(ref):
        return Unreachable(PARTIAL, is_lasting=True)
    url = ref.url
    variables: tuple[str, ...] = ()
    if ref.tool == "pdm":
        url, variables = _with_variables(url, surroundings.machine.environ)
    try:
        address = index_address(url)
    except AddressError as error:
        called = f"the address of `{ref.name}`" if ref.name else "the address of an index"
        return Unreachable(f"{called} cannot be used: {error}", is_lasting=True)
    found = _index(Configured(address, ref.name), ref.tool, surroundings, variables)
    if found.is_default:
        return _setting(surroundings) or found
    return found if ref.verify else found._replace(verify=False)


def _setting(surroundings: Surroundings) -> Index | None:
    """The index of the setting."""
    address = surroundings.setting
    if address is None:
        return None
    if not surroundings.settings.trusted:
        return _without_credentials(_index(Configured(address), "setting", surroundings))
    return _index(Configured(address), "setting", surroundings)


def _without_credentials(index: Index) -> Index:
    return index._replace(credentials="", verify=True)


def _index(
    configured: Configured,
    tool: str,
    surroundings: Surroundings,
    variables: tuple[str, ...] = (),
) -> Index:
    """The index that `configured` names, with what `tool` says of its certificates."""
    address, name = configured
    verify = _verify(address, name, tool, surroundings)
    if _is_public(address.url):
        return PUBLIC._replace(verify=verify)
    mark = surroundings.keep(address, variables)
    shown = name or urlsplit(address.url).netloc
    return Index(shown, address.url, False, f"{mark}{tool}:{name}", verify)


def _verify(address: Address, name: str, tool: str, surroundings: Surroundings) -> bool | str:
    """Whether certificates are checked; a path is absolute, and a file is there."""
    verify: bool | str = True
    if tool == "poetry":
        verify = surroundings.poetry.verify(name)
    elif tool == "pdm":
        verify = surroundings.pdm.verify(name)
    elif tool == "pip":
        port = urlsplit(address.url).port
        verify = surroundings.pip.verify(host_of(address.url), port)
    if isinstance(verify, str):
        path = os.path.join(surroundings.folder or "", verify)
        return path if os.path.exists(path) else True
    return verify


def _all(configured: Iterable[Configured], tool: str, surroundings: Surroundings) -> list[Found]:
    return [_index(each, tool, surroundings) for each in configured]


def _uv(declared: list[list[Found]], surroundings: Surroundings) -> tuple[list[list[Found]], str]:
    """The tiers of uv: the environment, the project, the user, the machine, the default one."""
    config = surroundings.uv
    *own, end = declared
    *beside, default = end  # the last one is the default: `pyproject_ls.project.indexes`
    if config.project is not None:
        own = [[each] for each in _all(config.project.indexes, "uv", surroundings)]
    before = [[each] for each in _all(config.environment.indexes, "uv", surroundings)]
    after: list[list[Found]] = []
    for file in config.ambient:
        after += [[each] for each in _all(file.indexes, "uv", surroundings)]
    last = _uv_default(default, surroundings)
    end = [*beside, *([last] if last is not None else [])]
    return [*before, *own, *after, end], PARTIAL if config.is_partial else ""


def _uv_default(declared: Found, surroundings: Surroundings) -> Found | None:
    """The default index that counts: the first one that is declared anywhere, else the public."""
    config = surroundings.uv
    if config.environment.replaces_default:
        return _default(config.environment, surroundings)
    if config.project is not None:
        if config.project.replaces_default:
            return _default(config.project, surroundings)
    elif isinstance(declared, Unreachable) or not declared.is_default:
        return declared
    for file in config.ambient:
        if file.replaces_default:
            return _default(file, surroundings)
    return PUBLIC


def _default(file: UvFile, surroundings: Surroundings) -> Index | None:
    return _index(file.default, "uv", surroundings) if file.default is not None else None


def _pip(surroundings: Surroundings) -> tuple[list[list[Found]], str]:
    """The one tier of pip: what its configuration says, or the public index."""
    config = surroundings.pip
    if config.no_index:
        return [], "pip is configured to ask no index"
    tier = _all(config.extra, "pip", surroundings)
    if config.default is not None:
        tier.insert(0, _index(config.default, "pip", surroundings))
    elif not config.replaces_default:
        tier.insert(
            0, PUBLIC._replace(verify=_verify(Address(PUBLIC.url), "", "pip", surroundings))
        )
    return [tier], PARTIAL if config.is_partial else ""


def _kept(tiers: Iterable[Iterable[Found]], reason: str = "") -> Resolution:
    """Each index once, where it comes first; the reason of the first that is left out."""
    seen: set[str] = set()
    kept: list[tuple[Index, ...]] = []
    for tier in tiers:
        members: list[Index] = []
        for each in tier:
            if isinstance(each, Unreachable):
                reason = reason or each.reason
            elif each.url not in seen:
                seen.add(each.url)
                members.append(each)
        if members:
            kept.append(tuple(members))
    return Resolution(tuple(kept), reason)


def _is_public(url: str) -> bool:
    return origin(url).partition("://")[2] == origin(DEFAULT_INDEX).partition("://")[2]


def _names_public(url: str) -> bool:
    try:
        return _is_public(index_address(url).url)
    except AddressError:
        return False


def _with_variables(url: str, environ: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """`url` with ``${NAME}`` replaced before the ``@``, as PDM does it, and the names."""
    scheme, separator, rest = url.partition("://")
    login, at, place = rest.partition("@")
    names = sorted(set(_VARIABLE.findall(login)) & set(environ)) if at else []
    if not names:
        return url, ()
    login = _VARIABLE.sub(lambda found: quote(environ.get(found[1], ""), safe=""), login)
    return f"{scheme}{separator}{login}{at}{place}", tuple(names)
