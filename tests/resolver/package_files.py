"""Real wheels and sdists of the packages of the index, the same bytes on every machine."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from tests.resolver.package_pages import PAGES, Package, Release

BACKEND = PAGES / "in_tree_backend.py"

_THEN = (2024, 1, 1, 0, 0, 0)
_THEN_SECONDS = 1704067200  # the same in seconds since 1970


class File(NamedTuple):
    """A file of a release: its name, its bytes, and what a wheel's METADATA is (else "")."""

    name: str
    data: bytes
    metadata: str = ""

    @property
    def sha256(self) -> str:
        """The hash of its bytes."""
        return hashlib.sha256(self.data).hexdigest()


def files_of(package: Package, release: Release) -> tuple[File, ...]:
    """The files of a release: its wheels, then its sdist."""
    # named tuples with a mapping in them have no hash
    key = (package.name, json.dumps(release), package.summary)
    if key not in _built:
        _built[key] = tuple(_files(package, release))
    return _built[key]


_built: dict[tuple[str, str, str], tuple[File, ...]] = {}


def _files(package: Package, release: Release) -> Iterator[File]:
    if "wheel" in release.kinds:
        for platform in release.platforms:
            yield _wheel(package, release, platform)
    if "sdist" in release.kinds:
        yield _sdist(package, release)


def metadata_of(package: Package, release: Release) -> str:
    """The core metadata of a release, all of it static."""
    lines = [
        "Metadata-Version: 2.2",
        f"Name: {package.name}",
        f"Version: {release.version}",
        f"Summary: {package.summary}",
    ]
    if release.requires_python:
        lines.append(f"Requires-Python: {release.requires_python}")
    lines += [f"Requires-Dist: {each}" for each in release.requires]
    for extra, requires in release.extras.items():
        lines.append(f"Provides-Extra: {extra}")
        lines += [f"Requires-Dist: {_within(each, extra)}" for each in requires]
    return "\n".join(lines) + "\n"


def _within(requirement: str, extra: str) -> str:
    """The requirement of an extra, with the marker that says so."""
    what, _, marker = (part.strip() for part in requirement.partition(";"))
    condition = f'extra == "{extra}"'
    return f"{what} ; {f'({marker}) and ' if marker else ''}{condition}"


def _stem(package: Package, release: Release) -> str:
    return f"{package.module}-{release.version}"


def _wheel_texts(package: Package, release: Release, platform: str) -> dict[str, str]:
    """What is in a wheel, by path; the RECORD comes last."""
    dist_info = f"{_stem(package, release)}.dist-info"
    tags = "".join(f"Tag: py3-none-{each}\n" for each in platform.split("."))
    pure = "true" if platform == "any" else "false"
    texts = {
        f"{package.module}/__init__.py": f'"""{package.summary}."""\n\n'
        f'__version__ = "{release.version}"\n',
        f"{dist_info}/METADATA": metadata_of(package, release),
        f"{dist_info}/WHEEL": "Wheel-Version: 1.0\nGenerator: pyproject-ls fixtures\n"
        f"Root-Is-Purelib: {pure}\n{tags}",
    }
    record = "".join(
        f"{path},sha256={_digest(text)},{len(text.encode())}\n" for path, text in texts.items()
    )
    texts[f"{dist_info}/RECORD"] = f"{record}{dist_info}/RECORD,,\n"
    return texts


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def _wheel(package: Package, release: Release, platform: str) -> File:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path, text in _wheel_texts(package, release, platform).items():
            entry = zipfile.ZipInfo(path, _THEN)
            entry.create_system = 3  # Unix, wherever it is made
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, text)
    name = f"{_stem(package, release)}-py3-none-{platform}.whl"
    return File(name, buffer.getvalue(), metadata_of(package, release))


def _sdist(package: Package, release: Release) -> File:
    stem = _stem(package, release)
    texts = {
        "PKG-INFO": _pkg_info(package, release),
        "build.json": json.dumps(
            {
                "name": package.name,
                "build": release.build,
                "wheel": f"{stem}-py3-none-any.whl",
                "dist-info": f"{stem}.dist-info",
                "files": _wheel_texts(package, release, "any"),
            },
            indent=1,
        ),
        "in_tree_backend.py": _backend_text(),
        "pyproject.toml": "[build-system]\nrequires = []\n"
        'build-backend = "in_tree_backend"\nbackend-path = ["."]\n',
    }
    buffer = io.BytesIO()
    with (
        gzip.GzipFile("", "wb", 0, buffer, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path, text in texts.items():
            data = text.encode()
            entry = tarfile.TarInfo(f"{stem}/{path}")
            entry.size, entry.mtime, entry.mode = len(data), _THEN_SECONDS, 0o644
            archive.addfile(entry, io.BytesIO(data))
    return File(f"{stem}.tar.gz", buffer.getvalue())


def _pkg_info(package: Package, release: Release) -> str:
    if release.metadata == "static":
        return metadata_of(package, release)
    # as old tools wrote it: nothing in it says what the release needs
    return f"Metadata-Version: 2.1\nName: {package.name}\nVersion: {release.version}\n"


@lru_cache(maxsize=1)
def _backend_text() -> str:
    return BACKEND.read_text("utf-8")
