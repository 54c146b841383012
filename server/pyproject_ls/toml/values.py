"""Reading values, and entries, which stand in inline tables as well as on lines."""

from __future__ import annotations

from itertools import accumulate

from pyproject_ls.toml.filling import fill
from pyproject_ls.toml.keys import KeyReader, split_plain
from pyproject_ls.toml.nodes import Array, Entry, Key, Scalar, Table, Value
from pyproject_ls.toml.patterns import (
    AFTER_PAIR,
    LAST_STRING,
    LINE_END,
    MAX_DEPTH,
    PAIR,
    REST,
    REST_OF_ITEM,
    SPACE,
    STRING,
    STRING_ITEMS,
    WORD,
    past,
)
from pyproject_ls.toml.scalars import (
    find_end_of_block_string,
    find_end_of_line_string,
    read_word,
    shown,
    unescape,
)


class ValueReader(KeyReader):
    """Reads values of any kind."""

    __slots__ = ()

    def _entry(self, depth: int = 0) -> Entry:
        """Read ``key = value`` at `_at`; a missing value is None and has been reported.

        `depth` is that of the inline table around it, 0 for a line of its own.
        """
        text = self.text
        start = self._at
        path = self._path()
        end = self._at
        i = past(SPACE, text, end)
        if not text.startswith("=", i):
            if not self._faulty:
                self._no_equals(path, start, end, text[i : i + 1])
            return Entry(start, path, None, end)
        i += 1
        self._at = past(SPACE, text, i)
        value = self._value(depth + len(path) if depth else 1)
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
        i = past(SPACE, text, end)
        if not self._faulty:
            if i < len(text) and text[i] not in "\r\n#,}]":
                found = text[i]
                message = f"`{shown(found)}` cannot begin the value of `{name}`"
                self._report(i, i + 1, message)
            else:
                message = f"the key `{name}` has no value; write one after the `=`"
                self._report(entry.start, end, message)

    def _value(self, depth: int) -> Value | None:
        """Read the value at `_at`; None where none begins there."""
        text = self.text
        i = self._at
        char = text[i : i + 1]
        if char == "[" or char == "{":
            if depth > MAX_DEPTH:
                self._skip_brackets(i)
                return Scalar(i, self._at, "invalid", text[i : self._at])
            return self._array(i, depth) if char == "[" else self._inline(i, depth)
        if char == '"':
            match = STRING.match(text, i)
            if match is None:
                return self._string(i, char)
            self._at = end = match.end()
            return Scalar(i, end, "string", match.group(1))
        if char == "'":
            return self._string(i, char)
        match = WORD.match(text, i)
        if match is None:
            return None
        word = read_word(match.group())
        self._at = end = match.end()
        if word.message:
            if word.kind == "invalid":
                rest = REST if depth == 1 else REST_OF_ITEM
                end = i + len(text[i : past(rest, text, i)].rstrip())
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

    def _array(self, start: int, depth: int) -> Array:
        text = self.text
        array = Array(start, start)
        items = array.items
        many, last, single = STRING_ITEMS.match, LAST_STRING.match, STRING.match
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
            if not char or (line >= 0 and self._begins_statement(line)):
                self._at = gap
                self._unclosed(array, "array", "]")
                return array
            if comma_due and not self._torn:
                self._missing_comma(gap, i, "value")
            self._torn = False
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
        pair = PAIR.match
        while True:
            if not comma_due:
                match = pair(text, i)
                if match is not None:
                    name, string, boolean, after = match.groups()
                    begin = match.start(1)
                    if "." not in name:
                        path = [Key(begin, begin + len(name), name)]
                    elif (parts := split_plain(name, begin)) is not None:
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
                        match = AFTER_PAIR.match(text, i)
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
                newline = past(LINE_END, text, gap)
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
            if not char or char == "]" or (line >= 0 and self._leaves(start, line)):
                self._at = gap
                closed_by_array = char == "]"
                self._unclosed(table, "inline table", "}")
                self._cut = not closed_by_array
                break
            if comma_due and not self._torn:
                self._missing_comma(gap, i, "key")
            self._torn = False
            comma = -1
            self._at = i
            if char in "[{":
                self._value(depth + 1)
                self._report(i, i + 1, f"a key cannot begin with `{char}`")
            else:
                entry = self._entry(depth)
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
            self.problems.add(start, newline, message, "toml-1.1")
        elif comma >= 0 and table.closed:
            message = "a `,` after the last key of an inline table needs TOML 1.1; remove it"
            self.problems.add(comma, comma + 1, message, "toml-1.1")
        fill(table, entries, self.problems)
        return table
