"""Tests run the same in the foreground and in the background."""

from __future__ import annotations

import signal

# a shell has what it runs in the background ignore Ctrl-C, and so do all processes started by that
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
