"""Run as ``<Poetry's python> -I <this folder>``: the resolver worker inside the user's own Poetry.

Nothing but the standard library and Poetry is there, so this is not imported as a part of
`pyproject_ls`. The folder becomes a package with a name of its own, and leaves ``sys.path``, so
that none of its modules can stand in the way of one that Poetry imports.
"""

from __future__ import annotations

import importlib
import os
import sys
import types

NAME = "pyproject_ls_poetry_worker"


def main() -> int:
    """Answer until stdin ends."""
    folder = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != folder]
    package = types.ModuleType(NAME)
    package.__path__ = [folder]
    sys.modules[NAME] = package
    status: int = importlib.import_module(f"{NAME}.loop").main()
    return status


if __name__ == "__main__":
    sys.exit(main())
