"""Running plugins: what they find, or the one finding that says why there is nothing of theirs."""

from __future__ import annotations

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding
from pyproject_ls.checks.plugins import PLUGIN_FAILED
from pyproject_ls.checks.registry import Check
from pyproject_ls.facts import FILE_QUESTIONS, Question
from pyproject_ls.named import NamedTuple
from pyproject_ls.plugins import copies, role
from pyproject_ls.plugins.guard import Outcome, Unusable, guarded
from pyproject_ls.plugins.loading import Plugin
from pyproject_ls.plugins.sifting import sifted
from pyproject_ls.text import Span

RUN_SECONDS = 2.0
"""The most that one run of a plugin may take; then it is off."""

TYPING_SECONDS = 0.1
"""The processor time of a run that is too much while somebody types."""

WAITING_SECONDS = 0.5
"""The same for all time that passes, which a busy machine makes longer."""

MAX_SLOW = 3
"""So many runs one after the other may be too slow for typing; then the plugin is off."""

MAX_FINDINGS = 1_000
"""A plugin that finds more in one file is broken."""


class _Result(NamedTuple):
    findings: list[Finding]
    asked: set[Question]
    wanted: set[Question]


def check_of(plugin: Plugin) -> Check:
    """`plugin` as one check, which never raises and always ends."""

    def run(context: Context) -> list[Finding]:
        with plugin.lock:
            return _run(plugin, context)

    return Check(run, plugin.rules or (PLUGIN_FAILED,), plugin.entry.name)


def _run(plugin: Plugin, context: Context) -> list[Finding]:
    if plugin.failure:
        return [_failed(plugin, plugin.failure, context)]
    given = copies.copied(context, context.facts.with_answers({}))
    outcome = guarded(lambda: _found(plugin, given), RUN_SECONDS)
    if outcome.value is not None and copies.is_changed(given.document, context.document):
        outcome = Outcome(None, "it changed the document that it was given")
    is_slow = outcome.spent > TYPING_SECONDS or outcome.waited > WAITING_SECONDS
    plugin.slow = plugin.slow + 1 if is_slow else 0
    if not outcome.is_over:
        plugin.failure = f"{outcome.reason} and is off for now"
    elif role.is_server and plugin.slow >= MAX_SLOW:
        plugin.failure = (
            f"it took too long {MAX_SLOW} times in a row, which is felt while typing, and is off"
            " for now"
        )
    if outcome.value is None:
        copies.drop()
    if outcome.value is None or plugin.failure:
        return [_failed(plugin, plugin.failure or outcome.reason, context)]
    context.facts.asked |= outcome.value.asked
    context.facts.wanted |= outcome.value.wanted
    return outcome.value.findings


def _found(plugin: Plugin, given: Context) -> _Result:
    """What all checks of a plugin find; in the thread for this. Raises anything."""
    facts, length = given.facts, len(given.document.text)
    findings: list[Finding] = []
    for check in plugin.checks:
        for each in check.run(given):
            findings.append(sifted(each, check.rules, length))
            if len(findings) > MAX_FINDINGS:
                raise Unusable(f"it has more than {MAX_FINDINGS} findings in one file")
    return _Result(findings, _about_files(facts.asked), _about_files(facts.wanted))


def _about_files(questions: set[Question]) -> set[Question]:
    """Those of `questions` that a plugin may ask, and that can be answered."""
    return {each for each in questions if isinstance(each, FILE_QUESTIONS) and type(each[0]) is str}


def _failed(plugin: Plugin, reason: str, context: Context) -> Finding:
    end = context.document.text.find("\n")
    return PLUGIN_FAILED.at(
        Span(0, end if end >= 0 else len(context.document.text)),
        (),
        f"{plugin.sentence(reason)} Update or uninstall {plugin.entry.distribution}, or leave the"
        " plugin out with `plugins` in `[tool.pyproject-ls]`.",
    )
