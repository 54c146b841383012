"""The regular expressions of the parser.

None can backtrack further than one line, and none that repeats a group does so without bounds: the
time and memory of a match stay in proportion to what it matches.
"""

from __future__ import annotations

import re

MAX_DEPTH = 100
"""How many brackets and inline keys may stand in one another, and how many parts a key may have."""

CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
PLAIN = rf'[^"\\\r\n{CONTROL}]*'
END = rf"[ \t]*(?:#[^\r\n{CONTROL}]*)?(?:\r?\n|\Z)"
BARE = r"[A-Za-z0-9_-]+"

# The statements that make up nearly every file, each in one match. What a fast pattern does not
# match is read step by step, so a pattern may be too narrow but never too wide.
LINE = re.compile(
    rf'[ \t\r\n]*(?:([A-Za-z0-9_.-]+)|"({PLAIN})")[ \t]*=[ \t]*'
    rf'(?:(?:"({PLAIN})"|(true|false)){END})?'
)
HEADER = re.compile(rf"\[(\[?)[ \t]*([A-Za-z0-9_.-]+)[ \t]*\](\]?){END}")
TAIL = re.compile(END)
STRING = re.compile(rf'"({PLAIN})"(?!")')
STRING_ITEMS = re.compile(rf'(?:[ \t\r\n]*"{PLAIN}"[ \t]*,){{1,500}}')
LAST_STRING = re.compile(rf'[ \t\r\n]*(?:"({PLAIN})"[ \t\r\n]*)?\]')
PAIR = re.compile(
    r"[ \t]*([A-Za-z0-9_.-]+)[ \t]*=[ \t]*"
    rf'(?:(?:"({PLAIN})"|(true|false))[ \t]*([,}}]))?'
)
AFTER_PAIR = re.compile(r"[ \t]*([,}])")

SPACE = re.compile(rf"[ \t{CONTROL}]*")
BLANK = re.compile(rf"[ \t\r\n{CONTROL}]*")
COMMENT = re.compile(r"#[^\r\n]*")
REST = re.compile(r"[^\r\n#]*")
REST_OF_ITEM = re.compile(r"[^\r\n#,\]}\[{\"'=]*")
LINE_END = re.compile(r"[^\r\n]*")
BARE_KEY = re.compile(BARE)
LOOSE_KEY = re.compile(r"[^\s=.:,#\"'\[\]{}" + CONTROL + "]+")
REST_OF_KEY = re.compile(r"[A-Za-z0-9_.\- \t]+|\"[^\"\\\r\n]*\"|'[^'\r\n]*'")
WORD = re.compile(
    r"[^\s,\]}#=\"'\[{" + CONTROL + r"]+(?:(?<=[0-9]) (?=[0-9]{2}:[0-9]{2})[^\s,\]}#=\"'\[{]+)?"
)
CONTROL_BYTES = bytes((*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F))
CONTROL_RUN = re.compile(rf"[{CONTROL}]+|(?:\r(?!\n))+")
# For finding brackets quickly, outside strings and comments.
FILLER = re.compile(r"[^\[\]{}\"'#\r\n]+")

CONFLICT = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?![^ \r\n])[^\r\n]*")
"""A line that Git leaves in a file at a merge conflict."""
QUOTED = r"\"[^\"\\\r\n]*\"|'[^'\r\n]*'"
DOTTED = rf"[ \t]*(?:\.[ \t]*(?:{BARE}|{QUOTED})[ \t]*){{0,20}}"
NEXT_ENTRY = re.compile(rf"[ \t]*(?:{BARE}|{QUOTED}){DOTTED}=")
NEXT_HEADER = re.compile(
    rf"[ \t]*\[\[?[ \t]*(?![0-9+-]|(?:true|false|inf|nan)\b){BARE}{DOTTED}\]\]?{END}"
)


def past(pattern: re.Pattern[str], text: str, at: int) -> int:
    """The offset after what `pattern` matches at `at`, or `at` where it does not match."""
    match = pattern.match(text, at)
    return at if match is None else match.end()
