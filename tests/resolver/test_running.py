"""Running commands: lines, limits, ends, and what must not be seen. They are small scripts."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from pyproject_ls.resolver.masking import Mask, masked, plain
from pyproject_ls.resolver.running import MAX_LINE, MAX_LINES, Ran, run

ENVIRON = {"PATH": os.environ["PATH"]}


def python(
    program: str,
    folder: Path,
    environ: Mapping[str, str] = ENVIRON,
    *,
    limit: float | None = 60.0,
    on_line: Callable[[str], None] | None = None,
) -> Ran:
    command = [sys.executable, "-u", "-c", program]
    return asyncio.run(run(command, folder, environ, limit=limit, on_line=on_line))


def lives(process: int) -> bool:
    """Whether it runs; one that nobody has waited for does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def until(condition: Callable[[], bool], limit: float = 30.0) -> None:
    deadline = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < deadline, "it does not come true"
        time.sleep(0.01)


def test_both_streams_and_the_status(tmp_path: Path) -> None:
    program = "import sys; print('one'); print('two', file=sys.stderr); sys.exit(3)"
    lines: list[str] = []
    ran = python(program, tmp_path, on_line=lines.append)
    assert ran == Ran(3, ("one",), ("two",))
    assert not ran.is_good
    assert ran.text == "one\ntwo"
    assert sorted(lines) == ["one", "two"]


def test_it_runs_where_and_with_what_it_is_told(tmp_path: Path) -> None:
    program = "import os; print(os.getcwd()); print(os.environ.get('HOME'), os.environ['X'])"
    ran = python(program, tmp_path, {"X": "given"})
    assert ran.out == (str(tmp_path.resolve()), "None given")


def test_it_has_no_input_to_wait_for(tmp_path: Path) -> None:
    assert python("import sys; print(repr(sys.stdin.read()))", tmp_path).out == ("''",)


def test_lines_are_fit_to_be_shown(tmp_path: Path) -> None:
    program = (
        "import sys; w = sys.stdout.buffer.write;"
        r"w(b'\x1b[1;31mred\x1b[0m\n10%\r20%\r\n\x1b]0;title\x07text\x00\n');"
        r"w(b'caf\xc3\xa9 \xff\n\n  indented\nlast')"
    )
    expected = ("red", "10%", "20%", "text", "café \ufffd", "  indented", "last")
    assert python(program, tmp_path).out == expected


def test_a_character_that_arrives_in_two_pieces(tmp_path: Path) -> None:
    program = (
        "import sys, time; w = sys.stdout.buffer.write;"
        r"w(b'caf\xc3'); time.sleep(0.2); w(b'\xa9\n')"
    )
    assert python(program, tmp_path).out == ("café",)


def test_output_is_bounded(tmp_path: Path) -> None:
    program = f"print('x' * 10_000_000); [print(i) for i in range({MAX_LINES + 10})]"
    ran = python(program, tmp_path)
    assert len(ran.out) == MAX_LINES
    assert ran.out[-1] == str(MAX_LINES + 9)
    (long,) = python("print('x' * 100_000)", tmp_path).out
    assert len(long) == MAX_LINE


def test_a_command_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        asyncio.run(run([tmp_path / "nothing"], tmp_path, ENVIRON))


FAMILY = (
    "import os, subprocess, sys, time, pathlib\n"
    "inner = 'import os, time, signal, pathlib; signal.signal(signal.SIGTERM, signal.SIG_IGN);'\n"
    "inner += 'pathlib.Path(\"inner\").write_text(str(os.getpid())); time.sleep(600)'\n"
    "{ignore}\n"
    "child = subprocess.Popen([sys.executable, '-c', inner])\n"
    "pathlib.Path('outer').write_text(str(os.getpid()))\n"
    "print('started')\n"
    "time.sleep(600)\n"
)
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)"


def family(folder: Path) -> list[int]:
    """The processes of `FAMILY`, once they are there."""
    files = [folder / "outer", folder / "inner"]
    until(lambda: all(each.is_file() and each.read_text() for each in files))
    return [int(each.read_text()) for each in files]


@pytest.mark.parametrize("ignore", ["", STUBBORN], ids=["willing", "stubborn"])
def test_cancelling_ends_all_that_was_started(tmp_path: Path, ignore: str) -> None:
    program = FAMILY.format(ignore=ignore)

    async def cancelled() -> list[int]:
        task = asyncio.create_task(run([sys.executable, "-c", program], tmp_path, ENVIRON))
        processes = await asyncio.to_thread(family, tmp_path)
        assert all(map(lives, processes))
        task.cancel()
        await asyncio.sleep(0)
        task.cancel()  # whoever is impatient changes nothing
        with pytest.raises(asyncio.CancelledError):
            await task
        return processes

    processes = asyncio.run(cancelled())
    assert not any(map(lives, processes))
    with pytest.raises(ChildProcessError):  # nor is one left that nobody has waited for
        os.waitpid(processes[0], os.WNOHANG)


def test_the_limit_ends_all_that_was_started(tmp_path: Path) -> None:
    lines: list[str] = []

    async def limited() -> Ran:
        command = [sys.executable, "-u", "-c", FAMILY.format(ignore="")]
        return await run(command, tmp_path, ENVIRON, limit=3.0, on_line=lines.append)

    ran = asyncio.run(limited())
    assert ran.status is None
    assert ran.out == ("started",)
    assert not any(map(lives, family(tmp_path)))


def test_a_daemon_that_holds_the_pipes_is_not_waited_for(tmp_path: Path) -> None:
    program = (
        "import subprocess, sys, pathlib\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'],"
        " start_new_session=True)\n"
        "print(child.pid)\n"
    )
    ran = python(program, tmp_path, limit=60.0)
    assert ran.status == 0
    os.kill(int(ran.out[0]), 9)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at https://ann:secret@example.org/x", "at https://***@example.org/x"),
        ("https://token@example.org", "https://***@example.org"),
        ("git+ssh://git@example.org/a.git@main", "git+ssh://***@example.org/a.git@main"),
        ("https://ann:p@ss/wo:rd@example.org/x", "https://***@example.org/x"),
        ("two http://a:b@one/ and http://c:d@two/", "two http://***@one/ and http://***@two/"),
        ("http://localhost:8080/simple/", "http://localhost:8080/simple/"),
        ("http://localhost:8080/x@1.0", "http://localhost:8080/x@1.0"),
        ("git+https://example.org/a.git@v1", "git+https://example.org/a.git@v1"),
        ("mail ann@example.org", "mail ann@example.org"),
    ],
)
def test_logins_in_addresses_are_hidden(text: str, expected: str) -> None:
    assert masked(text) == expected


def test_secrets_of_the_environment_are_hidden(tmp_path: Path) -> None:
    environ = ENVIRON | {
        "POETRY_HTTP_BASIC_CORP_PASSWORD": "open sesame",
        "UV_PUBLISH_TOKEN": "open sesame and more",
        "POETRY_HTTP_BASIC_CORP_USERNAME": "ann",
        "SOME_TOKEN_ENABLED": "true",
    }
    program = "print('ann says open sesame and more, or open sesame, which is true')"
    assert python(program, tmp_path, environ).out == ("ann says ***, or ***, which is true",)
    assert Mask({})("open sesame") == "open sesame"


def test_escape_sequences_go_and_text_stays() -> None:
    assert plain("\x1b[2K\x1b[1Aa\tb\n\x1b(Bc\x1b[38;5;1md\x9b") == "a\tb\ncd"
