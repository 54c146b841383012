"""``python -m tests.editors``: install the editors and run the tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.editors.install import neovim

if __name__ == "__main__":
    print(f"Neovim: {neovim()}")
    sys.exit(pytest.main([str(Path(__file__).parent), *sys.argv[1:]]))
