"""The settings of a client, read with patience: what is wrong is named, the rest holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from pyproject_ls.checks.finding import Severity
from pyproject_ls.checks.run import unknown_patterns
from pyproject_ls.config import (
    ConstraintStyle,
    IndexSettings,
    Newest,
    PoetryTarget,
    Profile,
    Resolve,
    Settings,
    Tool,
    ToolSettings,
)
from pyproject_ls.project.schema.own import PRESETS

SECTION = "pyproject-ls"
"""The name under which clients keep our settings."""

LOG_LEVELS = ("off", "error", "warning", "info", "debug", "trace")

T = TypeVar("T")

_PROFILES: dict[str, Profile] = {"all": "all", "poetry": "poetry"}
_NEWEST: dict[str, Newest] = {"off": "off", "outdated": "outdated", "all": "all"}
_RESOLVE: dict[str, Resolve] = {"off": "off", "save": "save", "type": "type"}
_TOOLS: dict[str, Tool] = {"auto": "auto", "poetry": "poetry", "uv": "uv"}
_STYLES: dict[str, ConstraintStyle] = {
    "auto": "auto",
    "lower": "lower",
    "compatible": "compatible",
    "exact": "exact",
    "none": "none",
}
_TARGETS: dict[str, PoetryTarget] = {"auto": "auto", "1.8": "1.8", "2": "2"}
_SEVERITIES = {severity.word: severity for severity in Severity}


@dataclass(frozen=True)
class ClientSettings:
    """What a client can set. `log_level` is one of `LOG_LEVELS`."""

    settings: Settings = field(default_factory=Settings)
    log_level: str = "info"
    index: IndexSettings = field(default_factory=IndexSettings)
    tools: ToolSettings = field(default_factory=ToolSettings)


def read(value: object, index: IndexSettings | None = None) -> tuple[ClientSettings, list[str]]:
    """The settings in `value`, and a sentence for each one that cannot be used.

    `value` is what stands under `SECTION`; None stands for no settings. `index` is what
    holds of indexes where nothing is set. Keys that are not ours are left alone: an editor's
    extension may have its own.
    """
    reader = _Reader(value)
    settings = Settings(
        profile=reader.choice("profile", _PROFILES, "all"),
        select=reader.rules("select"),
        extend_select=reader.rules("extendSelect"),
        ignore=reader.rules("ignore"),
        severity=reader.severities("severity"),
        lock=reader.flag("lock"),
        inlay_locked=reader.flag("inlayHints.lockedVersion", True),
        inlay_ranges=reader.flag("inlayHints.constraintRange"),
        inlay_newest=reader.choice("inlayHints.newestVersion", _NEWEST, "outdated"),
        online=True,
        constraint_style=reader.choice("completion.constraint", _STYLES, "auto"),
        resolve=reader.choice("resolve", _RESOLVE, "save"),
        tool=reader.choice("tool", _TOOLS, "auto"),
        presets=reader.names("presets", PRESETS),
        plugins=reader.flag("plugins", True),
        poetry=reader.choice("poetry.target", _TARGETS, "auto"),
    )
    index = index or IndexSettings()
    index = IndexSettings(
        url=reader.text("index.url") or index.url,
        offline=reader.flag("offline", index.offline),
        trusted=reader.flag("trusted", index.trusted),
        ranking=reader.text("index.ranking", index.ranking),
    )
    settings = settings._replace(trusted=index.trusted, fetch=index.trusted and not index.offline)
    tools = ToolSettings(
        poetry=reader.text("poetry.path"),
        uv=reader.text("uv.path"),
    )
    level = reader.choice("logLevel", {level: level for level in LOG_LEVELS}, "info")
    return ClientSettings(settings, level, index, tools), reader.problems


def section_of(value: object) -> object:
    """What `value` holds for us: under `SECTION` where it has that key, else as a whole."""
    if isinstance(value, Mapping) and SECTION in value:
        return value[SECTION]
    return value


class _Reader:
    def __init__(self, value: object) -> None:
        self.problems: list[str] = []
        self._values: Mapping[str, object] = {}
        if isinstance(value, Mapping):
            self._values = value
        elif value is not None:
            self.problems.append(
                f"the settings under `{SECTION}` are {_shown(value)}; use an object"
            )

    def _value(self, name: str) -> object:
        """What stands under a name, whose dots lead into objects (or are part of it)."""
        if name in self._values:
            return self._values[name]
        value: object = self._values
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        return value

    def choice(self, name: str, values: Mapping[str, T], default: str) -> T:
        value = self._value(name)
        if value is None:
            return values[default]
        if isinstance(value, str) and value in values:
            return values[value]
        self._wrong(name, value, " or ".join(f'"{each}"' for each in values))
        return values[default]

    def flag(self, name: str, default: bool = False) -> bool:
        value = self._value(name)
        if isinstance(value, bool):
            return value
        if value is not None:
            self._wrong(name, value, "true or false")
        return default

    def text(self, name: str, default: str = "") -> str:
        value = self._value(name)
        if value is None or isinstance(value, str):
            return default if value is None else value.strip()
        self._wrong(name, value, "a text")
        return default

    def rules(self, name: str) -> frozenset[str]:
        value = self._values.get(name)
        if value is None:
            return frozenset()
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self._wrong(name, value, "a list of rule codes")
            return frozenset()
        return self._known(name, frozenset(value))

    def names(self, name: str, allowed: tuple[str, ...]) -> frozenset[str]:
        value = self._values.get(name)
        if value is None:
            return frozenset()
        wanted = " or ".join(f'"{each}"' for each in allowed)
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self._wrong(name, value, f"a list of {wanted}")
            return frozenset()
        for each in value:
            if each not in allowed:
                self._wrong(name, each, wanted)
        return frozenset(value).intersection(allowed)

    def severities(self, name: str) -> Mapping[str, Severity]:
        value = self._values.get(name)
        if value is None:
            return MappingProxyType({})
        if not isinstance(value, Mapping):
            self._wrong(name, value, "an object of rule codes and severities")
            return MappingProxyType({})
        wanted: dict[str, Severity] = {}
        for code, word in value.items():
            severity = _SEVERITIES.get(word) if isinstance(word, str) else None
            if severity is None:
                self._wrong(
                    f"{name}.{code}", word, " or ".join(f'"{each}"' for each in _SEVERITIES)
                )
            else:
                wanted[code] = severity
        known = self._known(name, frozenset(wanted))
        return MappingProxyType({code: wanted[code] for code in wanted if code in known})

    def _known(self, name: str, patterns: frozenset[str]) -> frozenset[str]:
        if not patterns:
            return patterns
        unknown = unknown_patterns(patterns, plugins=False)
        if unknown:
            listed = ", ".join(f'"{pattern}"' for pattern in unknown)
            self.problems.append(
                f"`{SECTION}.{name}` has {listed}, which is no rule"
                if len(unknown) == 1
                else f"`{SECTION}.{name}` has {listed}, which are no rules"
            )
        return patterns.difference(unknown)

    def _wrong(self, name: str, value: object, wanted: str) -> None:
        self.problems.append(f"`{SECTION}.{name}` is {_shown(value)}; use {wanted}")


def _shown(value: object) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
