"""The language server as its clients see it: a real process, real messages."""
