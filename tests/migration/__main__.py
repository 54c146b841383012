"""``python -m tests.migration``: the real Poetry about files before and after their migration.

Over every file of the corpus that is written for Poetry 1 and that Poetry accepts, with the files
that it names put beside it: `poetry check` has no new error and no deprecation warning, the
metadata that poetry-core builds is the same, no comment is lost, and a second migration changes
nothing. Prints what differs and the figures; the exit status is 1 where a target is missed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from pyproject_ls.features.migrate import MigrationRefused, migrate
from pyproject_ls.host import Snapshot
from pyproject_ls.text import apply_edits
from tests.migration.compare import differences
from tests.migration.stage import is_for_poetry_1, stage
from tests.parity.cases import CORPUS
from tests.poetry_environment import POETRY, poetry_python
from tests.shared import SHARED

ORACLE = SHARED / "oracle" / "run_poetry_check.py"
METADATA = Path(__file__).with_name("metadata.py")
LEAST = 0.98


def main() -> int:
    """Migrate, compare, print, and give the exit status."""
    if not SHARED.is_dir():
        print("migration: the shared corpus is not beside this checkout; nothing is migrated")
        return 0
    python = poetry_python()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts = {}
        for path in sorted(CORPUS.glob("*.toml")):
            text = path.read_bytes().decode("utf-8", "replace")
            if is_for_poetry_1(text):
                texts[path.stem] = text
                stage(folder / "before" / "x" / "y" / path.stem, text)
        checks = _checks(python, folder, "before", list(texts))
        accepted = [each for each in texts if checks[each]["exit"] == 0]
        refused: dict[str, str] = {}
        after: dict[str, str] = {}
        failures: dict[str, list[str]] = {}
        for each in accepted:
            try:
                after[each] = _migrated(texts[each])
            except MigrationRefused as refusal:
                refused[each] = str(refusal)
                continue
            except Exception as error:
                failures[each] = [f"crash: {type(error).__name__}: {error}"]
                continue
            if _migrated(after[each]) != after[each]:
                failures.setdefault(each, []).append("a second migration changes it again")
            stage(folder / "after" / "x" / "y" / each, after[each], texts[each])
        new_checks = _checks(python, folder, "after", list(after))
        old, new = (_metadata(python, folder, which, list(after)) for which in ("before", "after"))
    passed = 0
    for each in after:
        found = failures.get(each, [])
        found += differences(
            texts[each], after[each], checks[each], new_checks[each], old[each], new[each]
        )
        if found:
            failures[each] = found
        else:
            passed += 1
    for each, lines in failures.items():
        print(f"{each}:", *lines, sep="\n    ")
    for each, reason in refused.items():
        print(f"{each}: refused: {reason}")
    share = passed / max(len(accepted), 1)
    print(
        f"migration with {POETRY}: {len(texts)} files for Poetry 1, {len(accepted)} accepted by"
        f" Poetry; {passed} pass ({share:.1%}), {len(refused)} refused, {len(failures)} fail"
    )
    return 0 if share >= LEAST and not failures else 1


def _migrated(text: str) -> str:
    return apply_edits(text, migrate(Snapshot(text)).edits)


def _checks(python: Path, folder: Path, which: str, names: list[str]) -> dict[str, Any]:
    """What `poetry check` says of the staged projects."""
    listing, output = folder / "files", folder / "checks.json"
    paths = {name: folder / which / "x" / "y" / name / "pyproject.toml" for name in names}
    listing.write_text("\n".join(map(str, paths.values())), "utf-8")
    command = [python, ORACLE, "--batch", listing, "-o", output, "--base", folder, "--in-tree"]
    subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL)
    results = json.loads(output.read_text("utf-8"))
    return {name: results[str(path.relative_to(folder))] for name, path in paths.items()}


def _metadata(python: Path, folder: Path, which: str, names: list[str]) -> dict[str, Any]:
    """What poetry-core builds of the staged projects."""
    listing, output = folder / "files", folder / "metadata.json"
    here = folder / "project"  # the same place for both: paths are part of the metadata
    (folder / which).rename(here)
    paths = {name: here / "x" / "y" / name for name in names}
    listing.write_text("\n".join(map(str, paths.values())), "utf-8")
    subprocess.run(list(map(str, [python, METADATA, listing, output])), check=True)
    here.rename(folder / which)
    results = json.loads(output.read_text("utf-8"))
    return {name: results[str(path)] for name, path in paths.items()}


if __name__ == "__main__":
    sys.exit(main())
