"""The files that are measured: the shared ones when present, else generated ones of that style."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

Place = tuple[int, int]
"""Line and column, from 0."""


@dataclass(frozen=True)
class BenchFile:
    """A ``pyproject.toml`` alone in its folder, and where it is edited and asked about."""

    name: str
    path: Path
    places: Mapping[str, Place]
    origin: str


# Name -> (shared file, lines of a generated one, places in the shared file).
_SOURCES: Mapping[str, tuple[str, int, Mapping[str, Place]]] = {
    "30": ("s30.toml", 30, {"edit": (3, 20), "completion": (17, 0), "hover": (7, 3)}),
    "300": ("b300.toml", 300, {"edit": (57, 20), "completion": (85, 0), "hover": (55, 2)}),
    "5000": ("g5000.toml", 5000, {"edit": (2665, 18), "completion": (2163, 0), "hover": (2162, 3)}),
}
SIZES = tuple(_SOURCES)


def bench_files(shared: Path, folder: Path, sizes: tuple[str, ...]) -> list[BenchFile]:
    """Put the files of `sizes` below `folder`, each in a folder of its own."""
    files = []
    for size in sizes:
        shared_name, lines, places = _SOURCES[size]
        path = folder / f"lines-{size}" / "pyproject.toml"
        path.parent.mkdir(parents=True)
        original = shared / "bench" / "files" / shared_name
        if original.exists():
            shutil.copyfile(original, path)
            files.append(BenchFile(size, path, places, f"shared {shared_name}"))
        else:
            text = generate(lines)
            path.write_text(text, encoding="utf-8")
            files.append(BenchFile(size, path, _find_places(text), "generated"))
    return files


def many_files(shared: Path, folder: Path, count: int) -> tuple[list[Path], str]:
    """`count` files as ``NNN/pyproject.toml`` below `folder`, and where they come from."""
    originals = sorted((shared / "corpus").glob("[0-9]*.toml"))[:count]
    paths = []
    for index in range(count):
        name = originals[index].stem if index < len(originals) else f"generated-{index:03}"
        path = folder / name / "pyproject.toml"
        path.parent.mkdir(parents=True)
        if index < len(originals):
            shutil.copyfile(originals[index], path)
        else:
            path.write_text(generate(30 + index % 120, seed=index), encoding="utf-8")
        paths.append(path)
    return paths, f"{len(originals)} shared, {count - len(originals)} generated"


def generate(lines: int, *, seed: int = 0) -> str:
    """A valid file of exactly `lines` lines (30 or more); the same arguments give the same text."""
    out = list(_generated_lines(lines, random.Random(seed)))
    padding = lines - len(out)
    out += [f'"src/module_{index:04}.py" = ["E501", "F401"]' for index in range(padding)]
    return "\n".join(out) + "\n"


def _generated_lines(lines: int, rng: random.Random) -> Iterator[str]:
    """Every table in due proportion; ends with the table that takes the padding."""
    room = lines - 26
    yield from (
        "[project]",
        'name = "bench-app"',
        'version = "1.2.3"',
        'description = "A project made for benchmarks"',
        'authors = [{ name = "Grace Hopper", email = "grace@example.com" }]',
        'requires-python = ">=3.10,<4.0"',
        'classifiers = ["Programming Language :: Python :: 3"]',
    )
    yield "dependencies = ["
    for index in range(max(2, room // 5)):
        version = f"{rng.randint(0, 9)}.{rng.randint(0, 20)},<{rng.randint(10, 20)}"
        marker = f"python_version >= '3.{rng.randint(8, 13)}'"
        yield f'    "library-{index:04}>={version}; {marker}",'
    yield from ("]", "", "[project.optional-dependencies]")
    yield from _string_arrays("extra", room // 8, rng)
    yield from ("", "[dependency-groups]")
    yield from _string_arrays("group", room // 10, rng)
    yield from ("", "[tool.poetry]", "package-mode = true", "", "[tool.poetry.dependencies]")
    for index in range(max(2, room // 5)):
        version = f"^{rng.randint(1, 9)}.{rng.randint(0, 20)}"
        if index % 3:
            yield f'library-{index:04} = "{version}"'
        else:
            marker = "sys_platform == 'linux'"
            yield f'library-{index:04} = {{ version = "{version}", markers = "{marker}" }}'
    for group in range(room // 75):
        yield from ("", f"[tool.poetry.group.g{group:02}.dependencies]")
        for index in range(8):
            yield f'tool-{group:02}-{index} = ">={rng.randint(1, 9)}.{rng.randint(0, 20)}"'
    yield from (
        "",
        "[build-system]",
        'requires = ["poetry-core>=2.0.0,<3.0.0"]',
        'build-backend = "poetry.core.masonry.api"',
        "",
        "[tool.ruff.lint.per-file-ignores]",
    )


def _string_arrays(prefix: str, room: int, rng: random.Random) -> Iterator[str]:
    """Named arrays of ten requirements each, about `room` lines in all."""
    for number in range(room // 12):
        yield f"{prefix}-{number:02} = ["
        for index in range(10):
            version = f"{rng.randint(1, 9)}.{rng.randint(0, 9)}"
            yield f'    "{prefix}-library-{number:02}-{index}~={version}",'
        yield "]"


def _find_places(text: str) -> dict[str, Place]:
    """Where a generated file is edited and asked: in its middle when it is long."""
    rows = text.split("\n")
    table = rows.index("[tool.poetry]")
    described = next(index for index, row in enumerate(rows) if row.startswith("description"))
    version = next((i for i, row in enumerate(rows) if i > table + 300 and ' = "^' in row), None)
    edit = (described, 20) if version is None else (version, rows[version].index("^") + 2)
    return {"edit": edit, "completion": (table + 2, 0), "hover": (table + 1, 3)}
