"""Which files of a project are read, when, and what is told of them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pyproject_ls import usage
from pyproject_ls.config import Settings
from pyproject_ls.disk import analyse
from pyproject_ls.facts.usage import (
    Imports,
    ImportsOf,
    Installed,
    InstalledIn,
    Mentions,
    MentionsOf,
    UseKind,
)
from pyproject_ls.project import module_names
from pyproject_ls.usage import imported, mentioned, walk
from pyproject_ls.usage.installed import modules_of

SERVER = Path(__file__).parents[1] / "server"
TEXT = '[project]\nname = "x"\nversion = "1"\ndependencies = ["requests>=2"]\n'


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)


def look(root: Path, *roots: str) -> Imports:
    found = usage.answer(root, ImportsOf(roots))
    assert isinstance(found, Imports)
    return found


def needed(root: Path, *roots: str) -> list[str]:
    return [use.module for use in look(root, *roots).uses if use.kind is UseKind.NEEDED]


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def test_a_file_is_read_again_only_if_it_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def text_of(source: walk.Source, limit: int) -> str:
        read.append(source.path)
        return walk.text_of(source, limit)

    monkeypatch.setattr(imported, "text_of", text_of)
    write(tmp_path, {"a.py": "import one", "b.py": "import two"})
    assert needed(tmp_path) == ["one", "two"]
    assert needed(tmp_path) == ["one", "two"]
    assert read == ["a.py", "b.py"]
    write(tmp_path, {"b.py": "import another"})
    assert needed(tmp_path) == ["another", "one"]
    assert read == ["a.py", "b.py", "b.py"]


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege")
def test_links(tmp_path: Path) -> None:
    """A folder that contains itself, links to nothing, a file from elsewhere."""
    root, other = tmp_path / "root", tmp_path / "other"
    write(root, {"app/a.py": "import one\nimport linked"})
    write(other, {"elsewhere.py": "import two"})
    (root / "app" / "again").symlink_to(root, target_is_directory=True)
    (root / "loop.py").symlink_to(root / "loop.py")
    (root / "gone.py").symlink_to(root / "nowhere.py")
    (root / "b.py").symlink_to(other / "elsewhere.py")
    assert needed(root) == ["linked", "one", "two"]


def test_odd_files(tmp_path: Path) -> None:
    for name, data in {
        "wide": "import wide_one\n".encode("utf-16"),
        "latin": b"x = '\xe9'\r\nimport latin_one\r\n",
        "mac": b"import mac_one\rimport mac_two\r",
        "nul": b"\0\0import no\nimport after_nul\n",
        "mark": b"\xef\xbb\xbfimport marked\n",
        "empty": b"",
    }.items():
        (tmp_path / f"{name}.py").write_bytes(data)
    (tmp_path / "folder.py").mkdir()
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe.py")
    found = ["after_nul", "latin_one", "mac_one", "mac_two", "marked", "wide_one"]
    assert needed(tmp_path) == found


def test_of_a_huge_file_the_beginning_counts(tmp_path: Path) -> None:
    table = "    0, 1, 2, 3, 4, 5, 6, 7, 8, 9,\n" * 40_000
    write(tmp_path, {"a.py": f"import one\nTABLE = [\n{table}]\nimport late\n"})
    assert needed(tmp_path) == ["one"]


def test_too_much_is_not_complete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then nothing is called unused, and every word may be there."""
    write(tmp_path, {"a.py": "import one", "b.py": "import two"})

    def codes() -> set[str]:
        rules = frozenset({"strict-unused-dependency"})
        return {each.code for each in analyse(TEXT, tmp_path, Settings(select=rules)).findings}

    assert look(tmp_path).complete
    assert codes() == {"strict-unused-dependency"}
    for module, name, limit in (
        (walk, "MAX_ENTRIES", 1),
        (imported, "MAX_ALL", 15),
        (mentioned, "MAX_ALL", 15),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, limit)
            assert look(tmp_path).complete is (module is mentioned)
            assert codes() == set()


def test_where_modules_of_the_project_are(tmp_path: Path) -> None:
    files = {
        "server/app/__init__.py": "import sibling, beside, top, compiled, stubbed, missing",
        "server/app/beside.py": "",
        "server/sibling/deep/x.py": "",
        "server/compiled.cpython-312-x86_64-linux-gnu.so": "",
        "server/stubbed.pyi": "",
        "top.py": "",
    }
    write(tmp_path, files)
    assert needed(tmp_path, "server") == ["missing"]


def test_a_name_that_the_project_and_a_package_have(tmp_path: Path) -> None:
    """A module deep in a package is no rival of a well-known package; of an unknown one it is."""
    files = {
        "app/__init__.py": "import requests, orders",
        "app/api/__init__.py": "",
        "app/api/requests.py": "",
        "app/api/orders.py": "",
    }
    write(tmp_path, files)
    assert needed(tmp_path) == ["requests"]


def test_mentions(tmp_path: Path) -> None:
    files = {
        "a.py": "x = 'db+Driver://'\n# comment\n'''prose about words\n>>> import test'''\n",
        "b.py": 'y = """quoted\nquery"""\nz = "in-name" + "other_name"\n',
        "c.ipynb": '{"source": ["prose", "x = \'cell\'", "y(\\"engine\\")"]}',
        "noxfile.py": "session.install('silent')",
        "Dockerfile": 'CMD ["server", "app"]',
        "requirements.txt": "listed\n",
        "poetry.lock": "locked\n",
        "setup.cfg": "[options]\ninstall_requires =\n    old\n[tool]\nx=new\n",
    }
    write(tmp_path, files)
    found = {"driver", "test", "query", "cell", "engine", "server", "new", "app"}
    absent = {"comment", "prose", "name", "silent", "listed", "locked", "old", "other"}
    answer = usage.answer(tmp_path, MentionsOf(tuple(sorted(found | absent))))
    assert answer == Mentions(frozenset(found))


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ("bs4/__init__ bs4/element bs4/builder/__init__", {"bs4"}),
        ("six", {"six"}),
        ("google/cloud/storage/__init__ google/cloud/storage/blob", {"google.cloud.storage"}),
        ("google/protobuf/__init__ google/protobuf/any", {"google.protobuf"}),
        ("zope/__init__ zope/interface/__init__", {"zope.interface"}),
        ("PIL/__init__ PIL/Image pillow-1.dist-info/x __pycache__/x", {"PIL"}),
        ("acme/plugins/one", {"acme.plugins.one"}),
        ("__editable___x_finder", set()),
    ],
)
def test_modules_of_installed_files(paths: str, expected: set[str]) -> None:
    assert modules_of(paths.split()) == expected


def test_installed(tmp_path: Path) -> None:
    folder = ".venv/lib/python3.12/site-packages"
    files = {
        f"{folder}/PyYAML-6.0.dist-info/RECORD": (
            "yaml/__init__.py,sha256=x,1\n_yaml.cpython-312.so,,\n../../bin/b.py,,\n"
        ),
        f"{folder}/old-1.0-py3.12.egg-info/top_level.txt": "older\n",
        f"{folder}/empty-1.0.dist-info/RECORD": "empty-1.0.dist-info/METADATA,,\n",
    }
    write(tmp_path, files)
    assert usage.answer(tmp_path, InstalledIn()) == Installed(
        {"pyyaml": ("_yaml", "yaml"), "old": ("older",), "empty": ()}
    )
    assert usage.answer(tmp_path / "nowhere", InstalledIn()) == Installed({})


@pytest.mark.parametrize("name", ["module_names.txt", "unimported.txt"])
def test_the_lists_of_names(name: str) -> None:
    """Each name is normalised, and there once."""
    path = SERVER / "pyproject_ls" / "project" / name
    lines = [each for each in path.read_text("utf-8").splitlines() if each and each[0] != "#"]
    names = [line.split()[0] for line in lines]
    assert [each for each in names if names.count(each) > 1] == []
    assert all(each == each.lower() and "_" not in each and "." not in each for each in names)


def test_names_to_modules() -> None:
    assert module_names.known_modules("pillow") == ("PIL",)
    assert "opencv-python" in module_names.packages_with("cv2")
    assert module_names.packages_with("zope.interface.Interface") == ("zope-interface",)
    assert module_names.works_unimported("types-requests")
    assert not module_names.works_unimported("requests")


def test_nothing_is_read_unless_a_rule_is_on(tmp_path: Path) -> None:
    """`check` imports the reader of files for these two rules only, and never `ast`."""
    (tmp_path / "pyproject.toml").write_text(TEXT, "utf-8")
    code = (
        "import sys; from pyproject_ls.cli import main; main(sys.argv[1:]);"
        "print(*(n for n in ('ast', 'pyproject_ls.usage', 'pyproject_ls.checks.providers')"
        " if n in sys.modules))"
    )

    def loaded(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", code, "check", "pyproject.toml", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(SERVER)},
            capture_output=True,
            check=True,
            text=True,
        )
        return done.stdout.splitlines()[-1]

    assert loaded() == ""
    assert loaded("--preset", "strict", "--ignore", "strict-un*") == ""
    assert loaded("--preset", "strict") == "pyproject_ls.usage pyproject_ls.checks.providers"
