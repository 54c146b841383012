"""Hover of values: classifiers, licenses, Python versions, build backends, sources and enums."""

from __future__ import annotations

import re

from pyproject_ls.checks.backends import BACKENDS
from pyproject_ls.checks.licenses import (
    deprecated_identifiers,
    expression_for_classifier,
    is_license_expression,
)
from pyproject_ls.checks.trove import trove
from pyproject_ls.features.hover.license_names import EXCEPTIONS, LICENSES
from pyproject_ls.features.hover.origin import sources_named
from pyproject_ls.features.hover.versions import python_in_words, spelled_out
from pyproject_ls.features.markdown import bullets, code, escape, join, link, redacted
from pyproject_ls.host import Snapshot
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.dependencies import Home
from pyproject_ls.project.manifest import text_of
from pyproject_ls.project.paths import TomlPath, dotted
from pyproject_ls.project.schema.docs import key_doc

_WORD = lazy_pattern(r"[^\s()]+")
_CLASSIFIERS = "https://packaging.python.org/en/latest/specifications/core-metadata/#classifier"
_SPDX = "https://spdx.org/licenses/"

_BACKEND_NAMES = {
    "poetry.core.masonry.api": ("Poetry", "https://python-poetry.org/docs/pyproject/"),
    "poetry.masonry.api": ("Poetry", "https://python-poetry.org/docs/pyproject/"),
    "poetry_dynamic_versioning.backend": (
        "Poetry with the version from version control",
        "https://github.com/mtkennerly/poetry-dynamic-versioning",
    ),
    "setuptools.build_meta": ("setuptools", "https://setuptools.pypa.io/"),
    "setuptools.build_meta:__legacy__": (
        "setuptools, running `setup.py` as in its early days",
        "https://setuptools.pypa.io/",
    ),
    "hatchling.build": ("Hatchling", "https://hatch.pypa.io/latest/config/build/"),
    "hatchling.ouroboros": ("Hatchling, building itself", "https://hatch.pypa.io/"),
    "flit_core.buildapi": ("Flit", "https://flit.pypa.io/"),
    "flit_core.build_thyself": ("Flit, building itself", "https://flit.pypa.io/"),
    "flit.buildapi": ("Flit", "https://flit.pypa.io/"),
    "flit_scm:buildapi": ("Flit with the version from version control", "https://flit.pypa.io/"),
    "pdm.backend": ("PDM", "https://backend.pdm-project.org/"),
    "pdm.pep517.api": ("PDM, in its former package", "https://backend.pdm-project.org/"),
    "maturin": ("maturin, for Rust", "https://www.maturin.rs/"),
    "uv_build": ("uv", "https://docs.astral.sh/uv/concepts/build-backend/"),
    "uv": ("uv, by way of its whole command", "https://docs.astral.sh/uv/concepts/build-backend/"),
    "scikit_build_core.build": (
        "scikit-build-core, for CMake",
        "https://scikit-build-core.readthedocs.io/",
    ),
    "scikit_build_core.setuptools.build_meta": (
        "setuptools with scikit-build-core, for CMake",
        "https://scikit-build-core.readthedocs.io/",
    ),
    "mesonpy": ("meson-python, for Meson", "https://mesonbuild.com/meson-python/"),
    "sipbuild.api": ("SIP, for bindings to C++", "https://python-sip.readthedocs.io/"),
    "py_build_cmake.build": (
        "py-build-cmake, for CMake",
        "https://tttapa.github.io/py-build-cmake/",
    ),
}

_DYNAMIC = {
    "poetry": "With Poetry it stands under `[tool.poetry]`.",
    "setuptools": "With setuptools it stands under `[tool.setuptools.dynamic]`, in `setup.cfg` or"
    " in `setup.py`.",
    "hatchling": "With Hatchling it comes from `[tool.hatch.version]` or a metadata hook.",
    "flit_core": "With Flit it comes from the module's `__version__` or docstring.",
    "pdm": "With PDM it comes from `[tool.pdm.version]` or a build hook.",
    "maturin": "With maturin it comes from `Cargo.toml`.",
    "scikit_build_core": "With scikit-build-core it comes from `[tool.scikit-build.metadata]`.",
    "mesonpy": "With meson-python it comes from `meson.build`.",
}
_FROM = {("hatchling", "version"), ("flit_core", "version"), ("flit_core", "description")}
"""Fields that the backend takes from somewhere; the others of these backends are left open."""

PRIORITIES = {
    "primary": "Always asked, together with the other primary sources. The Python Package Index is"
    " not asked any more unless it is listed as a source too.",
    "supplemental": "Asked only for packages that no primary source has.",
    "explicit": "Asked only for dependencies that name it in `source`.",
    "default": "The former way to replace the Python Package Index; write `primary`.",
    "secondary": "The former name of a source that is asked last; write `supplemental`.",
}
_FORMATS = {
    "sdist": "The source distribution, a `.tar.gz` of the project's files.",
    "wheel": "The built package, a `.whl` that is installed as it is.",
}
_SCRIPT_TYPES = {
    "console": "The command calls the function that `reference` names.",
    "file": "The command is a copy of the file that `reference` names.",
}
_VALUES: dict[tuple[str, ...], dict[str, str]] = {
    ("tool", "poetry", "source", "priority"): PRIORITIES,
    ("tool", "poetry", "packages", "format"): _FORMATS,
    ("tool", "poetry", "include", "format"): _FORMATS,
    ("tool", "poetry", "scripts", "*", "type"): _SCRIPT_TYPES,
}


def classifier_text(value: str) -> str | None:
    """The path of a classifier, and what became of it."""
    if " :: " not in value:
        return None
    known = trove()
    segments = [escape(part, 80) for part in value.split(" :: ")][:12]
    notes = []
    if value in known.deprecated:
        instead = [code(each, 120) for each in known.deprecated[value]]
        use = f"use {' or '.join(instead)}" if instead else "nothing replaces it"
        notes.append(f"**Deprecated** by the index; {use}.")
    elif value.startswith("Private ::"):
        notes.append("The Python Package Index refuses every upload with this classifier.")
    elif value not in known.known:
        notes.append("It is not in the list of classifiers, so the index refuses it.")
    if value.startswith("License ::"):
        expression = expression_for_classifier(value)
        use = f'write `license = "{expression}"`' if expression else "use `project.license`"
        notes.append(f"License classifiers are deprecated since PEP 639; {use} in `[project]`.")
    path = " → ".join([*segments[:-1], f"**{segments[-1]}**"])
    return join([path, *notes, link("Classifier", _CLASSIFIERS)])


def license_text(value: str) -> str | None:
    """The full names of the licenses of an SPDX expression; None where it is not one."""
    if len(value) > 500 or not is_license_expression(value):
        return None
    names = {name.lower(): (name, full) for name, full in (*LICENSES.items(), *EXCEPTIONS.items())}
    outdated = {word.lower() for _, word in deprecated_identifiers(value)}
    items: list[str] = []
    for word in dict.fromkeys(_WORD.findall(value)):
        folded = word.lower()
        if folded in {"and", "or", "with"}:
            continue
        if folded.startswith("licenseref-"):
            items.append(f"{code(word, 80)}: a license of your own, without an SPDX identifier")
            continue
        base = folded.removesuffix("+")
        identifier, full = names.get(base, (word.removesuffix("+"), ""))
        later = ", or any later version" if folded.endswith("+") else ""
        page = link(code(identifier, 80), f"{_SPDX}{identifier}.html")
        note = " **Deprecated** by SPDX." if folded in outdated or base in outdated else ""
        items.append(f"{page}{f': {full}' if full else ''}{later}.{note}")
    if len(items) == 1:
        return join([items[0], "SPDX license identifier"])
    return join([bullets(items[:20]), f"SPDX license expression {code(value)}"])


def python_text(value: str) -> str:
    """A constraint on Python's version in words; "" where it cannot be read."""
    words = python_in_words(value)
    return f"{code(value)} is Python {words}." if words else ""


def constraint_note(value: str) -> str:
    """A constraint spelled out; "" where nothing is hidden in it."""
    meant = spelled_out(value)
    if meant is None or meant.replace(" ", "") == value.replace(" ", ""):
        return ""
    return f"{code(value)} is {code(meant)}."


def backend_text(snapshot: Snapshot, value: str) -> str | None:
    """Which tool a build backend is, and whether ``requires`` lists what it comes with."""
    known = _BACKEND_NAMES.get(value)
    needed = BACKENDS.get(value)
    if needed is None:
        return None
    listed = {each.normalized for each in snapshot.manifest.by_home.get(Home.BUILD, ())}
    missing = [code(name) for name in needed if name not in listed]
    comes = f"It comes with {code(needed[0])}"
    name = link(known[0] if "`" in known[0] else escape(known[0]), known[1]) if known else ""
    return join(
        [
            f"{code(value, 80)} · build backend{f': {name}' if name else ''}",
            f"{comes}, which `requires` lists." if not missing else f"{comes}.",
            f"`requires` does not list {', '.join(missing)}." if missing else "",
        ]
    )


def dynamic_text(snapshot: Snapshot, value: str) -> str | None:
    """What it means that a field is dynamic, and where the backend finds it."""
    doc = key_doc(("project", value))
    if doc is None:
        return None
    backend = re.split(r"[.:]", snapshot.manifest.build_backend or "")[0]
    found = _DYNAMIC.get(backend, "")
    if backend in {"hatchling", "flit_core"} and (backend, value) not in _FROM:
        found = ""
    return join(
        [
            f"{code(f'project.{value}', 80)} · dynamic",
            f"The build backend works this field out, so it must not stand in `[project]`. {found}",
            doc.text,
        ]
    )


def source_text(snapshot: Snapshot, name: str) -> str | None:
    """What is known of the source `name`: its address, its priority and who uses it."""
    tables = sources_named(snapshot, name)
    if not tables and name.lower() != "pypi":
        return None
    users = [
        code(each.name, 60)
        for each in snapshot.manifest.dependencies
        if each.requirement is None
        and (text_of(each.option("source")) or "").lower() == name.lower()
    ]
    items = []
    priority = "primary"
    if tables:
        url = text_of(tables[0].values.get("url"))
        priority = text_of(tables[0].values.get("priority")) or "primary"
        if url:
            items.append(f"Address {link(code(redacted(url)), url)}")
        meaning = PRIORITIES.get(priority.lower(), "") if name.lower() != "pypi" else ""
        items.append(f"Priority {code(priority, 40)}{f': {meaning}' if meaning else ''}")
    if name.lower() == "pypi":
        items.insert(0, "The Python Package Index")
    if users:
        more = f" and {len(users) - 10} more" if len(users) > 10 else ""
        items.append(f"Used by {', '.join(dict.fromkeys(users[:10]))}{more}")
    return join([f"{code(name, 80)} · source of packages", bullets(items)])


def enum_note(pattern: tuple[str, ...], value: str) -> str:
    """What one of a few allowed values means; "" for others."""
    meaning = _VALUES.get(pattern, {}).get(value.lower(), "")
    return f"{code(value, 40)}: {meaning}" if meaning else ""


def foreign_extra_text(path: TomlPath, value: str) -> str:
    """An extra that a Poetry dependency asks for."""
    package = next((step for step in reversed(path[:-2]) if isinstance(step, str)), "")
    if path[-2:-1] == ("extras",) and package:
        where = code(dotted(path[:-2]))
        return f"{code(value, 60)} · extra of {code(package, 80)}, asked for in {where}"
    return ""
