"""The layers of the configuration, one by one: the work behind `configuration`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from pyproject_ls.checks.configuration import (
    CONFIGURATION_ERROR,
    CONTRADICTORY_SELECTION,
    EXTEND_FAILED,
    OVERRIDE_FORBIDDEN,
    UNKNOWN_PLUGIN,
    UNKNOWN_RULE,
)
from pyproject_ls.checks.context import Context
from pyproject_ls.checks.edits import quoted, without_item
from pyproject_ls.checks.finding import Finding, Fix, Rule, Severity
from pyproject_ls.checks.own_table import faults_in
from pyproject_ls.checks.run import (
    demanded,
    matches,
    selection_of,
    severity_in,
    unknown_patterns,
)
from pyproject_ls.checks.suggest import closest
from pyproject_ls.config import Plugins, Selection
from pyproject_ls.configuration import OWN, Configuration
from pyproject_ls.configuration.layers import Layer, Named, named_plugins, named_rules
from pyproject_ls.plugins import allowed_by, known_rules
from pyproject_ls.plugins.discovery import installed
from pyproject_ls.project.paths import TomlPath, dotted
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Array, Key

MAX_FAULTS = 10
"""Of one file of configuration no more is said elsewhere."""


def layers(context: Context) -> Iterator[Finding]:
    """What is wrong with each layer, at its place in this file."""
    found = context.configuration
    assert found is not None
    for trouble in found.troubles:
        rule = EXTEND_FAILED if trouble.is_extend else CONFIGURATION_ERROR
        yield rule.at(trouble.place, (), trouble.message)
    for layer in found.layers:
        if not layer.is_own:
            for line, message in faults_in(layer)[:MAX_FAULTS]:
                says = f"`{layer.name}`, line {line}: {message}"
                yield CONFIGURATION_ERROR.at(layer.place, (), says)
        named = list(named_rules(layer.table))
        yield from _unknown(layer, named, allowed_by(found.settings))
        yield from _contradictions(layer, named)
        yield from _unknown_plugins(layer)
    yield from _weakenings(found)


def _finding(
    rule: Rule, layer: Layer, place: Span, path: TomlPath, message: str, fix: Fix | None = None
) -> Finding:
    """A finding at `place` of the layer, as far as that is in the file that is analysed."""
    if layer.is_own:
        return rule.at(place, (*OWN, *path), message, fix=fix)
    where = f"`{layer.name}`, line {layer.line_of(place.start)}: "
    return rule.at(layer.place, (), f"{where}{message}")


def _where(layer: Layer, *path: str | int) -> str:
    return f"`{dotted((*OWN, *path) if layer.is_own else path)}`"


def _unknown(layer: Layer, named: list[Named], plugins: Plugins) -> Iterator[Finding]:
    unknown = set(unknown_patterns(frozenset(each.pattern for each in named), plugins))
    for each in named:
        if each.pattern not in unknown:
            continue
        meant = closest(each.pattern.rstrip("*"), known_rules(plugins))
        fix = None
        if meant is not None:
            fix = Fix(
                f"Change to `{meant}`",
                (Edit(each.node.span, meant if isinstance(each.node, Key) else quoted(meant)),),
                safe=False,
            )
        advice = f"did you mean `{meant}`?" if meant else "`pyproject-ls rules` lists all."
        message = f"{_where(layer, *_list_path(each))} has `{each.pattern}`, which is no rule;"
        yield _finding(UNKNOWN_RULE, layer, each.node.span, each.path, f"{message} {advice}", fix)


def _unknown_plugins(layer: Layer) -> Iterator[Finding]:
    """Names of plugins that are not installed."""
    names = {each.name for each in installed()}
    for index, item in named_plugins(layer.table):
        name = str(item.value)
        if name in names:
            continue
        meant = closest(name, sorted(names))
        fix = None
        if meant is not None:
            fix = Fix(f"Change to `{meant}`", (Edit(item.span, quoted(meant)),), safe=False)
        advice = f"did you mean `{meant}`?" if meant else "install it, or remove its name."
        yield _finding(
            UNKNOWN_PLUGIN,
            layer,
            item.span,
            ("plugins", index),
            f"{_where(layer, 'plugins')} has `{name}`, but beside pyproject-ls no plugin of this"
            f" name is installed; {advice}",
            fix,
        )


def _list_path(named: Named) -> TomlPath:
    """The path of the list or table that a name of a rule stands in."""
    return named.path[:-1]


def _contradictions(layer: Layer, named: list[Named]) -> Iterator[Finding]:
    """Names that the same layer selects and ignores: ignoring holds."""
    ignored = {each.pattern for each in named if each.key == "ignore"}
    seen: set[str] = set()
    for each in named:
        if each.key not in ("select", "extend-select") or each.pattern not in ignored:
            continue
        if each.pattern in seen:
            continue
        seen.add(each.pattern)
        array = layer.table.values.get(each.key)
        fix = None
        if layer.is_own and isinstance(array, Array) and isinstance(each.path[-1], int):
            edit = without_item(layer.document.text, array, each.path[-1])
            fix = Fix(f"Remove `{each.pattern}` from `{each.key}`", (edit,), safe=False)
        yield _finding(
            CONTRADICTORY_SELECTION,
            layer,
            each.node.span,
            each.path,
            f"`{each.pattern}` is in {_where(layer, each.key)} and in {_where(layer, 'ignore')};"
            " it is ignored. Remove it from one of them.",
            fix,
        )


# What a final layer forbids


def _weakenings(found: Configuration) -> Iterator[Finding]:
    """Names with which a layer weakens what one below it has made final."""
    below, plugins = found.settings.below, allowed_by(found.settings)
    for at, layer in enumerate(found.layers):
        floor = demanded(below[:at], plugins)
        if floor:
            owner = _owner(found, at)
            yield from _weakened_by(layer, floor, owner)
    floor = demanded(below, plugins)
    if floor:
        yield from _weakened_from_outside(found, floor)
    for refused in found.refused:
        if refused.layer is None:
            owner = _owner(found, len(found.layers))
            yield OVERRIDE_FORBIDDEN.at(
                _top(found),
                (),
                f"{_OUTSIDE} would change `{refused.key}`, which {owner} does not allow to"
                " override.",
            )
            continue
        key = refused.layer.table.keys[refused.key]
        yield _finding(
            OVERRIDE_FORBIDDEN,
            refused.layer,
            key.span,
            (refused.key,),
            f"{_where(refused.layer, refused.key)} cannot be changed here, because"
            f" {_owner(found, found.layers.index(refused.layer))} does not allow to override what"
            " holds below; remove it.",
        )


_OUTSIDE = "The command line or the editor's settings"


def _owner(found: Configuration, at: int) -> str:
    """The final layer nearest below the layer `at`, as messages name it."""
    finals = [each for each in found.layers[:at] if each.values.final]
    if not finals:
        return "a configuration below"
    return f"`{finals[-1].name}`" if finals[-1].name else "`[tool.pyproject-ls]`"


def _weakened_by(layer: Layer, floor: dict[str, Severity], owner: str) -> Iterator[Finding]:
    advice = f"{owner}, which does not allow to override it; remove it."
    for each in named_rules(layer.table):
        codes = [code for code in floor if matches(code, each.pattern)]
        where = _where(layer, *_list_path(each))
        if each.key in ("ignore", "per-path-ignores") and codes:
            what = f"{where} has no effect on `{codes[0]}`{_more(codes)}: that is demanded by"
        elif each.key == "severity":
            wanted = dict(layer.values.severity).get(each.pattern)
            weaker = [code for code in codes if wanted and wanted > floor[code]]
            if not weaker:
                continue
            least = floor[weaker[0]].word
            what = f"{where} makes `{weaker[0]}`{_more(weaker)} less than {least}, as demanded by"
        else:
            continue
        yield _finding(OVERRIDE_FORBIDDEN, layer, each.node.span, each.path, f"{what} {advice}")
    if layer.values.select:
        kept = layer.values.select | layer.values.extend_select
        lost = [code for code in floor if not any(matches(code, each) for each in kept)]
        if lost:
            yield _finding(
                OVERRIDE_FORBIDDEN,
                layer,
                layer.table.keys["select"].span,
                ("select",),
                f"{_where(layer, 'select')} leaves out `{lost[0]}`{_more(lost)}, demanded by"
                f" {owner}, which does not allow to override it; use `extend-select`.",
            )


def _weakened_from_outside(found: Configuration, floor: dict[str, Severity]) -> Iterator[Finding]:
    """What the command line or the editor wants to have weaker."""
    settings = found.settings
    lost = _lost(settings.below, selection_of(settings), allowed_by(settings))
    if lost:
        owner = _owner(found, len(found.layers))
        yield OVERRIDE_FORBIDDEN.at(
            _top(found),
            (),
            f"{_OUTSIDE} would weaken `{lost[0]}`{_more(lost)}, demanded by {owner}, which does not"
            " allow to override it.",
        )


@lru_cache(maxsize=32)
def _lost(below: tuple[Selection, ...], top: Selection, plugins: Plugins) -> list[str]:
    """The demanded rules that `top` would switch off or make less grave."""
    lost = []
    for code, least in demanded(below, plugins).items():
        rule = known_rules(plugins)[code]
        so_far = severity_in(below, rule) or least
        plain = Selection(select=frozenset({code}), severity=((code, so_far),))
        severity = severity_in((plain, top), rule)
        if severity is None or severity > least:
            lost.append(code)
    return lost


def _more(codes: list[str]) -> str:
    return f" and {len(codes) - 1} more" if len(codes) > 1 else ""


def _top(found: Configuration) -> Span:
    """Where it shows what no place of the file is at fault for: at its beginning."""
    return next((each.place for each in found.layers if not each.is_own), Span(0, 0))
