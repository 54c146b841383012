"""Texts about ``[dependency-groups]`` and about ``[tool]`` itself."""

from __future__ import annotations

from pyproject_ls.project.schema.docs.doc import Doc, Docs

DOCS: Docs = {
    ("dependency-groups",): Doc(
        "Named lists of packages for those who work on the project: tests, documentation, checks."
        " They are not published with it. Each key is a group; pip, Poetry, uv, PDM and tox"
        " install them.",
        example='[dependency-groups]\ntest = ["pytest>=8"]\ndev = [{ include-group = "test" }]',
        type="a table of arrays",
        since="PEP 735",
        link="https://packaging.python.org/en/latest/specifications/dependency-groups/",
    ),
    ("dependency-groups", "*"): Doc(
        "A group: a list of requirements, and of tables that take in other groups. Names are"
        " compared as those of packages are, so `Test` and `test` are one group.",
        example='test = ["pytest>=8", "coverage[toml]>=7"]',
        type="an array of strings (requirements, PEP 508) and tables",
    ),
    ("dependency-groups", "*", "include-group"): Doc(
        "Takes in all that another group lists, as if it were written here. The other group has to"
        " stand in this table, and must not lead back to this one.",
        example='dev = [{ include-group = "test" }, "ruff"]',
        type="a string (the name of a group)",
    ),
    ("tool",): Doc(
        "The settings of tools. Each tool has a table below, named after its project on the Python"
        " Package Index, and alone decides what stands in it.",
        example="[tool.ruff]\nline-length = 100",
        since="PEP 518",
        link=(
            "https://packaging.python.org/en/latest/specifications/pyproject-toml/"
            "#arbitrary-tool-configuration-the-tool-table"
        ),
    ),
}
