"""How a client introduces itself, made such that it can be understood.

Clients announce what their editor has today, and tomorrow's editors have kinds of symbols and tags
that no class of `lsprotocol` knows yet. None of that is a reason not to serve them: what cannot be
understood is as if it had not been said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

Json = dict[str, Any]

_NEEDED: Json = {"processId": None, "capabilities": {}}
"""What has to be there; a client that does not say anything can do nothing."""


def understood(params: Any, structure: Callable[[Json], T]) -> T:
    """What `structure`, which may raise, makes of the parameters of ``initialize``.

    They come without what it does not understand, and with the folders of clients that know one.
    """
    given = params if isinstance(params, Mapping) else {}
    given = {**_NEEDED, **{name: value for name, value in given.items() if value is not None}}

    def is_sound(part: Json) -> bool:
        try:
            structure({**_NEEDED, **part})
        except Exception:  # whatever a converter makes of it
            return False
        return True

    try:
        return structure(_with_folders(given))
    except Exception:
        return structure(_with_folders({**_NEEDED, **_pruned(given, is_sound)}))


def _pruned(value: Any, is_sound: Callable[[Any], bool]) -> Any:
    """What is sound of an object or a list: whole parts, and of others what is sound of them."""
    if isinstance(value, Mapping):
        kept = {}
        for name, part in value.items():

            def fits(part: Any, name: str = name) -> bool:
                return is_sound({name: part})

            part = part if fits(part) else _pruned(part, fits)
            if fits(part):
                kept[name] = part
        return kept
    if isinstance(value, list):
        return [each for each in value if is_sound([each])]
    return value


def _with_folders(params: Json) -> Json:
    """With the one folder of a client that knows no others, by ``rootUri`` or ``rootPath``."""
    if params.get("workspaceFolders"):
        return params
    uri, path = params.get("rootUri"), params.get("rootPath")
    if not uri and isinstance(path, str) and Path(path).is_absolute():
        uri = Path(path).as_uri()
    if not uri or not isinstance(uri, str):
        return params
    folder = {"uri": uri, "name": uri.rstrip("/").rpartition("/")[2]}
    return {**params, "workspaceFolders": [folder]}
