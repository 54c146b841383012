"""What other programs write, made fit to be shown: no secrets, no escape sequences."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pyproject_ls.lazy import lazy_pattern

_PORT = r"\d+(?:[/?#\s]|$)"
_USER_INFO = lazy_pattern(rf"://(?:[^\s/@:]*:(?!{_PORT})\S*|[^\s/@:]+)@")
"""What stands before the host of an address; a password may hold what it should not."""

_SECRET_NAME = lazy_pattern(r"PASS|TOKEN|SECRET|CREDENTIAL|_AUTH$|API_?KEY", re.IGNORECASE)
_SHORTEST = 4
"""A shorter secret would take words away that are none."""
_NO_SECRETS = frozenset({"true", "false", "none", "null"})

_ESCAPES = lazy_pattern(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f]"
)
HIDDEN = "***"


class Mask:
    """Hides the logins in addresses, and the values of those variables `environ` that are secrets.

    Which ones are shows in their names.
    """

    __slots__ = ("_secrets",)

    def __init__(self, environ: Mapping[str, str]) -> None:
        secrets = {
            value
            for name, value in environ.items()
            if _SECRET_NAME.search(name)
            and len(value) >= _SHORTEST
            and value.lower() not in _NO_SECRETS
        }
        # the longest first: one may be part of another
        ordered = sorted(secrets, key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    def __call__(self, text: str) -> str:
        """`text` without them."""
        text = masked(text)
        return self._secrets.sub(HIDDEN, text) if self._secrets else text


def masked(text: str) -> str:
    """`text` with ``***`` for the user name and password of each address in it."""
    return _USER_INFO.sub(f"://{HIDDEN}@", text)


def plain(text: str) -> str:
    """`text` without terminal escape sequences and control characters (tabs and newlines stay)."""
    return _ESCAPES.sub("", text)
