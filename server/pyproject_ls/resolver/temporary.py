"""A folder for what a tool leaves behind in the system's temporary folder when it is ended."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from pyproject_ls.resolver.running import to_the_end


@contextlib.asynccontextmanager
async def scratch_folder() -> AsyncIterator[Path]:
    """A new folder, gone at the end of the block however it ends. Raises OSError."""
    folder = Path(tempfile.mkdtemp(prefix="pyproject-ls-"))
    try:
        yield folder
    finally:
        await to_the_end(asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True))


def with_temporary(environ: Mapping[str, str], scratch: Path) -> dict[str, str]:
    """`environ`, in which temporary files are made in a folder below `scratch`, which is made."""
    folder = scratch / "tmp"
    folder.mkdir(exist_ok=True)
    return dict(environ) | {name: str(folder) for name in ("TMPDIR", "TEMP", "TMP")}
