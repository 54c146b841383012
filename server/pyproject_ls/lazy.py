"""A property that is computed once.

`functools.cached_property` holds one lock for all objects of a class before Python 3.12, so that a
long computation for one document would block those of all others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

Value = TypeVar("Value")


class lazy_property(Generic[Value]):
    """Computes the value at the first access, and keeps it in the object's own dictionary.

    Two threads may compute at once; both get an equal value.
    """

    def __init__(self, compute: Callable[[Any], Value]) -> None:
        self.compute = compute
        self.name = compute.__name__
        self.__doc__ = compute.__doc__

    @overload
    def __get__(self, owner: None, kind: type | None = None) -> lazy_property[Value]: ...

    @overload
    def __get__(self, owner: object, kind: type | None = None) -> Value: ...

    def __get__(self, owner: object, kind: type | None = None) -> lazy_property[Value] | Value:
        if owner is None:
            return self
        value = self.compute(owner)
        owner.__dict__[self.name] = value
        return value
