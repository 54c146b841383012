"""What a command still has to know, and the choices of a person who is asked for it.

An argument that cannot be done without is asked for where it is missing; all others where they are
`ASK`. What cannot be chosen from a few (the name of a new package) is not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pyproject_ls.features.declaring import Addition, CannotDeclare, constraint_for
from pyproject_ls.features.declaring.removing import belonging_of, belongings
from pyproject_ls.features.markdown import visible
from pyproject_ls.features.overview import overview
from pyproject_ls.features.package_choice import PackageChoice, package_choice
from pyproject_ls.features.version_bump import PARTS, CannotBump, bumped
from pyproject_ls.host import Snapshot
from pyproject_ls.lsp.arguments import Arguments, missing
from pyproject_ls.lsp.asking import refused
from pyproject_ls.lsp.choosing import MAX_CHOICES, Choice, Question, not_given
from pyproject_ls.lsp.jobs import JobError
from pyproject_ls.lsp.projects import Project
from pyproject_ls.lsp.targets import Target
from pyproject_ls.lsp.uris import FILE_NAME, file_path
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.project.tool import Tool, tool_of
from pyproject_ls.resolver.backend import ExportFormat
from pyproject_ls.resolver.outcome import Mode

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session

Asker = Callable[["Session", Target, Arguments], "Question | None"]

MODES: dict[str, Mode] = {"keep": "keep", "regenerate": "regenerate"}
FORMATS: dict[str, ExportFormat] = {
    "requirements.txt": "requirements.txt",
    "pylock.toml": "pylock.toml",
}
TOOLS: dict[str, Tool] = {"poetry": "poetry", "uv": "uv"}

NEWEST = 6
"""So many versions are offered."""

PATIENCE = 10.0
"""Seconds that an index gets to tell the versions of a package."""


def with_project(ls: Session, given: Arguments) -> Arguments:
    """`given` with the project that is meant: the one open document, where no other is named."""
    opened = [each.uri for each in ls.documents if _is_project(file_path(each.uri))]
    return given.answered({"uri": opened[0]}) if given.uri is None and len(opened) == 1 else given


def next_question(ls: Session, given: Arguments) -> Question | None:
    """The next thing to ask for. Raises JsonRpcException where the choices are too many."""
    if given.uri is None:
        find = partial(ls.projects.ask, _projects)
        return Question(f"{given.command}: which project?", "uri", find=find, obvious=True)
    target = Target(ls, given.uri)
    for ask in QUESTIONS[given.command]:
        question = ask(ls, target, given)
        if question is not None:
            if question.find is None and not 0 < len(question.choices) <= MAX_CHOICES:
                raise not_given(given.command, question, question.choices)
            return question
    return None


def _projects(projects: Sequence[Project]) -> list[Choice]:
    found = []
    for each in projects:
        if each.path is not None and _is_project(each.path):
            name = each.snapshot.manifest.name
            shown = visible(name.value if name is not None else each.path.parent.name, 60)
            found.append(Choice(f"{shown} ({each.path.parent})", {"uri": each.uri}))
    return found


def _is_project(path: Path | None) -> bool:
    return path is not None and path.name == FILE_NAME


# Of all that resolve


def _tool(ls: Session, target: Target, given: Arguments) -> Question | None:
    found = target.ask(
        lambda snapshot: tool_of(snapshot.manifest, snapshot.facts, snapshot.settings.tool)
    )
    is_open = found is not None and found.name is None and not ls.tools.obstacle(target.uri)
    if not given.wants("tool", needed=is_open):
        return None
    why = (
        f" ({found.reason}; the setting `pyproject-ls.tool` says it once for all)" if found else ""
    )
    choices = [Choice("Poetry", {"tool": "poetry"}), Choice("uv", {"tool": "uv"})]
    return Question(f"Which tool is to be used{why}?", "tool", choices)


def _mode(ls: Session, target: Target, given: Arguments) -> Question | None:
    if not given.wants("mode"):
        return None
    choices = [
        Choice("Keep locked versions where possible", {"mode": "keep"}),
        Choice("Lock from scratch", {"mode": "regenerate"}),
    ]
    return Question("How to lock?", "mode", choices)


def _names(ls: Session, target: Target, given: Arguments) -> Question | None:
    if not given.wants("names"):
        return None
    names = target.ask(lambda snapshot: list(_removable(snapshot)))
    choices = [Choice(name, {"names": [name]}) for name in names]
    return Question("What to update?", "names", [Choice("All", {"names": None}), *choices])


# Of what is declared


def _name(question: str) -> Asker:
    def ask(ls: Session, target: Target, given: Arguments) -> Question | None:
        if not given.wants("name", needed=True):
            return None
        names = target.ask(lambda snapshot: list(_removable(snapshot)))
        if not names:
            raise missing(given.command, "name", "requests")
        return Question(question, "name", [Choice(name, {"name": name}) for name in names])

    return ask


def _removable(snapshot: Snapshot) -> Iterator[str]:
    """The names of what is declared, each once."""
    declared = (each for each in snapshot.manifest.dependencies if belonging_of(each) is not None)
    yield from {each.normalized: visible(each.name, 60) for each in declared}.values()


def _place(ls: Session, target: Target, given: Arguments) -> Question | None:
    """Where a new dependency goes."""
    if not given.wants("group") and not given.wants("extra"):
        return None
    kinds = ("group", "extra") if given.wants("group") else ("extra",)
    choices = [
        Choice(f"The {kind} `{visible(name, 60)}`", {"group": None, "extra": None, kind: name})
        for kind, name in target.ask(_groups)
        if kind in kinds
    ]
    if given.wants("group"):
        main = Choice("The main dependencies", {"group": None, "extra": None})
        choices.insert(0, main)
    what = visible(given.text("name"), 60)
    return Question(f"Where does `{what}` belong?", kinds[0], choices)


def _declared_where(ls: Session, target: Target, given: Arguments) -> Question | None:
    """Which of several declarations of a package is meant."""
    is_told = any(given.optional(each) for each in ("group", "extra"))
    if is_told and not given.wants("group") and not given.wants("extra"):
        return None
    name = given.text("name")
    places = target.ask(lambda snapshot: belongings(snapshot.manifest, normalized_name(name)))
    if not places or (len(places) == 1 and not is_told):
        return None
    choices = [
        Choice(
            f"From {each.shown}",
            {
                "group": None,
                "extra": None,
                each.kind if each.name else "group": each.name or "main",
            },
        )
        for each in places
    ]
    return Question(f"From where is `{visible(name, 60)}` to be removed?", "group", choices)


def _groups(snapshot: Snapshot) -> list[tuple[str, str]]:
    """The groups and extras of the file: kind and name."""
    found = (
        (each.kind, each.name) for each in overview(snapshot) if each.kind in {"group", "extra"}
    )
    return list(dict.fromkeys(each for each in found if each[1]))


def _constraint(ls: Session, target: Target, given: Arguments) -> Question | None:
    if not given.wants("constraint"):
        return None
    name = given.text("name")
    addition = Addition(name, group=given.optional("group"), extra=given.optional("extra"))
    find = partial(_newest, target, addition)
    return Question(f"Which version of `{visible(name, 60)}`?", "constraint", find=find)


async def _newest(target: Target, addition: Addition) -> list[Choice]:
    """The newest versions that the project can use, each as a constraint. Raises JobError."""
    found = await _package(target, addition.name)
    name = visible(addition.name, 60)
    if found is None:
        raise JobError(
            f"Which versions `{name}` has cannot be told now; give `constraint`, such as `>=1.4`."
        )
    usable = (
        each.release
        for each in found.releases
        if each.is_supported and each.release.yanked is None and not each.release.is_prerelease
    )
    snapshot = target.sound_snapshot()
    choices = [Choice("The newest that fits the other dependencies", {"constraint": None})]
    for release in list(usable)[:NEWEST]:
        try:
            constraint = constraint_for(snapshot, addition, release.version)
        except CannotDeclare as error:
            raise JobError(str(error)) from error
        title = f"{release.version} ({release.uploaded})" if release.uploaded else release.version
        choices.append(Choice(title, {"constraint": constraint or f">={release.version}"}))
    return choices


async def _package(target: Target, name: str) -> PackageChoice | None:
    document = target.document()
    sent = document.answers.collect_sent()
    found = document.ask(lambda snapshot: package_choice(snapshot, name))
    if found is None and sent:
        await document.answers.arrive_of(sent, PATIENCE)
        found = document.ask(lambda snapshot: package_choice(snapshot, name))
    return found


def _part(ls: Session, target: Target, given: Arguments) -> Question | None:
    if not given.wants("part", needed=True):
        return None
    snapshot = target.sound_snapshot()
    try:
        choices = [
            Choice(f"{part}: {bumped(snapshot, part).version}", {"part": part}) for part in PARTS
        ]
    except CannotBump as error:
        raise refused(str(error)) from error
    return Question("Which part of the version is to be raised?", "part", choices)


# Of the environment


def _installed(argument: str, kind: str, verb: str) -> Asker:
    def ask(ls: Session, target: Target, given: Arguments) -> Question | None:
        if not given.wants(argument):
            return None
        names = [name for each, name in target.ask(_groups) if each == kind]
        choices = [
            Choice(f"{verb} the {kind} `{visible(each, 60)}`", {argument: [each]}) for each in names
        ]
        usual = Choice("What is installed by default", {argument: None})
        return Question("What is to be installed?", argument, [usual, *choices])

    return ask


def _format(ls: Session, target: Target, given: Arguments) -> Question | None:
    if not given.wants("format", needed=True):
        return None
    choices = [Choice(each, {"format": each}) for each in FORMATS]
    return Question("In which format is the lock to be exported?", "format", choices)


QUESTIONS: dict[str, tuple[Asker, ...]] = {
    "pyproject-ls.lock": (_tool, _mode),
    "pyproject-ls.previewLock": (_tool, _mode),
    "pyproject-ls.addDependency": (_place, _constraint, _tool),
    "pyproject-ls.removeDependency": (_name("What is to be removed?"), _declared_where, _tool),
    "pyproject-ls.update": (_names, _tool),
    "pyproject-ls.install": (
        _installed("groups", "group", "Also"),
        _installed("extras", "extra", "Also"),
        _installed("only", "group", "Only"),
        _tool,
    ),
    "pyproject-ls.export": (_format, _tool),
    "pyproject-ls.dependencyTree": (),
    "pyproject-ls.why": (_name("What is to be explained?"),),
    "pyproject-ls.bumpVersion": (_part,),
}
"""What may be asked for each command, in this order."""

NEED_TOOL = frozenset(name for name, questions in QUESTIONS.items() if _tool in questions)
