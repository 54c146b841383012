"""What analysis may know of the world outside the text.

Checks and features never touch the disk or the network: they ask `Facts`. A question that has no
answer yet is answered by None, nothing is reported, and it is noted in `Facts.wanted`; the edge
(`pyproject_ls.disk` for files, `pyproject_ls.index` for packages, `pyproject_ls.resolver`) answers
what is wanted and analyses again. Same text and same facts give the same findings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Union, cast

from pyproject_ls.facts.batch import batch_of
from pyproject_ls.facts.configuration import ConfigFile, ConfigOf
from pyproject_ls.facts.files import (
    FILE_QUESTIONS,
    FileAnswer,
    FileQuestion,
    FileText,
    GlobMatches,
    InstalledPoetry,
    Listing,
    PathAt,
    PathKind,
    TextOf,
)
from pyproject_ls.facts.packages import (
    Advisories,
    AdvisoriesFor,
    Details,
    DetailsAnswer,
    DetailsOf,
    IndexAnswer,
    IndexQuestion,
    IndexState,
    Missing,
    Names,
    NamesLike,
    Package,
    PackageAnswer,
    ReleasesOf,
    StateOf,
    Unreachable,
)
from pyproject_ls.facts.resolution import (
    BuildOf,
    BuildProblem,
    Conflict,
    Resolution,
    ResolutionOf,
    Solution,
    ToolState,
    ToolStateOf,
    Unresolved,
)
from pyproject_ls.facts.usage import (
    Imports,
    ImportsOf,
    Installed,
    InstalledIn,
    Mentions,
    MentionsOf,
    UsageAnswer,
    UsageQuestion,
)
from pyproject_ls.project.lookup import IndexRef, Lookup

__all__ = [
    "FILE_QUESTIONS",
    "Answer",
    "ConfigFile",
    "ConfigOf",
    "Facts",
    "FileAnswer",
    "FileQuestion",
    "FileText",
    "GlobMatches",
    "IndexAnswer",
    "IndexQuestion",
    "InstalledPoetry",
    "Listing",
    "PathAt",
    "PathKind",
    "Question",
    "TextOf",
]

Question = Union[
    FileQuestion, ConfigOf, UsageQuestion, IndexQuestion, ResolutionOf, ToolStateOf, BuildOf
]
Answer = Union[
    FileAnswer, ConfigFile, UsageAnswer, IndexAnswer, Resolution, ToolState, BuildProblem
]


_NEAREST = ConfigOf()


class Facts:
    """Immutable answers, with a note of what was asked in vain.

    `answers` holds what is known. The note (`wanted`) and the record of what was used (`asked`) are
    the only things that change; they do not change any answer.
    """

    __slots__ = ("_answers", "asked", "wanted")

    def __init__(self, answers: Mapping[Question, Answer] | None = None) -> None:
        self._answers: Mapping[Question, Answer] = answers or {}
        self.asked: set[Question] = set()
        self.wanted: set[Question] = set()

    def path_kind(self, path: str) -> PathKind | None:
        """What is at `path`; None while unknown."""
        answer = self._ask(PathAt(path))
        return answer if isinstance(answer, PathKind) else None

    def glob_matches(self, pattern: str) -> bool | None:
        """Whether anything matches `pattern`; None while unknown."""
        answer = self._ask(GlobMatches(pattern))
        return answer if isinstance(answer, bool) else None

    def text_of(self, path: str) -> FileText | None:
        """The contents of the file at `path`; None while unknown."""
        answer = self._ask(TextOf(path))
        return answer if isinstance(answer, FileText) else None

    def listing(self, path: str) -> tuple[str, ...] | None:
        """The names in the folder `path`, folders with a "/" behind; None while unknown."""
        answer = self._ask(Listing(path))
        return cast("tuple[str, ...]", answer) if answer.__class__ is tuple else None

    def installed_poetry(self) -> str | None:
        """The version of the Poetry that is there, "" without one; None while unknown."""
        answer = self._ask(InstalledPoetry())
        return answer if isinstance(answer, str) else None

    def config(self, question: ConfigOf = _NEAREST) -> ConfigFile | None:
        """The file of configuration that `question` means: the nearest; None while unknown."""
        answer = self._ask(question)
        return answer if isinstance(answer, ConfigFile) else None

    def imports(self, roots: tuple[str, ...] = ()) -> Imports | None:
        """What the project's Python files import; None while unknown."""
        answer = self._ask(ImportsOf(roots))
        return answer if isinstance(answer, Imports) else None

    def mentions(self, words: tuple[str, ...]) -> Mentions | None:
        """Which of `words` the project's strings and configuration mention; None while unknown."""
        answer = self._ask(MentionsOf(words))
        return answer if isinstance(answer, Mentions) else None

    def installed(self) -> Installed | None:
        """Which modules the packages of the project's environment have; None while unknown."""
        answer = self._ask(InstalledIn())
        return answer if isinstance(answer, Installed) else None

    def releases(self, name: str, lookup: Lookup) -> PackageAnswer | None:
        """What the indexes of `lookup` say of the package `name`; None while unknown."""
        answer = self._ask(ReleasesOf(name, lookup))
        return answer if isinstance(answer, (Package, Missing, Unreachable)) else None

    def releases_of_all(
        self, asked: tuple[tuple[str, Lookup], ...]
    ) -> tuple[PackageAnswer | None, ...]:
        """As `releases` for each name and lookup of `asked`, and far quicker."""
        batch = batch_of(asked)
        found, missing = batch.outcome(self._answers)
        self.asked |= batch.all
        self.wanted |= missing
        return found

    def details(self, name: str, lookup: Lookup, version: str = "") -> DetailsAnswer | None:
        """The metadata of a version of `name` ("": the newest one); None while unknown."""
        answer = self._ask(DetailsOf(name, lookup, version))
        return answer if isinstance(answer, (Details, Missing, Unreachable)) else None

    def names_like(self, typed: str, lookup: Lookup) -> Names | None:
        """Names on the indexes of `lookup` that match `typed`; None while unknown."""
        answer = self._ask(NamesLike(typed, lookup))
        return answer if isinstance(answer, Names) else None

    def advisories(self, name: str, version: str) -> Advisories | None:
        """The known vulnerabilities of `version` of `name`; None while unknown."""
        answer = self._ask(AdvisoriesFor(name, version))
        return answer if isinstance(answer, Advisories) else None

    def index_state(self, ref: IndexRef) -> IndexState | None:
        """Whether the index `ref` can be reached; None while unknown."""
        answer = self._ask(StateOf(ref))
        return answer if isinstance(answer, IndexState) else None

    def resolution(self, digest: str) -> Resolution | None:
        """What a resolver made of the dependencies with this digest; None while unknown."""
        answer = self._ask(ResolutionOf(digest))
        return answer if isinstance(answer, (Solution, Conflict, Unresolved)) else None

    def tool_state(self) -> ToolState | None:
        """What the project's tool can do and does; None while unknown."""
        answer = self._ask(ToolStateOf())
        return answer if isinstance(answer, ToolState) else None

    def build_problem(self) -> BuildProblem | None:
        """Which package could not be built when it was installed; None for none."""
        answer = self._ask(BuildOf())
        return answer if isinstance(answer, BuildProblem) and answer.package else None

    def with_answers(self, answers: Mapping[Question, Answer]) -> Facts:
        """New facts that know `answers` as well."""
        return Facts({**self._answers, **answers})

    def _ask(self, question: Question) -> Answer | None:
        self.asked.add(question)
        answer = self._answers.get(question)
        if answer is None:
            self.wanted.add(question)
        return answer
