"""Reading the layers of one file: which there are, and what they come to."""

from __future__ import annotations

import os
from collections.abc import Iterator

from pyproject_ls.config import Plugins, Profile, Selection, Settings
from pyproject_ls.configuration import OWN, Configuration
from pyproject_ls.configuration.layers import (
    Layer,
    Refused,
    Trouble,
    Values,
    extends,
    file_values,
    values_of,
)
from pyproject_ls.configuration.paths import covers, relative
from pyproject_ls.configuration.policy import Policy, merged, placed
from pyproject_ls.configuration.references import Reference, reference
from pyproject_ls.facts import ConfigFile, ConfigOf, Facts, FileText
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.manifest import as_table
from pyproject_ls.text import Span
from pyproject_ls.toml import Document, Table

FILE_NAME = "pyproject.toml"

MAX_DEPTH = 8
"""So many files may extend one another: fewer than an analysis has rounds to read them."""

MAX_LAYERS = 50
"""More files than these are nobody's policy."""

MAX_TROUBLES = 20
"""More are not told."""


def read(document: Document, facts: Facts, settings: Settings) -> Configuration:
    """What holds for `document`, which has a configuration of its own or above it."""
    above = facts.config()
    stack = _Stack(facts, settings)
    own = as_table(document.get(*OWN))
    first_line = Span(0, max(document.text.find("\n"), 0))
    if above is not None and above.path and settings.subject == "project":
        name = relative(above.path, above.folder) or above.path
        stack.add(_File(name, os.path.dirname(above.path), above.path), above, first_line)
    if own is not None:
        folder = above.folder if above is not None else ""
        if above is not None:
            path = os.path.join(folder, FILE_NAME)
            stack.extend(_File("", folder, path), document, own, None, ())
        stack.layers.append(Layer("", document, own, values_of(own), own.span, folder))
    return _together(settings, stack, above.folder if above is not None else "")


class _File(NamedTuple):
    """A file of configuration: what people call it, its absolute folder, what makes it unique."""

    name: str
    folder: str
    identity: str


class _Stack:
    """The layers of one file, the lowest first, and what stands in the way of others."""

    def __init__(self, facts: Facts, settings: Settings) -> None:
        self.layers: list[Layer] = []
        self.troubles: list[Trouble] = []
        self._facts = facts
        self._settings = settings
        self._included = 0

    def add(
        self,
        file: _File,
        found: ConfigFile | FileText | None,
        place: Span,
        chain: tuple[str, ...] = (),
    ) -> None:
        """Put the layers that `file` extends, and its own, above those that are there.

        `place` is where trouble with it shows; `chain` are the files that led here.
        """
        if found is None:
            return  # not known yet
        if found.text is None:
            says = f"`{file.name}` cannot be read: {found.error}."
            self.troubles.append(Trouble(place, says, bool(chain)))
            return
        document, values = file_values(found.text)
        if document.problems:
            problem = document.problems[0]
            line = document.text.count("\n", 0, problem.span.start) + 1
            says = f"`{file.name}`, line {line}, is not valid TOML: {problem.message}"
            says = says if says[-1:] in ".?" else f"{says}."
            self.troubles.append(Trouble(place, says, is_extend=False))
        self.extend(file, document, document.root, place, chain)
        layer = Layer(file.name, document, document.root, values, place, file.folder)
        self.layers.append(layer)

    def extend(
        self,
        file: _File,
        document: Document,
        table: Table,
        place: Span | None,
        chain: tuple[str, ...],
    ) -> None:
        """Add the files that `table` of `file` extends; None for `place`: each at its entry."""
        chain = (*chain, file.identity)
        for entry in extends(table):
            here = entry.span if place is None else place
            line = document.text.count("\n", 0, entry.start) + 1
            named = "" if place is None else f" (`extend` of `{file.name}`, line {line})"
            found = reference(str(entry.value), file.folder)
            reason = found if isinstance(found, str) else self._obstacle(found, chain)
            if reason:
                self.troubles.append(Trouble(here, f"`{entry.value}`{named} {reason}"))
            elif isinstance(found, Reference):
                self._include(found, file, here, named, chain)

    def _obstacle(self, found: Reference, chain: tuple[str, ...]) -> str:
        """Why a file must not be read at all, as the rest of a sentence."""
        if found.identity in chain:
            return "leads back to this file; a configuration cannot extend itself."
        if len(chain) > MAX_DEPTH:
            return f"is the end of a chain of more than {MAX_DEPTH} files; shorten it."
        if self._included >= MAX_LAYERS:
            return f"is one of more than {MAX_LAYERS} files; use fewer."
        if found.kind == "url" and not self._settings.trusted:
            return "is not fetched, because the workspace is not trusted."
        return ""

    def _include(
        self, found: Reference, file: _File, place: Span, named: str, chain: tuple[str, ...]
    ) -> None:
        self._included += 1
        content = self._content(found)
        if content is not None and content.text is None:
            says = f"`{found.name}`{named} cannot be used: {content.error}."
            self.troubles.append(Trouble(place, says))
            return
        folder = found.folder or file.folder  # what is no file of the disk stands beside its user
        self.add(_File(found.name, folder, found.identity), content, place, chain)

    def _content(self, found: Reference) -> ConfigFile | FileText | None:
        facts, settings = self._facts, self._settings
        if found.kind == "package":
            return facts.config(ConfigOf(f"package:{found.where}", allowed=settings.trusted))
        if found.kind == "url":
            return facts.config(ConfigOf(found.where, found.sha256, settings.fetch))
        return facts.text_of(found.where)


def _together(settings: Settings, stack: _Stack, folder: str) -> Configuration:
    """What the layers and, above them, `settings` come to."""
    result = _Result(settings)
    path = os.path.join(folder, FILE_NAME)
    selections = []
    for layer in stack.layers:
        result.take(layer)
        selections.append(_selection(layer, path if folder else ""))
    top = Values(
        profile=settings.profile if _is_given(settings, "profile") else None,
        poetry=settings.poetry if settings.poetry != "auto" else None,
        online=settings.online if "online" in settings.given else None,
        lock=settings.lock or None,
        plugins=settings.plugins if settings.plugins is not True else None,
    )
    result.set(None, top)
    return Configuration(
        settings._replace(
            profile=result.profile,
            poetry=result.poetry or "auto",
            online=settings.online and result.online is not False,
            lock=result.lock,
            plugins=result.plugins,
            below=tuple(selections),
        ),
        result.policy,
        tuple(stack.layers),
        tuple(dict.fromkeys(stack.troubles))[:MAX_TROUBLES],
        tuple(result.refused),
        result.unsafe,
        result.fixable,
        result.unfixable,
    )


def _is_given(settings: Settings, name: str) -> bool:
    return name in settings.given or getattr(settings, name) != Settings._field_defaults[name]


class _Result:
    """What holds of the settings that are no lists: the uppermost value, unless it is forbidden."""

    def __init__(self, settings: Settings) -> None:
        self.profile: Profile = "all"
        self.poetry = settings._field_defaults["poetry"]
        self.online: bool | None = None
        self.lock = False
        self.plugins: Plugins = True
        self.policy = Policy()
        self.unsafe = False
        self.fixable: frozenset[str] = frozenset()
        self.unfixable: frozenset[str] = frozenset()
        self.refused: list[Refused] = []
        self._locked: set[str] = set()
        self._final_policy: Policy | None = None

    def take(self, layer: Layer) -> None:
        """Put `layer` above what there is."""
        values = layer.values
        self.set(layer, values)
        if values.policy is not None:
            self.policy = merged(self.policy, placed(values.policy, layer.folder))
        if self._final_policy is not None:
            self.policy = merged(self.policy, self._final_policy)
        self.unsafe = self.unsafe if values.unsafe is None else values.unsafe
        self.unfixable = (self.unfixable - values.fixable) | values.unfixable
        self.fixable = values.fixable or self.fixable
        if values.final:
            self._locked.update(_set_names(self))
            self._final_policy = self.policy

    def set(self, layer: Layer | None, values: Values) -> None:
        """Take over the values of `layer`; None: of the command line or the editor."""
        for key in ("profile", "poetry", "online", "lock", "plugins"):
            value, before = getattr(values, key), getattr(self, key)
            if value is None or value == before:
                continue
            if key in self._locked and _weakens(key, before, value):
                self.refused.append(Refused(layer, key))
            else:
                setattr(self, key, value)


def _set_names(result: _Result) -> Iterator[str]:
    """The settings that a final layer has decided."""
    yield "profile"
    yield "plugins"
    if result.poetry != "auto":
        yield "poetry"
    if result.online:
        yield "online"
    if result.lock:
        yield "lock"


def _weakens(key: str, before: object, value: object) -> bool:
    """Whether another `value` of a decided setting asks for less than the one `before`."""
    if key == "plugins":
        if isinstance(before, frozenset) and isinstance(value, frozenset):
            return not before <= value
        return before is not False and value is not True
    return value == "poetry" if key == "profile" else key == "poetry" or value is False


def _selection(layer: Layer, path: str) -> Selection:
    """What `layer` switches on and off for the file at `path`, "" where that is not known."""
    values = layer.values
    ignore = values.ignore
    if values.per_path and path:
        here = relative(path, layer.folder)
        for glob, codes in values.per_path:
            if covers(glob, here):
                ignore = ignore | codes
    return Selection(
        values.select, values.extend_select, ignore, values.severity, values.presets, values.final
    )
