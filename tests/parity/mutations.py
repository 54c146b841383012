"""Files that nobody has seen: real ones with random changes to their values, keys and items."""

from __future__ import annotations

import copy
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Union

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Container = Union[dict[str, Any], list[Any]]

VALUES: tuple[Any, ...] = (
    *(1, True, False, 1.5, "", "x", "*", "a b", "MIT", "Apache 2.0", "latest", "@dev", "||"),
    *("^1.2", "~1", "~=1.0", "==1.*", "3.*", ">3.x", "=3.9", "<>2", "!=1.0", "^1.2,<2"),
    *("1.2.3", "v1", "2.0.dev1", "1.0+local", ">=3,<2", ">=1,<3", ">=3.8,<4.0", "^3 || ^4"),
    *("README.md", "pkg.mod:func", "dev", "main", "version", "dependencies"),
    *("foo>=1; python_version<'3.8'", "foo @ https://x.org/foo-1.0.tar.gz", "foo[bar]>=1"),
    *("requests>=2 <3", "License :: OSI Approved :: MIT License", "Natural Language :: Ukranian"),
    *([], ["x"], [1], ["README.md", "README.rst"], {}, {"x": 1}),
    *({"version": "^1"}, {"git": "https://github.com/a/b.git"}, {"path": "../x"}),
    *({"url": "https://x.org/a.zip"}, {"file": "a.whl"}, {"version": "1", "source": "foo"}),
    *({"version": "*", "markers": "bad"}, {"include-group": "dev"}, [{"include-group": "dev"}]),
    [{"version": "1", "python": "<3"}, {"version": "2", "markers": "python_version >= '3'"}],
    *(
        {"text": "MIT"},
        {"reference": "a:b", "type": "console"},
        {"callable": "a:b", "extras": ["q"]},
    ),
)
KEYS = (
    *(
        "name",
        "version",
        "description",
        "readme",
        "license",
        "license-files",
        "authors",
        "keywords",
    ),
    *("maintainers", "classifiers", "urls", "scripts", "gui-scripts", "entry-points", "dynamic"),
    *("dependencies", "optional-dependencies", "requires-python", "dev-dependencies", "extras"),
    *("group", "source", "packages", "include", "exclude", "plugins", "package-mode", "build"),
    *("requires-poetry", "requires-plugins", "build-constraints", "homepage", "repository"),
    *("python", "optional", "markers", "allows-prereleases", "develop", "include-groups", "url"),
    *("priority", "foo", "Foo_Bar", "foo.bar", "we ird", "data-x", "dev", "tests"),
)


def mutated(paths: list[Path], count: int, seed: int) -> Iterator[str]:
    """`count` texts: files of `paths` with one to three random changes, the same for a seed."""
    source = random.Random(seed)
    originals = [data for data in map(_read, sorted(paths)) if data]
    while count:
        data = copy.deepcopy(source.choice(originals))
        for _ in range(source.choice((1, 1, 1, 2, 3))):
            container = source.choice(_containers(data))
            value = source.choice(VALUES)
            if source.random() > 0.75:
                value = source.choice(_containers(source.choice(originals)))
            _change(container, copy.deepcopy(value), source)
        yield written(data)
        count -= 1


def _read(path: Path) -> dict[str, Any]:
    """The tables that Poetry reads of a file; nothing where it is no TOML."""
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}
    tool = data.get("tool")
    if isinstance(tool, dict):
        data["tool"] = {name: table for name, table in tool.items() if name == "poetry"}
    return data


def _containers(node: Container) -> list[Container]:
    below = node.values() if isinstance(node, dict) else node
    found: list[Container] = [node]
    for value in below:
        if isinstance(value, (dict, list)):
            found += _containers(value)
    return found


def _change(node: Container, value: Any, source: random.Random) -> None:
    """Set, remove, rename or add something in `node`."""
    kind = source.random()
    if isinstance(node, dict):
        keys = list(node)
        if keys and kind < 0.35:
            node[source.choice(keys)] = value
        elif keys and kind < 0.5:
            del node[source.choice(keys)]
        elif keys and kind < 0.6:
            node[source.choice(KEYS)] = node.pop(source.choice(keys))
        else:
            node[source.choice(KEYS)] = value
    elif node and kind < 0.5:
        node[source.randrange(len(node))] = value
    elif node and kind < 0.6:
        del node[source.randrange(len(node))]
    elif node and kind < 0.7:
        node.append(copy.deepcopy(source.choice(node)))
    else:
        node.append(value)


def written(data: dict[str, Any]) -> str:
    """`data` as TOML, every value inline."""
    return "".join(f"{_key(key)} = {_inline(value)}\n" for key, value in data.items())


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(k)} = {_inline(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _key(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _key(text: str) -> str:
    """`text` as a basic string, which a key may be too."""
    escaped = "".join(c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08X}" for c in text)
    return f'"{escaped}"'
