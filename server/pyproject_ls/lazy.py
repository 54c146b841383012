"""What is computed when it is first needed: properties and regular expressions.

`functools.cached_property` holds one lock for all objects of a class before Python 3.12, so that a
long computation for one document would block those of all others.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast, overload

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


class _Pattern:
    """Has the attributes of a compiled regular expression as its own: they are found as fast."""

    pattern: str


class _LazyPattern(_Pattern):
    """Compiles its regular expression when an attribute of it is asked for."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self.pattern, self._flags)
        for each in dir(compiled):
            if not each.startswith("_"):
                setattr(self, each, getattr(compiled, each))
        # which asks nobody for what it has not; mypy knows no other class than the first
        self.__class__ = _Pattern  # type: ignore[assignment]
        return getattr(compiled, name)


def lazy_pattern(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """As `re.compile`, but done when the pattern is first used.

    To be at hand in a module costs nothing then: a check of one file imports a hundred and fifty
    patterns and uses a third of them. Mistakes in `pattern` show at the first use, too.
    """
    return cast("re.Pattern[str]", _LazyPattern(pattern, flags))
