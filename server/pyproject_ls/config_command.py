"""The command ``config``: what is in force for a file, and where each value comes from."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyproject_ls.checks.run import plan_for, selection_of, severity_in
from pyproject_ls.cli import FOUND, OK, UNUSABLE, UsageError, complain, settings_from
from pyproject_ls.config import Settings, for_file
from pyproject_ls.configuration import Configuration
from pyproject_ls.configuration.layers import Layer, extends
from pyproject_ls.configuration.target import Target, poetry_target
from pyproject_ls.disk import answer
from pyproject_ls.facts import Facts
from pyproject_ls.files import FILE_NAME, FileError, decode, nearest, read_bytes
from pyproject_ls.host import Snapshot
from pyproject_ls.named import NamedTuple
from pyproject_ls.plugins import allowed_by, known_rules
from pyproject_ls.toml.convert import to_python

MAX_ROUNDS = 60
"""So many files may lead to one another; more are not read anyway."""

DEFAULT, COMMAND_LINE = "default", "command line"

_LISTS = ("presets", "select", "extend-select", "ignore")
_TABLES = ("severity", "per-path-ignores", "fix", "policy")


class Value(NamedTuple):
    """One value, and where it comes from."""

    key: str
    value: Any
    origin: str


def config(options: argparse.Namespace) -> int:
    """Run ``pyproject-ls config``; the exit status. Raises UsageError."""
    path = _path(options.path)
    name = os.path.relpath(path) if options.path is None else path
    settings = for_file(settings_from(options), os.path.basename(path))
    try:
        source = decode(read_bytes(path))
    except FileError as error:
        complain(f"{name}: {error}")
        return UNUSABLE
    root = Path(os.path.dirname(os.path.abspath(path)))
    if options.fetch:
        settings = settings._replace(fetch=True)
    snapshot = _known(source.text, root, settings)
    if options.fetch:
        _tell_hashes(snapshot.configuration)
    found = snapshot.configuration
    target = poetry_target(snapshot.document, snapshot.facts, found.settings)
    if options.format == "json":
        sys.stdout.write(_as_json(name, found, target))
    else:
        sys.stdout.writelines(f"{line}\n" for line in _as_text(name, found, target))
    for trouble in found.troubles:
        complain(f"{name}: {trouble.message}")
    return FOUND if found.troubles else OK


def _path(given: str | None) -> str:
    if given is None:
        path = nearest(os.curdir)
        if path is None:
            raise UsageError(f"there is no {FILE_NAME} in this folder or in one above it")
        return path
    return os.path.join(given, FILE_NAME) if os.path.isdir(given) else given


def _known(text: str, root: Path, settings: Settings) -> Snapshot:
    """A snapshot that knows all files of its configuration, and the lock file's header."""
    answers = answer
    if settings.fetch:
        from pyproject_ls.index import policies

        answers = policies.answers
    facts, snapshot = Facts(), Snapshot(text, None, settings)
    for _ in range(MAX_ROUNDS):
        snapshot = Snapshot(text, facts, settings, snapshot)
        poetry_target(snapshot.document, facts, snapshot.configuration.settings)
        new = answers(root, facts.wanted)
        if not new:
            break
        facts = facts.with_answers(new)
    return snapshot


def _tell_hashes(found: Configuration) -> None:
    """Say how addresses could be pinned that are not."""
    from hashlib import sha256

    from pyproject_ls.index import policies

    for layer in found.layers:
        for entry in extends(layer.table):
            url = str(entry.value)
            if url.startswith("https://") and "#" not in url:
                data = policies.download(url)
                if isinstance(data, str):
                    complain(f"{url}: {data}")
                else:
                    complain(f"pin it as {url}#sha256={sha256(data).hexdigest()}")


# What is in force


def _origin(layer: Layer, name: str, offset: int) -> str:
    return f"{layer.name or name}:{layer.line_of(offset)}"


def _values(name: str, found: Configuration, target: Target) -> Iterator[Value]:
    """Every value in force; of lists and tables each member."""
    settings = found.settings
    for key, value in (
        ("profile", settings.profile),
        ("online", settings.online),
        ("lock", settings.lock),
    ):
        yield Value(key, value, _scalar_origin(name, found, key, value))
    plugins = settings.plugins
    origin = _scalar_origin(name, found, "plugins", plugins)
    yield Value("plugins", plugins if isinstance(plugins, bool) else sorted(plugins), origin)
    version, origin = target
    if origin == "declared":
        origin = _scalar_origin(name, found, "poetry", version)
    yield Value("poetry", version, origin or "nothing tells; judged as for the newest")
    for layer in found.layers:
        yield from _members(name, layer)
    top = selection_of(settings)
    for key, names in zip(
        _LISTS, (top.presets, top.select, top.extend_select, top.ignore), strict=True
    ):
        for each in sorted(names):
            yield Value(key, each, COMMAND_LINE)
    for code, severity in top.severity:
        yield Value(f"severity.{code}", severity.word, COMMAND_LINE)


def _scalar_origin(name: str, found: Configuration, key: str, value: object) -> str:
    refused = [(each.layer, each.key) for each in found.refused]
    settings = found.settings
    is_given = key in settings.given or (key == "lock" and settings.lock)
    for layer in reversed(found.layers):
        if getattr(layer.values, key) == value and (layer, key) not in refused:
            return _origin(layer, name, layer.table.keys[key].start)
    return COMMAND_LINE if is_given and (None, key) not in refused else DEFAULT


def _members(name: str, layer: Layer) -> Iterator[Value]:
    """What a layer says in lists and tables."""
    for key in _LISTS:
        node = layer.table.values.get(key)
        for item in getattr(node, "items", ()) if node is not None and node.kind == "array" else ():
            yield Value(key, to_python(item), _origin(layer, name, item.start))
    for key in _TABLES:
        table = layer.table.values.get(key)
        if table is not None and table.kind == "table":
            for below, value in table.values.items():
                origin = _origin(layer, name, table.keys[below].start)
                yield Value(f"{key}.{below}", to_python(value), origin)
    if layer.values.final:
        origin = _origin(layer, name, layer.table.keys["overridable"].start)
        yield Value("overridable", False, origin)


def _rules(name: str, found: Configuration) -> Iterator[Value]:
    """Every rule that is on, with its severity and the layer that has decided it last."""
    settings = found.settings
    layers = (*settings.below, selection_of(settings))
    names = [each.name or name for each in found.layers]
    sources = [*names, COMMAND_LINE]
    as_poetry = settings.profile == "poetry"
    for code, severity in plan_for(settings).severities.items():
        rule, origin = known_rules(allowed_by(settings))[code], DEFAULT
        before = severity_in((), rule, as_poetry)
        for at, source in enumerate(sources if not rule.always else ()):
            after = severity_in(layers[: at + 1], rule, as_poetry)
            if after != before:
                before, origin = after, source
        yield Value(code, severity.word, origin)


# How it is told


def _as_json(name: str, found: Configuration, target: Target) -> str:
    def listed(values: Iterator[Value], key: str) -> list[dict[str, Any]]:
        return [{key: each.key, "value": each.value, "from": each.origin} for each in values]

    document = {
        "file": name,
        "layers": [each.name or name for each in found.layers],
        "values": listed(_values(name, found, target), "key"),
        "rules": [
            {"code": each.key, "severity": each.value, "from": each.origin}
            for each in _rules(name, found)
        ],
        "problems": [each.message for each in found.troubles],
    }
    return json.dumps(document, indent=2, ensure_ascii=False, default=str) + "\n"


def _as_text(name: str, found: Configuration, target: Target) -> Iterator[str]:
    yield f"Configuration of {name}"
    yield ""
    yield "Layers, the lowest first:"
    yield f"  {DEFAULT}s"
    yield from (f"  {each.name or name}" for each in found.layers)
    yield ""
    yield "Values:"
    values = list(_values(name, found, target))
    shown = [
        (f"{each.key} = {json.dumps(each.value, ensure_ascii=False, default=str)}", each.origin)
        for each in values
    ]
    wide = min(60, max(len(text) for text, _ in shown))
    yield from (f"  {text:{wide}}  {origin}" for text, origin in shown)
    yield ""
    rules = list(_rules(name, found))
    yield f"Rules that are on ({len(rules)}):"
    wide = max((len(each.key) for each in rules), default=0)
    yield from (f"  {each.key:{wide}}  {each.value:11}  {each.origin}" for each in rules)
