"""Poetry's messages, told apart by short patterns: what each means, and where it belongs.

The only place that knows Poetry's wording. `CONFIG`, `CRASHES`, `ERRORS` and `WARNINGS` list every
pattern with the rules of ours that say the same; a message that matches none is reported as
unknown, so that a new Poetry shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

Path = tuple[Any, ...]


class Expected(NamedTuple):
    """One message of Poetry: its severity, the rules that match it, and its place if known."""

    severity: str
    codes: frozenset[str]
    path: Path | None
    text: str


class Message(NamedTuple):
    """A pattern, the rules with the same meaning, and how the match tells the places."""

    pattern: re.Pattern[str]
    codes: frozenset[str]
    places: Callable[[re.Match[str], dict[str, Any]], list[Path]] | None = None


SCHEMA = frozenset(
    {
        "wrong-type",
        "invalid-value",
        "unknown-key",
        "missing-key",
        "conflicting-keys",
        "invalid-key",
        "empty-list",
        "refused-by-poetry",
        "source-priority",
        "reserved-entry-point-group",
    }
)


def message(
    pattern: str,
    *codes: str,
    places: Callable[[re.Match[str], dict[str, Any]], list[Path]] | None = None,
) -> Message:
    """A message whose beginning `pattern` matches, and the rules that say the same."""
    return Message(re.compile(pattern, re.DOTALL), frozenset(codes), places)


def _at(*path: Any) -> Callable[[re.Match[str], dict[str, Any]], list[Path]]:
    return lambda match, data: [path]


def _field(prefix: Path) -> Callable[[re.Match[str], dict[str, Any]], list[Path]]:
    return lambda match, data: [(*prefix, match.group(1))]


def _schema_path(match: re.Match[str], data: dict[str, Any]) -> list[Path]:
    """The place in ``project.authors[0].name must be string``, whatever became of the names."""
    steps: list[Any] = []
    node: Any = data
    root, text = "", match.group(1)
    if text.startswith("tool.poetry."):
        text = "tool.poetry." + text.removeprefix("tool.poetry.").replace("tool.poetry.", "data.")
    else:
        root = re.match(r"[^.\[]*", text).group()  # type: ignore[union-attr]
    while text:
        if index := re.match(r"\[(\d+)\]", text):
            steps.append(int(index.group(1)))
            text = text[index.end() :]
        else:
            text = text.removeprefix(".")
            keys = node if isinstance(node, dict) else {}
            # Poetry replaces "data" by the table's name, in the names of keys too
            said = {name.replace("data", root) if root else name: name for name in keys}
            names = [
                name for name in said if text == name or re.match(re.escape(name) + r"[.\[]", text)
            ]
            name = max(names, key=len, default=re.match(r"[^.\[]*", text).group())  # type: ignore[union-attr]
            steps.append(said.get(name, name))
            text = text[len(name) :]
            if not name:
                break
        node = _below(node, steps[-1])
    return [tuple(steps)]


def _below(node: Any, step: Any) -> Any:
    try:
        return node[step]
    except (KeyError, IndexError, TypeError):
        return None


def _classifiers(data: dict[str, Any]) -> tuple[Path, list[Any]]:
    project = _below(data, "project")
    own = _below(project, "classifiers")
    if own:
        return ("project", "classifiers"), own
    return ("tool", "poetry", "classifiers"), _below(
        _below(_below(data, "tool"), "poetry"), "classifiers"
    ) or []


def _named_classifiers(match: re.Match[str], data: dict[str, Any]) -> list[Path]:
    base, classifiers = _classifiers(data)
    named = match.group(1)
    return [(*base, i) for i, each in enumerate(classifiers) if repr(each) in named]


def _license_classifiers(match: re.Match[str], data: dict[str, Any]) -> list[Path]:
    found = []
    for base in (("project",), ("tool", "poetry")):
        node: Any = data
        for step in (*base, "classifiers"):
            node = _below(node, step)
        for i, each in enumerate(node if isinstance(node, list) else []):
            if isinstance(each, str) and each.startswith("License :: "):
                found.append((*base, "classifiers", i))
    return found


def _sources(match: re.Match[str], data: dict[str, Any]) -> list[Path]:
    poetry = _below(_below(data, "tool"), "poetry") or {}
    tables: list[tuple[Path, Any]] = [
        (("tool", "poetry", "dependencies"), poetry.get("dependencies"))
    ]
    for name, group in (poetry.get("group") or {}).items():
        tables.append(
            (("tool", "poetry", "group", name, "dependencies"), _below(group, "dependencies"))
        )
    found: list[Path] = []
    for base, table in tables:
        for name, value in (table or {}).items():
            items = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
            for index, item in items:
                if _below(item, "source") == match.group(1):
                    way = (*base, name) if index is None else (*base, name, index)
                    found.append((*way, "source"))
    return found


# where a string stands for a list, Poetry reads its letters as items; our finding is the wrong type
def _extra_items(match: re.Match[str], data: dict[str, Any]) -> list[Path]:
    extras = _below(_below(_below(data, "tool"), "poetry"), "extras") or {}
    return [
        ("tool", "poetry", "extras", extra, i)
        for extra, items in extras.items()
        for i, item in enumerate(items)
        if item == match.group(1) and _normalized(extra) == match.group(2)
    ]


def _normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


REQUIREMENT = (
    "invalid-requirement",
    "poetry-syntax-in-requirement",
    "impossible-constraint",
    "invalid-marker",
    "invalid-direct-reference",
    "refused-by-poetry",
)
SYNTAX = (
    "toml-syntax",
    "toml-1-1",
    "duplicate-key",
    "control-character",
    "nested-too-deeply",
    "byte-order-mark",
    "invalid-utf-8",
    "merge-conflict",
)

CONFIG: tuple[Message, ...] = (
    message(
        r"Either \[project\.name\]", "missing-name", "missing-key", "invalid-value", "wrong-type"
    ),
    message(r"Either \[project\.version\]", "missing-version", "invalid-value", "wrong-type"),
    message(r"Duplicate dependency group name after", "duplicate-group"),
    message(r"Cyclic dependency group include", "cyclic-include"),
    message(
        r"Additional properties are not allowed \('(.*)' was",
        "unknown-key",
        places=_field(("tool", "poetry")),
    ),
    message(r"Project name \(.*\) is same as one of its dep", "depends-on-itself"),
    message(r"(?:Invalid|Declared|Cannot|Unrecog|The script)", "never"),
    message(r"(\S*.*?) (?:must |cannot be validated)", *SCHEMA, places=_schema_path),
)
CRASHES: tuple[Message, ...] = (
    message(r"Invalid TOML file .*poetry\.toml", "poetry-toml-unreadable"),
    message(r"Invalid TOML file|.* is not a valid TOML file", *SYNTAX),
    message(r"This project requires Poetry", "poetry-not-allowed"),
    message(
        r"'.*' object has no attribute|'\w+' object is not iterable|Object of type|unhashable type",
        *SCHEMA,
    ),
    message(
        r"Invalid version '.*' on package",
        "invalid-version",
        places=_at("tool", "poetry", "version"),
    ),
    message(r"\[project\.license\] must be of type string if", "license-table-with-files"),
    message(r"Poetry: license file", "license-file-missing", "license-file-unreadable"),
    message(r"\[Errno 21\]|'utf-8' codec can't decode", "license-file-unreadable", "invalid-utf-8"),
    message(
        r"Invalid entry in \[project\.license-files\]",
        "license-files-pattern",
        "license-files-path",
    ),
    message(r"The Python constraint in", "python-outside-requires-python"),
    message(
        r"Could not parse version constraint",
        "invalid-constraint",
        "requirement-in-constraint",
        "invalid-requires-python",
        "refused-by-poetry",
    ),
    message(r"The requirement is invalid|Invalid marker|Only the operators", *REQUIREMENT),
    message(
        r"Invalid wheel name|non-local file|Invalid filename|Invalid git url|.*like a valid url",
        *REQUIREMENT,
    ),
    message(r"No terminal matches|Unexpected token|Unexpected end", "invalid-marker"),
    message(r"Group '.*' includes group '.*' which is not", "unknown-group"),
    message(r"Dependency group .* is already included", "duplicate-include"),
    message(r"The PyPI repository cannot be", "source-pypi-url"),
    message(r"Missing \[url\] in source", "source-without-url"),
    message(r"A repository with name", "source-duplicate"),
    message(r"At least one source must not", "source-all-explicit"),
    message(r".*\(at line \d+, column \d+\)$", "lock-unreadable"),
)
ERRORS: tuple[Message, ...] = (
    message(
        r'Cannot find dependency "(.*)" for extra "(.*)" in',
        "extra-dependency-unknown",
        "wrong-type",
        places=_extra_items,
    ),
    message(r'The script "(.*)" requires extra', "script-extra-unknown"),
    message(
        r"Declared README files must be of same",
        "readme-types-differ",
        places=_at("tool", "poetry", "readme"),
    ),
    message(
        r"Unrecognized classifiers: (.*)\.",
        "unknown-classifier",
        "wrong-type",
        places=_named_classifiers,
    ),
    message(r"Declared README file is an empty", "readme-empty"),
    message(r"Declared README file does not exist", "readme-missing"),
    message(r'Invalid source "(.*)" referenced', "source-unknown", places=_sources),
    message(r"poetry\.lock was not found", "lock-missing"),
    message(r"pyproject\.toml changed significantly", "lock-outdated"),
)
WARNINGS: tuple[Message, ...] = (
    message(
        r'The "poetry\.dev-dependencies" section',
        "deprecated-dev-dependencies",
        places=_at("tool", "poetry", "dev-dependencies"),
    ),
    message(
        r"\[project\.license\] is not a valid SPDX",
        "license-expression",
        places=_at("project", "license"),
    ),
    message(
        r"Defining \[project\.license\] as a table",
        "license-table",
        places=_at("project", "license"),
    ),
    message(
        r"License classifiers are deprecated", "license-classifier", places=_license_classifiers
    ),
    message(
        r"\[project\.[\w-]+\] and \[tool\.poetry\.([\w-]+)\] are both set",
        "ignored-field",
        places=_field(("tool", "poetry")),
    ),
    message(
        r"\[tool\.poetry\.([\w-]+)\] is deprecated",
        "deprecated-field",
        places=_field(("tool", "poetry")),
    ),
    message(
        r"\[tool\.poetry\.dependencies\.python\] is set",
        "field-not-dynamic",
        places=_at("tool", "poetry", "dependencies", "python"),
    ),
    message(
        r"\[tool\.poetry\.([\w-]+)\] is set but",
        "field-not-dynamic",
        places=_field(("tool", "poetry")),
    ),
    message(
        r"\[project\.scripts\] is set and", "ignored-field", places=_at("tool", "poetry", "scripts")
    ),
    message(
        r"Defining console scripts in", "deprecated-field", places=_at("tool", "poetry", "scripts")
    ),
    message(
        r"A wildcard Python dependency",
        "ambiguous-python",
        places=_at("tool", "poetry", "dependencies", "python"),
    ),
    message(
        r'The "(.*)" dependency specifies the "allows',
        "deprecated-allows-prereleases",
        places=lambda match, data: [
            ("tool", "poetry", "dependencies", match.group(1), "allows-prereleases")
        ],
    ),
    message(
        r'The script "(.*)" depends on an extra',
        "script-with-extras",
        places=lambda match, data: [("tool", "poetry", "scripts", match.group(1))],
    ),
    message(
        r"Deprecated classifier (.*)\. Must be", "deprecated-classifier", places=_named_classifiers
    ),
)


POETRY_1: tuple[Message, ...] = (
    message(r"The fields \[.*\] are required in package mode", "poetry-fields-missing"),
    message(r"'python'$", "poetry-fields-missing"),
    message(r"\[tool\.poetry\] section not found", "poetry-table-missing"),
    message(
        r"Additional properties are not allowed \('(requires-poetry|requires-plugins)",
        "needs-poetry-2",
    ),
    message(r"[^\n]*\(at line \d+, column \d+\)$", *SYNTAX),
)
"""What only Poetry 1.8 says."""


def expected(
    result: dict[str, Any], data: dict[str, Any], more: tuple[Message, ...] = ()
) -> Iterator[Expected]:
    """Every message of one of the oracle's results about the parsed file `data`.

    Where Poetry stopped early, what it would have listed (``uncut``) counts as well. The patterns
    `more` are tried before the others.
    """
    lists = result["uncut"] or result
    errors = list(dict.fromkeys([*result["config_errors"], *lists["errors"]]))
    crash = result["crash"]
    if crash is not None and not result["config_errors"]:
        yield from read_message("error", crash, more + CRASHES, data)
    for text in errors:
        text = re.sub(r"data\b", "tool.poetry", text) if more and text.startswith("data") else text
        yield from read_message("error", text, more + ERRORS + CONFIG, data)
    for text in lists["warnings"]:
        yield from read_message("warning", text, WARNINGS, data)


def read_message(
    severity: str, text: str, messages: tuple[Message, ...], data: dict[str, Any]
) -> Iterator[Expected]:
    """What the message `text` stands for, as the first of `messages` that knows it tells."""
    for each in messages:
        match = each.pattern.match(text)
        if match:
            places = each.places(match, data) if each.places else [None]
            for path in places or [None]:
                yield Expected(severity, each.codes, path, text)
            return
    yield Expected(severity, frozenset(), None, f"UNKNOWN MESSAGE: {text}")
