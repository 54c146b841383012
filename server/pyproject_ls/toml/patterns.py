"""The regular expressions of the parser.

None can backtrack further than one line, and none that repeats a group does so without bounds: the
time and memory of a match stay in proportion to what it matches.
"""

from __future__ import annotations

import re

from pyproject_ls.lazy import lazy_pattern

MAX_DEPTH = 100
"""How many brackets and inline keys may stand in one another, and how many parts a key may have."""

CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
PLAIN = rf'[^"\\\r\n{CONTROL}]*'
END = rf"[ \t]*(?:#[^\r\n{CONTROL}]*)?(?:\r?\n|\Z)"
BARE = r"[A-Za-z0-9_-]+"

# The statements that make up nearly every file, each in one match. What a fast pattern does not
# match is read step by step, so a pattern may be too narrow but never too wide.
LINE = lazy_pattern(
    rf'[ \t\r\n]*(?:([A-Za-z0-9_.-]+)|"({PLAIN})")[ \t]*=[ \t]*'
    rf'(?:(?:"({PLAIN})"|(true|false)){END})?'
)
HEADER = lazy_pattern(rf"\[(\[?)[ \t]*([A-Za-z0-9_.-]+)[ \t]*\](\]?){END}")
TAIL = lazy_pattern(END)
STRING = lazy_pattern(rf'"({PLAIN})"(?!")')
STRING_ITEMS = lazy_pattern(rf'(?:[ \t\r\n]*"{PLAIN}"[ \t]*,){{1,500}}')
LAST_STRING = lazy_pattern(rf'[ \t\r\n]*(?:"({PLAIN})"[ \t\r\n]*)?\]')
PAIR = lazy_pattern(
    r"[ \t]*([A-Za-z0-9_.-]+)[ \t]*=[ \t]*"
    rf'(?:(?:"({PLAIN})"|(true|false))[ \t]*([,}}]))?'
)
AFTER_PAIR = lazy_pattern(r"[ \t]*([,}])")

SPACE = lazy_pattern(rf"[ \t{CONTROL}]*")
BLANK = lazy_pattern(rf"[ \t\r\n{CONTROL}]*")
COMMENT = lazy_pattern(r"#[^\r\n]*")
REST = lazy_pattern(r"[^\r\n#]*")
REST_OF_ITEM = lazy_pattern(r"[^\r\n#,\]}\[{\"'=]*")
LINE_END = lazy_pattern(r"[^\r\n]*")
BARE_KEY = lazy_pattern(BARE)
LOOSE_KEY = lazy_pattern(r"[^\s=.:,#\"'\[\]{}" + CONTROL + "]+")
REST_OF_KEY = lazy_pattern(r"[A-Za-z0-9_.\- \t]+|\"[^\"\\\r\n]*\"|'[^'\r\n]*'")
WORD = lazy_pattern(
    r"[^\s,\]}#=\"'\[{" + CONTROL + r"]+(?:(?<=[0-9]) (?=[0-9]{2}:[0-9]{2})[^\s,\]}#=\"'\[{]+)?"
)
CONTROL_BYTES = bytes((*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F))
CONTROL_RUN = lazy_pattern(rf"[{CONTROL}]+|(?:\r(?!\n))+")
# For finding brackets quickly, outside strings and comments.
FILLER = lazy_pattern(r"[^\[\]{}\"'#\r\n]+")

CONFLICT = lazy_pattern(r"(?:<{7}|={7}|>{7}|\|{7})(?![^ \r\n])[^\r\n]*")
"""A line that Git leaves in a file at a merge conflict."""
QUOTED = r"\"[^\"\\\r\n]*\"|'[^'\r\n]*'"
DOTTED = rf"[ \t]*(?:\.[ \t]*(?:{BARE}|{QUOTED})[ \t]*){{0,20}}"
NEXT_ENTRY = lazy_pattern(rf"[ \t]*(?:{BARE}|{QUOTED}){DOTTED}=")
NEXT_HEADER = lazy_pattern(
    rf"[ \t]*\[\[?[ \t]*(?![0-9+-]|(?:true|false|inf|nan)\b){BARE}{DOTTED}\]\]?{END}"
)


def past(pattern: re.Pattern[str], text: str, at: int) -> int:
    """The offset after what `pattern` matches at `at`, or `at` where it does not match."""
    match = pattern.match(text, at)
    return at if match is None else match.end()
