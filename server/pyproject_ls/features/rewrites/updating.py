"""Take newer releases: of the dependency, of its table, of all the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyproject_ls.checks.wording import visible
from pyproject_ls.features.rewrites.action import REWRITE, Action, Request
from pyproject_ls.features.updates import KINDS, Kind, Plan, Step, plans

_MAX_LENGTH = 60


def offers(request: Request) -> Iterator[Action]:
    """What code lenses offer, for editors without them; and the one dependency at the cursor."""
    dependency = request.dependency
    if dependency is None:
        return
    everywhere = list(plans(request.snapshot))
    path = dependency.declared.path
    here = [each for each in everywhere if each.update.dependency.declared.path == path]
    own = [each for each in here if each.update.dependency is dependency]
    yield from _offered(own, "", ("compatible",))  # the fix of `newer-version` is the other
    if len(here) > 1:
        yield from _offered(here, "here")
    if len(everywhere) > max(len(here), 1):
        yield from _offered(everywhere, "in this file")


def _offered(found: Sequence[Plan], where: str, kinds: Sequence[Kind] = KINDS) -> Iterator[Action]:
    """At most one action a kind, and none that would do the same as the one before."""
    done: list[list[Step]] = []
    for kind in kinds:
        steps = [step for step in (plan.step(kind) for plan in found) if step is not None]
        if not steps or steps in done:
            continue
        done.append(steps)
        if len(steps) == 1:
            name = visible(steps[0].dependency.name, _MAX_LENGTH)
            title = f"Update `{name}` to {visible(steps[0].version, _MAX_LENGTH)}"
        else:
            what = "compatible updates" if kind == "compatible" else "updates"
            title = f"Apply {'all ' if kind == 'all' else ''}{len(steps)} {what} {where}"
        yield Action(title, REWRITE, tuple(edit for step in steps for edit in step.edits))
