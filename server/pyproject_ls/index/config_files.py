"""Configuration files of tools, read whatever they hold."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pyproject_ls.index.addresses import Address, AddressError, index_address
from pyproject_ls.toml import parse, to_python

MAX_BYTES = 1024 * 1024
"""Larger files are not read: they are no configuration."""

Table = Mapping[str, Any]

EMPTY: Table = {}


class Reader:
    """Reads files, and notes in sentences what is wrong with them; no sentence has a value in it.

    A file that is not there is empty, and so is one that is broken: the tool itself would use
    nothing of it.
    """

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.refused = 0
        """How many addresses of indexes cannot be asked."""

    def toml(self, path: Path | None) -> Table:
        """The file at `path` as plain values."""
        text = self.text(path) if path is not None else None
        if text is None:
            return EMPTY
        document = parse(text.removeprefix("\ufeff"))
        if any(problem.kind != "toml-1.1" for problem in document.problems):
            self._note(path, "it is not valid TOML")
            return EMPTY
        return table(to_python(document.root))

    def ini(self, path: Path) -> Mapping[str, Mapping[str, str]]:
        """The sections of the file at `path`, as `configparser` reads them without interpolation.

        Names of options are in lower case, with hyphens.
        """
        text = self.text(path)
        if text is None:
            return EMPTY
        import configparser  # most users have no such file

        parser = configparser.RawConfigParser()
        # the documented way to keep the spelling of options, which typeshed has as a method
        parser.optionxform = _option_name  # type: ignore[assignment, method-assign]
        try:
            parser.read_string(text.removeprefix("\ufeff"))
        except configparser.Error:
            self._note(path, "it is not a valid INI file")
            return EMPTY
        return {name: dict(parser.items(name)) for name in parser.sections()}

    def text(self, path: Path) -> str | None:
        """The text of the file at `path`; None where there is none that can be read."""
        try:
            if not stat.S_ISREG(os.stat(path).st_mode):
                return None
            with open(path, "rb") as file:
                data = file.read(MAX_BYTES + 1)
        except (FileNotFoundError, NotADirectoryError, ValueError):
            return None
        except OSError as error:
            self._note(path, (error.strerror or "it cannot be read").lower())
            return None
        if len(data) > MAX_BYTES:
            self._note(path, "it is too large")
            return None
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            self._note(path, "it is not UTF-8")
            return None

    def address(self, text: object, where: str) -> Address | None:
        """The address of an index that stands at `where`; None, with a note, for what is none."""
        if not isinstance(text, str) or not text.strip():
            return None
        try:
            return index_address(text)
        except AddressError as error:
            self.refused += 1
            self.problems.append(f"The address of an index in {where} is not used: {error}.")
            return None

    def _note(self, path: Path | None, reason: str) -> None:
        self.problems.append(f"{path} is not used: {reason}.")


def table(value: object) -> Table:
    """`value` if it is a table, else an empty one."""
    return value if isinstance(value, dict) else EMPTY


def tables(value: object) -> list[Table]:
    """The tables of the array `value`."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def string(value: object) -> str | None:
    """`value` if it is a string."""
    return value if isinstance(value, str) else None


def _option_name(name: str) -> str:
    return name.lower().replace("_", "-").removeprefix("--")
