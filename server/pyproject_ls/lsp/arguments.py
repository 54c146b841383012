"""The arguments of a command: one object from outside, taken apart with a reason for each fault."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pygls.exceptions import JsonRpcException

from pyproject_ls.features.markdown import visible
from pyproject_ls.lsp.asking import refused

MAX_LENGTH = 2000
"""Longer names are no names."""

MAX_NAMES = 1000

ASK = "?"
"""The value of an argument that a person is to be asked for."""

T = TypeVar("T")


class Arguments:
    """The one object that belongs to a command. All methods raise JsonRpcException."""

    def __init__(self, command: str, arguments: Sequence[Any]) -> None:
        self.command = command
        values = arguments[0] if len(arguments) == 1 else None
        if values is None and len(arguments) < 2:  # a list of commands to pick from gives none
            values = {}
        if not isinstance(values, Mapping):
            raise refused(f"{command} takes one object as its argument, such as {example({})}.")
        self._values = values
        self._known = {"uri"}

    @property
    def uri(self) -> Any:
        """The project's URI, or whatever stands there; None where nothing does."""
        return self._values.get("uri")

    def wants(self, name: str, *, needed: bool = False) -> bool:
        """Whether to ask a person for it: because it says so, or because it is `needed`."""
        value = self._values.get(name)
        return value == ASK or (needed and value in (None, ""))

    def answered(self, values: Mapping[str, Any]) -> Arguments:
        """The same with other `values`; those that are None are left out."""
        values = {**self._values, **values}
        values = {name: value for name, value in values.items() if value is not None}
        return Arguments(self.command, [values])

    def text(self, name: str, such_as: str = "requests") -> str:
        """A name that has to be there, fit to be written into a file."""
        found = self.optional(name)
        if not found:
            raise missing(self.command, name, such_as)
        return found

    def optional(self, name: str) -> str:
        """The same; "" where it is not there."""
        value = self._value(name)
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > MAX_LENGTH:
            raise refused(f"{self.command}: `{name}` has to be a text.")
        if not value.isprintable():
            raise refused(f"{self.command}: `{name}` has characters that do not show.")
        return value.strip()

    def names(self, name: str) -> tuple[str, ...]:
        """A list of names; empty where it is not there."""
        value = self._value(name)
        if value is None:
            return ()
        if not isinstance(value, list) or len(value) > MAX_NAMES:
            raise refused(f"{self.command}: `{name}` has to be a list of names.")
        if not all(isinstance(each, str) and each.strip() and _is_name(each) for each in value):
            raise refused(f"{self.command}: `{name}` has to be a list of names.")
        return tuple(each.strip() for each in value)

    def flag(self, name: str) -> bool:
        """True or false; false where it is not there."""
        value = self._value(name)
        if value is not None and not isinstance(value, bool):
            raise refused(f"{self.command}: `{name}` has to be true or false.")
        return bool(value)

    def choice(self, name: str, values: Mapping[str, T], default: str | None = None) -> T:
        """One of `values`; the `default` where it is not there."""
        value = self._value(name)
        if value is None and default is not None:
            return values[default]
        if not isinstance(value, str) or value not in values:
            raise refused(f"{self.command}: `{name}` has to be one of {', '.join(values)}.")
        return values[value]

    def refuse_others(self) -> None:
        """What nobody has asked for is a misspelt name."""
        for name in self._values:
            if name not in self._known:
                raise refused(f"{self.command} knows no `{visible(str(name), 60)}`.")

    def _value(self, name: str) -> Any:
        self._known.add(name)
        return self._values.get(name)


def missing(command: str, name: str, such_as: Any, note: str = "") -> JsonRpcException:
    """The error that says how to give an argument that is not there, and a `note` about it."""
    how = f"give it as in {example({name: such_as})}"
    return refused(f"{command}: `{name}` is missing; {how}.{note and ' '}{note}")


def example(values: Mapping[str, Any]) -> str:
    """An argument as it would be written."""
    return json.dumps({"uri": "file:///path/to/pyproject.toml", **values}, ensure_ascii=False)


def _is_name(value: str) -> bool:
    # a name that begins with a dash would be an option of the tool
    return len(value) <= MAX_LENGTH and value.isprintable() and not value.lstrip().startswith("-")
