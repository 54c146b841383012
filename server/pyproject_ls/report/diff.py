"""The difference that fixes make, as a unified diff."""

from __future__ import annotations

from pyproject_ls.report.visible import visible

_COLOURS = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"}
_RESET = "\x1b[0m"


def unified(path: str, before: str, after: str, colour: bool = False, escape: bool = False) -> str:
    """A diff that ``patch -p0`` understands. `escape`: make it harmless for a terminal."""
    from difflib import unified_diff

    name = visible(path)
    lines = unified_diff(_lines(before), _lines(after), name, name)
    return "".join(_written(line, colour, escape) for line in lines)


def _lines(text: str) -> list[str]:
    """The lines with their line feeds; nothing but a line feed ends a line for ``patch``."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _written(line: str, colour: bool, escape: bool) -> str:
    content = line.removesuffix("\n")
    ended = len(line) > len(content)
    if escape:
        content = visible(content.removesuffix("\r"))
    if colour and (paint := _COLOURS.get(content[:1])):
        content = f"{paint}{content}{_RESET}"
    return f"{content}\n" if ended else f"{content}\n\\ No newline at end of file\n"
