"""How each tool finds the index of a package: what the tables of Poetry, uv and PDM say.

Poetry: ``poetry/factory.py`` (`create_pool`) and ``poetry/repositories/repository_pool.py``
(`find_packages`); build requirements and plugins come from the same pool
(``poetry/utils/isolated_build.py``, ``poetry/plugins/plugin_manager.py``). uv: its pages on indexes
and on dependency sources. PDM: ``pdm/project/core.py`` (`get_sources`) and ``pdm/utils.py``
(`filtered_sources`).

What is half-typed counts as little as possible: a source without an address is no source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from pyproject_ls.lazy import lazy_property
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.lookup import IndexRef, IndexTool, Lookup, Tier
from pyproject_ls.project.manifest import Manifest, strings, text_of
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.toml import Array, Scalar, Table, Value

PYPI = IndexRef("PyPI", "", "poetry")
"""The public index, as Poetry calls it."""

NOWHERE = Lookup((), is_bound=True)
"""No index is asked: the package comes from elsewhere, or from an index that nobody declared."""

PAGE = "find-links:"
"""Stands before the address of a page of links: tools take packages from it, but it is no index."""

_DIRECT = ("git", "url", "path", "file", "workspace")
"""The keys that say where a package comes from, if not from an index."""


def is_page(ref: IndexRef) -> bool:
    """Whether `ref` is a page of links, which cannot be asked as an index can."""
    return ref.url.startswith(PAGE)


class Rules(Protocol):
    """One tool's rules for one file."""

    default: Lookup
    """Where a package is looked up whose declaration names no index."""
    declared: list[IndexRef]
    """What the file declares, in its order; also pages and PyPI."""

    def of(self, dependency: Dependency) -> Lookup:
        """Where the package of `dependency` is looked up."""


class Pip:
    """No tool's table: pip's configuration decides."""

    default = Lookup()
    declared: list[IndexRef]

    def __init__(self) -> None:
        self.declared = []

    def of(self, dependency: Dependency) -> Lookup:
        """See `Rules.of`."""
        return self.default


class Poetry:
    """``[[tool.poetry.source]]``: all primary ones together, then each supplemental one."""

    def __init__(self, manifest: Manifest) -> None:
        self._homes = manifest.by_home
        self.declared = []
        self._named: dict[str, IndexRef] = {}
        primary: list[IndexRef] = []
        supplemental: list[IndexRef] = []
        for table in _tables(manifest.document.get("tool", "poetry", "source")):
            ref = _poetry_source(table)
            if ref is None:
                continue
            self.declared.append(ref)
            self._named.setdefault(ref.name.lower(), ref)
            priority = _priority(table)
            if priority != "explicit":
                (primary if priority == "primary" else supplemental).append(ref)
        if not primary and "pypi" not in self._named:
            primary.append(PYPI)
            self._named["pypi"] = PYPI
        tiers = (_unique(primary), *((ref,) for ref in _unique(supplemental)))
        self.default = _lookup(tiers)

    def of(self, dependency: Dependency) -> Lookup:
        """See `Rules.of`."""
        if dependency.requirement is None:
            return self._entry(dependency.node)
        if not self._enriched:
            return self.default
        home = dependency.declared.home
        if home is Home.PROJECT or home is Home.EXTRA:
            group = ""
        elif home is Home.GROUP:
            group = normalized_name(dependency.declared.group)
        else:
            return self.default
        return self._enriched.get((group, dependency.normalized), self.default)

    def _entry(self, node: Value) -> Lookup:
        """The lookup of an entry of Poetry's own tables."""
        if not isinstance(node, Table):
            return self.default
        if _is_direct(node):
            return NOWHERE
        name = text_of(node.values.get("source"))
        if not name:
            return self.default
        ref = self._named.get(name.lower())
        return NOWHERE if ref is None else Lookup(((ref,),), is_bound=True)

    @lazy_property
    def _enriched(self) -> dict[tuple[str, str], Lookup]:
        """What Poetry's tables add to the standard's lists, by group ("": main) and name."""
        entries = [
            dependency
            for home in (Home.POETRY, Home.POETRY_GROUP, Home.POETRY_DEV)
            for dependency in self._homes.get(home, ())
        ]
        # nearly all entries name no source, so they say no more than the default does
        bound = {each.normalized for each in entries if self._entry(each.node) is not self.default}
        found: dict[tuple[str, str], list[Lookup]] = {}
        for dependency in entries:
            if dependency.normalized in bound:
                key = (normalized_name(dependency.declared.group), dependency.normalized)
                found.setdefault(key, []).append(self._entry(dependency.node))
        return {key: _together(lookups, self.default) for key, lookups in found.items()}


class Uv:
    """``[[tool.uv.index]]``: each by itself, the default one last."""

    def __init__(self, table: Table) -> None:
        self.declared = []
        self._named: dict[str, IndexRef] = {}
        asked: list[IndexRef] = []
        default: IndexRef | None = None
        has_default = False
        for each in _tables(table.values.get("index")):
            ref = _uv_index(each)
            if ref is None:
                continue
            self.declared.append(ref)
            if ref.name:
                self._named.setdefault(ref.name, ref)
            is_explicit = _is_true(each, "explicit")
            if _is_true(each, "default"):
                if not has_default:
                    has_default, default = True, None if is_explicit else ref
            elif not is_explicit:
                asked.append(ref)
        for scalar in strings(table.values.get("extra-index-url")):
            asked += self._legacy(scalar.value)
        if not has_default:
            legacy = self._legacy(text_of(table.values.get("index-url")) or "")
            default = legacy[0] if legacy else IndexRef("PyPI", "", "uv")
        links = strings(table.values.get("find-links"))
        pages = [IndexRef("", PAGE + scalar.value, "uv") for scalar in links]
        order = _unique([*pages, *asked, *([default] if default else [])])
        is_off = _is_true(table, "no-index")
        tiers = [order] if _mixes_indexes(table) else [(ref,) for ref in order]
        self.default = NOWHERE if is_off else _lookup(tiers)
        self._bound = dict(self._sources(table.values.get("sources")))

    def of(self, dependency: Dependency) -> Lookup:
        """See `Rules.of`."""
        return self._bound.get(dependency.normalized, self.default)

    def _legacy(self, url: str) -> list[IndexRef]:
        refs = [IndexRef("", url, "uv")] if url.strip() else []
        self.declared += refs
        return refs

    def _sources(self, node: Value | None) -> Iterator[tuple[str, Lookup]]:
        """``[tool.uv.sources]``: the lookup of every package there, by its normalised name."""
        if not isinstance(node, Table):
            return
        for name, value in node.values.items():
            choices = [self._source(each) for each in _tables(value)]
            if isinstance(value, Table):
                choices = [self._source(value)]
                if "marker" in value.values:  # elsewhere the usual indexes are asked
                    choices.append(self.default)
            if choices:
                yield normalized_name(name), _together(choices, self.default)

    def _source(self, table: Table) -> Lookup:
        if _is_direct(table):
            return NOWHERE
        name = text_of(table.values.get("index"))
        if name is None:
            return self.default
        ref = self._named.get(name)
        return NOWHERE if ref is None else Lookup(((ref,),), is_bound=True)


def _mixes_indexes(table: Table) -> bool:
    """Whether uv takes the releases of all indexes together (``index-strategy``)."""
    return (text_of(table.values.get("index-strategy")) or "").startswith("unsafe-")


class Pdm:
    """``[[tool.pdm.source]]``: all together, unless a source takes a package for itself."""

    def __init__(self, table: Table) -> None:
        refs: dict[str, IndexRef] = {"pypi": IndexRef("pypi", "", "pdm")}
        self.declared = []
        self._filters: dict[IndexRef, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        for each in _tables(table.values.get("source")):
            ref = _pdm_source(each)
            if ref is None:
                continue
            self.declared.append(ref)
            refs[ref.name or ref.url] = ref
            included = _patterns(each.values.get("include_packages"))
            excluded = _patterns(each.values.get("exclude_packages"))
            if included or excluded:
                self._filters[ref] = included, excluded
        self._refs = _unique(refs.values())
        self._in_order = _is_true(table.values.get("resolution"), "respect-source-order")
        self.default = self._lookup_in(self._refs)
        self._by_name: dict[str, Lookup] = {}

    def of(self, dependency: Dependency) -> Lookup:
        """See `Rules.of`."""
        if not self._filters:
            return self.default
        name = dependency.normalized
        lookup = self._by_name.get(name)
        if lookup is None:
            lookup = self._by_name[name] = self._lookup_in(self._filtered(name))
        return lookup

    def _lookup_in(self, refs: Tier) -> Lookup:
        return _lookup(((ref,) for ref in refs) if self._in_order else (refs,))

    def _filtered(self, name: str) -> Tier:
        from fnmatch import fnmatchcase

        including = []
        silent = []
        for ref in self._refs:
            included, excluded = self._filters.get(ref, ((), ()))
            if any(fnmatchcase(name, pattern) for pattern in included):
                including.append(ref)
            elif not any(fnmatchcase(name, pattern) for pattern in excluded):
                silent.append(ref)
        return tuple(including or silent)


def _poetry_source(table: Table) -> IndexRef | None:
    name = text_of(table.values.get("name"))
    if not name:
        return None
    if name.lower() == "pypi":
        return PYPI
    url = _address(table)
    if not url:
        return None
    # Poetry takes such an address for a single page with the files of all packages
    is_single_page = url.endswith((".htm", ".html"))
    return IndexRef(name, PAGE + url if is_single_page else url, "poetry")


def _priority(table: Table) -> str:
    """The priority, today's word for it; what Poetry does not know counts as "supplemental"."""
    node = table.values.get("priority")
    if node is None:
        if _is_true(table, "secondary"):
            return "supplemental"
        return "primary"
    word = (text_of(node) or "").lower()
    return {"default": "primary", "primary": "primary", "explicit": "explicit"}.get(
        word, "supplemental"
    )


def _uv_index(table: Table) -> IndexRef | None:
    url = _address(table)
    if not url:
        return None
    is_flat = text_of(table.values.get("format")) == "flat"
    return _ref(table, PAGE + url if is_flat else url, "uv")


def _pdm_source(table: Table) -> IndexRef | None:
    url = _address(table)
    if not url:
        return None
    is_page = text_of(table.values.get("type")) == "find_links"
    return _ref(table, PAGE + url if is_page else url, "pdm")


def _ref(table: Table, url: str, tool: IndexTool) -> IndexRef:
    node = table.values.get("verify_ssl") if tool == "pdm" else None
    verify = not (isinstance(node, Scalar) and node.value is False)
    return IndexRef(text_of(table.values.get("name")) or "", url, tool, verify)


def _address(table: Table) -> str:
    return (text_of(table.values.get("url")) or "").strip()


def _tables(node: Value | None) -> Iterator[Table]:
    if isinstance(node, Array):
        for item in node.items:
            if isinstance(item, Table):
                yield item


def _is_true(node: Value | None, key: str) -> bool:
    value = node.values.get(key) if isinstance(node, Table) else None
    return isinstance(value, Scalar) and value.value is True


def _is_direct(table: Table) -> bool:
    return any(key in table.values for key in _DIRECT)


def _patterns(node: Value | None) -> tuple[str, ...]:
    return tuple(scalar.value.lower() for scalar in strings(node))


def _unique(refs: Iterable[IndexRef]) -> Tier:
    return tuple(dict.fromkeys(refs))


def _lookup(tiers: Iterable[Tier]) -> Lookup:
    kept = tuple(tier for tier in tiers if tier)
    return Lookup(kept) if kept else NOWHERE


def _together(lookups: list[Lookup], default: Lookup) -> Lookup:
    """The lookup of a package that is declared several times, for one environment each.

    Releases of all the indexes count, since a version may be meant for any of the environments.
    """
    bound = _unique(
        ref for each in lookups if each != default for tier in each.tiers for ref in tier
    )
    if default not in lookups:
        return Lookup((bound,), is_bound=True) if bound else NOWHERE
    if not bound:
        return default
    first, *rest = default.tiers or ((),)
    return Lookup((_unique((*bound, *first)), *rest))
