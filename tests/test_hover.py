"""Hover: the pages of ``fixtures/hover``, plain text, hostile text, every offset."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from pyproject_ls.config import Settings
from pyproject_ls.facts import Answer, Facts, Question
from pyproject_ls.facts.packages import (
    Advisory,
    Details,
    DetailsOf,
    Package,
    Release,
    ReleasesOf,
    Status,
    Unreachable,
)
from pyproject_ls.features.completion import Kind, resolve
from pyproject_ls.features.hover import hover
from pyproject_ls.features.hover.markers import marker_in_words
from pyproject_ls.features.hover.versions import python_in_words, spelled_out
from pyproject_ls.features.markdown import code, escape, link, paragraphs, plain, visible
from pyproject_ls.host import Snapshot
from tests import feature_pages
from tests.feature_pages import Case
from tests.shared import REPO, SHARED, needs_shared
from tests.test_bad_input import EVERY_PATH, VALUES

DEMO = (REPO / "fixtures" / "projects" / "demo" / "pyproject.toml").read_text("utf-8")


@pytest.mark.parametrize("case", feature_pages.parameters("hover"))
def test_page(case: Case, tmp_path: Path) -> None:
    found = case.ask(tmp_path, lambda snapshot: hover(snapshot, case.cursor))
    case.check("text under", case.shown(found.span) if found else "")
    case.check("markdown hover", found.markdown if found else "")
    if "text plain" in case.blocks:
        case.check("text plain", plain(found.markdown) if found else "")


@pytest.mark.parametrize(
    ("constraint", "meaning"),
    [
        ("^1.4", ">=1.4,<2.0"),
        ("^0.27", ">=0.27,<0.28"),
        ("^0.0", ">=0.0,<0.1"),
        ("~1.4", ">=1.4,<1.5"),
        ("~1", ">=1,<2"),
        ("~=1.4", ">=1.4,<2"),
        ("~=1.4.2", ">=1.4.2,<1.5"),
        ("1.4.*", ">=1.4,<1.5"),
        ("==1.4.*", ">=1.4,<1.5"),
        ("!=1.4.*", "!=1.4.*"),
        ("1.4", "==1.4"),
        ("*", "any version"),
        ("", "any version"),
        ("^1.4 || >=3", ">=1.4,<2.0 or >=3"),
        (">= 1 , < 2", ">=1,<2"),
        ("^1.4rc1", ">=1.4rc1,<2.0"),
        ("nonsense", None),
        ("^" + "1" * 5000, None),
    ],
)
def test_constraints(constraint: str, meaning: str | None) -> None:
    assert spelled_out(constraint) == meaning


@pytest.mark.parametrize(
    ("constraint", "words"),
    [
        (">=3.10", "3.10 and newer"),
        ("^3.8", "3.8 and newer, before 4.0"),
        (">=3.8,!=3.9.7", "3.8 and newer, not 3.9.7"),
        ("<=3.11", "up to 3.11.0"),
        (">3.9", "newer than 3.9.0"),
        ("==3.11.*", "3.11.x"),
        ("~3.9 || ^3.11", "3.9.x, or 3.11 and newer, before 4.0"),
        ("3.11.4", "exactly 3.11.4"),
        ("*", "any version"),
        ("three", None),
    ],
)
def test_pythons(constraint: str, words: str | None) -> None:
    assert python_in_words(constraint) == words


@pytest.mark.parametrize(
    ("marker", "words"),
    [
        ('python_version < "3.11"', "on Python before 3.11"),
        ("python_version <= '3.11'", "on Python 3.11 and older"),
        ("python_version > '3.9'", "on Python newer than 3.9"),
        ("python_version == '3.9'", "on Python 3.9"),
        ("python_version != '3.9'", "not on Python 3.9"),
        ("'3.8' <= python_version", "on Python 3.8 and newer"),
        ("python_version in '3.8 3.9'", "on Python 3.8 or 3.9"),
        ("python_version not in '3.8, 3.9'", "not on Python 3.8 or 3.9"),
        ("sys_platform == 'darwin'", "on macOS"),
        ("sys_platform != 'win32'", "not on Windows"),
        ("sys_platform == 'haiku'", "on `haiku`"),
        ("'linux' in sys_platform", "where the platform contains `linux`"),
        ("extra == 'maps'", "with the extra `maps`"),
        ("'maps' in extras", "where the extras include `maps`"),
        ("implementation_name == 'pypy'", "with PyPy"),
        ("platform_machine != 'arm64'", "not on 64-bit ARM (arm64) processors"),
        ("platform_release >= '5'", "where the release of the system is at least `5`"),
        (
            "python_version >= '3.8' and python_version < '3.11' and sys_platform == 'win32'",
            "on Windows and on Python 3.8 and newer, before 3.11",
        ),
        (
            "(sys_platform == 'win32' or sys_platform == 'darwin') and extra == 'x'",
            "either on Windows or on macOS, and with the extra `x`",
        ),
        (
            "sys_platform == 'win32' or os_name == 'posix' and extra == 'x'",
            "on Windows, or on Linux, macOS and other POSIX systems and with the extra `x`",
        ),
        ("python_version <", None),
        ("python_version < '3.11", None),
        ("(" * 2000, None),
        ("not a marker", None),
        ("", None),
    ],
)
def test_markers(marker: str, words: str | None) -> None:
    assert marker_in_words(marker) == words


HOSTILE = [
    "![x](https://evil.example/p.png) [click](command:workbench.action.terminal.new)",
    "a\x1b]8;;http://evil.example\x07link\x1b[31m red",
    "abc\u202egnp.exe zero\u200bwidth",
    "<img src=x onerror=1> & <b>",
    "```sh\nrm -rf\n```",
    "# heading\n- item\n1. first\n---\n| a | b |",
    "`tick` ``two`` \\` **bold** _it_ ~~gone~~ $x$",
    "www.evil.example mail@evil.example https://evil.example",
    "",
    "   ",
    "x" * 5000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text(text: str) -> None:
    seen = visible(text)
    assert len(seen) <= 300
    assert seen.isprintable()
    assert plain(escape(text)) == visible(text.strip()).strip()
    assert "](" not in escape(text).replace("\\]", "")
    if seen.strip():
        assert plain(code(text)) == seen.strip()
    assert "\n#" not in paragraphs(text)
    assert "\n-" not in paragraphs(text)


@pytest.mark.parametrize(
    "url",
    [
        "command:foo",
        "javascript:alert(1)",
        "https://user:secret@host/",
        "file:///etc/passwd",
        "https://x/ y",
        "https://x/\u202ey",
        "http://[::1",
        "//x",
        "https://" + "x" * 3000,
    ],
)
def test_unsafe_links_are_text(url: str) -> None:
    assert link("label", url) == "label"


def test_links() -> None:
    assert link("label", "https://a.example/b_(c)") == "[label](https://a.example/b_%28c%29)"
    assert plain("a [label](https://a.example) b") == "a label (https://a.example) b"


def test_plain_text() -> None:
    markdown = "`a` · **b**\n\nThe *c* of `` d`e ``\\.\n\n```toml\n[x]\ny = 1\n```\n\n- `f`"
    assert plain(markdown) == "a · b\n\nThe c of d`e.\n\n    [x]\n    y = 1\n\n- f"


HOSTILE_FILE = """
[build-system]
requires = [VALUE]
build-backend = VALUE

[project]
name = VALUE
license = VALUE
classifiers = [VALUE, "License :: a ![x](command:x)"]
dynamic = [VALUE]
dependencies = ["spam[a] @ git+https://evil.example/(x)", "eggs; sys_platform == '[a](b)'", VALUE]
urls = { VALUE = VALUE }
scripts = { VALUE = VALUE }
requires-python = VALUE

[project.optional-dependencies]
VALUE = [VALUE]

[dependency-groups]
VALUE = [VALUE, { include-group = VALUE }]

[[tool.poetry.source]]
name = VALUE
url = VALUE
priority = VALUE

[tool.poetry.dependencies]
VALUE = { version = VALUE, source = VALUE, markers = VALUE, python = VALUE, extras = [VALUE] }
spam = { git = VALUE, branch = VALUE, platform = VALUE, subdirectory = VALUE }
"""


def holds_at_every(text: str, offsets: range) -> int:
    """Hover at `offsets` of `text`; the number of answers."""
    snapshot = Snapshot(text)
    answers = 0
    for offset in offsets:
        found = hover(snapshot, offset)
        if found is not None:
            answers += 1
            assert 0 <= found.span.start <= offset <= found.span.end <= len(text)
            assert found.markdown.strip()
            assert plain(found.markdown)
            assert len(found.markdown) < 12_000
            assert all(char.isprintable() or char == "\n" for char in found.markdown)
    return answers


def test_every_offset_of_the_demo() -> None:
    assert holds_at_every(DEMO, range(len(DEMO) + 1)) > 500


@pytest.mark.parametrize("seed", range(20))
def test_mutated_texts(seed: int) -> None:
    chance = random.Random(seed)
    text = DEMO
    for _ in range(30):
        at = chance.randrange(len(text))
        piece = chance.choice(
            ["", '"', "'", "[", "]", "{", "}", "=", "\n", ".", ",", "\u202e", "🐍"]
        )
        text = text[:at] + piece + text[at + chance.randrange(4) :]
    holds_at_every(text, range(0, len(text) + 1, 7))


@pytest.mark.parametrize("text", HOSTILE[:-3])
def test_hostile_files(text: str) -> None:
    """Nothing from a file becomes markup: links lead to documentation only."""
    value = json.dumps(text, ensure_ascii=True).replace("\\u007f", "")
    file = HOSTILE_FILE.replace("VALUE", value)
    snapshot = Snapshot(file)
    for offset in range(0, len(file) + 1, 3):
        found = hover(snapshot, offset)
        if found is not None:
            without_code = re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "", found.markdown, flags=re.DOTALL)
            for target in re.findall(r"(?<!\\)\]\(([^)]*)\)", without_code):
                assert target.startswith(("https://", "http://")), found.markdown
                assert "evil" not in target
            assert not re.search(r"(?<!\\)<(?:img|b)", without_code), found.markdown
            assert all(char.isprintable() or char == "\n" for char in found.markdown)


def test_any_value_at_any_key() -> None:
    """Whatever type stands behind a key, hover has an answer or none."""
    pairs = [(path, value) for path in EVERY_PATH for value in VALUES if len(value) < 1000]
    for path, value in random.Random(1).sample(pairs, 1500):
        text = f"{'.'.join(path)} = {value}"
        holds_at_every(text, range(0, len(text) + 1, 5))
        text = f"[{'.'.join(path)}]\nx = {value}"
        holds_at_every(text, range(0, len(text) + 1, 5))


@needs_shared
def test_corpus() -> None:
    files = sorted((SHARED / "corpus").rglob("*.toml"))
    for path in files[::8]:
        text = path.read_text("utf-8", "replace")
        holds_at_every(text, range(0, len(text) + 1, max(len(text) // 60, 1)))


def test_each_of_many() -> None:
    """Every dependency of 300 lines has a hover."""
    lines = "".join(
        f"    \"package-{n}>=1.{n},<2; python_version < '3.12'\",\n" for n in range(300)
    )
    text = f'[project]\nname = "big"\ndependencies = [\n{lines}]\n'
    snapshot = Snapshot(text)
    for n in range(0, 300, 15):
        assert hover(snapshot, text.index(f"package-{n}>") + 3) is not None


ONLINE = Settings(online=True)
LOCATED = '[project]\ndependencies = ["spam==1.0"]\n'


def about(package: Package | Unreachable, details: Details | Unreachable) -> Snapshot:
    """A file that depends on spam 1.0, with these answers about it."""
    lookup = Snapshot(LOCATED).manifest.lookups.default
    answers: dict[Question, Answer] = {ReleasesOf("spam", lookup): package}
    answers |= {DetailsOf("spam", lookup, version): details for version in ("", "1.0")}
    return Snapshot(LOCATED, Facts(answers), ONLINE)


def shown(snapshot: Snapshot) -> str:
    found = hover(snapshot, LOCATED.index("spam"))
    assert found is not None
    return found.markdown


def test_data_from_earlier() -> None:
    package = Package("spam", (Release("1.0"),), stale_since="2025-01-31 10:20")
    text = shown(about(package, Details("spam", "1.0")))
    assert text.endswith("Offline, data from 2025-01-31 10:20.")


def test_an_index_that_says_nothing() -> None:
    reason = Unreachable("this workspace is not trusted", is_lasting=True)
    text = shown(about(reason, reason))
    assert text.endswith("Nothing is known from the index: this workspace is not trusted.")


def test_a_package_is_asked_for_where_it_is_looked_up() -> None:
    snapshot = Snapshot(LOCATED, settings=ONLINE)
    hover(snapshot, LOCATED.index("spam"))
    lookup = snapshot.manifest.lookups.default
    asked = {each for each in snapshot.facts.wanted if isinstance(each, (ReleasesOf, DetailsOf))}
    assert asked == {
        ReleasesOf("spam", lookup),
        DetailsOf("spam", lookup),
        DetailsOf("spam", lookup, "1.0"),
    }
    offline = Snapshot(LOCATED)
    hover(offline, LOCATED.index("spam"))
    assert not [each for each in offline.facts.asked if isinstance(each, (ReleasesOf, DetailsOf))]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_index(text: str) -> None:
    """Nothing that an index says becomes markup, in hovers and beside names to choose."""
    package = Package(
        "spam",
        (Release("1.0", text, text, text), Release("0.9", text, "", None)),
        Status.ARCHIVED,
        text,
        text,
        text,
    )
    links = tuple(
        (label, url)
        for label in (text, "Documentation", "Source")
        for url in (text, "command:evil", "javascript:alert(1)", "https://me:secret@evil.example/")
    )
    advisories = (Advisory(text, text, (text, text), text), Advisory(text, text, (), "command:x"))
    details = Details("spam", "1.0", text, text, text, (text,), links, advisories)
    snapshot = about(package, details)
    documentation = resolve(snapshot, "spam", Kind.PACKAGE, ("package", "spam"))
    assert documentation is not None
    for markdown in (shown(snapshot), documentation):
        assert all(char.isprintable() or char == "\n" for char in markdown)
        assert all(char.isprintable() or char == "\n" for char in plain(markdown))
        without_code = re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "", markdown, flags=re.DOTALL)
        for target in re.findall(r"(?<!\\)\]\(([^)]*)\)", without_code):
            assert target.startswith("https://pypi.org/project/spam/"), markdown
        assert not re.search(r"(?<!\\)<", without_code), markdown
        assert not re.search(r"(?<!\\)!\[", without_code), markdown
        assert len(markdown) < 4000
