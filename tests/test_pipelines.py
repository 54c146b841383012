"""Reports for services, baselines, changed projects, many processes, and watching."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

import pyproject_ls
from pyproject_ls.checking import pool
from pyproject_ls.cli import main
from pyproject_ls.report import FileReport
from pyproject_ls.report.fingerprints import fingerprints
from pyproject_ls.text import Span
from tests.test_report import BAD, TEXT, duplicate, report

SERVER = Path(pyproject_ls.__file__).parent.parent

GOOD = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
TWO = f'{GOOD}[project]\nname = "a"\nversion = "1"\ndescription = 1\nkeywords = 2\n'

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run ``check`` in an empty folder: exit status, standard output, standard error."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        status = main(["check", "--color", "never", *arguments])
        captured = capfd.readouterr()
        return status, captured.out, captured.err

    return call


def write(path: str, text: str = GOOD) -> None:
    """A file below the current folder."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, "utf-8")


def git(*arguments: str) -> None:
    """Run git in the current folder, whatever the user has set up."""
    nobody = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org"]
    subprocess.run(["git", *nobody, *arguments], check=True, capture_output=True)


# Fingerprints


def marks(text: str, path: str = "pyproject.toml") -> list[str]:
    """The fingerprints of a finding at each ``name`` in `text`."""
    spans = [match.span() for match in re.finditer("name", text)]
    found = [BAD.at(Span(*span), ("project", "name", 0), "x") for span in spans]
    return fingerprints(FileReport(path, text, found))


def test_a_fingerprint_stays_when_lines_move() -> None:
    one, two = marks(TEXT)
    assert one != two
    assert marks("# a comment\n\n" + TEXT) == [one, two]
    assert marks(TEXT, "elsewhere.toml") != [one, two]
    assert marks(TEXT.replace("name = 'x'\n", "")) == [one]


# Forms


def test_gitlab(run: Run) -> None:
    """Code Quality: the keys that GitLab wants, a fingerprint that is there once."""
    write("a/pyproject.toml", TWO)
    status, out, _ = run("a", "missing.toml", "--format", "gitlab")
    issues = json.loads(out)
    assert status == 2
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
    assert issues[0]["location"] == {"path": "a/pyproject.toml", "lines": {"begin": 7, "end": 7}}
    assert issues[-1]["check_name"] == "unreadable"
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) > 2


def test_junit(run: Run) -> None:
    """A suite for each file, a case for each finding; what is no XML is no trouble."""
    write("a/pyproject.toml", TWO + '"\\u0001<&>" = 1\n')
    write("b/pyproject.toml")
    status, out, _ = run("a", "b", "missing.toml", "--format", "junit")
    root = ET.fromstring(out)
    suites = {suite.get("name"): suite for suite in root}
    assert status == 2
    assert list(suites) == ["a/pyproject.toml", "b/pyproject.toml", "missing.toml"]
    first = suites["a/pyproject.toml"]
    assert int(first.get("tests", 0)) == len(first) == len(first.findall("testcase/failure")) == 3
    assert [case.get("name") for case in suites["b/pyproject.toml"]] == ["no findings"]
    assert suites["missing.toml"].find("testcase/error") is not None


class Page(HTMLParser):
    """Looks whether all tags are closed in order, and what else is loaded."""

    # ruff: noqa: D102

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.loads: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [f"{tag} {value}" for name, value in attrs if name == "src"]
        self.loads += [tag for _ in "1" if tag in {"script", "link", "img", "iframe"}]
        if tag not in {"meta", "br", "rect"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != "rect":
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html(run: Run) -> None:
    """One page that loads nothing, with projects, rules, the trend and the dependencies."""
    dependencies = 'dependencies = ["requests>=2", "<script>alert(1)</script>"]\n'
    write("a/pyproject.toml", TWO + dependencies)
    write("b/pyproject.toml", TWO + 'dependencies = ["requests==2.31"]\n')
    write("b/poetry.lock", '[[package]]\nname = "requests"\nversion = "2.31.0"\n')
    _, out, _ = run(".", "--format", "json")
    write("runs/2026-01.json", out)
    status, out, _ = run(".", "--format", "html", "--trend", "runs/*.json")
    page = Page(out)
    assert status == 1
    assert page.open == []
    assert page.loads == []
    assert "<script>alert" in page.text  # as text
    for word in (
        "a/pyproject.toml",
        "wrong-type",
        "requests",
        ">=2",
        "==2.31",
        "2.31.0",
        "2026-01",
    ):
        assert word in page.text
    assert 'class="differs"' in out


def test_html_of_nothing_wrong(run: Run) -> None:
    write("pyproject.toml")
    _, out, _ = run("--format", "html")
    assert "Nothing was found." in Page(out).text


@pytest.mark.parametrize("text", ["", "[]", '{"summary": {}}', '{"summary": {"files": "many"}}'])
def test_a_trend_that_is_no_report(text: str, run: Run) -> None:
    write("pyproject.toml")
    write("old.json", text)
    status, _, err = run("--format", "html", "--trend", "old.json")
    assert status == 2
    assert err == "pyproject-ls: --trend old.json: it is no report of --format json\n"


def test_statistics(run: Run) -> None:
    write("a/pyproject.toml", TWO)
    write("b/pyproject.toml", TWO)
    status, out, _ = run(".", "--statistics")
    assert status == 1
    first = out.splitlines()[1].split()
    assert (first[0], first[1], first[4]) == ("4", "2", "wrong-type")
    _, out, _ = run(".", "--statistics", "--format", "json")
    assert json.loads(out)["statistics"][0]["findings"] == 4


# Baselines


def test_a_baseline_leaves_out_what_is_known(run: Run) -> None:
    write("a/pyproject.toml", TWO)
    assert run(".", "--write-baseline", "known/base.json")[0] == 2  # there is no such folder
    status, out, _ = run(".", "--write-baseline", "base.json")
    assert (status, out) == (0, "2 findings written to base.json\n")
    write("a/pyproject.toml", "# moved\n\n" + TWO)
    status, out, _ = run(".", "--baseline", "base.json")
    assert status == 0
    assert out == "Nothing new in 1 file\n2 findings in the baseline left out\n"
    write("a/pyproject.toml", TWO.replace("keywords = 2", "authors = 3"))
    status, out, _ = run("a", "--baseline", "base.json")
    assert status == 1
    assert "authors" in out
    assert "description" not in out
    assert "1 entry of the baseline can go" in out


def test_a_baseline_goes_by_its_own_folder(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a/pyproject.toml", TWO)
    run(".", "--write-baseline", "base.json")
    monkeypatch.chdir("a")
    assert run("--baseline", os.path.join("..", "base.json"))[0] == 0


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "is not JSON"),
        ("[]", "is not a baseline of pyproject-ls"),
        ('{"version": 99, "scheme": "pyproject-ls/v1", "files": {}}', "written by another version"),
        ('{"version": 1, "scheme": "other/v1", "files": {}}', "written by another version"),
        ('{"version": 1, "scheme": "pyproject-ls/v1", "files": {"a": 1}}', "is damaged"),
    ],
)
def test_a_baseline_that_cannot_be_used(text: str, reason: str, run: Run) -> None:
    write("pyproject.toml", TWO)
    write("base.json", text)
    status, out, err = run("--baseline", "base.json")
    assert (status, out) == (2, "")
    assert reason in err


def test_no_baseline_is_written_of_what_was_not_read(run: Run) -> None:
    write("pyproject.toml", TWO)
    assert run(".", "missing.toml", "--write-baseline", "base.json")[0] == 2
    assert not Path("base.json").exists()


# Which projects


def test_changed_since(run: Run) -> None:
    """Projects with any change count, committed or not; so does what a policy governs."""
    for name in ("a", "b", "c", "team/d", "team/e"):
        write(f"{name}/pyproject.toml", TWO)
    write(".gitignore", "ignored.txt\n")
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "first")

    def changed(*arguments: str) -> list[str]:
        _, out, _ = run(*arguments, "--changed-since", "HEAD", "--format", "json")
        return [each["path"].replace("\\", "/") for each in json.loads(out)["files"]]

    assert changed() == []
    write("a/src/a/new.py", "")
    write("b/ignored.txt", "")
    write("c/pyproject.toml", TWO + "x = 1\n")
    assert changed() == ["a/pyproject.toml", "c/pyproject.toml"]
    assert changed("c") == ["c/pyproject.toml"]
    assert changed("c/pyproject.toml", "b/pyproject.toml") == ["c/pyproject.toml"]
    write("team/pyproject-ls.toml", "")
    assert changed("team") == ["team/d/pyproject.toml", "team/e/pyproject.toml"]
    git("add", ".")
    git("commit", "-qm", "second")
    assert changed() == []
    Path("a/src/a/new.py").unlink()
    assert changed() == ["a/pyproject.toml"]


@pytest.mark.parametrize("revision", ["nowhere", "-x", "--output=x", ""])
def test_changed_since_nothing_that_is(revision: str, run: Run) -> None:
    write("pyproject.toml")
    git("init", "-q")
    status, _, err = run(f"--changed-since={revision}")
    assert status == 2
    assert err.startswith("pyproject-ls: --changed-since")
    assert not Path("x").exists()


def test_changed_since_outside_a_repository(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("pyproject.toml")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(Path.cwd().parent))
    assert run("--changed-since", "HEAD")[0] == 2
    monkeypatch.setenv("PATH", "")
    assert "needs git" in run("--changed-since", "HEAD")[2]


# Processes


def test_several_processes_say_the_same(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "CHUNK", 3)
    for number in range(20):
        write(f"p{number}/pyproject.toml", TWO if number % 3 else GOOD)
    write("p7/pyproject.toml", "\xff".encode("latin-1").decode("latin-1") + "[")
    one = run(".", "missing.toml", "--format", "json", "--jobs", "1")
    two = run(".", "missing.toml", "--format", "json", "--jobs", "2")
    assert one == two
    assert one[0] == 2
    assert run(".", "--fix", "--jobs", "2")[0] == 1


@pytest.mark.parametrize("number", ["0", "-1", "many", "1000"])
def test_no_number_of_processes(number: str, run: Run) -> None:
    assert run("--jobs", number)[0] == 2


def test_a_process_that_dies(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it should have checked was not checked, and that is said."""
    monkeypatch.setattr(pool, "check_input", lambda *_: os._exit(9))
    for name in "abc":
        write(f"{name}/pyproject.toml", TWO)
    status, _, err = run(".", "--jobs", "2")
    assert status == 2
    assert err.count("the process that checked it has ended") == 3


# Watching


def test_watch(tmp_path: Path) -> None:
    """A change is seen, a file that is gone in between ends nothing, an interrupt does."""
    file, output = tmp_path / "pyproject.toml", tmp_path / "output.txt"
    file.write_text(TWO, "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(SERVER)}
    command = [sys.executable, "-m", "pyproject_ls", "check", "--watch", "--color", "never"]
    seen = 0

    def until_watching() -> str:
        """What is written until the next wait for changes."""
        nonlocal seen
        deadline = time.monotonic() + 30
        while True:
            text = output.read_text("utf-8")[seen:]
            written, watching, _ = text.partition("Watching for changes; Ctrl-C ends it\n")
            if watching:
                seen += len(written + watching)
                return written
            assert time.monotonic() < deadline, text
            time.sleep(0.02)

    with output.open("wb") as out:
        process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=out, stderr=out)
    try:
        assert "2 errors in 1 file" in until_watching()
        file.write_text(GOOD, "utf-8")
        assert "pyproject.toml is fine" in until_watching()
        file.unlink()
        assert "there is no pyproject.toml" in until_watching()
        file.write_text("[", "utf-8")
        assert "toml-syntax" in until_watching()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    finally:
        process.kill()


# What cannot go together, and what does not count


def test_exit_zero(run: Run) -> None:
    write("pyproject.toml", TWO)
    assert run()[0] == 1
    assert run("--exit-zero")[0] == 0
    assert run("missing.toml", "--exit-zero")[0] == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("-", "--changed-since", "HEAD"),
        ("-", "--watch"),
        ("--trend", "x.json"),
        ("--statistics", "--format", "sarif"),
        ("--baseline", "a", "--write-baseline", "b"),
    ],
)
def test_contradictions(arguments: tuple[str, ...], run: Run) -> None:
    write("pyproject.toml")
    assert run(*arguments)[0] == 2


def test_the_finding_with_everything_has_one_fingerprint() -> None:
    assert len(fingerprints(report(TEXT, duplicate()))) == 1
