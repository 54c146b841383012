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

from pyproject_ls.config import PoetryTarget
from tests.parity.cases import CORPUS, PROBES, Case, staged
from tests.parity.compare import compare
from tests.parity.mutations import mutated
from tests.parity.poetry_1 import deprecations, unknown
from tests.parity.report import agreement, described
from tests.poetry_environment import POETRY, poetry_python
from tests.resolver.tools import tool_python
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
    are_same = [_deprecations("newest", "2"), _deprecations("1.8", "1.8")]
    return 0 if total.holds and all(are_same) else 1


def _deprecations(name: str, target: PoetryTarget) -> bool:
    """Compare what we and the Poetry called `name` call deprecated over the corpus; the verdict."""
    python = tool_python(f"poetry-{name}")
    corpus = sorted(CORPUS.glob("*.toml"))
    with tempfile.TemporaryDirectory() as folder:
        results = _oracle(python, corpus, Path(folder))
        paths = {each: staged(Path(each).name, Path(folder)) for each in results}
        if target == "1.8":  # what the oracle works out beside it follows newer ones
            results = {
                each: {**found, "uncut": None, "exit_strict": found["exit"]}
                for each, found in results.items()
            }
            verdicts = [
                compare(each, paths[each], found, target=target) for each, found in results.items()
            ]
            wrong = [each for each in verdicts if each.missed or each.extra or each.exits]
            for verdict in wrong:
                print(described(verdict))
            print(f"all that Poetry {name} says: {len(wrong)} of {len(verdicts)} files differ")
        agreed, differing = deprecations(results, paths, target)
    forgotten = unknown(python)
    for each in differing:
        missed = [f"  missed: {one.text}" for one in each.missed]
        extra = [f"  extra: {one.code} {one.message}" for one in each.extra]
        print("\n".join([f"{each.name}:", *missed, *extra]))
    for text in forgotten:
        print(f"a message of Poetry {name} that nothing knows: {text}")
    print(f"deprecated for Poetry {name}: {agreed.total()} agreed, {len(differing)} files differ")
    return not differing and not forgotten


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
