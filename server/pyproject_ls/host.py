"""Snapshots: a text and what is known of the world go in, findings come out."""

from __future__ import annotations

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding
from pyproject_ls.checks.run import plan_for, run
from pyproject_ls.checks.syntax import MAX_LENGTH, too_large
from pyproject_ls.config import Settings
from pyproject_ls.configuration import OWN, Configuration, configuration_of
from pyproject_ls.facts import Facts
from pyproject_ls.lazy import lazy_property
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.text import LineIndex
from pyproject_ls.toml import Document, parse


class Snapshot:
    """One version of one file with what was known of the world then. Immutable; computes lazily.

    A text longer than `MAX_LENGTH` is not looked into: its document is empty, and its one finding
    says so.
    """

    def __init__(
        self,
        text: str,
        facts: Facts | None = None,
        settings: Settings | None = None,
        previous: Snapshot | None = None,
    ) -> None:
        self.text = text
        self.facts = facts or Facts()
        self.settings = settings or Settings()
        if previous is not None and previous.text == text:
            self.document: Document = previous.document
        elif len(text) > MAX_LENGTH:
            self.document = parse("")
        else:
            self.document = parse(text, previous.document if previous is not None else None)
        if self.settings.subject == "configuration" and not self.document.base:
            self.document = self.document.below(*OWN)

    @lazy_property
    def lines(self) -> LineIndex:
        """Offsets to lines and back."""
        return LineIndex(self.text)

    @lazy_property
    def manifest(self) -> Manifest:
        """What the document declares."""
        return Manifest(self.document)

    @lazy_property
    def configuration(self) -> Configuration:
        """What holds for the file, of all that configures it."""
        return configuration_of(self.document, self.facts, self.settings)

    @lazy_property
    def findings(self) -> list[Finding]:
        """Everything that is wrong, by place."""
        if len(self.text) > MAX_LENGTH:
            return too_large(self.text, plan_for(self.settings).severities)
        found = self.configuration
        return run(
            Context(self.document, self.manifest, self.facts, found.settings, found.policy, found)
        )
