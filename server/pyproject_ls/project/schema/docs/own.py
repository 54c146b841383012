"""Texts about ``[tool.pyproject-ls]``."""

from __future__ import annotations

from pyproject_ls.project.schema.docs.doc import Doc, Docs

_OWN = ("tool", "pyproject-ls")
_RULES = "an array of strings (codes of rules)"

DOCS: Docs = {
    _OWN: Doc(
        "What this language server checks, and how it judges. The same keys may stand in a file"
        " `pyproject-ls.toml` of this folder or of one above, for all projects below it; this table"
        " goes before that file.",
        example='[tool.pyproject-ls]\nextend-select = ["python-upper-bound"]',
        since="pyproject-ls 0.1",
        link="https://github.com/pyproject-ls/pyproject-ls/blob/main/docs/configuration.md",
    ),
    (*_OWN, "extend"): Doc(
        "Other files of configuration that this one builds on, the later ones above the earlier:"
        " the path of a file, `package:` and the name of an installed package that ships one, or an"
        " `https` address with the hash of its content. What cannot be read fails the check.",
        example='extend = ["../pyproject-ls.toml", "package:acme-rules"]',
        type="a string or an array of strings",
    ),
    (*_OWN, "overridable"): Doc(
        "`false` keeps everything above this configuration (the project, the command line, editors,"
        " comments) from switching rules off or making them less grave. Adding rules and raising"
        " severities stays possible.",
        example="overridable = false",
    ),
    (*_OWN, "profile"): Doc(
        "`poetry` reports what `poetry check` would, and nothing else; `all` is the default.",
        example='profile = "poetry"',
    ),
    (*_OWN, "presets"): Doc(
        "Groups of rules that are on besides the usual ones: `strict` for what a careful team"
        " wants, `publish` for what an index would refuse or show badly.",
        example='presets = ["publish"]',
    ),
    (*_OWN, "select"): Doc(
        "The only rules to run, by code; `deprecated-*` stands for several.",
        example='select = ["lock-*"]',
        type=_RULES,
    ),
    (*_OWN, "extend-select"): Doc(
        "Rules to run besides those that are on by default.",
        example='extend-select = ["python-upper-bound"]',
        type=_RULES,
    ),
    (*_OWN, "ignore"): Doc(
        "Rules not to run. To leave out one finding, write a comment behind it:"
        " `# pyproject-ls: ignore[code] reason`.",
        example='ignore = ["newer-version"]',
        type=_RULES,
    ),
    (*_OWN, "severity"): Doc(
        "How serious the findings of a rule are. The keys are codes of rules, or prefixes that end"
        " in `*`; the more special one holds.",
        example='severity = { "deprecated-*" = "error" }',
    ),
    (*_OWN, "severity", "*"): Doc(
        "How serious the findings of this rule, or of these rules, are.",
        example='readme-missing = "warning"',
    ),
    (*_OWN, "per-path-ignores"): Doc(
        "Rules not to run in some of the projects below this file. The keys are globs, relative to"
        " the folder of this file; one that names a folder means all in it.",
        example='per-path-ignores = { "legacy/**" = ["deprecated-*"] }',
    ),
    (*_OWN, "per-path-ignores", "*"): Doc(
        "Rules not to run in the projects that this glob means.", type=_RULES
    ),
    (*_OWN, "poetry"): Doc(
        "The Poetry that the project is for. Rules follow it: a project for `1.8` is not told to do"
        " what only Poetry 2 can. Without it `requires-poetry` tells, then the Poetry that wrote"
        " the lock file.",
        example='poetry = "1.8"',
    ),
    (*_OWN, "online"): Doc(
        "`false` keeps rules that ask package indexes from running, in editors too; the option"
        " `--online` goes before it.",
        example="online = false",
    ),
    (*_OWN, "lock"): Doc("Whether `poetry.lock` has to exist.", example="lock = true"),
    (*_OWN, "plugins"): Doc(
        "The installed plugins that may run: all is the default, `false` is none, a list has their"
        " names. A plugin is a package beside this program that brings rules of its own.",
        example='plugins = ["acme"]',
        type="a boolean or an array of strings",
    ),
    (*_OWN, "fix"): Doc(
        "Which fixes are made by themselves, by `--fix` and by an editor that fixes all. Others are"
        " still offered one by one.",
        example='fix = { unfixable = ["unknown-key"] }',
    ),
    (*_OWN, "fix", "unsafe"): Doc(
        "Whether fixes that guess, or change what is built, are made by themselves, too.",
        example="unsafe = true",
    ),
    (*_OWN, "fix", "fixable"): Doc(
        "The only rules whose fixes are made by themselves; all, where there is none.",
        example='fixable = ["toml-*"]',
        type=_RULES,
    ),
    (*_OWN, "fix", "unfixable"): Doc(
        "Rules whose fixes are never made by themselves.",
        example='unfixable = ["unknown-key"]',
        type=_RULES,
    ),
    (*_OWN, "policy"): Doc(
        "What a team asks of its projects: packages, sources, licenses, Python versions, names."
        " Each demand is a rule whose code begins with `team-`.",
        example="[tool.pyproject-ls.policy]",
    ),
}
