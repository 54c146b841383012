"""The smallest values of TOML: words (numbers, booleans, dates) and the insides of strings.

Pure functions over text; offsets are code points, spans half-open. What is wrong is returned or
added to a log, never raised. TOML 1.0 and 1.1 (https://toml.io/en/v1.1.0).
"""

from __future__ import annotations

import datetime
import re
from typing import Any

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.toml.nodes import ProblemKind, ScalarKind
from pyproject_ls.toml.problems import ProblemLog

MAX_WORD = 4300
"""The longest number that is read. Python's own limit for the digits of an integer; it also bounds
the time and memory that one number costs."""

_DIGITS = r"[0-9](?:_?[0-9])*"
_INTEGER = lazy_pattern(
    r"[+-]?(?:0|[1-9](?:_?[0-9])*)\Z"
    r"|0x[0-9a-fA-F](?:_?[0-9a-fA-F])*\Z|0o[0-7](?:_?[0-7])*\Z|0b[01](?:_?[01])*\Z"
)
_FLOAT = lazy_pattern(
    r"[+-]?(?:(?:0|[1-9](?:_?[0-9])*)"
    rf"(?:\.{_DIGITS}(?:[eE][+-]?{_DIGITS})?|[eE][+-]?{_DIGITS})|inf|nan)\Z"
)
_DATE = r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
_TIME = (
    r"(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9])"
    r"(?::(?P<second>[0-5][0-9])(?:\.(?P<fraction>[0-9]+))?)?"
)
_OFFSET = r"(?P<offset>[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
_DATETIME = lazy_pattern(rf"{_DATE}(?:[Tt ]{_TIME}{_OFFSET}?)?\Z")
_LOCAL_TIME = lazy_pattern(rf"{_TIME}\Z")

ESCAPE = lazy_pattern(
    r'\\(?:[btnfre"\\]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}'
    r"|[ \t]*\r?\n[ \t\r\n]*|)|\r\n"
)
"""One piece of a string that does not stand for itself: an escape, a line-ending backslash, a
CRLF; or a backslash alone, which is wrong and stands for itself."""

_SIMPLE = {
    r"\b": "\b",
    r"\t": "\t",
    r"\n": "\n",
    r"\f": "\f",
    r"\r": "\r",
    r"\"": '"',
    r"\\": "\\",
    "\r\n": "\n",
}
_BAD_ESCAPE = lazy_pattern(r"\\(?:u[0-9a-fA-F]{0,4}|U[0-9a-fA-F]{0,8}|x[0-9a-fA-F]{0,2}|[^\r\n])?")


class Word(NamedTuple):
    """What an unquoted word is; `message` is empty where nothing is wrong with it."""

    kind: ScalarKind
    value: Any
    message: str = ""
    problem: ProblemKind = "syntax"


_TRUE, _FALSE = Word("boolean", True), Word("boolean", False)


def shown(text: str) -> str:
    """`text` for use in a message: at most 40 characters, those that cannot be seen as U+00A0."""
    if len(text) > 40:
        text = text[:37] + "..."
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else f"U+{ord(char):04X}" for char in text)


def read_word(word: str) -> Word:
    """What the unquoted `word` means as a TOML value.

    "datetime" keeps its text (see `to_python`); so does what is no value, with a message.
    """
    if word == "true":
        return _TRUE
    if word == "false":
        return _FALSE
    if len(word) > MAX_WORD:
        return Word("invalid", word, f"this value is longer than {MAX_WORD} characters; shorten it")
    if _INTEGER.match(word):
        try:
            return Word("integer", int(word, 0 if word[:2] in ("0x", "0o", "0b") else 10))
        except ValueError:  # only where the user has lowered Python's own limit of digits
            return Word("invalid", word, "this number has too many digits")
    if _FLOAT.match(word):
        return Word("float", float(word.replace("_", "")))
    moment = _LOCAL_TIME.match(word) or _DATETIME.match(word)
    if moment is not None:
        return _read_moment(word, moment)
    return Word("invalid", word, _no_value(word))


def _read_moment(word: str, match: re.Match[str]) -> Word:
    groups = match.groupdict()
    if groups.get("date"):
        try:
            datetime.date.fromisoformat(groups["date"])
        except ValueError:
            return Word("invalid", word, f"there is no day `{groups['date']}` in the calendar")
    if groups["hour"] and not groups["second"]:
        message = "a time without seconds needs TOML 1.1; add `:00` after the minutes"
        return Word("datetime", word, message, "toml-1.1")
    return Word("datetime", word)


def _no_value(word: str) -> str:
    name = shown(word)
    if word.lower() in ("true", "false"):
        return f"`{name}` is not a value; booleans are written in lower case: `{word.lower()}`"
    if word.lower() in ("none", "null", "nil"):
        return f"TOML has no `{name}`; leave the key out instead"
    if word[0] in "0123456789+-." and word.strip("+-.").replace("_", "").isdigit():
        return f"`{name}` is not a number TOML can read"
    return f"`{name}` is not a value; put quotes around it if it is text"


def parse_moment(
    text: str,
) -> datetime.datetime | datetime.date | datetime.time:
    """The datetime, date or time that `text`, the value of a "datetime" scalar, stands for.

    As in tomllib, digits past the microsecond are cut off. Raises ValueError for any other text.
    """
    match = _LOCAL_TIME.match(text) or _DATETIME.match(text)
    if match is None:
        raise ValueError(f"not a TOML date or time: {text!r}")
    groups = match.groupdict()
    date = datetime.date.fromisoformat(groups["date"]) if groups.get("date") else None
    if not groups["hour"]:
        assert date is not None
        return date
    microsecond = int((groups["fraction"] or "0")[:6].ljust(6, "0"))
    time = datetime.time(
        int(groups["hour"]), int(groups["minute"]), int(groups["second"] or 0), microsecond
    )
    if date is None:
        return time
    return datetime.datetime.combine(date, time, _timezone(groups["offset"]))


def _timezone(offset: str | None) -> datetime.timezone | None:
    if offset is None:
        return None
    if offset in "Zz":
        return datetime.timezone.utc
    minutes = int(offset[1:3]) * 60 + int(offset[4:6])
    return datetime.timezone(datetime.timedelta(minutes=-minutes if offset[0] == "-" else minutes))


def decode_escape(escape: str) -> str | None:
    """What one match of `ESCAPE` stands for; None for an invalid escape."""
    if len(escape) == 1:
        return None
    simple = _SIMPLE.get(escape)
    if simple is not None:
        return simple
    sign = escape[1]
    if sign == "e":
        return "\x1b"
    if sign in "uUx":
        code = int(escape[2:], 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            return None
        return chr(code)
    return ""  # a line-ending backslash


def unescape(content: str, at: int, problems: ProblemLog) -> str:
    """The decoded text between the quotes of a basic string.

    `at` is the offset of `content` in the text. Invalid escapes stand for themselves and are
    added to `problems`, as are the escapes that only TOML 1.1 has.
    """

    def replace(match: re.Match[str]) -> str:
        escape = match.group()
        simple = _SIMPLE.get(escape)
        if simple is not None:
            return simple
        decoded = decode_escape(escape)
        start = at + match.start()
        if decoded is None:
            bad = _BAD_ESCAPE.match(content, match.start())
            written = bad.group() if bad is not None else escape
            message = f"`{shown(written)}` is not an escape; write `\\\\` for a backslash"
            problems.add(start, start + len(written), message)
            return escape
        if escape[1:2] == "e" or escape[1:2] == "x":
            code = f"\\u{ord(decoded):04x}"
            message = f"`{escape}` needs TOML 1.1; write `{code}` instead"
            problems.add(start, start + len(escape), message, "toml-1.1")
        return decoded

    return ESCAPE.sub(replace, content)


_PLAIN = lazy_pattern(r'[^"\\\r\n]*')
_LITERAL_PLAIN = lazy_pattern(r"[^'\r\n]*")


def find_end_of_line_string(text: str, start: int, quote: str) -> tuple[int, bool]:
    """Where the content of a single-line string ends, and whether a quote stands there.

    `start` is the offset after the opening `quote`; without a closing one the content goes to the
    end of the line.
    """
    if quote == "'":
        match = _LITERAL_PLAIN.match(text, start)
        end = match.end() if match is not None else start
        return end, text.startswith("'", end)
    plain = _PLAIN.match
    length = len(text)
    at = start
    while True:
        match = plain(text, at)
        at = match.end() if match is not None else at
        if at >= length:
            return length, False
        char = text[at]
        if char == '"':
            return at, True
        if char != "\\":
            return at, False
        # what is escaped cannot close the string, but a line break still ends it
        at += 1 if text[at + 1 : at + 2] in ("\r", "\n", "") else 2


def find_end_of_block_string(text: str, start: int, quote: str) -> int:
    """The offset after the closing quotes of a multi-line string, or -1 where there are none.

    `start` is the offset after the opening three `quote` characters. Up to two further quotes
    before the closing ones belong to the content.
    """
    closing = quote * 3
    at = start
    while True:
        at = text.find(closing, at)
        if at < 0:
            return -1
        if quote == '"':
            back = at
            while back > start and text[back - 1] == "\\":
                back -= 1
            if (at - back) % 2:
                at += 1
                continue
        at += 3
        for _ in range(2):
            if text.startswith(quote, at):
                at += 1
        return at
