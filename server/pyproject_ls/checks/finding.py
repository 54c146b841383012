"""What a check says: rules, findings and fixes. Plain values, free of any protocol."""

from __future__ import annotations

from enum import Enum, IntEnum
from typing import Protocol

from pyproject_ls.named import NamedTuple
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.text import Edit, Span


class Severity(IntEnum):
    """How bad a finding is; the smaller, the worse. The numbers are those of LSP."""

    ERROR = 1
    WARNING = 2
    INFORMATION = 3
    HINT = 4

    @property
    def word(self) -> str:
        """The name that reports and settings use."""
        return self.name.lower()


class Tag(Enum):
    """How an editor may draw a finding."""

    DEPRECATED = "deprecated"
    UNNECESSARY = "unnecessary"


class Related(NamedTuple):
    """Another place in the same file that belongs to a finding."""

    span: Span
    message: str


class Fix(NamedTuple):
    """A change that certainly removes the finding and breaks nothing.

    It is `safe` where it keeps what the file means, or where nothing else can be meant. What
    guesses (the key nearest to a misspelt one) or changes what is built needs a person's look.
    Of fixes with an equal `choice` any one is enough, and several at once may be wrong. What the
    configuration wants made `by_hand` is offered to a person, one by one.
    """

    title: str
    edits: tuple[Edit, ...]
    safe: bool = True
    choice: str = ""
    by_hand: bool = False


class Placed(Protocol):
    """Anything with a place: every node of the TOML tree, every part of a dependency."""

    @property
    def span(self) -> Span:
        """Where it stands."""


class Rule(NamedTuple):
    """One kind of finding, explained by the page ``fixtures/checks/<code>.md``.

    `severity` is the one outside the `poetry` profile. `poetry` is the severity with which
    ``poetry check`` reports it (INFORMATION where Poetry only logs it), None where Poetry is
    silent: then the rule is of the second family. `standard` rules follow a packaging standard and
    hold for every project; the others only where Poetry is used. `enabled` is False for rules that
    have to be selected. `online` rules ask what indexes know of packages: they run only where the
    settings allow it; so do those that ask what a resolver says (`resolves`). Those that are not
    `enabled` are on with one of their `presets`. Rules that are `always` on say that the rest
    cannot be relied on, so nothing switches them off.
    """

    code: str
    severity: Severity
    summary: str
    poetry: Severity | None = None
    standard: bool = True
    enabled: bool = True
    tags: tuple[Tag, ...] = ()
    online: bool = False
    resolves: bool = False
    presets: tuple[str, ...] = ()
    always: bool = False

    def at(
        self,
        place: Placed | Span,
        path: TomlPath,
        message: str,
        *,
        related: tuple[Related, ...] = (),
        fix: Fix | None = None,
        poetry: bool | None = None,
        tags: tuple[Tag, ...] | None = None,
    ) -> Finding:
        """A finding of this rule.

        `place` is a node or a span, in code points. `poetry` overrides which family the finding
        belongs to, for rules that see more than Poetry does.
        """
        return Finding(
            rule=self,
            span=place if isinstance(place, Span) else place.span,
            path=path,
            message=message,
            severity=self.severity,
            poetry=self.poetry is not None if poetry is None else poetry,
            related=related,
            fix=fix,
            tags=self.tags if tags is None else tags,
        )


class Finding(NamedTuple):
    """One thing that is wrong, at one place, with what to do about it."""

    rule: Rule
    span: Span
    path: TomlPath
    message: str
    severity: Severity
    poetry: bool
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    tags: tuple[Tag, ...] = ()

    @property
    def code(self) -> str:
        """The rule's code."""
        return self.rule.code

    def shifted(self, by: int) -> Finding:
        """The same of a text in which all places of the finding stand `by` code points later."""
        related, fix = self.related, self.fix
        if related:
            related = tuple([Related(span.shifted(by), text) for span, text in related])
        if fix is not None:
            edits = tuple([each.shifted(by) for each in fix.edits])
            fix = Fix(fix.title, edits, fix.safe, fix.choice, fix.by_hand)
        # built anew at every keystroke, for which `_replace` takes too long
        return Finding(
            self.rule,
            self.span.shifted(by),
            self.path,
            self.message,
            self.severity,
            self.poetry,
            related,
            fix,
            self.tags,
        )
