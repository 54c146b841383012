"""The command line: every option, every exit status, and input as bad as it comes."""

from __future__ import annotations

import io
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pyproject_ls import __version__, check_command, files
from pyproject_ls.checking import inputs, work
from pyproject_ls.checks.registry import all_rules
from pyproject_ls.cli import main
from tests.pages import FOLDER

SERVER = Path(check_command.__file__).parent.parent

GOOD = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
WARNING = "[tool.poetry]\npackage-mode = false\n[tool.poetry.dev-dependencies]\n"
ERROR = "[project\n"
BOM = "\ufeff# fine\n"

SYNTAX = ("--select", "toml-syntax")
ONLY_WARNING = ("--select", "deprecated-dev-dependencies")
ONLY_BOM = ("--select", "byte-order-mark")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run a command line in an empty folder: exit status, standard output, standard error."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str, stdin: bytes | None = None) -> tuple[int, str, str]:
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        status = main(arguments)
        captured = capfd.readouterr()
        return status, captured.out, captured.err

    return call


def process(*arguments: str, cwd: Path, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run a command line as a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(SERVER), **options.pop("env", {})}
    return subprocess.run(
        [sys.executable, "-m", "pyproject_ls", *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        timeout=60,
        **options,
    )


def write(path: str, text: str = GOOD) -> Path:
    """A file below the current folder."""
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode("utf-8"))
    return file


# Which files


def test_default_is_the_nearest_file_upwards(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("pyproject.toml", ERROR)
    Path("a/b").mkdir(parents=True)
    monkeypatch.chdir("a/b")
    status, out, _ = run("check", *SYNTAX)
    assert status == 1
    assert out.startswith(f"{os.path.join('..', '..', 'pyproject.toml')}:1:")


def test_no_file_anywhere(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "nearest", lambda folder: None)
    status, out, err = run("check")
    assert (status, out) == (2, "")
    assert err == "pyproject-ls: there is no pyproject.toml in this folder or in one above it\n"


def test_nearest_ends_at_the_root() -> None:
    assert files.nearest(os.path.abspath(os.sep)) is None or os.path.exists("/pyproject.toml")


def test_files_of_any_name(run: Run) -> None:
    write("other.toml", ERROR)
    status, out, _ = run("check", *SYNTAX, "other.toml", "./other.toml")
    assert status == 1
    assert out.count("other.toml:1:") == 1, "the same file is checked once"


def test_folders_are_searched(run: Run) -> None:
    for folder in ("b", "a/x", "a", ".git", "node_modules/m", ".venv", "build", "p/__pycache__"):
        write(f"{folder}/pyproject.toml", BOM)
    write("env/pyvenv.cfg", "")
    write("env/lib/pyproject.toml", BOM)
    write("a/setup.toml", BOM)
    Path("a/loop").symlink_to(Path(".").resolve(), target_is_directory=True)
    Path("q/pyproject.toml").mkdir(parents=True)
    status, out, err = run("check", *ONLY_BOM, "--format", "json", ".")
    assert (status, err) == (1, "")
    assert [each["path"] for each in json.loads(out)["files"]] == [
        os.path.join("a", "pyproject.toml"),
        os.path.join("a", "x", "pyproject.toml"),
        os.path.join("b", "pyproject.toml"),
    ]
    assert run("check", *SYNTAX, "build")[0] == 0, "a folder that is named is searched"
    assert run("check", *SYNTAX, "env/lib")[0] == 0


def test_a_folder_without_a_file(run: Run) -> None:
    Path("empty").mkdir()
    status, out, err = run("check", "empty")
    assert (status, out) == (2, "")
    assert err == "pyproject-ls: empty: there is no pyproject.toml in this folder or below it\n"


def test_standard_input(run: Run) -> None:
    status, out, _ = run("check", *SYNTAX, "-", stdin=ERROR.encode())
    assert status == 1
    assert out.startswith("<stdin>:1:")
    arguments = ("check", *SYNTAX, "-", "--stdin-filename", "a/pyproject.toml")
    assert run(*arguments, stdin=ERROR.encode())[1].startswith("a/pyproject.toml:1:")


def test_standard_input_lies_in_the_folder_of_its_name(run: Run) -> None:
    text = '[project]\nname = "x"\nversion = "1"\nreadme = "R.md"\n'
    write("a/R.md", "")
    arguments = ("check", "--select", "readme-missing", "-")
    assert run(*arguments, stdin=text.encode())[0] == 1
    name = ("--stdin-filename", "a/pyproject.toml")
    assert run(*arguments, *name, stdin=text.encode())[0] == 0


def test_stdin_filename_needs_standard_input(run: Run) -> None:
    status, _, err = run("check", "--stdin-filename", "x")
    assert status == 2
    assert "give - as PATH" in err


# Exit status


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        (GOOD, (), 0),
        (GOOD, ("--strict",), 0),
        (WARNING, ONLY_WARNING, 0),
        (WARNING, (*ONLY_WARNING, "--strict"), 1),
        (WARNING, (*ONLY_WARNING, "--profile", "poetry"), 0),
        (WARNING, (*ONLY_WARNING, "--profile", "poetry", "--strict"), 1),
        (WARNING, (*ONLY_WARNING, "--severity", "deprecated-dev-dependencies=error"), 1),
        (WARNING, (*ONLY_WARNING, "--severity", "deprecated-*=hint", "--strict"), 0),
        (ERROR, (), 1),
        (ERROR, ("--profile", "poetry"), 1),
        (ERROR, (*SYNTAX, "--ignore", "toml-syntax"), 0),
        (ERROR, (*SYNTAX, "--severity", "toml-syntax=information", "--strict"), 0),
        (ERROR, ("--select", "byte-order-mark", "--extend-select", "toml-*"), 1),
        (ERROR, ("--select", "byte-order-mark,duplicate-key"), 0),
        (ERROR, ("--ignore", ""), 1),
        (ERROR, ("--offline",), 1),
    ],
)
def test_exit_status(run: Run, text: str, options: tuple[str, ...], expected: int) -> None:
    write("pyproject.toml", text)
    assert run("check", *options)[0] == expected


def test_lock_asks_for_the_lock_file(run: Run) -> None:
    write("pyproject.toml", "[tool.poetry]\npackage-mode = false\n")
    arguments = ("check", "--profile", "poetry")
    assert run(*arguments)[0] == 0
    assert run(*arguments, "--lock")[0] == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "COMMAND"),
        (("chekc",), "invalid choice"),
        (("check", "--fromat", "json"), "--fromat"),
        (("check", "--format", "xml"), "invalid choice"),
        (("check", "--fix", "--diff"), "not allowed with"),
        (("check", "--select", "toml-sintax"), "no rule toml-sintax; did you mean toml-syntax?"),
        (("check", "--ignore", "toml-syntax,qqq"), "no rule qqq; see `pyproject-ls rules`"),
        (("check", "--extend-select", "qqq*"), "no rule qqq*"),
        (("check", "--severity", "toml-sintax=error"), "did you mean toml-syntax?"),
        (("check", "--severity", "toml-syntax=fatal"), "where LEVEL is error, warning"),
        (("check", "--severity", "toml-syntax"), "write CODE=LEVEL"),
        (("explain",), "CODE"),
        (("explain", "toml-sintax"), "did you mean toml-syntax?"),
        (("explain", "toml-*"), "no rule toml-*"),
        (("explain", "../../README"), "no rule"),
        (("serve", "--tcp", "x"), "[HOST:]PORT"),
        (("serve", "--tcp", "99999"), "[HOST:]PORT"),
        (("serve", "--tcp", "1", "--stdio"), "not allowed with"),
    ],
)
def test_wrong_command_lines(run: Run, arguments: tuple[str, ...], message: str) -> None:
    write("pyproject.toml")
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert message in err


def test_help_and_version(run: Run) -> None:
    assert run("--version")[:2] == (0, f"pyproject-ls {__version__}\n")
    status, out, _ = run("check", "--help")
    assert status == 0
    for option in (
        *("--stdin-filename", "--format", "--profile", "--strict", "--lock", "--select"),
        *("--extend-select", "--ignore", "--severity", "--fix", "--diff", "--offline", "--color"),
    ):
        assert option in out


# Input that cannot be read


def test_unreadable_input_does_not_hide_the_rest(run: Run) -> None:
    write("good.toml", ERROR)
    status, out, err = run("check", *SYNTAX, "gone.toml", "good.toml")
    assert status == 2
    assert out.startswith("good.toml:1:")
    assert out.endswith("1 error in 1 file\n")
    assert err == "pyproject-ls: gone.toml: no such file or directory\n"


def test_a_file_without_permission(run: Run) -> None:
    file = write("secret.toml")
    file.chmod(0)
    if os.access(file, os.R_OK):
        pytest.skip("this user may read everything")
    status, out, err = run("check", "secret.toml")
    assert (status, out) == (2, "")
    assert err == "pyproject-ls: secret.toml: permission denied\n"


def test_a_folder_without_permission(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a/pyproject.toml")
    write("pyproject.toml")
    scandir = os.scandir

    def refuse(path: str) -> Any:
        if path.endswith("a"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    status, out, err = run("check", *SYNTAX, ".")
    assert (status, out) == (2, "pyproject.toml is fine\n")
    assert err == "pyproject-ls: a: permission denied\n"


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "gone/pyproject.toml", ""])
def test_names_that_cannot_be(run: Run, name: str) -> None:
    status, _, err = run("check", name)
    assert status == 2
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_a_broken_link(run: Run) -> None:
    Path("pyproject.toml").symlink_to("gone")
    status, _, err = run("check", ".")
    assert (status, err) == (2, "pyproject-ls: pyproject.toml: no such file or directory\n")


def test_an_endless_file(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 100)
    write("pyproject.toml", "#" * 101)
    status, _, err = run("check")
    assert status == 2
    assert "it is larger than" in err


def test_failures_are_in_every_format(run: Run) -> None:
    for form in ("json", "github", "sarif"):
        status, out, _ = run("check", "--format", form, "gone.toml")
        assert status == 2
        assert "gone.toml" in out
        assert "no such file or directory" in out


def test_a_bug_is_no_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("oh")

    monkeypatch.delenv("PYPROJECT_LS_DEBUG", raising=False)
    monkeypatch.setattr(work, "analyse", broken)
    write("pyproject.toml")
    status, _, err = run("check")
    assert status == 2
    assert err.startswith("pyproject-ls: pyproject.toml: internal error (KeyError: 'oh')")


# Bytes of every kind


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        (b'[project]\nname = "caf\xe9"\n', "2:12", "byte 21 is 0xe9"),
        (b"\xff\xfe[\0p\0", "1:1", "UTF-16"),
        (b"\x7fELF\0\0\xff", "1:7", "binary"),
        ("é".encode() + b"\xc3", "1:2", "byte 2 is 0xc3"),
    ],
)
def test_bytes_that_are_not_utf_8(run: Run, data: bytes, place: str, words: str) -> None:
    Path("pyproject.toml").write_bytes(data)
    for profile in ("all", "poetry"):
        status, out, _ = run("check", "--profile", profile)
        assert status == 1
        assert out.startswith(f"pyproject.toml:{place}: error[invalid-utf-8]")
        assert words in out
        assert "1 error in 1 file" in out
    assert run("check", "--ignore", "invalid-utf-8")[0] == 0
    run("check", "--fix")
    assert Path("pyproject.toml").read_bytes() == data
    status, out, _ = run("check", "--format", "json")
    [finding] = json.loads(out)["files"][0]["findings"]
    assert (finding["code"], finding["path"]) == ("invalid-utf-8", [])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"\xef\xbb\xbf",
        b"\0" * 5000,
        b"a = " + b"[" * 100_000 + b"]" * 100_000,
        b"[" * 200_000,
        b"a = '''" + b"x" * 1_000_000,
        b"a = 1\r" * 1000,
        b"<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> other\n",
        b"{{ cookiecutter.x }}\n",
        b"a.b.c = 1\n[a.b]\nc = 2\n",
        "a = '\u2028\x85\x0c'\n".encode(),
    ],
)
def test_any_bytes_have_an_answer(run: Run, data: bytes) -> None:
    Path("pyproject.toml").write_bytes(data)
    for form in ("text", "json", "github", "sarif"):
        status, out, err = run("check", "--format", form)
        assert status in {0, 1}
        assert err == ""
        assert out or form == "github"


def test_ten_megabytes(run: Run) -> None:
    line = 'a{} = ["x", 1, {{ b = "ünïcödé" }}] # comment\n'
    text = "[tool.x]\n" + "".join(line.format(number) for number in range(220_000))
    Path("pyproject.toml").write_text(text, encoding="utf-8")
    assert Path("pyproject.toml").stat().st_size > 10_000_000
    start = time.monotonic()
    status, out, _ = run("check")
    assert (status, out.count("error[too-large]")) == (1, 1)
    assert time.monotonic() - start < 30, "well under a second on a quiet machine"


# Formats


def test_json(run: Run) -> None:
    write("pyproject.toml", BOM)
    status, out, _ = run("check", *ONLY_BOM, "--format", "json")
    assert status == 1
    report = json.loads(out)
    assert report["version"] == 1
    [file] = report["files"]
    [finding] = file["findings"]
    assert sorted(finding) == sorted(
        ["code", "severity", "message", "path", "span", "range", "poetry", "related", "fix", "rule"]
    )
    assert finding["code"] == "byte-order-mark"
    assert finding["span"] == [0, 1]
    assert finding["fix"]["edits"] == [{"span": [0, 1], "text": ""}]
    assert report["summary"]["errors"] == 1


def test_sarif_and_github(run: Run) -> None:
    write("pyproject.toml", BOM)
    assert json.loads(run("check", *ONLY_BOM, "--format", "sarif")[1])["runs"][0]["results"]
    out = run("check", *ONLY_BOM, "--format", "github")[1]
    assert out.startswith("::error file=pyproject.toml,line=1,col=1,endColumn=2,endLine=1,")


def test_text(run: Run) -> None:
    write("pyproject.toml", WARNING)
    status, out, _ = run("check", *ONLY_WARNING)
    assert status == 0
    lines = out.splitlines()
    assert lines[0].startswith("pyproject.toml:3:1: warning[deprecated-dev-dependencies] ")
    assert lines[1] == " 3 | [tool.poetry.dev-dependencies]"
    assert lines[2].startswith("   | ^^^^")
    assert lines[2].endswith("  (poetry check)")
    assert lines[-1] == "1 warning in 1 file (1 fixable with --fix)"
    assert "(poetry check)" not in run("check", *ONLY_WARNING, "--profile", "poetry")[1]


def test_everything_fine(run: Run) -> None:
    for name in "abc":
        write(f"{name}/pyproject.toml")
    assert run("check", ".")[:2] == (0, "All 3 files are fine\n")


@pytest.mark.parametrize(
    ("options", "environment", "expected"),
    [
        ((), {}, False),
        (("--color", "always"), {}, True),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        (("--color", "never"), {"FORCE_COLOR": "1"}, False),
        ((), {"FORCE_COLOR": "1"}, True),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": ""}, True),
    ],
)
def test_colour(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    environment: dict[str, str],
    expected: bool,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    write("pyproject.toml", ERROR)
    assert ("\x1b[" in run("check", *SYNTAX, *options)[1]) is expected


def test_nothing_in_a_file_commands_the_terminal(run: Run) -> None:
    write("\x1b[31m.toml", 'a = "\x1b]0;title\x07\u202e" \n[\n')
    out = run("check", "\x1b[31m.toml")[1]
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_an_ascii_terminal(tmp_path: Path) -> None:
    (tmp_path / "ü.toml").write_text('a = "ü日" 1\n', encoding="utf-8")
    environment = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = process("check", *SYNTAX, "ü.toml", cwd=tmp_path, env=environment)
    assert done.returncode == 1
    assert done.stdout.isascii()
    assert b"\\xfc.toml:1:" in done.stdout
    assert b'a = "\\xfc\\u65e5" 1' in done.stdout


# Fixes


def test_fix(run: Run) -> None:
    text = "\ufeff# ünï\u2028\r\na = 1 # kept\r\n[tool.poetry.dev-dependencies]\r\n"
    file = write("a/pyproject.toml", text)
    untouched = write("b/pyproject.toml", "# fine\n")
    file.chmod(0o640)
    os.utime(untouched, (1, 1))
    codes = ("--select", "byte-order-mark,deprecated-dev-dependencies,toml-syntax")
    status, out, err = run("check", *codes, "--fix", ".")
    assert (status, err) == (0, "")
    assert out == "All 2 files are fine (2 fixed)\n"
    fixed = text[1:].replace("dev-dependencies", "group.dev.dependencies")
    assert file.read_bytes() == fixed.encode("utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert untouched.stat().st_mtime == 1, "only fixed files are written"
    assert sorted(os.listdir("a")) == ["pyproject.toml"]


def test_fix_reports_what_remains(run: Run) -> None:
    file = write("pyproject.toml", BOM + ERROR)
    status, out, _ = run("check", "--select", "byte-order-mark,toml-syntax", "--fix")
    assert status == 1
    assert out.startswith("pyproject.toml:2:")
    assert out.endswith("1 error in 1 file (1 fixed)\n")
    assert file.read_text(encoding="utf-8") == BOM[1:] + ERROR


def test_fix_keeps_a_link(run: Run) -> None:
    write("real.toml", BOM)
    Path("pyproject.toml").symlink_to("real.toml")
    assert run("check", *ONLY_BOM, "--fix")[0] == 0
    assert Path("pyproject.toml").is_symlink()
    assert Path("real.toml").read_text(encoding="utf-8") == BOM[1:]


def test_fix_that_cannot_be_written(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write("pyproject.toml", BOM)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    status, out, err = run("check", *ONLY_BOM, "--fix")
    assert status == 2
    assert err == "pyproject-ls: pyproject.toml: no space left on device\n"
    assert out.startswith("pyproject.toml:1:1: error[byte-order-mark]"), "it is still there"
    assert file.read_text(encoding="utf-8") == BOM
    assert os.listdir(".") == ["pyproject.toml"]


def test_fix_leaves_read_only_files(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write("pyproject.toml", BOM)
    monkeypatch.setattr(os, "access", lambda *_: False)
    status, _, err = run("check", *ONLY_BOM, "--fix")
    assert (status, err) == (2, "pyproject-ls: pyproject.toml: it is read-only\n")
    assert file.read_text(encoding="utf-8") == BOM


def test_fix_of_standard_input(tmp_path: Path) -> None:
    text = "\ufeff# a\r\n[\n"
    codes = ("--select", "byte-order-mark,toml-syntax")
    done = process("check", *codes, "--fix", "-", cwd=tmp_path, input=text.encode())
    assert done.returncode == 1
    assert done.stdout == text[1:].encode()
    assert done.stderr.startswith(b"<stdin>:2:")
    bad = b"a = '\xff'\n"
    assert process("check", "--fix", "-", cwd=tmp_path, input=bad).stdout == bad


def test_diff(run: Run) -> None:
    file = write("pyproject.toml", WARNING)
    status, out, err = run("check", *ONLY_WARNING, "--diff", "--strict")
    assert status == 1
    assert out.splitlines() == [
        "--- pyproject.toml",
        "+++ pyproject.toml",
        "@@ -1,3 +1,3 @@",
        " [tool.poetry]",
        " package-mode = false",
        "-[tool.poetry.dev-dependencies]",
        "+[tool.poetry.group.dev.dependencies]",
    ]
    assert err == "--fix would make 1 fix in 1 file\n"
    assert file.read_text(encoding="utf-8") == WARNING
    assert run("check", *SYNTAX, "--diff") == (0, "", "--fix would change nothing\n")


# The other commands


def test_rules(run: Run) -> None:
    status, out, _ = run("rules")
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()] == list(all_rules())
    status, out, _ = run("rules", "--format", "json")
    rules = {rule["code"]: rule for rule in json.loads(out)["rules"]}
    assert list(rules) == list(all_rules())
    rule = rules["byte-order-mark"]
    assert (rule["severity"], rule["poetry"], rule["fixable"]) == ("error", "error", True)
    assert rule["rule"].startswith("https://")


def test_explain(run: Run) -> None:
    status, out, _ = run("explain", "toml-syntax")
    assert status == 0
    assert out == (FOLDER / "toml-syntax.md").read_text(encoding="utf-8")


def test_serve(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    server = pytest.importorskip("pyproject_ls.lsp.server")
    monkeypatch.setattr(server, "serve_stdio", lambda: 0)
    monkeypatch.setattr(server, "serve_tcp", lambda host, port: 0 if host == "::1" else port)
    assert run("serve")[0] == 0
    assert run("serve", "--stdio", "--clientProcessId=12")[0] == 0
    assert run("serve", "--tcp", "4000")[0] == 4000
    assert run("serve", "--tcp", "[::1]:4000")[0] == 0


# As a process


def test_check_imports_no_server(tmp_path: Path) -> None:
    code = (
        "import sys; from pyproject_ls.cli import main; main(['check', 'x.toml']);"
        "print([n for n in ('pygls', 'lsprotocol', 'asyncio', 'json', 'tomlkit', 'difflib')"
        " if n in sys.modules])"
    )
    (tmp_path / "x.toml").write_text(GOOD, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(SERVER)},
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.splitlines()[-1] == b"[]"


@pytest.mark.skipif(os.name == "nt", reason="pipes end otherwise")
def test_a_closed_pipe(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text("= \n" * 50_000, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "pyproject_ls", "check", "x.toml", "--format", "json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(SERVER)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.read(10)
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait(60) == 1


@pytest.mark.skipif(os.name == "nt", reason="signals are otherwise")
def test_ctrl_c(tmp_path: Path) -> None:
    code = "from pyproject_ls import cli; print('ready', flush=True); cli.entry()"
    with subprocess.Popen(
        [sys.executable, "-c", code, "check", "-"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(SERVER)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.readline() == b"ready\n"
        time.sleep(0.3)
        child.send_signal(signal.SIGINT)
        assert child.wait(60) == 130
        assert child.stderr.read() == b""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device")
def test_a_full_disk(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(GOOD, encoding="utf-8")
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "pyproject_ls", "check", "x.toml"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(SERVER)},
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
        )
    assert done.returncode == 2
    assert done.stderr == b"pyproject-ls: cannot write the output: No space left on device\n"
