"""Texts about ``[tool.pyproject-ls.policy]``."""

from __future__ import annotations

from pyproject_ls.project.schema.docs.doc import Doc, Docs

_POLICY = ("tool", "pyproject-ls", "policy")
_PACKAGES = "an array of strings or tables"

DOCS: Docs = {
    _POLICY: Doc(
        "What a team asks of its projects. It is at its best in a `pyproject-ls.toml` above them,"
        " or in a file that they `extend`.",
        example="[tool.pyproject-ls.policy]\ndirect-references = false",
        link="https://github.com/pyproject-ls/pyproject-ls/blob/main/docs/policies.md",
    ),
    (*_POLICY, "requires-python"): Doc(
        "The range of Pythons that the project's own range has to lie in.",
        example='requires-python = ">=3.10"',
    ),
    (*_POLICY, "required-packages"): Doc(
        "Packages that every project depends on.",
        example='required-packages = [{ name = "pytest", group = "test", reason = "CI runs it" }]',
        type=_PACKAGES,
    ),
    (*_POLICY, "required-packages", "name"): Doc("The package; `*` is any run of characters."),
    (*_POLICY, "required-packages", "group"): Doc("The group or extra that has to declare it."),
    (*_POLICY, "required-packages", "reason"): Doc("Why; it is shown with the finding."),
    (*_POLICY, "forbidden-packages"): Doc(
        "Packages that no project may depend on, or not in some versions.",
        example='forbidden-packages = [{ name = "requests", use = "httpx" }]',
        type=_PACKAGES,
    ),
    (*_POLICY, "forbidden-packages", "name"): Doc("The package; `*` is any run of characters."),
    (*_POLICY, "forbidden-packages", "versions"): Doc(
        "The versions that are forbidden; all of them without it.", example='versions = "<4.2"'
    ),
    (*_POLICY, "forbidden-packages", "use"): Doc("The package that replaces it."),
    (*_POLICY, "forbidden-packages", "reason"): Doc("Why; it is shown with the finding."),
    (*_POLICY, "agreed-constraints"): Doc(
        "The constraint that every project has on a package, wherever it depends on it.",
        example='agreed-constraints = { httpx = ">=0.27,<1" }',
    ),
    (*_POLICY, "agreed-constraints", "*"): Doc("The constraint, as it is to be written."),
    (*_POLICY, "allowed-sources"): Doc(
        "The package indexes that projects may declare: names or addresses, in which `*` is any run"
        " of characters.",
        example='allowed-sources = ["https://pypi.example.org/*"]',
    ),
    (*_POLICY, "implicit-pypi"): Doc(
        "`false` forbids that packages are looked for in the public index, unless a project names"
        " it.",
    ),
    (*_POLICY, "licenses"): Doc(
        "The licence expressions (SPDX) that a project may have.",
        example='licenses = ["MIT", "Apache-2.0"]',
    ),
    (*_POLICY, "required-keys"): Doc(
        "Keys that every project has, by their dotted path, and what their value looks like.",
        example='required-keys = { "project.urls.Owner" = "team-*" }',
    ),
    (*_POLICY, "required-keys", "*"): Doc(
        "What the value, or an item of the list, looks like; `*` is any run of characters, and an"
        " empty text asks for the key only.",
    ),
    (*_POLICY, "required-groups"): Doc("Dependency groups that every project has."),
    (*_POLICY, "required-tools"): Doc(
        "Tools that have a table below `[tool]` in every project.",
        example='required-tools = ["ruff", "mypy"]',
    ),
    (*_POLICY, "names"): Doc(
        "What names look like; `*` is any run of characters.",
        example='names = { project = "acme-*" }',
    ),
    (*_POLICY, "names", "project"): Doc("What the names of projects look like."),
    (*_POLICY, "names", "group"): Doc("What the names of dependency groups look like."),
    (*_POLICY, "names", "extra"): Doc("What the names of extras look like."),
    (*_POLICY, "names", "script"): Doc("What the names of scripts look like."),
    (*_POLICY, "constraints"): Doc(
        "How constraints are written.",
        example='constraints = { wildcard = false, upper-bound = "required" }',
    ),
    (*_POLICY, "constraints", "wildcard"): Doc(
        "`false` forbids dependencies without a constraint."
    ),
    (*_POLICY, "constraints", "upper-bound"): Doc(
        "Whether constraints need an upper bound, or must not have one."
    ),
    (*_POLICY, "constraints", "exact"): Doc(
        "Whether dependencies are pinned to one version, or must not be."
    ),
    (*_POLICY, "lock"): Doc("What is asked of the lock file."),
    (*_POLICY, "lock", "required"): Doc("`true` asks every project for a lock file."),
    (*_POLICY, "lock", "poetry"): Doc(
        "The versions of Poetry that may write `poetry.lock`.", example='poetry = ">=2.0,<3"'
    ),
    (*_POLICY, "direct-references"): Doc(
        "`false` forbids dependencies from repositories, paths and addresses."
    ),
    (*_POLICY, "pre-releases"): Doc("`false` forbids constraints that name or allow pre-releases."),
}
