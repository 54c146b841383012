"""``python -m tests.parity``: our verdicts beside those of the real Poetry, run now.

Over the corpus, the probes, and files made from them by random changes, which nobody has seen
before.

Poetry gets an environment of its own under ``.cache``; the oracle of the shared folder runs its
check in process. Prints what differs and the figures; the exit status is 1 where a target is
missed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.parity.cases import CORPUS, PROBES, Case, staged
from tests.parity.mutations import mutated
from tests.parity.report import agreement, described
from tests.poetry_environment import POETRY, poetry_python
from tests.shared import SHARED

MUTATIONS, SEED = 1500, 2026
ORACLE = SHARED / "oracle" / "run_poetry_check.py"


def main() -> int:
    """Compare, print, and give the exit status."""
    if not SHARED.is_dir():
        print("parity: the shared corpus is not beside this checkout; nothing is compared")
        return 0
    python = poetry_python()
    with tempfile.TemporaryDirectory() as folder:
        total = agreement(_cases(python, Path(folder)))
    for verdict in total.differing:
        print(described(verdict))
    print(f"parity with {POETRY}: {total}")
    return 0 if total.holds else 1


def _cases(python: Path, folder: Path) -> Iterator[Case]:
    corpus = sorted(CORPUS.glob("*.toml"))
    for name, result in _oracle(python, corpus, folder).items():
        yield Case(Path(name).name, staged(Path(name).name, folder), False, result)
    probes = sorted(PROBES.glob("*/pyproject.toml"))
    for lock in (False, True):
        options = ["--in-tree", *(["--lock"] if lock else [])]
        for name, result in _oracle(python, probes, folder, *options).items():
            yield Case(Path(name).parent.name, SHARED / name, lock, result)
    files = []
    for index, text in enumerate(mutated([*corpus, *probes], MUTATIONS, SEED)):
        path = folder / "mutated" / str(index) / "pyproject.toml"
        path.parent.mkdir(parents=True)
        path.write_text(text, "utf-8")
        files.append(path)
    for name, result in _oracle(python, files, folder, base=folder).items():
        yield Case(name, folder / name, False, result)


def _oracle(
    python: Path, files: list[Path], folder: Path, *options: str, base: Path = SHARED
) -> dict[str, dict[str, Any]]:
    """Poetry's results for `files`, by their path below `base`."""
    listing, output = folder / "files", folder / "results.json"
    listing.write_text("\n".join(str(path) for path in files), "utf-8")
    command = [str(part) for part in (python, ORACLE, "--batch", listing, "-o", output)]
    command += ["--base", str(base), *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    results: dict[str, dict[str, Any]] = json.loads(output.read_text("utf-8"))
    return results


if __name__ == "__main__":
    sys.exit(main())
