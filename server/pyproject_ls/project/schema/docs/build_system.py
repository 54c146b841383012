"""Texts about ``[build-system]``."""

from __future__ import annotations

from pyproject_ls.project.schema.docs.doc import Doc, Docs

_LINK = (
    "https://packaging.python.org/en/latest/specifications/pyproject-toml/"
    "#declaring-build-system-dependencies-the-build-system-table"
)

DOCS: Docs = {
    ("build-system",): Doc(
        "How the project is built: which packages the build needs, and which of them does it."
        " Installers put the packages into a fresh environment and call the backend there."
        " Without this table they fall back to setuptools.",
        example=(
            '[build-system]\nrequires = ["poetry-core>=2.0,<3"]\n'
            'build-backend = "poetry.core.masonry.api"'
        ),
        since="PEP 518",
        link=_LINK,
    ),
    ("build-system", "requires"): Doc(
        "The packages that have to be installed before the project can be built, as requirements."
        " List the distribution of the backend and whatever it needs at build time; what the"
        " project needs when it runs belongs in `project.dependencies`.",
        example='requires = ["hatchling>=1.26"]',
        type="an array of strings (requirements, PEP 508)",
    ),
    ("build-system", "build-backend"): Doc(
        "The Python object that builds the project, as `module` or `module:object`. It has to come"
        " with one of the packages in `requires`. Where it is missing, installers use setuptools"
        " in its old way.",
        example='build-backend = "poetry.core.masonry.api"',
        since="PEP 517",
        link="https://peps.python.org/pep-0517/#source-trees",
    ),
    ("build-system", "backend-path"): Doc(
        "Folders of the project, relative to `pyproject.toml`, in which the backend is looked for"
        " before anywhere else. It is for projects that bring their own backend; others leave it"
        " out.",
        example='build-backend = "my_backend"\nbackend-path = ["build_tools"]',
        since="PEP 517",
        link="https://peps.python.org/pep-0517/#in-tree-build-backends",
    ),
}
