"""Texts about ``[tool.pyproject-ls.policy]``."""

from __future__ import annotations

from pyproject_ls.project.schema.docs.doc import Doc, Docs

_POLICY = ("tool", "pyproject-ls", "policy")
_PACKAGES = "an array of strings or tables"
_KEYS = (
    *("requires-python", "supports-python", "required-packages", "forbidden-packages"),
    *("agreed-constraints", "workspace", "allowed-sources", "forbidden-sources", "implicit-pypi"),
    *("licenses", "forbidden-licenses", "locked-licenses", "required-keys", "required-groups"),
    *("required-tools", "names", "constraints", "lock", "direct-references", "pre-releases"),
)
_STYLES = {
    "wildcard": Doc("`false` forbids dependencies without a constraint."),
    "upper-bound": Doc("Whether constraints need an upper bound, or must not have one."),
    "exact": Doc("Whether dependencies are pinned to one version, or must not be."),
}

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
    (*_POLICY, "supports-python"): Doc(
        "The range of Pythons that the project's own range has to contain.",
        example='supports-python = ">=3.10,<3.14"',
    ),
    (*_POLICY, "required-packages"): Doc(
        "Packages that every project depends on.",
        example='required-packages = [{ name = "pytest", group = "test", reason = "CI runs it" }]',
        type=_PACKAGES,
    ),
    (*_POLICY, "required-packages", "name"): Doc("The package; `*` is any run of characters."),
    (*_POLICY, "required-packages", "versions"): Doc(
        "The versions that its constraint has to keep to.", example='versions = ">=0.27"'
    ),
    (*_POLICY, "required-packages", "group"): Doc(
        "Where it has to be declared: `main`, a group or an extra; anywhere without it."
    ),
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
    (*_POLICY, "forbidden-packages", "group"): Doc(
        "Where it is forbidden: `main`, a group or an extra; everywhere without it."
    ),
    (*_POLICY, "forbidden-packages", "reason"): Doc("Why; it is shown with the finding."),
    (*_POLICY, "agreed-constraints"): Doc(
        "The constraint that every project has on a package, wherever it depends on it.",
        example='agreed-constraints = { httpx = ">=0.27,<1" }',
    ),
    (*_POLICY, "agreed-constraints", "*"): Doc("The constraint, as it is to be written."),
    (*_POLICY, "workspace"): Doc(
        "The folders of the projects that have the same constraint on the same package, relative to"
        " the file with the policy; `*` stands for one name.",
        example='workspace = ["packages/*"]',
    ),
    (*_POLICY, "allowed-sources"): Doc(
        "The package indexes that projects may declare: names or addresses, in which `*` is any run"
        " of characters within the host's name, or within the path.",
        example='allowed-sources = ["https://pypi.example.org/*"]',
    ),
    (*_POLICY, "forbidden-sources"): Doc(
        "The package indexes that no project may declare, named as in `allowed-sources`.",
        example='forbidden-sources = ["http://*"]',
    ),
    (*_POLICY, "implicit-pypi"): Doc(
        "`false` forbids that packages are looked for in the public index, unless a project names"
        " it.",
    ),
    (*_POLICY, "licenses"): Doc(
        "The licences (SPDX) that a project may have; `*` is any run of characters. Of `A OR B` one"
        " is enough, of `A AND B` both are needed.",
        example='licenses = ["MIT", "Apache-2.0"]',
    ),
    (*_POLICY, "forbidden-licenses"): Doc(
        "The licences (SPDX) that no project may have.", example='forbidden-licenses = ["GPL-*"]'
    ),
    (*_POLICY, "locked-licenses"): Doc(
        "Which licences the packages in the lock file may have, by what their index says of them.",
        example='locked-licenses = { forbidden = ["GPL-*"], except = ["acme-*"] }',
    ),
    (*_POLICY, "locked-licenses", "allowed"): Doc("The licences (SPDX) that they may have."),
    (*_POLICY, "locked-licenses", "forbidden"): Doc("The licences (SPDX) that they may not have."),
    (*_POLICY, "locked-licenses", "except"): Doc("Packages that may have any licence."),
    (*_POLICY, "locked-licenses", "unknown"): Doc(
        "`report` makes a finding of a package whose licence is not certain; `ignore`, the default,"
        " does not."
    ),
    (*_POLICY, "required-keys"): Doc(
        "Keys that every project has, by their dotted path, and what their value looks like.",
        type="a table of strings or arrays of strings",
        example='required-keys = { "project.urls.Owner" = "team-*" }',
    ),
    (*_POLICY, "required-keys", "*"): Doc(
        "What the value, or an item of the list, looks like: one text or several, of which one has"
        " to fit. `*` is any run of characters, and an empty text asks for the key only.",
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
    **{(*_POLICY, "constraints", key): doc for key, doc in _STYLES.items()},
    (*_POLICY, "constraints", "main"): Doc(
        "What differs for the main dependencies and those of extras."
    ),
    **{(*_POLICY, "constraints", "main", key): doc for key, doc in _STYLES.items()},
    (*_POLICY, "constraints", "groups"): Doc("What differs for the dependencies of groups."),
    **{(*_POLICY, "constraints", "groups", key): doc for key, doc in _STYLES.items()},
    (*_POLICY, "lock"): Doc("What is asked of the lock file."),
    (*_POLICY, "lock", "required"): Doc("`true` asks every project for a lock file."),
    (*_POLICY, "lock", "poetry"): Doc(
        "The versions of Poetry that may write `poetry.lock`.", example='poetry = ">=2.0,<3"'
    ),
    (*_POLICY, "direct-references"): Doc(
        "`false` forbids dependencies from repositories, paths and addresses; a table says so of"
        " each.",
        example="direct-references = { git = false, url = false }",
    ),
    (*_POLICY, "direct-references", "git"): Doc("Whether they may come from repositories."),
    (*_POLICY, "direct-references", "path"): Doc("Whether they may come from paths."),
    (*_POLICY, "direct-references", "url"): Doc("Whether they may come from addresses."),
    (*_POLICY, "pre-releases"): Doc(
        "`false` forbids constraints that name or allow pre-releases, and locked ones."
    ),
    (*_POLICY, "reasons"): Doc(
        "Why the policy asks for something: a sentence for a key of it, shown with the findings.",
        example='reasons = { pre-releases = "nobody mends them" }',
    ),
    **{
        (*_POLICY, "reasons", key): Doc(f"Why there is `{key}`; it is shown with the findings.")
        for key in _KEYS
    },
}
