"""Commands that work with the project's own tool: one function each.

Each takes one object with the project's `uri` and what it is about; `accepting` is where they are
called, and `jobs` says how they end.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Hashable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from pyproject_ls.features.declaring import (
    Addition,
    CannotDeclare,
    added,
    constraint_for,
    removed,
)
from pyproject_ls.features.dependency_tree import tree_document, why_document
from pyproject_ls.features.lock_preview import preview_document
from pyproject_ls.features.markdown import visible
from pyproject_ls.features.updates import plans
from pyproject_ls.features.version_bump import PARTS, CannotBump, bumped
from pyproject_ls.host import Snapshot
from pyproject_ls.lsp import papers
from pyproject_ls.lsp.arguments import Arguments
from pyproject_ls.lsp.jobs import Done, Job, JobError, Report
from pyproject_ls.lsp.locking import (
    apply,
    backend_of,
    edited_and_locked,
    resolved,
    summary,
    text_to_lock,
    write,
)
from pyproject_ls.lsp.questions import FORMATS, MODES
from pyproject_ls.lsp.targets import Target
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.resolver.backend import InstallOptions
from pyproject_ls.resolver.outcome import Failure
from pyproject_ls.text import Edit, apply_edits

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session

Work = Callable[[Report], Coroutine[Any, Any, Done]]

TREE, WHY, PREVIEW = "dependency-tree.md", "why.md", "lock-preview.md"


def _start(
    ls: Session,
    target: Target,
    given: Arguments,
    title: str,
    key: Hashable | None,
    work: Work,
) -> None:
    given.refuse_others()
    key = (key, target.tool) if key is not None else None
    ls.jobs.start(Job(given.command, target.uri, target.folder, title, key), work)


# The lock file


def _lock(ls: Session, target: Target, given: Arguments) -> None:
    """`mode` "keep" (what can be kept), or "regenerate" (from scratch)."""
    mode = given.choice("mode", MODES, "keep")

    async def work(report: Report) -> Done:
        found = await resolved(ls, target, text_to_lock(target), report, mode)
        if not found.new.changed:
            return Done(f"`{found.path.name}` is up to date.")
        await write(ls, target, found)
        return Done(summary(found), changed=True)

    _start(ls, target, given, "Locking", ("lock", mode), work)


def _preview(ls: Session, target: Target, given: Arguments) -> None:
    """What locking would change, as a document; `mode` as for locking."""
    mode = given.choice("mode", MODES, "keep")

    async def work(report: Report) -> Done:
        found = await resolved(ls, target, text_to_lock(target), report, mode)
        document = target.ask(
            lambda snapshot: preview_document(
                found.old.text, found.new.text, snapshot.manifest, found.path.name
            )
        )
        papers.show(ls, target.folder, PREVIEW, document)
        return Done("The preview of the lock is ready.")

    _start(ls, target, given, "Previewing the lock", ("preview", mode), work)


def _update(ls: Session, target: Target, given: Arguments) -> None:
    """Update the packages `names` (all without), within constraints or (`raise`) raising them."""
    names = tuple(map(normalized_name, given.names("names")))
    raises = given.flag("raise")

    async def work(report: Report) -> Done:
        edits: list[Edit] = []
        snapshot = target.sound_snapshot()
        if raises:
            edits = target.ask(partial(_raised, names=names))
        if edits:
            label = "Raise constraints"
            found = await edited_and_locked(ls, target, snapshot, edits, report, label, names)
        else:
            found = await resolved(ls, target, snapshot.text, report, "update", names)
            if not found.new.changed:
                return Done("Everything is as new as the constraints allow.")
            await write(ls, target, found)
        return Done(summary(found), changed=True)

    _start(ls, target, given, "Updating", ("update", names, raises), work)


def _raised(snapshot: Snapshot, names: tuple[str, ...]) -> list[Edit]:
    """The edits that raise the constraints of `names` (of all without) to the newest releases."""
    steps = (plan.step("all") for plan in plans(snapshot))
    return [
        edit
        for step in steps
        if step is not None and (not names or step.dependency.normalized in names)
        for edit in step.edits
    ]


# What is declared


def _add(ls: Session, target: Target, given: Arguments) -> None:
    """Declare the package `name` with `constraint`, or one for the newest version that fits."""
    wanted = Addition(
        name=given.text("name"),
        constraint=given.optional("constraint"),
        extras=given.names("extras"),
        group=given.optional("group"),
        extra=given.optional("extra"),
        source=given.optional("source"),
    )

    async def work(report: Report) -> Done:
        snapshot = target.sound_snapshot()
        addition = wanted
        if not addition.constraint:
            constraint = await _newest_that_fits(ls, target, snapshot, addition, report)
            addition = addition._replace(constraint=constraint)
        edits = _added(snapshot, addition)
        label = f"Add {visible(addition.name, 60)}"
        found = await edited_and_locked(ls, target, snapshot, edits, report, label)
        version = dict(found.new.packages).get(normalized_name(addition.name), "")
        what = f"`{addition.name}` {version}".strip()
        return Done(f"{what} is added; {summary(found)}", changed=True)

    _start(ls, target, given, f"Adding {visible(wanted.name, 60)}", ("add", wanted), work)


async def _newest_that_fits(
    ls: Session, target: Target, snapshot: Snapshot, addition: Addition, report: Report
) -> str:
    """The constraint for the version that the resolver picks where it is free to choose."""
    text = apply_edits(snapshot.text, tuple(_added(snapshot, addition)))
    name = normalized_name(addition.name)
    found = await resolved(ls, target, text, report, "update", (name,))
    version = dict(found.new.packages).get(name)
    if version is None:  # needed on no platform that is locked for
        raise JobError(f"The resolver leaves `{addition.name}` out, so no version can be chosen.")
    return constraint_for(snapshot, addition, version)


def _added(snapshot: Snapshot, addition: Addition) -> Sequence[Edit]:
    try:
        return added(snapshot, addition)
    except CannotDeclare as error:
        raise JobError(str(error)) from error


def _remove(ls: Session, target: Target, given: Arguments) -> None:
    """Take the declaration of `name` away: that in `group` or `extra`, or the only one."""
    name = given.text("name")
    group, extra = given.optional("group"), given.optional("extra")

    async def work(report: Report) -> Done:
        snapshot = target.sound_snapshot()
        try:
            edits = removed(snapshot, name, group, extra)
        except CannotDeclare as error:
            raise JobError(str(error)) from error
        label = f"Remove {visible(name, 60)}"
        found = await edited_and_locked(ls, target, snapshot, edits, report, label)
        return Done(f"`{name}` is removed; {summary(found)}", changed=True)

    _start(ls, target, given, f"Removing {visible(name, 60)}", ("remove", name, group, extra), work)


def _bump(ls: Session, target: Target, given: Arguments) -> None:
    """Raise the project's version by its `part`."""
    part = given.choice("part", {each: each for each in PARTS})

    async def work(report: Report) -> Done:
        snapshot = target.sound_snapshot()
        try:
            bump = bumped(snapshot, part)
        except CannotBump as error:
            raise JobError(str(error)) from error
        await apply(ls, target, snapshot, bump.edits, f"Bump the version to {bump.version}")
        return Done(f"The version is {bump.version} now.", changed=True)

    _start(ls, target, given, "Bumping the version", ("bump", part), work)


# The environment


def _install(ls: Session, target: Target, given: Arguments) -> None:
    """Install what the lock file says, with `groups` and `extras`, or `only` some groups."""
    options = InstallOptions(given.names("groups"), given.names("extras"), given.names("only"))

    async def work(report: Report) -> Done:
        backend = await backend_of(ls, target)
        if target.is_unsaved():
            raise JobError(
                "The file has changes that are not saved, and installing reads the saved file;"
                " save it and try again."
            )
        environment = await backend.environment(target.folder)
        if isinstance(environment, Failure):
            raise JobError(environment.message)
        state = environment.origin if environment.exists else f"new, {environment.origin}"
        where = f"{environment.path} ({state})"
        report.say(f"into {where}")
        report.line(f"{backend.name} {backend.version} installs into {where}")
        found = await backend.install(target.folder, options, report.line)
        if isinstance(found, Failure):
            if found.package:
                ls.resolutions.build_failed(target.uri, found)
            raise JobError(found.message)
        ls.resolutions.build_succeeded(target.uri)
        return Done(f"Installed into {found.path}.", changed=True)

    _start(ls, target, given, "Installing", ("install", options), work)


def _export(ls: Session, target: Target, given: Arguments) -> None:
    """The lock file as `format`, shown as a document."""
    format = given.choice("format", FORMATS)

    async def work(report: Report) -> Done:
        backend = await backend_of(ls, target)
        found = await backend.export(target.folder, format)
        if isinstance(found, Failure):
            raise JobError(found.message)
        papers.show(ls, target.folder, format, found)
        return Done(f"The lock is exported as `{format}`.")

    _start(ls, target, given, f"Exporting {format}", ("export", format), work)


# What the lock file tells


def _tree(ls: Session, target: Target, given: Arguments) -> None:
    """The tree of what is locked, as a document."""

    async def work(report: Report) -> Done:
        papers.show(ls, target.folder, TREE, target.ask(tree_document))
        return Done("The dependency tree is ready.")

    _start(ls, target, given, "Showing the dependency tree", None, work)


def _why(ls: Session, target: Target, given: Arguments) -> None:
    """Why the package `name` is locked, as a document."""
    name = given.text("name", such_as="urllib3")

    async def work(report: Report) -> Done:
        document = target.ask(lambda snapshot: why_document(snapshot, name))
        papers.show(ls, target.folder, WHY, document)
        return Done(f"It is told why `{visible(name, 60)}` is locked.")

    _start(ls, target, given, f"Looking for {visible(name, 60)}", None, work)


COMMANDS: dict[str, Callable[[Session, Target, Arguments], None]] = {
    "pyproject-ls.lock": _lock,
    "pyproject-ls.previewLock": _preview,
    "pyproject-ls.addDependency": _add,
    "pyproject-ls.removeDependency": _remove,
    "pyproject-ls.update": _update,
    "pyproject-ls.install": _install,
    "pyproject-ls.export": _export,
    "pyproject-ls.dependencyTree": _tree,
    "pyproject-ls.why": _why,
    "pyproject-ls.bumpVersion": _bump,
}
"""What is done, by the names that `features` advertises."""
