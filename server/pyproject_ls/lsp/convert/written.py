"""JSON values that are text already."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any


class Written(str):
    """The JSON text of a value: as the result or the parameters of a message it is sent as it is.

    For what is sent at every keystroke and is nearly the same each time.
    """

    __slots__ = ()


def written(value: Any, default: Callable[[Any], Any] | None = None) -> Written:
    """`value` as JSON text; `default` makes JSON values of what is none. Raises TypeError."""
    return Written(json.dumps(value, default=default, separators=(",", ":")))
