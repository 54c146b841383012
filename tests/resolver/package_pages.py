"""The packages of ``fixtures/index/packages``, as values; its README says what a page holds."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PAGES = Path(__file__).resolve().parents[2] / "fixtures" / "index" / "packages"

Kind = Literal["wheel", "sdist"]
Build = Literal["works", "talks", "fails", "hangs"]


class Release(NamedTuple):
    """One release and the files that it has.

    `kinds` are those that exist, `platforms` the platform tags of its wheels. `metadata` is
    "static" where the sdist says what the release needs, "built" where that takes a build. `build`
    is how building the sdist goes.
    """

    version: str
    requires: tuple[str, ...] = ()
    requires_python: str = ""
    extras: Mapping[str, tuple[str, ...]] = {}
    yanked: str = ""
    kinds: tuple[Kind, ...] = ("wheel", "sdist")
    platforms: tuple[str, ...] = ("any",)
    metadata: Literal["static", "built"] = "static"
    build: Build = "works"
    uploaded: str = "2024-01-01"


class Package(NamedTuple):
    """A package: its name as the index spells it, and its releases."""

    name: str
    releases: tuple[Release, ...]
    summary: str = ""

    @property
    def normalized(self) -> str:
        """Its name in normalised form."""
        return normalized(self.name)

    @property
    def module(self) -> str:
        """The module that it installs."""
        return self.normalized.replace("-", "_")


def normalized(name: str) -> str:
    """The normalised form of a package's name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def by_name(packages: Iterable[Package]) -> dict[str, Package]:
    """`packages` by their normalised names; of two with one name the later."""
    return {each.normalized: each for each in packages}


@lru_cache(maxsize=1)
def all_packages() -> tuple[Package, ...]:
    """What stands in the pages, in the order of the files."""
    return tuple(
        _package(path.stem, tomllib.loads(path.read_text("utf-8")))
        for path in sorted(PAGES.glob("*.toml"))
    )


def _package(stem: str, page: Mapping[str, Any]) -> Package:
    package = Package(
        page["name"], tuple(_release(stem, each) for each in page["releases"]), page["summary"]
    )
    if package.normalized != stem:
        raise ValueError(f"{stem}.toml holds {package.name}")
    return package


def _release(stem: str, entry: Mapping[str, Any]) -> Release:
    values = {key.replace("-", "_"): value for key, value in entry.items()}
    unknown = values.keys() - set(Release._fields)
    if unknown:
        raise ValueError(f"{stem}.toml: unknown keys {', '.join(sorted(unknown))}")
    values["extras"] = {name: tuple(each) for name, each in values.get("extras", {}).items()}
    for key in ("requires", "kinds", "platforms"):
        if key in values:
            values[key] = tuple(values[key])
    return Release(**values)
