"""Small packages, and what uploads them: wheels and sdists as tools build them."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from typing import NamedTuple

import httpx

from pyproject_ls.project.requirement import normalized_name


class Built(NamedTuple):
    """A file to upload, and the fields that the form for it has (the legacy upload API)."""

    filename: str
    content: bytes
    fields: dict[str, str]


class Version(NamedTuple):
    """One release of a package."""

    name: str
    version: str
    requires_python: str = ""
    summary: str = ""
    extras: tuple[str, ...] = ()

    @property
    def metadata(self) -> str:
        """The core metadata (version 2.1)."""
        lines = ["Metadata-Version: 2.1", f"Name: {self.name}", f"Version: {self.version}"]
        if self.summary:
            lines.append(f"Summary: {self.summary}")
        if self.requires_python:
            lines.append(f"Requires-Python: {self.requires_python}")
        lines += [f"Provides-Extra: {each}" for each in self.extras]
        return "\n".join(lines) + "\n\nA text about it.\n"

    def wheel(self) -> Built:
        """A pure wheel without a module."""
        stem = f"{normalized_name(self.name).replace('-', '_')}-{self.version}"
        info = f"{stem}.dist-info"
        files = {
            f"{info}/METADATA": self.metadata,
            f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            f"{info}/RECORD": "",
        }
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            for name, text in files.items():
                archive.writestr(name, text)
        return self._built(f"{stem}-py3-none-any.whl", content.getvalue(), "bdist_wheel")

    def sdist(self) -> Built:
        """A source distribution without sources."""
        stem = f"{normalized_name(self.name).replace('-', '_')}-{self.version}"
        plain = io.BytesIO()
        with tarfile.open(fileobj=plain, mode="w") as archive:
            entry = tarfile.TarInfo(f"{stem}/PKG-INFO")
            entry.size = len(self.metadata.encode())
            archive.addfile(entry, io.BytesIO(self.metadata.encode()))
        return self._built(f"{stem}.tar.gz", gzip.compress(plain.getvalue()), "sdist")

    def _built(self, filename: str, content: bytes, filetype: str) -> Built:
        fields = {
            ":action": "file_upload",
            "metadata_version": "2.1",
            "name": self.name,
            "version": self.version,
            "filetype": filetype,
            "pyversion": "py3" if filetype == "bdist_wheel" else "source",
            "summary": self.summary,
            "requires_python": self.requires_python,
        }
        return Built(filename, content, fields)


SUMMARY = "Counts things."

FILES = (
    Version("Acme.Counter", "1.0", ">=3.8", SUMMARY).sdist(),
    Version("Acme.Counter", "1.0", ">=3.8", SUMMARY).wheel(),
    Version("Acme.Counter", "1.1", ">=3.9", SUMMARY, ("fast", "Tables")).wheel(),
    Version("Acme.Counter", "2.0rc1", ">=3.12", SUMMARY, ("fast",)).wheel(),
    Version("acme-paint", "0.5").wheel(),
)
"""Two packages: three versions with a pre-release, and one alone."""


def upload(url: str, login: tuple[str, str], files: tuple[Built, ...] = FILES) -> None:
    """Bring `files` to an index, as twine does it. Raises httpx.HTTPError."""
    with httpx.Client(auth=login, trust_env=False, timeout=30) as client:
        for built in files:
            form = {"content": (built.filename, built.content, "application/octet-stream")}
            client.post(url, data=built.fields, files=form).raise_for_status()
