"""Texts about the keys of ``[tool.poetry]`` itself."""

from __future__ import annotations

from pyproject_ls.project.schema.docs.doc import Doc, Docs

PAGE = "https://python-poetry.org/docs/pyproject/"


def _moved(text: str, to: str, example: str, **more: str) -> Doc:
    """The text about a field that `to` has replaced."""
    return Doc(
        text,
        example=example,
        deprecated=f"Since Poetry 2.0; use `{to}`.",
        since=more.get("since", "Poetry 0.3"),
        link=PAGE + "#" + more["at"],
        type=more.get("type", ""),
    )


_MOVED: Docs = {
    ("tool", "poetry", "name"): _moved(
        "The name under which the project is published and installed.",
        "project.name",
        'name = "spam-eggs"',
        at="name-1",
    ),
    ("tool", "poetry", "version"): Doc(
        "The version of this release. It stays here, with `version` listed in `project.dynamic`,"
        " where `poetry build --local-version` or a plugin is to change it.",
        example='version = "1.2.0"',
        since="Poetry 0.3",
        deprecated="Since Poetry 2.0; use `project.version`, or list `version` in"
        " `project.dynamic`.",
        link=PAGE + "#version-1",
        type="a string (a version, PEP 440)",
    ),
    ("tool", "poetry", "description"): _moved(
        "What the project is, in one line.",
        "project.description",
        'description = "Breakfast as a service"',
        at="description-1",
    ),
    ("tool", "poetry", "license"): _moved(
        "The license, by its SPDX identifier. Poetry adds the classifier that belongs to it.",
        "project.license",
        'license = "MIT"',
        at="license-1",
    ),
    ("tool", "poetry", "authors"): _moved(
        "The people who wrote the project, each as `Name <mail>`.",
        "project.authors",
        'authors = ["Ada Lovelace <ada@example.com>"]',
        at="authors-1",
        type="an array of strings (`Name <mail>`)",
    ),
    ("tool", "poetry", "maintainers"): _moved(
        "The people who look after the project now, each as `Name <mail>`.",
        "project.maintainers",
        'maintainers = ["Grace Hopper <grace@example.com>"]',
        at="maintainers-1",
        type="an array of strings (`Name <mail>`)",
    ),
    ("tool", "poetry", "readme"): Doc(
        "The file with the long description, or several, which are joined. The array is the one"
        " thing that `project.readme` cannot say: for it, list `readme` in `project.dynamic`.",
        example='readme = ["README.md", "CHANGELOG.md"]',
        since="Poetry 0.3; as an array since Poetry 1.2",
        deprecated="Since Poetry 2.0; use `project.readme` for a single file, or list `readme` in"
        " `project.dynamic`.",
        link=PAGE + "#readme-1",
        type="a string (a path) or an array of strings",
    ),
    ("tool", "poetry", "homepage"): _moved(
        "The address of the project's website.",
        "project.urls",
        '[project.urls]\nHomepage = "https://example.com"',
        at="homepage",
        type="a string (a URL)",
    ),
    ("tool", "poetry", "repository"): _moved(
        "The address of the source code.",
        "project.urls",
        '[project.urls]\nRepository = "https://example.com/spam"',
        at="repository",
        type="a string (a URL)",
    ),
    ("tool", "poetry", "documentation"): _moved(
        "The address of the documentation.",
        "project.urls",
        '[project.urls]\nDocumentation = "https://example.com/docs"',
        at="documentation",
        type="a string (a URL)",
    ),
    ("tool", "poetry", "keywords"): _moved(
        "Words that help people to find the project in a search.",
        "project.keywords",
        'keywords = ["breakfast", "spam"]',
        at="keywords-1",
    ),
    ("tool", "poetry", "classifiers"): Doc(
        "Categories from the fixed list of the Python Package Index. Poetry adds those for the"
        " license and the Python versions itself to what stands here, but not to what stands in"
        " `project.classifiers`.",
        example='classifiers = ["Topic :: Software Development"]',
        since="Poetry 0.7",
        deprecated="Since Poetry 2.0; use `project.classifiers`, or list `classifiers` in"
        " `project.dynamic`.",
        link=PAGE + "#classifiers-1",
        type="an array of strings (trove classifiers)",
    ),
}

_OWN: Docs = {
    ("tool", "poetry"): Doc(
        "What Poetry knows beyond the standard: where packages lie, sources, groups and whatever a"
        " requirement cannot say. Metadata belongs in `[project]` since Poetry 2.0; the old fields"
        " here still work.",
        example='[tool.poetry]\npackages = [{ include = "spam", from = "src" }]',
        since="Poetry 0.3",
        link=PAGE,
    ),
    ("tool", "poetry", "package-mode"): Doc(
        "Whether the project is a package that can be built and installed. With `false` Poetry only"
        " manages its dependencies, and name and version may be missing. It is `true` by default.",
        example="package-mode = false",
        since="Poetry 1.8",
        link=PAGE + "#package-mode",
    ),
    ("tool", "poetry", "packages"): Doc(
        "The packages and modules that go into what is built. Without it Poetry looks for one of"
        " the project's name, also in `src`; with it only what is listed counts.",
        example='packages = [{ include = "spam", from = "src" }]',
        since="Poetry 0.11",
        link=PAGE + "#packages",
    ),
    ("tool", "poetry", "include"): Doc(
        "Further files to put into what is built, as globs relative to `pyproject.toml`; also those"
        " that the version control ignores. Without `format` they go into the source distribution"
        " only.",
        example='include = [{ path = "tests", format = "sdist" }]',
        type="an array of strings (globs) and tables",
        since="Poetry 0.11",
        link=PAGE + "#exclude-and-include",
    ),
    ("tool", "poetry", "exclude"): Doc(
        "Files to leave out of what is built, as globs relative to `pyproject.toml`. What the"
        " version control ignores is left out anyway.",
        example='exclude = ["spam/internal/*"]',
        type="an array of strings (globs)",
        since="Poetry 0.11",
        link=PAGE + "#exclude-and-include",
    ),
    ("tool", "poetry", "requires-poetry"): Doc(
        "The versions of Poetry that may work on this project. Any other one stops with an error.",
        example='requires-poetry = ">=2.0"',
        type="a string (a version constraint)",
        since="Poetry 2.0",
        link=PAGE + "#requires-poetry",
    ),
}

DOCS: Docs = {**_OWN, **_MOVED}
