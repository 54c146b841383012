"""One small project for the tests of features, with everything that a feature may look at."""

from __future__ import annotations

from pathlib import Path

TEXT = """\
# A comment
# of two lines
[project]
name = "demo"
version = "1.0"
readme = "README.md"
license = "MIT"
requires-python = ">=3.10"
classifiers = ["Topic :: Utilities"]
dependencies = [
    "requests>=2.31; python_version >= '3.11'",  # é😀
    "é",
]

[project.scripts]
demo = "demo.cli:main"

[project.optional-dependencies]
http = ["requests"]

[dependency-groups]
test = ["pytest>=8"]
dev = [{ include-group = "test" }, "ruff"]

[tool.poetry]
packages = [{ include = "demo" }]

[tool.poetry.dependencies]
requests = { source = "corp" }
near = { path = "../near", extras = ["fast"] }

[[tool.poetry.source]]
name = "corp"
url = "https://corp.example/simple"

[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"
"""

NEAR = """\
[project]
name = "near"
version = "1.0"
optional-dependencies = { fast = ["ruff"] }
"""

LOCK = """\
[[package]]
name = "requests"
version = "2.32.3"

[[package]]
name = "pytest"
version = "8.3.2"
"""

CLI = '''\
"""The command line."""


def main(name: str = "é") -> None:
    """Greet somebody."""
'''

FILES = {
    "demo/pyproject.toml": TEXT,
    "demo/README.md": "# Demo\n",
    "demo/poetry.lock": LOCK,
    "demo/demo/__init__.py": "",
    "demo/demo/cli.py": CLI,
    "near/pyproject.toml": NEAR,
    "other/.venv/pyproject.toml": '[project]\nname = "requests-of-others"\n',
    "other/environment/pyvenv.cfg": "",
    "other/environment/pyproject.toml": '[project]\nname = "requests-in-environment"\n',
    "other/node_modules/a/pyproject.toml": '[project]\nname = "requests-in-modules"\n',
}


def make(folder: Path) -> Path:
    """Write the project and its neighbours below `folder`: the path of its pyproject.toml."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    return folder / "demo" / "pyproject.toml"


def marked(place: str) -> str:
    """`TEXT` with the cursor where `place` has it, which is a piece of the text with a cursor."""
    plain = place.replace("▮", "")
    assert TEXT.count(plain) == 1, f"{plain!r} is there {TEXT.count(plain)} times"
    return TEXT.replace(plain, place)
