"""What every check is given."""

from __future__ import annotations

from pyproject_ls.config import Settings
from pyproject_ls.configuration import NO_POLICY, Configuration
from pyproject_ls.configuration.policy import Policy
from pyproject_ls.facts import Facts
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.toml import Document


class Context(NamedTuple):
    """One text, what it means, what is known of the world, and how it shall be judged."""

    document: Document
    manifest: Manifest
    facts: Facts
    settings: Settings
    policy: Policy = NO_POLICY
    configuration: Configuration | None = None
    """Where settings and policy come from; None where nobody says so."""

    @property
    def as_poetry(self) -> bool:
        """Whether only the verdict of ``poetry check`` is wanted."""
        return self.settings.profile == "poetry"
