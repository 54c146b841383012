"""What this process is: nothing of this holds where a program uses the package as a library."""

from __future__ import annotations

is_command = False
"""Our command line, which does nothing else while a plugin runs."""

is_server = False
"""Our language server: somebody is typing while a plugin runs."""
