"""A lock file is replaced whole or not at all, and never over somebody else's work."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from pyproject_ls.resolver.lock_file import LockFileError, Present, Replacement, read

OLD, NEW = "# old\r\nname = 'ö'\r\n", "# new\r\nname = 'ü'\r\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "poetry.lock"
    path.write_bytes(OLD.encode())
    return path


def names(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


def test_a_commit_replaces_byte_for_byte(path: Path) -> None:
    path.chmod(0o640)
    with Replacement(path, NEW, read(path)) as replacement:
        assert path.read_bytes() == OLD.encode()
        replacement.commit()
    assert path.read_bytes() == NEW.encode()
    assert names(path) == ["poetry.lock"]
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o640


def test_a_new_file_is_made(tmp_path: Path) -> None:
    path = tmp_path / "poetry.lock"
    with Replacement(path, NEW, read(path)) as replacement:
        replacement.commit()
    assert read(path) == Present(NEW.encode(), NEW)


def test_what_is_not_committed_leaves_nothing(path: Path) -> None:
    with Replacement(path, NEW, read(path)):
        pass
    assert read(path).text == OLD
    assert names(path) == ["poetry.lock"]


@pytest.mark.parametrize("other", ["# by a second Poetry\n", None])
def test_somebody_else_s_work_stays(path: Path, other: str | None) -> None:
    with Replacement(path, NEW, read(path)) as replacement:
        if other is None:
            path.unlink()
        else:
            path.write_text(other, encoding="utf-8")
        with pytest.raises(LockFileError, match="changed by another program"):
            replacement.commit()
    assert (path.read_text(encoding="utf-8") if path.exists() else None) == other
    assert ".new" not in "".join(names(path))


def test_a_full_disk_is_told_before_anything_has_changed(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pyproject_ls.resolver.lock_file.os.fsync", full)
    with pytest.raises(LockFileError, match="no space left on device"):
        Replacement(path, NEW, read(path))
    assert read(path).text == OLD
    assert names(path) == ["poetry.lock"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.lock", tmp_path / "poetry.lock"
    real.write_text(OLD, encoding="utf-8", newline="")
    try:
        link.symlink_to(real)
    except OSError:
        pytest.skip("links cannot be made here")
    with Replacement(link, NEW, read(link)) as replacement:
        replacement.commit()
    assert link.is_symlink()
    assert read(real).text == NEW


def test_what_is_no_text_is_kept_apart_from_what_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "poetry.lock"
    assert read(path) == Present(None, None)
    path.write_bytes(b"\xff\xfe")
    assert read(path) == Present(b"\xff\xfe", None)


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    path = tmp_path / "poetry.lock"
    path.mkdir()
    with pytest.raises(LockFileError, match=r"`poetry.lock` cannot be read"):
        read(path)
