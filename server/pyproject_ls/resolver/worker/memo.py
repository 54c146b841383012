"""What is the same however often it is worked out: the last values of a function, lock files."""

from __future__ import annotations

import pickle
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

LOCK_FILES = 4
"""Lock files that are kept as Poetry has read them."""


class Memo:
    """The last `most` values, by their keys."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Any, Any] = OrderedDict()

    def get(self, key: Any, make: Callable[[], Any]) -> Any:
        """The value for `key`, made by `make` where there is none. Raises what that raises."""
        if key in self._values:
            self._values.move_to_end(key)
            return self._values[key]
        value = self._values[key] = make()
        while len(self._values) > self._most:
            self._values.popitem(last=False)
        return value

    def clear(self) -> None:
        """Make all of them anew."""
        self._values.clear()


class LockFiles:
    """The data in lock files, by their text; each time another object, which may be changed."""

    def __init__(self) -> None:
        self._known = Memo(LOCK_FILES)

    def data(self, text: str | None, read: Callable[[], Any]) -> Any:
        """What `read` finds in `text`; whatever it raises."""
        return pickle.loads(self._known.get(text, lambda: pickle.dumps(read())))
