"""Programs out of Debian's packages, of any release, unpacked into a folder of their own.

They bring their C library, so any Linux with apt will do; the system's packages are not touched.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
_MIRROR = re.compile(r"^(?:URIs:\s*|deb\s+(?:\[[^]]*\]\s*)?)(\S+)", re.MULTILINE)


class CannotInstallError(Exception):
    """The editor cannot be had on this machine; the message says why."""


def unpack(folder: Path, suite: str, *packages: str) -> Path:
    """Unpack packages of a release and all that they need: the root of the tree.

    Raises CannotInstallError, CalledProcessError, OSError.
    """
    for needed in ("apt-get", "dpkg-deb", "dpkg"):
        if shutil.which(needed) is None:
            raise CannotInstallError(f"there is no {needed} to install {packages[0]} with")
    debs, root, state = folder / "debs", folder / "root", folder / "apt"
    debs.mkdir(parents=True)
    root.mkdir()
    apt = _apt(state, suite)
    run("apt-get", *apt, "update", "-qq")
    run(
        *("apt-get", *apt, "install", "-y", "-qq", "--no-install-recommends", "--download-only"),
        *("-o", f"Dir::Cache::archives={debs}", *packages),
    )
    for deb in sorted(debs.glob("*.deb")):
        run("dpkg-deb", "-x", str(deb), str(root))
    shutil.rmtree(debs)
    shutil.rmtree(state)
    return root


def use_own_libraries(program: Path, root: Path, moved: Path, patchelf: Path) -> None:
    """Make a program use the C library of the tree `root`, which will be moved to `moved`."""
    loader = next(each for each in root.rglob("ld-linux-*.so.*") if each.is_file())
    folders = {each.parent for each in root.rglob("*.so.*") if each.is_file()}
    libraries = ":".join(sorted(str(moved / each.relative_to(root)) for each in folders))
    run(
        *(str(patchelf), "--set-interpreter", str(moved / loader.relative_to(root))),
        *("--force-rpath", "--set-rpath", libraries, str(program)),
    )


def find_program(root: Path, name: str) -> Path:
    """The program of that name in the tree."""
    return next(each for each in sorted(root.rglob(name)) if _is_program(each))


def run(*command: str) -> None:
    """Run a command. Raises CalledProcessError."""
    subprocess.run(command, check=True, capture_output=True)


def _apt(state: Path, suite: str) -> list[str]:
    """Options that make apt keep a state of its own: the system's is not touched."""
    sources = [Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*")]
    texts = [each.read_text("utf-8") for each in sources if each.is_file()]
    mirrors = [each for text in texts for each in _MIRROR.findall(text) if "debian" in each.lower()]
    mirrors = [each for each in mirrors if "security" not in each]
    if not mirrors or not Path(_KEYRING).exists():
        raise CannotInstallError("this is no Debian, or it has no mirror to install from")
    for folder in ("state/lists/partial", "cache/archives/partial", "none"):
        (state / folder).mkdir(parents=True)
    (state / "status").touch()
    source = f"deb [signed-by={_KEYRING}] {mirrors[0]} {suite} main\n"
    (state / "sources.list").write_text(source, encoding="utf-8")
    options = {
        "Dir::State": state / "state",
        "Dir::State::status": state / "status",
        "Dir::Cache": state / "cache",
        "Dir::Etc::sourcelist": state / "sources.list",
        "Dir::Etc::sourceparts": state / "none",
        "Dir::Etc::preferencesparts": state / "none",
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
    }
    return [part for name, value in options.items() for part in ("-o", f"{name}={value}")]


def _is_program(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"
