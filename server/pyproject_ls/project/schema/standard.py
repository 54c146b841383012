"""The tables of the packaging standards.

``[build-system]``: PEP 517, 518; ``[project]``: PEP 621, 639, 794; ``[dependency-groups]``: PEP
735. Patterns and formats are those of the schemas that poetry-core validates with, where it has
them; a test compares.
"""

from __future__ import annotations

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.schema.shapes import Anything, ListOf, OneOf, TableForms, TableOf, Text

TEXT = Text()
TEXTS = ListOf(TEXT)

URI = Text(
    pattern=lazy_pattern(r"\w+:(/?/?)[^\s]+"),
    standard_format=True,
    hint="a URL such as `https://example.com`",
)
EMAIL = Text(
    pattern=lazy_pattern(r"(?!.*\.\..*@)[^@.][^@]*(?<!\.)@[^@]+\.[^@]+"),
    hint="an e-mail address such as `me@example.com`",
)
NAME = Text(
    pattern=lazy_pattern(r"([a-zA-Z\d]|[a-zA-Z\d][\w.-]*[a-zA-Z\d])"),
    hint="a name of letters, digits, `-`, `_` and `.` that begins and ends with a letter or digit",
)
VERSION = Text(
    pattern=lazy_pattern(
        r"v?((([0-9]+)!)?([0-9]+(\.[0-9]+)*)([-_\.]?(alpha|a|beta|b|preview|pre|c|rc)[-_\.]?([0-9]+)?)?"
        r"((-([0-9]+))|([-_\.]?(post|rev|r)[-_\.]?([0-9]+)?))?([-_\.]?(dev)[-_\.]?([0-9]+)?)?)"
        r"(\+([a-zA-Z0-9]+([-_\.][a-zA-Z0-9]+)*))?"
    ),
    hint="a version such as `1.2.3` or `2.0rc1` (PEP 440)",
)

PERSON = TableOf({"name": TEXT, "email": EMAIL}, one_of=("name", "email"))

README = OneOf(
    text=TEXT,
    table=TableForms(
        {
            "file": TableOf({"file": TEXT, "content-type": TEXT}, required=("content-type",)),
            "text": TableOf({"text": TEXT, "content-type": TEXT}, required=("content-type",)),
        },
        otherwise=TableOf(
            {"content-type": TEXT}, required=("content-type",), one_of=("file", "text")
        ),
    ),
)
LICENSE = OneOf(
    text=TEXT,
    table=TableForms(
        {"file": TableOf({"file": TEXT}), "text": TableOf({"text": TEXT})},
        otherwise=TableOf(one_of=("file", "text")),
    ),
)

DYNAMIC_FIELDS = (
    "version",
    "description",
    "readme",
    "requires-python",
    "license",
    "license-files",
    "authors",
    "maintainers",
    "keywords",
    "classifiers",
    "urls",
    "scripts",
    "gui-scripts",
    "entry-points",
    "dependencies",
    "optional-dependencies",
)

PROJECT = TableOf(
    {
        "name": NAME,
        "version": VERSION,
        "description": TEXT,
        "readme": README,
        "requires-python": TEXT,
        "license": LICENSE,
        "license-files": TEXTS,
        "authors": ListOf(PERSON),
        "maintainers": ListOf(PERSON),
        "keywords": TEXTS,
        "classifiers": TEXTS,
        "urls": TableOf(others=URI),
        "scripts": TableOf(others=TEXT),
        "gui-scripts": TableOf(others=TEXT),
        "entry-points": TableOf(
            others=TableOf(others=TEXT),
            names=lazy_pattern(r"\w+(\.\w+)*"),
            names_hint="letters, digits, `_` and `.`, such as `pytest11` or `my_app.plugins`",
            closed_names=True,
        ),
        "dependencies": TEXTS,
        "optional-dependencies": TableOf(
            others=TEXTS,
            names=lazy_pattern(r"([a-z\d]|[a-z\d]([a-z\d-](?!--))*[a-z\d])"),
        ),
        "dynamic": ListOf(
            Text(
                values=DYNAMIC_FIELDS,
                standard_values=("import-names", "import-namespaces"),
                hint="a field that may be dynamic",
            )
        ),
        "import-names": ListOf(TEXT, lenient=True),
        "import-namespaces": ListOf(TEXT, lenient=True),
    },
    required=("name",),
    strict=False,
)

BUILD_SYSTEM = TableOf(
    {"requires": ListOf(TEXT), "build-backend": TEXT, "backend-path": TEXTS},
    required=("requires",),
    strict=False,
)

DEPENDENCY_GROUPS = TableOf(
    others=ListOf(
        OneOf(text=TEXT, table=TableOf({"include-group": TEXT}, required=("include-group",)))
    )
)

TOP_LEVEL = TableOf(
    {
        "build-system": BUILD_SYSTEM,
        "project": PROJECT,
        "dependency-groups": DEPENDENCY_GROUPS,
        "tool": TableOf(others=Anything()),
    },
    strict=False,
)
