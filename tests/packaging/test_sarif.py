"""The SARIF report against the schema of the standard, which Microsoft's tool for SARIF carries."""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pyproject_ls.cli import main
from tests.shared import CACHE

PACKAGE = "@microsoft/sarif-multitool-linux@5.7.0"


@pytest.fixture(scope="module")
def schema() -> Any:
    """SARIF 2.1.0 as JSON schema."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    file = CACHE / "sarif" / "sarif-2.1.0.json"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        command = ["npm", "pack", "--silent", PACKAGE]
        done = subprocess.run(command, cwd=file.parent, check=True, capture_output=True, text=True)
        packed = file.parent / done.stdout.split()[-1]
        with tarfile.open(packed) as archive:
            member = archive.extractfile("package/sarif-2.1.0.json")
            assert member is not None
            file.write_bytes(member.read())
        packed.unlink()
    return json.loads(file.read_text("utf-8-sig"))


def test_sarif(schema: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of files with errors, fixes, related places, and of one that is not there."""
    texts = {
        "a": '[project]\nname = "a"\nversion = 1\nname = "b"\ndescripton = "ü"\n',
        "b": "[tool.poetry]\npackage-mode = false\n[tool.poetry.dev-dependencies]\n",
        "c d": "[build-system]\nrequires = []\n",
    }
    for name, text in texts.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "pyproject.toml").write_text(text, "utf-8")
    main(["check", str(tmp_path), str(tmp_path / "missing.toml"), "--format", "sarif"])
    report = json.loads(capsys.readouterr().out)
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors(report)] == []
    results = report["runs"][0]["results"]
    assert any("fixes" in each for each in results)
    assert any("relatedLocations" in each for each in results)
    assert all("markdown" in each["help"] for each in report["runs"][0]["tool"]["driver"]["rules"])
    results[0]["level"] = "terrible"
    assert not validator.is_valid(report)
