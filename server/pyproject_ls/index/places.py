"""Where things are kept, and what the environment says about indexes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pyproject_ls.config import CACHE_DIR, IndexSettings, cache_folder

__all__ = ["CACHE_DIR", "approvals_file", "cache_folder", "index_settings"]

INDEX_URL = "PYPROJECT_LS_INDEX_URL"
OFFLINE = "PYPROJECT_LS_OFFLINE"

_NO = frozenset({"", "0", "false", "no", "off"})


def approvals_file(environ: Mapping[str, str]) -> Path:
    """Where it is kept which server may get which credentials; emptying the cache leaves it."""
    if environ.get(CACHE_DIR):
        return cache_folder(environ) / "approvals.json"
    from platformdirs import user_data_path

    return user_data_path("pyproject-ls", appauthor=False) / "approvals.json"


def index_settings(environ: Mapping[str, str]) -> IndexSettings:
    """The settings that environment variables make; those of an editor go before them."""
    return IndexSettings(
        url=environ.get(INDEX_URL, ""),
        offline=environ.get(OFFLINE, "").strip().lower() not in _NO,
    )
