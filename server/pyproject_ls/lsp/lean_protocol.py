"""Importing lsprotocol so that a class of it is made when somebody uses it.

It has five hundred classes. attrs writes and compiles methods for each of them, and cattrs resolves
the types of all fields: half of the time until the server answers, and a third of its memory, for
the few dozen classes that are ever used.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import attrs


def import_lsprotocol() -> None:
    """Import `lsprotocol.types`, with classes that are no attrs classes until they are used.

    A class is used when an object of it is made, or when somebody (cattrs) looks at its fields.
    They compare as objects do and print without their fields. Where lsprotocol has been imported
    before, nothing changes. For a process that is a server and nothing else.
    """
    if "lsprotocol.types" in sys.modules:
        return
    with _later_classes():
        import lsprotocol.types  # noqa: F401
    from lsprotocol import _hooks

    _hooks._resolved_forward_references = True  # each class does it for itself


@contextmanager
def _later_classes() -> Iterator[None]:
    define: Callable[..., Any] = attrs.define

    def later(cls: type | None = None, **options: Any) -> Any:
        if cls is None:
            return lambda each: later(each, **options)
        _Later(cls, lambda: define(cls, **{**options, "slots": False, "eq": False, "repr": False}))
        return cls

    attrs.define = later  # type: ignore[assignment]
    try:
        yield
    finally:
        attrs.define = define


class _Later:
    """Stands in a class for its fields and its constructor until the first use makes both.

    `define` makes an attrs class of `cls` in place.
    """

    _lock = threading.RLock()
    """For all: making a class makes its base classes, too."""

    def __init__(self, cls: Any, define: Callable[[], None]) -> None:
        def initialize(instance: Any, *arguments: Any, **fields: Any) -> None:
            self._make()
            cls.__init__(instance, *arguments, **fields)

        cls.__attrs_attrs__, cls.__init__ = self, initialize
        self._class = cls
        self._define = define

    def __get__(self, instance: object, owner: Any) -> Any:
        """Somebody asks `owner` for its fields: it is our class or, being made, one below it."""
        self._make()
        return owner.__attrs_attrs__

    def _make(self) -> None:
        from lsprotocol import types

        with self._lock:
            if vars(self._class).get("__attrs_attrs__") is self:
                del self._class.__attrs_attrs__, self._class.__init__
                with _without_module(self._class):
                    self._define()
                attrs.resolve_types(self._class, types.ALL_TYPES_MAP, {})


@contextmanager
def _without_module(cls: type) -> Iterator[None]:
    """For as long as attrs makes a class of `cls`: it copies all names of its module, twice.

    They are there to resolve the types of the constructor, which nobody does: 50 kB a class.
    """
    module, cls.__module__ = cls.__module__, ""
    try:
        yield
    finally:
        cls.__module__ = module
