"""``[tool.poetry]``, as Poetry 2.5 and poetry-core 2.5 validate it.

Follows ``poetry-schema.json`` of poetry-core and ``poetry.json`` of Poetry, whose dead parts
(siblings of a ``$ref``) are left out; a test compares the keys.
"""

from __future__ import annotations

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.schema.shapes import (
    Anything,
    Boolean,
    ListOf,
    OneOf,
    Shape,
    TableForms,
    TableOf,
    Text,
)
from pyproject_ls.project.schema.standard import TEXT, TEXTS, URI

_NAMES = lazy_pattern(r"[a-zA-Z-_.0-9]+")
_NAMES_HINT = "letters, digits, `-`, `_` and `.`"
_BOOLEAN = Boolean()

_COMMON: dict[str, Shape] = {"python": TEXT, "platform": TEXT, "markers": TEXT}
_LOCATED: dict[str, Shape] = {
    "subdirectory": TEXT,
    **_COMMON,
    "optional": _BOOLEAN,
    "extras": TEXTS,
}
_PRERELEASES: dict[str, Shape] = {"allow-prereleases": _BOOLEAN, "allows-prereleases": _BOOLEAN}

DEPENDENCY_TABLE = TableForms(
    {
        "git": TableOf(
            {
                "git": TEXT,
                "branch": TEXT,
                "tag": TEXT,
                "rev": TEXT,
                **_LOCATED,
                **_PRERELEASES,
                "develop": _BOOLEAN,
            }
        ),
        "file": TableOf({"file": TEXT, **_LOCATED}),
        "path": TableOf({"path": TEXT, **_LOCATED, "develop": _BOOLEAN}),
        "url": TableOf({"url": TEXT, **_LOCATED}),
        "version": TableOf(
            {
                "version": TEXT,
                **_COMMON,
                **_PRERELEASES,
                "optional": _BOOLEAN,
                "extras": TEXTS,
                "source": TEXT,
            }
        ),
    },
    otherwise=TableOf(
        {**_COMMON, "allow-prereleases": _BOOLEAN, "source": TEXT, "develop": _BOOLEAN}
    ),
)
"""The table forms of a dependency; without a location or version it only enriches ``[project]``."""

DEPENDENCY = OneOf(
    text=TEXT,
    array=ListOf(OneOf(text=TEXT, table=DEPENDENCY_TABLE), not_empty=True),
    table=DEPENDENCY_TABLE,
)
DEPENDENCIES = TableOf(others=DEPENDENCY, names=_NAMES, names_hint=_NAMES_HINT)

_FORMAT = Text(values=("sdist", "wheel"), hint="`sdist` or `wheel`")
_FORMATS = OneOf(text=_FORMAT, array=ListOf(_FORMAT))

SCRIPT = OneOf(
    text=TEXT,
    table=TableForms(
        {
            "callable": TableOf({"callable": TEXT, "extras": TEXTS}),
            "reference": TableOf(
                {
                    "reference": TEXT,
                    "type": Text(values=("file", "console"), hint="`file` or `console`"),
                    "extras": TEXTS,
                },
                required=("type",),
            ),
            "type": TableOf(
                {"reference": TEXT, "type": TEXT, "extras": TEXTS}, required=("reference",)
            ),
        },
        otherwise=TableOf({"callable": TEXT, "extras": TEXTS}),
    ),
)

GROUP = TableOf(
    {"optional": _BOOLEAN, "include-groups": TEXTS, "dependencies": DEPENDENCIES},
    one_of=("dependencies", "include-groups", "optional"),
)

SOURCE = TableOf(
    {
        "name": TEXT,
        "url": URI,
        # the values are checks/sources.py's, which knows what became of the old ones
        "priority": Anything(),
        "links": _BOOLEAN,
        "indexed": _BOOLEAN,
    },
    required=("name",),
)

POETRY = TableOf(
    {
        "package-mode": _BOOLEAN,
        "name": TEXT,
        "version": TEXT,
        "description": Text(pattern=lazy_pattern(r"[^\n]*"), hint="one line"),
        "keywords": TEXTS,
        "homepage": URI,
        "repository": URI,
        "documentation": URI,
        "license": TEXT,
        "authors": TEXTS,
        "maintainers": TEXTS,
        "readme": OneOf(text=TEXT, array=TEXTS),
        "classifiers": TEXTS,
        "packages": ListOf(
            TableOf(
                {"include": TEXT, "from": TEXT, "format": _FORMATS, "to": TEXT},
                required=("include",),
            )
        ),
        "include": ListOf(
            OneOf(text=TEXT, table=TableOf({"path": TEXT, "format": _FORMATS}, required=("path",)))
        ),
        "exclude": ListOf(TEXT, lenient=True),
        "dependencies": DEPENDENCIES,
        "dev-dependencies": DEPENDENCIES,
        "extras": TableOf(
            others=ListOf(Text(pattern=_NAMES, hint="the name of a dependency")),
            names=_NAMES,
            names_hint=_NAMES_HINT,
        ),
        "group": TableOf(others=GROUP, names=_NAMES),
        "build": OneOf(text=TEXT, table=TableOf({"generate-setup-file": _BOOLEAN, "script": TEXT})),
        "scripts": TableOf(others=SCRIPT, names=_NAMES),
        "plugins": TableOf(others=TableOf(others=TEXT, names=_NAMES), names=_NAMES),
        "urls": TableOf(others=TEXT),
        "requires-poetry": TEXT,
        "requires-plugins": DEPENDENCIES,
        "source": ListOf(SOURCE),
        "build-constraints": TableOf(others=DEPENDENCIES, names=_NAMES, names_hint=_NAMES_HINT),
    }
)
