"""Starts the server that comes with the extension, from the folder ``libs`` beside this file.

It is run as ``python -I serve.py``: neither the working folder nor PYTHONPATH has a say in what is
imported, and programs that the server starts inherit nothing of it.
"""

import os
import sys

if __name__ == "__main__":
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "libs"))
    sys.argv[:] = ["pyproject-ls", "serve"]
    from pyproject_ls.cli import entry

    entry()
