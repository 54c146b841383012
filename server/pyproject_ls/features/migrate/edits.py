"""From a plan to edits: lines that go, lines that come, and no comment lost between them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pyproject_ls.features.migrate.layout import Section
from pyproject_ls.features.migrate.model import MigrationRefused, NewTable
from pyproject_ls.features.migrate.write import Writer, header_text
from pyproject_ls.text import Edit, Span

if TYPE_CHECKING:
    from pyproject_ls.features.migrate.plan import Plan

POETRY = ("tool", "poetry")

_Inserts = dict[int, tuple[list[str], bool, bool]]
"""By line: what is written before it, and whether a blank line comes before and after."""


def edits_of(plan: Plan) -> list[Edit]:
    """The edits that carry out `plan`. Raises MigrationRefused where a part has no place to go."""
    return _Edits(plan).all()


class _Edits:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.layout = plan.layout
        self.text = plan.text
        top = self.layout.section(*POETRY)
        self.top = top if top is not None and id(top) in plan.gone else None
        """The section [tool.poetry], if it goes; the comments above it stay, above [project]."""
        self.dropped = self._dropped_lines()

    def all(self) -> list[Edit]:
        trailing = ""
        orphans: list[str] = []
        if self.top is not None:
            trailing = self.layout.behind(self.top.line, self.top.header.end)
            orphans = self.layout.comment_texts(self.top.closing)
        inserts = self._inserts(Writer(self._comments()), trailing, orphans)
        edits = [*self.plan.edits, *self._deletions(set(inserts))]
        edits += (self._insertion(line, *what) for line, what in inserts.items())
        return edits

    def _comments(self) -> dict[int, tuple[list[str], str]]:
        found = {}
        for section in self.layout.sections:
            is_gone = id(section) in self.plan.gone
            for statement in filter(self.plan.is_taken, section.statements):
                lines = statement.loose + statement.leading if is_gone else statement.leading
                found[id(statement)] = (
                    self.layout.comment_texts(lines),
                    self.layout.behind(statement.last, statement.entry.end),
                )
        return found

    def _inserts(self, writer: Writer, trailing: str, orphans: list[str]) -> _Inserts:
        """By line: what is written before it, and whether a blank line comes before and after."""
        inserts: _Inserts = {}
        blocks: list[list[str]] = []
        if self.plan.project is None and self.plan.fields:
            main = NewTable(("project",), self.plan.fields)
            blocks.append(writer.table(main, trailing))
        elif self.plan.fields:
            section = self._existing("project")
            inserts[_end_of(section)] = (writer.fields(self.plan.fields), False, False)
        rest: list[list[str]] = []
        for path, table in self.plan.tables.items():
            if not table.fields:
                continue
            parent = self.plan.document.get(*path)
            if parent is not None:
                section = self._existing(*path)
                lines = [*table.leading, *writer.fields(table.fields)]
                inserts[_end_of(section)] = (lines, False, False)
            else:
                rest.append(writer.table(table))
        if self.plan.project is not None and rest:
            self._existing("project")
            inside = self.layout.sections_below("project")
            line = max(map(_end_of, inside))
            lines, before, after = inserts.get(line, ([], True, False))
            inserts[line] = ([*lines, *([""] if lines else []), *_joined(rest)], before, after)
        else:
            blocks += rest
        if blocks or orphans:
            lines = _joined(blocks)
            lines += self._forgotten(lines, inserts, orphans)
            line = self._place()
            inserts[line] = (lines, self._needs_blank_before(line), True)
        else:
            forgotten = self._forgotten([], inserts, [])
            if forgotten:
                line, (lines, before, after) = next(
                    iter(inserts.items()), (self._place(), ([], False, False))
                )
                inserts[line] = (forgotten + lines, before, after)
        return inserts

    def _needs_blank_before(self, line: int) -> bool:
        above = line - 1
        if line == 0 or self.layout.is_blank(above):
            return False
        return above not in self.layout.comment_lines

    def _forgotten(self, lines: list[str], inserts: _Inserts, orphans: list[str]) -> list[str]:
        """The comments of what is taken away that were not written anywhere."""
        wanted: Counter[str] = Counter()
        for span in self.layout.comments:
            if self.layout.line_of(span.start) in self.dropped:
                wanted[self.layout.text_at(span)] += 1
        for edit in self.plan.edits:
            for span in self.layout.comments_in(edit.span.start, edit.span.end):
                wanted[self.layout.text_at(span)] += 1
        written = "\n".join([*lines, *(line for each in inserts.values() for line in each[0])])
        written += "\n".join(edit.text for edit in self.plan.edits)
        missing: list[str] = []
        for comment, count in wanted.items():
            missing += [comment] * (count - written.count(comment))
        return [
            *(each for each in orphans if each in missing),
            *(each for each in missing if each not in orphans),
        ]

    def _existing(self, *path: str) -> Section:
        section = self.layout.section(*path)
        if section is None:
            raise MigrationRefused(
                f"`{'.'.join(path)}` is not written under a header {header_text(path)}"
            )
        return section

    def _place(self) -> int:
        """The line before which new tables are written: that of the first header of Poetry's."""
        for section in self.layout.sections:
            mine = section.path[:2] == POETRY or any(
                statement.path[:2] == POETRY for statement in section.statements
            )
            if mine and section.path:
                return section.line
        later = [each.line for each in self.layout.sections if each.path]
        return later[0] if later else self.layout.line_count

    def _dropped_lines(self) -> set[int]:
        dropped: set[int] = set()
        for section in self.layout.sections:
            gone = id(section) in self.plan.gone
            if gone:
                dropped.update(range(section.line, section.end))
                if section is not self.top:
                    dropped.update(section.leading)
            for statement in section.statements:
                if self.plan.is_taken(statement):
                    dropped.update(range(statement.first, statement.last + 1), statement.leading)
        return dropped

    def _deletions(self, inserted: set[int]) -> list[Edit]:
        layout = self.layout
        dropped = set(self.dropped)
        kept_before = None  # the last kept line
        headers = {section.line for section in layout.sections if section.path}
        # no two blank lines, and none below a header, where something went
        fresh = False
        for line in range(layout.line_count):
            if line in inserted:
                kept_before, fresh = -1, False
            if line in dropped:
                fresh = True
                continue
            if (
                fresh
                and layout.is_blank(line)
                and kept_before != -1
                and (kept_before is None or kept_before in headers or layout.is_blank(kept_before))
            ):
                dropped.add(line)
                continue
            if not layout.is_blank(line):
                fresh = False
            kept_before = line
        last = layout.line_count - 1
        if last in dropped:  # no blank line at the end
            while last + 1 not in inserted and (last in dropped or layout.is_blank(last)):
                dropped.add(last)
                last -= 1
        return [
            Edit(Span(self._start_of(first), self._start_of(after)), "")
            for first, after in _runs(dropped)
        ]

    def _start_of(self, line: int) -> int:
        if line >= self.layout.line_count:
            return len(self.text)
        if line == 0 and self.text.startswith("\ufeff"):
            return 1
        return self.layout.lines.line_start(line)

    def _insertion(self, line: int, lines: list[str], before: bool, after: bool) -> Edit:
        at = self._start_of(line)
        text = "\n".join(lines) + "\n"
        if before:
            text = "\n" + text
        if at == len(self.text) and at and not self.text.endswith(("\n", "\r")):
            text = "\n" + text
        following = line
        while following < self.layout.line_count and following in self.dropped:
            following += 1
        if after and following < self.layout.line_count and not self.layout.is_blank(following):
            text += "\n"
        if "\r\n" in self.text:
            text = text.replace("\r\n", "\n").replace("\n", "\r\n")
        return Edit(Span(at, at), text)


def _end_of(section: Section) -> int:
    """The line after a section's last statement."""
    return (section.statements[-1].last if section.statements else section.line) + 1


def _joined(blocks: list[list[str]]) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        lines += [""] if lines else []
        lines += block
    return lines


def _runs(lines: set[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for line in sorted(lines):
        if runs and runs[-1][1] == line:
            runs[-1] = (runs[-1][0], line + 1)
        else:
            runs.append((line, line + 1))
    return runs
