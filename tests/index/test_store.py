"""The store: what it keeps, and what it does when its file is not what it should be."""

from __future__ import annotations

import logging
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from pyproject_ls.index import store as module
from pyproject_ls.index.store import MAX_AGE, Key, Store, Stored
from tests.index.faults import Clock

KEY = Key("project", "https://corp.example/simple/", "flask", "poetry:corp")
NOW = 1_700_000_000.0
STORED = Stored(NOW, '"1"', "Sat, 01 Nov 2025 00:00:00 GMT", b'{"a": 1}')
PYTHON = f"""
import sys
from pathlib import Path
from pyproject_ls.index.store import Key, Store, Stored

def key(number):
    return Key("project", "https://x.example/", str(number))

def record(number):
    return Stored({NOW} + number, "", "", str(number).encode() * 500)

store = Store(Path(sys.argv[1]), clock=lambda: {NOW} + 5000, busy=10000)
"""


def opened(folder: Path, now: float = NOW, **options: int) -> Store:
    return Store(folder, clock=Clock(now), **options)


def python(program: str, *arguments: object) -> subprocess.Popen[str]:
    """A process that has a store of its own in the folder that is its first argument."""
    command = [sys.executable, "-c", PYTHON + program, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_what_is_kept(tmp_path: Path) -> None:
    store = opened(tmp_path / "new")
    assert store.get(KEY) is None
    store.put(KEY, STORED)
    assert store.get(KEY) == STORED
    for other in (
        KEY._replace(kind="details"),
        KEY._replace(address="https://other.example/simple/"),
        KEY._replace(name="Flask"),
        KEY._replace(credentials=""),
    ):
        assert store.get(other) is None
    store.put(KEY, STORED._replace(record=b"2"))
    store.touch(KEY, NOW + 5)
    assert store.get(KEY) == STORED._replace(record=b"2", fetched=NOW + 5)
    store.close()
    again = opened(tmp_path / "new")
    assert again.get(KEY) == STORED._replace(record=b"2", fetched=NOW + 5)
    again.remove(KEY)
    assert again.get(KEY) is None
    again.close()


def test_after_close(tmp_path: Path) -> None:
    store = opened(tmp_path)
    store.put(KEY, STORED)
    store.close()
    store.put(KEY, STORED)
    store.touch(KEY, NOW)
    assert store.get(KEY) is None
    store.close()


def test_another_version_has_another_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = opened(tmp_path)
    old.put(KEY, STORED)
    monkeypatch.setattr(module, "SCHEMA", module.SCHEMA + 1)
    new = opened(tmp_path)
    assert new.get(KEY) is None
    new.put(KEY, STORED._replace(record=b"new"))
    assert old.get(KEY) == STORED
    assert len(list(tmp_path.glob("*.sqlite"))) == 2
    old.close()
    new.close()


@pytest.mark.parametrize(
    "content",
    [b"this is no database, but it is long enough to be one" * 100, b"\0" * 5000],
    ids=["text", "zeros"],
)
def test_a_file_that_is_no_database(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    store = opened(tmp_path)
    store.path.write_bytes(content)
    store.put(KEY, STORED)
    assert store.get(KEY) == STORED
    store.close()
    again = opened(tmp_path)
    assert again.get(KEY) == STORED
    again.close()
    (broken,) = tmp_path.glob("*.broken-*")
    assert broken.read_bytes() == content
    assert [each.levelname for each in caplog.records] == ["WARNING"]


def test_a_file_of_another_shape(tmp_path: Path) -> None:
    store = opened(tmp_path)
    database = sqlite3.connect(store.path)
    database.execute("CREATE TABLE records (something TEXT, fetched REAL, size INTEGER)")
    database.commit()
    database.close()
    store.put(KEY, STORED)
    assert store.get(KEY) == STORED
    assert len(list(tmp_path.glob("*.broken-*"))) == 1
    store.close()


def test_damage_that_shows_later(tmp_path: Path) -> None:
    """The first page is whole, so the file opens; what is behind it is not."""
    store = opened(tmp_path)
    for number in range(200):
        store.put(KEY._replace(name=str(number)), STORED._replace(record=bytes(3000)))
    store.close()
    whole = store.path.read_bytes()
    store.path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    store = opened(tmp_path)
    for number in range(200):
        store.get(KEY._replace(name=str(number)))
    store.put(KEY, STORED)
    assert store.get(KEY) == STORED
    store.close()
    assert len(list(tmp_path.glob("*.broken-*"))) == 1


def test_few_damaged_files_are_kept(tmp_path: Path) -> None:
    for number in range(5):
        store = opened(tmp_path, NOW + number)
        store.path.write_bytes(b"no database" * 100)
        store.put(KEY, STORED)
        store.close()
    names = sorted(each.name.rpartition("-")[2] for each in tmp_path.glob("*.broken-*"))
    assert names == [str(int(NOW) + 3), str(int(NOW) + 4)]


def test_a_folder_that_cannot_be_made(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    store = opened(tmp_path / "file" / "cache")
    assert store.get(KEY) is None
    store.put(KEY, STORED)
    assert store.get(KEY) == STORED
    store.put(KEY, STORED)
    assert len(caplog.records) == 1
    store.close()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_folder_that_is_read_only(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    store = opened(tmp_path)
    store.put(KEY, STORED)
    assert store.get(KEY) == STORED
    store.close()
    tmp_path.chmod(0o700)


def test_a_file_that_is_read_only(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """As SQLite says it, whoever may write here."""
    store = opened(tmp_path)
    store.put(KEY, STORED)
    assert store._database is not None
    store._database.execute("PRAGMA query_only = 1")
    other = KEY._replace(name="other")
    store.put(other, STORED)
    assert store.get(other) == STORED
    assert [each.levelname for each in caplog.records] == ["WARNING"]
    store.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit on Windows")
def test_a_full_disk(tmp_path: Path) -> None:
    """Simulated by a limit on the size of files: a write fails in the middle."""
    program = """
import logging, resource, signal
logging.basicConfig(stream=sys.stdout)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store.put(key(0), record(0))
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
for number in range(200):
    store.put(key(number), record(number))
print(all(store.get(key(number)) == record(number) for number in range(150, 200)))
store.close()
"""
    output, _ = python(program, tmp_path).communicate(timeout=60)
    warning, answer = output.splitlines()
    assert "kept in memory" in warning
    assert answer == "True"
    opened(tmp_path).close()


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")
def test_killed_in_the_middle(tmp_path: Path) -> None:
    """Whatever was reported as kept is there, and the file is sound."""
    program = """
for number in range(100000):
    store.put(key(number), record(number))
    print(number, flush=True)
"""
    process = python(program, tmp_path)
    assert process.stdout is not None
    last = 0
    for line in process.stdout:
        last = int(line)
        if last >= 300:
            process.kill()
            break
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL
    store = opened(tmp_path, NOW + 5000)
    for number in range(last):
        stored = store.get(Key("project", "https://x.example/", str(number)))
        assert stored is not None
        assert stored.record == str(number).encode() * 500
    assert store._database is not None
    assert store._database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert not list(tmp_path.glob("*.broken-*"))
    store.close()


def test_two_processes(tmp_path: Path) -> None:
    program = """
print("ready", flush=True)
start = int(sys.argv[2])
for number in range(start, start + 400):
    store.put(key(number), record(number))
    assert store.get(key(number)) == record(number)
"""
    processes = [python(program, tmp_path, start) for start in (0, 200)]
    for each in processes:
        each.communicate(timeout=60)
    assert [each.returncode for each in processes] == [0, 0]
    store = opened(tmp_path, NOW + 5000)
    names = [Key("project", "https://x.example/", str(number)) for number in range(600)]
    assert None not in [store.get(each) for each in names]
    store.close()


def test_another_process_writes_for_long(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Then a record is not kept; reading goes on, and so does writing later."""
    store = opened(tmp_path, busy=1)
    store.put(KEY, STORED)
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store.put(KEY, STORED._replace(record=b"lost"))
    assert store.get(KEY) == STORED
    other.execute("ROLLBACK")
    other.close()
    store.put(KEY, STORED._replace(record=b"kept"))
    found = store.get(KEY)
    assert found is not None
    assert found.record == b"kept"
    assert not [each for each in caplog.records if each.levelno >= logging.WARNING]
    store.close()


def test_what_is_old_or_of_the_future_is_dropped(tmp_path: Path) -> None:
    store = opened(tmp_path)
    for name, fetched in (("old", NOW - 1), ("new", NOW + MAX_AGE), ("future", NOW + 2 * MAX_AGE)):
        store.put(KEY._replace(name=name), STORED._replace(fetched=fetched))
    store.close()
    store = opened(tmp_path, NOW + MAX_AGE)
    found = [store.get(KEY._replace(name=name)) for name in ("old", "new", "future")]
    assert [each is not None for each in found] == [False, True, False]
    store.close()


def test_the_oldest_goes_when_there_is_too_much(tmp_path: Path) -> None:
    store = opened(tmp_path, NOW + 2000, max_bytes=100_000)
    for number in range(1000):
        key = KEY._replace(name=str(number))
        store.put(key, STORED._replace(fetched=NOW + number, record=bytes(1000)))
    kept = [store.get(KEY._replace(name=str(number))) is not None for number in range(1000)]
    assert sum(kept) == 100
    assert all(kept[900:])
    store.close()
    assert store.path.stat().st_size < 1_500_000
    again = opened(tmp_path, NOW + 2000, max_bytes=50_000)
    assert again.get(KEY._replace(name="999")) is not None
    assert again.get(KEY._replace(name="920")) is None
    again.close()
    assert again.path.stat().st_size < 200_000
