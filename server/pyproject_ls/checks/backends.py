"""The build backends that are known, and the distributions that provide them."""

from __future__ import annotations

from pyproject_ls.project.requirement import normalized_name

POETRY, OLD_POETRY = "poetry.core.masonry.api", "poetry.masonry.api"
SETUPTOOLS = "setuptools.build_meta"

BACKENDS: dict[str, tuple[str, ...]] = {
    POETRY: ("poetry-core",),
    OLD_POETRY: ("poetry",),
    "poetry_dynamic_versioning.backend": ("poetry-dynamic-versioning", "poetry-core"),
    SETUPTOOLS: ("setuptools",),
    "setuptools.build_meta:__legacy__": ("setuptools",),
    "hatchling.build": ("hatchling",),
    "hatchling.ouroboros": ("hatchling",),
    "flit_core.buildapi": ("flit-core",),
    "flit_core.build_thyself": ("flit-core",),
    "flit.buildapi": ("flit",),
    "flit_scm:buildapi": ("flit-scm",),
    "pdm.backend": ("pdm-backend",),
    "pdm.pep517.api": ("pdm-pep517",),
    "maturin": ("maturin",),
    "uv_build": ("uv-build",),
    "uv": ("uv",),
    "scikit_build_core.build": ("scikit-build-core",),
    "scikit_build_core.setuptools.build_meta": ("scikit-build-core", "setuptools"),
    "mesonpy": ("meson-python",),
    "sipbuild.api": ("sip",),
    "whey": ("whey",),
    "enscons.api": ("enscons",),
    "jupyter_packaging.build_api": ("jupyter-packaging",),
    "py_build_cmake.build": ("py-build-cmake",),
}
"""Each backend with the distributions that ``requires`` has to list for it."""

_DISTRIBUTIONS = {
    distributions[0]: backend for backend, distributions in reversed(BACKENDS.items())
}
"""A distribution with its usual backend: the first one above that it provides."""

_OTHER_WORDS = {
    "poetry.core": POETRY,
    "poetry.core.masonry": POETRY,
    "flit_core.build": "flit_core.buildapi",
    "pdm": "pdm.backend",
    "setuptools.build": SETUPTOOLS,
    "hatch": "hatchling.build",
    "hatchling.builders": "hatchling.build",
    "meson": "mesonpy",
    "meson_python": "mesonpy",
    "uv_build.build": "uv_build",
    "scikit_build_core": "scikit_build_core.build",
}

_NO_BACKEND_INSIDE = frozenset(
    {
        "build",
        "cmake",
        "cython",
        "ninja",
        "numpy",
        "oldest-supported-numpy",
        "packaging",
        "pip",
        "pybind11",
        "toml",
        "tomli",
        "typing-extensions",
        "versioneer",
        "wheel",
    }
)
"""What build requirements often list and what does not bring setuptools along."""


def meant_backend(backend: str) -> str | None:
    """The known backend that the name of a distribution or of a parent module stands for."""
    return _DISTRIBUTIONS.get(normalized_name(backend)) or _OTHER_WORDS.get(backend)


def usual_backend(distribution: str) -> str | None:
    """The backend that a distribution (normalised name) provides."""
    return _DISTRIBUTIONS.get(distribution)


def may_come_with(distribution: str, other: str) -> bool:
    """Whether `other` in ``requires`` may bring `distribution` along, as a plugin does its host."""
    if distribution == "setuptools":
        return other not in _NO_BACKEND_INSIDE and other not in _DISTRIBUTIONS
    family = "hatch" if distribution == "hatchling" else distribution.partition("-")[0]
    return other.startswith(family) and other != distribution
