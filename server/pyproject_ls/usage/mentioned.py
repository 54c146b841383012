"""Which words stand in the strings of a project's code, and in its files of configuration."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyproject_ls.facts.usage import Mentions
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.module_names import word_pattern
from pyproject_ls.usage.source import STRING
from pyproject_ls.usage.walk import SOURCES, Source, text_of, tree_of

MAX_FILE = 2**20
MAX_ALL = 200 * 2**20
"""So many bytes are read of all files together."""

_SILENT = ("setup.py", "noxfile.py")
"""Their strings list dependencies, or what is installed for some task."""

_LISTED = lazy_pattern(
    r"^(?:install|extras|tests|setup)_requires?\s*=.*?(?=^\S|\Z)"
    r"|^\[options\.extras_require\].*?(?=^\[|\Z)",
    re.MULTILINE | re.DOTALL,
)
_BEFORE = lazy_pattern(r"[ \t]*[rRbBuUfF]{0,2}\Z")
_IN_PROSE = lazy_pattern(r"^[ \t]*>>>.*|-m[ \t]+\w+", re.MULTILINE)
_IN_NOTEBOOK = lazy_pattern(r"\\\"[^\"\\\n]*\\\"|'[^'\"\\\n]*'")


def mentions(root: Path, words: Iterable[str]) -> Mentions:
    """Those of `words`, all in lower case, that the project in the folder `root` mentions.

    Comments and docstrings are prose, of which only doctests and commands count.
    """
    missing = {word for word in words if word}
    everything = Mentions(frozenset(missing))
    found: set[str] = set()
    tree = tree_of(root)
    if not tree.complete:
        return everything
    left = MAX_ALL
    for source in (*tree.configuration, *tree.sources):
        left -= min(source.stamp[1], MAX_FILE)
        if left < 0:
            return everything
        if source.path in _SILENT or not missing:
            continue
        text = text_of(source, MAX_FILE)
        folded = text.lower()
        present = [word for word in missing if word in folded]
        if present:
            pattern = word_pattern(present)
            found |= {match[1] for match in pattern.finditer(_said(source, text, pattern).lower())}
            missing -= found
    return Mentions(frozenset(found))


def _said(source: Source, text: str, pattern: re.Pattern[str]) -> str:
    """What may mean a module of all that a file says."""
    if source.path.endswith(".ipynb"):
        return "\n".join(_IN_NOTEBOOK.findall(text))
    if source.path.endswith(SOURCES) or (text.startswith("#!") and "python" in text[:80]):
        return "\n".join(_strings(text, pattern))
    return _LISTED.sub("", text) if source.path == "setup.cfg" else text


def _strings(text: str, pattern: re.Pattern[str]) -> Iterator[str]:
    """The strings of a Python text that have a word, without those that are prose."""
    for match in STRING.finditer(text):
        written = match.group()
        if written[0] == "#" or pattern.search(written) is None:
            continue
        start = text.rfind("\n", 0, match.start()) + 1
        is_prose = written.startswith(('"""', "'''")) and _BEFORE.match(text, start, match.start())
        yield "\n".join(_IN_PROSE.findall(written)) if is_prose else written
