"""From text to statements: headers, entries and the values in them, with what is wrong.

The parser never raises and never gives up: what it cannot read becomes a problem, and it goes on at
the next line that can only begin a statement. It reads TOML 1.1 (https://toml.io/en/v1.1.0) and
reports what TOML 1.0 does not have as problems of the kind "toml-1.1". A bare carriage return ends
a line, as it does in editors, and is a problem. Offsets are code points, spans half-open.

The work is linear in the length of the text: nothing is scanned to its end more than once, no
regular expression can backtrack further than one line, and nesting is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import accumulate

from pyproject_ls.text import Span
from pyproject_ls.toml.nodes import (
    Array,
    Entry,
    Header,
    Key,
    Problem,
    ProblemKind,
    Scalar,
    Table,
    Value,
)
from pyproject_ls.toml.scalars import (
    find_end_of_block_string,
    find_end_of_line_string,
    read_word,
    shown,
    unescape,
)
from pyproject_ls.toml.tables import fill

MAX_DEPTH = 100
"""How many brackets and inline keys may stand in one another, and how many parts a key may have."""

ROOT_SECTION = -1
"""Stands for the start of the root's section, which may share its offset with the first header."""

_CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
_PLAIN = rf'[^"\\\r\n{_CONTROL}]*'
_END = rf"[ \t]*(?:#[^\r\n{_CONTROL}]*)?(?:\r?\n|\Z)"
_BARE = r"[A-Za-z0-9_-]+"

# The statements that make up nearly every file, each in one match. What a fast pattern does not
# match is read step by step, so a pattern may be too narrow but never too wide.
_LINE = re.compile(
    rf'[ \t\r\n]*(?:([A-Za-z0-9_.-]+)|"({_PLAIN})")[ \t]*=[ \t]*'
    rf'(?:(?:"({_PLAIN})"|(true|false)){_END})?'
)
_HEADER = re.compile(rf"\[(\[?)[ \t]*([A-Za-z0-9_.-]+)[ \t]*\](\]?){_END}")
_TAIL = re.compile(_END)
_STRING = re.compile(rf'"({_PLAIN})"(?!")')
_STRING_ITEMS = re.compile(rf'(?:[ \t\r\n]*"{_PLAIN}"[ \t]*,){{1,500}}')
_LAST_STRING = re.compile(rf'[ \t\r\n]*(?:"({_PLAIN})"[ \t\r\n]*)?\]')
_PAIR = re.compile(
    r"[ \t]*([A-Za-z0-9_.-]+)[ \t]*=[ \t]*"
    rf'(?:(?:"({_PLAIN})"|(true|false))[ \t]*([,}}]))?'
)
_AFTER_PAIR = re.compile(r"[ \t]*([,}])")

_SPACE = re.compile(rf"[ \t{_CONTROL}]*")
_BLANK = re.compile(rf"[ \t\r\n{_CONTROL}]*")
_COMMENT = re.compile(r"#[^\r\n]*")
_REST = re.compile(r"[^\r\n#]*")
_REST_OF_ITEM = re.compile(r"[^\r\n#,\]}\[{\"'=]*")
_LINE_END = re.compile(r"[^\r\n]*")
_BARE_KEY = re.compile(_BARE)
_LOOSE_KEY = re.compile(r"[^\s=.:,#\"'\[\]{}" + _CONTROL + "]+")
_REST_OF_KEY = re.compile(r"[A-Za-z0-9_.\- \t]+|\"[^\"\\\r\n]*\"|'[^'\r\n]*'")
_WORD = re.compile(
    r"[^\s,\]}#=\"'\[{" + _CONTROL + r"]+(?:(?<=[0-9]) (?=[0-9]{2}:[0-9]{2})[^\s,\]}#=\"'\[{]+)?"
)
_CONTROL_BYTES = bytes((*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F))
_CONTROL_RUN = re.compile(rf"[{_CONTROL}]+|(?:\r(?!\n))+")
# For finding brackets quickly, outside strings and comments.
_FILLER = re.compile(r"[^\[\]{}\"'#\r\n]+")

_QUOTED = r"\"[^\"\\\r\n]*\"|'[^'\r\n]*'"
_DOTTED = rf"[ \t]*(?:\.[ \t]*(?:{_BARE}|{_QUOTED})[ \t]*){{0,20}}"
_NEXT_ENTRY = re.compile(rf"[ \t]*(?:{_BARE}|{_QUOTED}){_DOTTED}=")
_NEXT_HEADER = re.compile(
    rf"[ \t]*\[\[?[ \t]*(?![0-9+-]|(?:true|false|inf|nan)\b){_BARE}{_DOTTED}\]\]?{_END}"
)


class Parser:
    """One run over one text; `headers` and `problems` hold the result of `run`."""

    __slots__ = (
        "_at",
        "_brace_scan",
        "_cut",
        "_faulty",
        "_torn",
        "_unclosed_blocks",
        "headers",
        "problems",
        "text",
    )

    def __init__(self, text: str) -> None:
        self.text = text
        self.headers: list[Header] = []
        self.problems: list[Problem] = []
        self._at = 0
        """Where reading goes on; every method that reads leaves it after what it has read."""
        self._cut = False
        """The statement ended inside an open bracket or string: all open brackets end here too."""
        self._torn = False
        """The last value was a string without its quote, which may have swallowed what follows."""
        self._faulty = False
        """The statement has a problem already; what is left of its line needs no second one."""
        self._unclosed_blocks: set[str] = set()
        """The multi-line quotes that are known not to be closed anywhere further on."""
        self._brace_scan: tuple[int, int, dict[int, int]] = (0, 0, {})
        """Start, end and the pairs of braces of the last look ahead in this section."""

    # -- statements ------------------------------------------------------------------------------

    def run(self, reusable: Mapping[int, tuple[Header, int]]) -> None:
        """Read the whole text.

        `reusable` maps the start of a section (or `ROOT_SECTION`) to the header which an earlier
        run found for the very same text, and to the start of the section after it.
        """
        text = self.text
        length = len(text)
        header = Header(0, False)
        i = 1 if text.startswith("\ufeff") else 0
        if ROOT_SECTION in reusable:
            header, i = reusable[ROOT_SECTION]
        self.headers.append(header)
        entries = header.entries
        line, tail, split, begin = _LINE.match, _TAIL.match, _split, self._begin
        while True:
            match = line(text, i)
            if match is not None:
                name, quoted, string, boolean = match.groups()
                if name is None:
                    start = match.start(2) - 1
                    path = [Key(start, start + len(quoted) + 2, quoted)]
                elif "." not in name:
                    start = match.start(1)
                    path = [Key(start, start + len(name), name)]
                elif (parts := split(name, match.start(1))) is not None:
                    path = parts
                    start = path[0].start
                else:
                    begin(match.start(1))
                    entries.append(self._entry(1))
                    i = self._finish()
                    continue
                i = match.end()
                if string is not None:
                    at = match.start(3)
                    end = at + len(string) + 1
                    entries.append(Entry(start, path, Scalar(at - 1, end, "string", string), end))
                    continue
                if boolean is not None:
                    at, end = match.span(4)
                    value: Value | None = Scalar(at, end, "boolean", boolean == "true")
                    entries.append(Entry(start, path, value, end))
                    continue
                begin(i)
                value = self._value(1)
                end = self._at
                entry = Entry(start, path, value, end)
                entries.append(entry)
                if value is None:
                    self._no_value(entry, i)
                    end = self._at
                match = tail(text, end)
                i = self._finish() if match is None else match.end()
                continue
            i = _BLANK.match(text, i).end()  # type: ignore[union-attr]
            if i >= length:
                break
            char = text[i]
            if char == "#":
                i = _COMMENT.match(text, i).end()  # type: ignore[union-attr]
                continue
            if char == "[":
                self._brace_scan = (0, 0, {})
                if i in reusable:
                    header, i = reusable[i]
                else:
                    header = self._header(i)
                    i = self._at
                self.headers.append(header)
                entries = header.entries
                continue
            self._begin(i)
            if char in "]},":
                self._report(i, i + 1, f"a line cannot begin with `{char}`; remove it")
            else:
                entries.append(self._entry(1))
            i = self._finish()

    def find_control_characters(self) -> None:
        """Report the characters that TOML allows nowhere, once for each run of them."""
        text = self.text
        # far quicker than a search, and nearly always enough
        coded = text.encode("utf-8", "surrogatepass")
        if len(coded) == len(coded.translate(None, _CONTROL_BYTES)) and "\r" not in text:
            return
        for match in _CONTROL_RUN.finditer(text):
            run = match.group()
            if run[0] == "\r":
                message = "a carriage return must be followed by a line feed; change the line end"
            else:
                message = f"the control character U+{ord(run[0]):04X} is not allowed; remove it"
            span = Span(match.start(), match.end())
            self.problems.append(Problem(span, message, "control-character"))

    def _begin(self, at: int) -> None:
        self._at = at
        self._cut = self._torn = self._faulty = False

    def _report(self, start: int, end: int, message: str, kind: ProblemKind = "syntax") -> None:
        self.problems.append(Problem(Span(start, end), message, kind))
        self._faulty = True

    def _finish(self) -> int:
        """Go on after a statement: the start of the next line. What is left of this one is wrong."""
        text = self.text
        i = _SPACE.match(text, self._at).end()  # type: ignore[union-attr]
        if i < len(text) and text[i] not in "\r\n":
            rest = _LINE_END.match(text, i)
            assert rest is not None
            if text[i] != "#" and not self._faulty:
                end = i + len(_REST.match(text, i).group().rstrip())  # type: ignore[union-attr]
                message = f"`{shown(text[i:end])}` is too much here; remove it or begin a new line"
                self._report(i, end, message)
            i = rest.end()
        return i

    def _header(self, start: int) -> Header:
        text = self.text
        match = _HEADER.match(text, start)
        if match is not None:
            double, name, closing = match.groups()
            if bool(double) == bool(closing):
                path = _split(name, match.start(2))
                if path is not None:
                    header = Header(start, bool(double))
                    header.path = path
                    header.end = text.index("]", match.end(2)) + len(closing) + 1
                    self._at = match.end()
                    return header
        array = text.startswith("[[", start)
        header = Header(start, array)
        self._begin(start + 2 if array else start + 1)
        header.path = self._path(in_header=True)
        i = _SPACE.match(text, self._at).end()  # type: ignore[union-attr]
        closing = "]]" if array else "]"
        header.closed = text.startswith(closing, i)
        if header.closed:
            self._at = i + len(closing)
        elif not self._faulty:
            self._report(start, self._at, f"this header has no closing `{closing}`")
        header.end = self._at
        self._at = self._finish()
        return header

    def _path(self, in_header: bool = False) -> list[Key]:
        """Read a dotted key; a part that is not there becomes an empty Key of no width."""
        text = self.text
        path: list[Key] = []
        while True:
            before = self._at - 1 if path or in_header else self._at
            i = _SPACE.match(text, self._at).end()  # type: ignore[union-attr]
            self._at = i
            if len(path) == MAX_DEPTH:
                self._skip_key()
                message = f"this key has more than {MAX_DEPTH} parts; nothing reads that deep"
                self._report(path[0].start, self._at, message, "nesting")
                path.append(Key(self._at, self._at, ""))
                return path
            path.append(self._key(before))
            i = _SPACE.match(text, self._at).end()  # type: ignore[union-attr]
            if not text.startswith(".", i):
                return path
            self._at = i + 1

    def _skip_key(self) -> None:
        text = self.text
        while True:
            match = _REST_OF_KEY.match(text, self._at)
            if match is None:
                return
            self._at = match.end()

    def _key(self, before: int) -> Key:
        """Read one part of a key at `_at`; `before` is where to report that it is missing."""
        text = self.text
        i = self._at
        char = text[i : i + 1]
        if char == '"' or char == "'":
            return self._quoted_key(char)
        match = _LOOSE_KEY.match(text, i)
        if match is None:
            if not self._faulty:
                self._report(before, max(i, before + 1), "a key is missing here; write its name")
            return Key(i, i, "")
        self._at = match.end()
        name = match.group()
        if not _BARE_KEY.fullmatch(name) and not self._faulty:
            message = f"the key `{shown(name)}` needs quotes around it"
            self._report(i, self._at, message)
        return Key(i, self._at, name)

    def _quoted_key(self, quote: str) -> Key:
        text = self.text
        i = self._at
        if text.startswith(quote * 3, i):
            self._report(i, i + 3, "a key cannot be a multi-line string; use one quote")
        end, closed = find_end_of_line_string(text, i + 1, quote)
        name = text[i + 1 : end]
        if quote == '"' and "\\" in name:
            name = unescape(name, i + 1, self.problems if closed else [])
        self._at = end + 1 if closed else end
        if not closed and not self._faulty:
            self._report(i, end, f"this key has no closing `{quote}`")
        return Key(i, self._at, name)

    def _entry(self, depth: int) -> Entry:
        """Read ``key = value`` at `_at`; a missing value is None and has been reported."""
        text = self.text
        start = self._at
        path = self._path()
        end = self._at
        i = _SPACE.match(text, end).end()  # type: ignore[union-attr]
        if not text.startswith("=", i):
            if not self._faulty:
                self._no_equals(path, start, end, text[i : i + 1])
            return Entry(start, path, None, end)
        i += 1
        self._at = _SPACE.match(text, i).end()  # type: ignore[union-attr]
        value = self._value(depth + len(path) - 1)
        entry = Entry(start, path, value, self._at)
        if value is None:
            self._no_value(entry, i)
        return entry

    def _no_equals(self, path: list[Key], start: int, end: int, found: str) -> None:
        name = shown(".".join(key.text for key in path))
        if found in ("", "\r", "\n", "#", ",", "}"):
            self._report(start, end, f"the key `{name}` has no value; write `{name} = ...`")
        else:
            message = f"`=` is missing after the key `{name}`, before `{shown(found)}`"
            self._report(start, end, message)

    def _no_value(self, entry: Entry, at: int) -> None:
        """Report that nothing which begins a value stands after the ``=`` that ends before `at`."""
        text = self.text
        end = text.rfind("=", entry.path[-1].end, at) + 1
        entry.end = self._at = end
        name = shown(".".join(key.text for key in entry.path))
        i = _SPACE.match(text, end).end()  # type: ignore[union-attr]
        if not self._faulty:
            if i < len(text) and text[i] not in "\r\n#,}]":
                found = text[i]
                message = f"`{shown(found)}` cannot begin the value of `{name}`"
                self._report(i, i + 1, message)
            else:
                message = f"the key `{name}` has no value; write one after the `=`"
                self._report(entry.start, end, message)

    # -- values ----------------------------------------------------------------------------------

    def _value(self, depth: int) -> Value | None:
        """Read the value at `_at`; None where none begins there."""
        text = self.text
        i = self._at
        char = text[i : i + 1]
        if char == "[" or char == "{":
            if depth > MAX_DEPTH:
                return self._too_deep(i)
            return self._array(i, depth) if char == "[" else self._inline(i, depth)
        if char == '"':
            match = _STRING.match(text, i)
            if match is None:
                return self._string(i, char)
            self._at = end = match.end()
            return Scalar(i, end, "string", match.group(1))
        if char == "'":
            return self._string(i, char)
        match = _WORD.match(text, i)
        if match is None:
            return None
        word = read_word(match.group())
        self._at = end = match.end()
        if word.message:
            if word.kind == "invalid":
                rest = _REST if depth == 1 else _REST_OF_ITEM
                end = i + len(rest.match(text, i).group().rstrip())  # type: ignore[union-attr]
                if end > self._at:
                    self._at = end
                    word = read_word(text[i:end])
            self._report(i, self._at, word.message, word.problem)
        return Scalar(i, self._at, word.kind, word.value)

    def _string(self, i: int, quote: str) -> Scalar:
        text = self.text
        if text.startswith(quote * 3, i):
            return self._block_string(i, quote)
        end, closed = find_end_of_line_string(text, i + 1, quote)
        content = text[i + 1 : end]
        if not closed:
            self._at = end
            self._torn = True
            self._report(i, end, f"this string has no closing `{quote}`")
            return Scalar(i, end, "string", content, False)
        self._at = end + 1
        if quote == '"':
            content = unescape(content, i + 1, self.problems)
        return Scalar(i, end + 1, "string", content)

    def _block_string(self, i: int, quote: str) -> Scalar:
        text = self.text
        start = i + 3
        end = -1
        if quote not in self._unclosed_blocks:
            end = find_end_of_block_string(text, start, quote)
        if end < 0:
            # the content begins right after a quote, so its escapes are the same ones from
            # wherever the search begins: what is not closed here is not closed further on
            self._unclosed_blocks.add(quote)
            self._at = end = self._next_statement(start)
            self._cut = True
            self._report(i, start, f"this string has no closing `{quote * 3}`")
            return Scalar(i, end, "string", text[start:end], False)
        self._at = end
        if text.startswith("\r\n", start):
            start += 2
        elif text.startswith("\n", start):
            start += 1
        content = text[start : end - 3]
        if quote == '"':
            content = unescape(content, start, self.problems)
        else:
            content = content.replace("\r\n", "\n")
        return Scalar(i, end, "string", content)

    def _next_statement(self, i: int) -> int:
        """The end of the line before the next one, from `i` on, that can only be a statement."""
        text = self.text
        while True:
            end = _LINE_END.match(text, i).end()  # type: ignore[union-attr]
            if end >= len(text):
                return end
            i = end + 2 if text.startswith("\r\n", end) else end + 1
            if self._begins_statement(i):
                return end

    def _begins_statement(self, i: int) -> bool:
        text = self.text
        return bool(_NEXT_ENTRY.match(text, i) or _NEXT_HEADER.match(text, i))

    def _too_deep(self, start: int) -> Scalar:
        """Skip a value that is nested too deep, without looking at what is in it."""
        text = self.text
        length = len(text)
        i, level = start, 0
        while i < length:
            char = text[i]
            if char in "[{":
                level += 1
                i += 1
            elif char in "]}":
                level -= 1
                i += 1
                if not level:
                    break
            elif char in "\"'":
                self._at = i
                i = self._skip_string(i, char)
            elif char in "\r\n":
                if self._begins_statement(i + 1):
                    break
                i += 1
            elif char == "#":
                i = _COMMENT.match(text, i).end()  # type: ignore[union-attr]
            else:
                i = _FILLER.match(text, i).end()  # type: ignore[union-attr]
        self._cut = level > 0
        self._at = i
        message = f"more than {MAX_DEPTH} brackets inside each other; nothing reads that deep"
        self._report(start, start + 1, message, "nesting")
        return Scalar(start, i, "invalid", text[start:i])

    def _skip_string(self, i: int, quote: str) -> int:
        """The offset after the string at `i`; of an open multi-line one, after its first line."""
        text = self.text
        if text.startswith(quote * 3, i) and quote not in self._unclosed_blocks:
            end = find_end_of_block_string(text, i + 3, quote)
            if end >= 0:
                return end
            self._unclosed_blocks.add(quote)
        end, closed = find_end_of_line_string(text, i + 1, quote)
        return end + 1 if closed else end

    def _trivia(self, i: int) -> int:
        """The offset after the spaces, line breaks and comments at `i`."""
        text = self.text
        blank, comment = _BLANK.match, _COMMENT.match
        while True:
            i = blank(text, i).end()  # type: ignore[union-attr]
            match = comment(text, i)
            if match is None:
                return i
            i = match.end()

    def _line_start(self, start: int, end: int) -> int:
        """The start of the line of `end` if a line break stands between the two, or else -1."""
        text = self.text
        start_of_line = max(text.rfind("\n", start, end), text.rfind("\r", start, end)) + 1
        return start_of_line if start_of_line > 0 else -1

    def _array(self, start: int, depth: int) -> Array:
        text = self.text
        array = Array(start, start)
        items = array.items
        many, last, single = _STRING_ITEMS.match, _LAST_STRING.match, _STRING.match
        i = start + 1
        comma_due = False
        while True:
            if not comma_due:
                match = many(text, i)
                if match is not None:
                    # the odd parts are the strings; each part is one quote longer than it looks
                    parts = match.group().split('"')
                    places = list(accumulate(map(len, parts)))
                    at = i
                    for k in range(1, len(parts), 2):
                        begin = i + places[k - 1] + k - 1
                        items.append(Scalar(begin, i + places[k] + k + 1, "string", parts[k]))
                    i = match.end()
                    continue
                match = last(text, i)
                if match is not None:
                    string = match.group(1)
                    if string is not None:
                        at = match.start(1)
                        items.append(Scalar(at - 1, at + len(string) + 1, "string", string))
                    self._at = array.end = match.end()
                    return array
            gap = i
            i = self._trivia(gap)
            char = text[i : i + 1]
            if char == "]":
                self._at = array.end = i + 1
                return array
            if char == ",":
                if not comma_due:
                    self._report(i, i + 1, "a value is missing before this `,`; remove the `,`")
                i += 1
                comma_due = self._torn = False
                continue
            line = self._line_start(gap, i)
            if not char or line >= 0 and self._begins_statement(line):
                self._at = gap
                self._unclosed(array, "array", "]")
                return array
            torn, self._torn = self._torn, False
            match = single(text, i)
            value: Value | None
            if match is not None:
                value = Scalar(i, match.end(), "string", match.group(1))
                self._at = match.end()
            else:
                self._at = i
                value = self._value(depth + 1)
                if value is None:
                    self._at = i + 1
                    self._report(i, i + 1, f"`{shown(char)}` cannot begin a value; remove it")
            if value is not None:
                if comma_due and not torn:
                    end = value.end if value.__class__ is Scalar else i + 1
                    self._report(i, end, "a `,` is missing before this value")
                items.append(value)
            if self._cut:
                array.closed = False
                array.end = self._at
                return array
            i = self._at
            comma_due = True

    def _unclosed(self, node: Array | Table, what: str, bracket: str) -> None:
        """End `node`, and all brackets around it, at `_at`."""
        node.closed = False
        node.end = self._at
        self._cut = True
        if not self._torn:
            self._report(node.start, node.start + 1, f"this {what} has no closing `{bracket}`")

    def _inline(self, start: int, depth: int) -> Table:
        text = self.text
        table = Table(start, start, "inline")
        entries = table.entries
        i = start + 1
        comma_due = False
        comma = newline = -1
        pair = _PAIR.match
        while True:
            if not comma_due:
                match = pair(text, i)
                if match is not None:
                    name, string, boolean, after = match.groups()
                    begin = match.start(1)
                    if "." not in name:
                        path = [Key(begin, begin + len(name), name)]
                    elif (parts := _split(name, begin)) is not None:
                        path = parts
                    else:
                        path = []
                if match is not None and path:
                    i = end = match.end()
                    value: Value | None
                    if string is not None:
                        at = match.start(2)
                        end = at + len(string) + 1
                        value = Scalar(at - 1, end, "string", string)
                        entries.append(Entry(begin, path, value, end))
                    elif boolean is not None:
                        at, end = match.span(3)
                        value = Scalar(at, end, "boolean", boolean == "true")
                        entries.append(Entry(begin, path, value, end))
                    else:
                        self._at = i
                        value = self._value(depth + len(path))
                        entry = Entry(begin, path, value, self._at)
                        entries.append(entry)
                        if value is None:
                            self._no_value(entry, end)
                        if self._cut:
                            break
                        i = self._at
                        match = _AFTER_PAIR.match(text, i)
                        if match is None:
                            comma = -1
                            comma_due = True
                            continue
                        i = match.end()
                        after = match.group(1)
                    if after == "}":
                        comma = -1
                        self._at = i
                        break
                    comma = i - 1
                    continue
            gap = i
            i = self._trivia(gap)
            char = text[i : i + 1]
            line = self._line_start(gap, i)
            if line >= 0 and newline < 0:
                newline = _LINE_END.match(text, gap).end()  # type: ignore[union-attr]
            if char == "}":
                self._at = i + 1
                break
            if char == ",":
                if not comma_due:
                    self._report(i, i + 1, "a key is missing before this `,`; remove the `,`")
                comma = i
                i += 1
                comma_due = self._torn = False
                continue
            if not char or char == "]" or line >= 0 and self._leaves(start, line):
                self._at = gap
                closed_by_array = char == "]"
                self._unclosed(table, "inline table", "}")
                self._cut = not closed_by_array
                break
            torn, self._torn = self._torn, False
            if comma_due and not torn:
                self._report(i, i + 1, "a `,` is missing before this key")
            comma = -1
            self._at = i
            if char in "[{":
                self._value(depth + 1)
                self._report(i, i + 1, f"a key cannot begin with `{char}`")
            else:
                entry = self._entry(depth + 1)
                if self._at == i:
                    self._at = i + 1
                else:
                    entries.append(entry)
            if self._cut:
                break
            i = self._at
            comma_due = True
        if self._cut:
            table.closed = False
        table.end = self._at
        if newline >= 0 and newline < table.end:
            message = "an inline table over several lines needs TOML 1.1; write it on one line"
            self.problems.append(Problem(Span(start, newline), message, "toml-1.1"))
        elif comma >= 0 and table.closed:
            message = "a `,` after the last key of an inline table needs TOML 1.1; remove it"
            self.problems.append(Problem(Span(comma, comma + 1), message, "toml-1.1"))
        fill(table, entries, self.problems)
        return table

    def _leaves(self, start: int, line: int) -> bool:
        """Does a new statement begin at `line`, inside the braces that were opened at `start`?

        In TOML 1.1 an inline table may have keys on lines of their own: such a line is a statement
        only if the braces are not closed before the next header.
        """
        text = self.text
        if _NEXT_HEADER.match(text, line):
            return True
        if not _NEXT_ENTRY.match(text, line):
            return False
        first, last, pairs = self._brace_scan
        if not first <= start < last:
            self._scan_braces(start)
            first, last, pairs = self._brace_scan
        return start not in pairs

    def _scan_braces(self, start: int) -> None:
        """Pair the braces from `start` to its closing one, the next header or the end."""
        text = self.text
        length = len(text)
        pairs: dict[int, int] = {}
        opened: list[int] = []
        i = start
        while i < length:
            char = text[i]
            if char == "{":
                opened.append(i)
                i += 1
            elif char == "}":
                pairs[opened.pop()] = i
                i += 1
                if not opened:
                    break
            elif char in "\"'":
                i = self._skip_string(i, char)
            elif char == "#":
                i = _COMMENT.match(text, i).end()  # type: ignore[union-attr]
            elif char in "\r\n":
                i += 1
                if _NEXT_HEADER.match(text, i):
                    break
            elif char in "[]":
                i += 1
            else:
                i = _FILLER.match(text, i).end()  # type: ignore[union-attr]
        self._brace_scan = (start, i, pairs)


def _split(name: str, start: int) -> list[Key] | None:
    """The parts of a dotted key of plain characters; None where that needs a closer look."""
    if "." not in name:
        return [Key(start, start + len(name), name)]
    parts = name.split(".")
    if "" in parts or len(parts) > MAX_DEPTH:
        return None
    path = []
    for part in parts:
        end = start + len(part)
        path.append(Key(start, end, part))
        start = end + 1
    return path
