"""``python -m pyproject_ls``: the same as the command ``pyproject-ls``."""

from pyproject_ls.cli import entry

if __name__ == "__main__":
    entry()
