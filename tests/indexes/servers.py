"""Index servers on loopback, each a process of its own."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.indexes.install import programs
from tests.indexes.packages import upload

USER, PASSWORD = "me", "s3cret"
LOGIN = (USER, PASSWORD)

PATIENCE = 60.0
"""Seconds for a server to start: devpi takes six of them."""


@contextlib.contextmanager
def pypiserver(folder: Path, fallback: str = "") -> Iterator[str]:
    """Pypiserver with the packages of `tests.indexes.packages`: the address of its Simple API.

    It wants `LOGIN` for everything. For packages that it does not have it redirects to the Simple
    API `fallback`, or to nothing.
    """
    packages = folder / "packages"
    packages.mkdir(parents=True)
    digest = base64.b64encode(hashlib.sha1(PASSWORD.encode()).digest()).decode()
    passwords = folder / "htpasswd"
    passwords.write_text(f"{USER}:{{SHA}}{digest}\n", "utf-8")
    port = _free_port()
    elsewhere = ("--fallback-url", fallback) if fallback else ("--disable-fallback",)
    command = (
        *("pypi-server", "run", "--host", "127.0.0.1", "--port", str(port), *elsewhere),
        *("--server", "wsgiref", "-P", str(passwords), "-a", "update,list,download"),
        str(packages),
    )
    with _process(command, port, folder / "pypiserver.log"):
        upload(f"http://127.0.0.1:{port}/", LOGIN)
        yield f"http://127.0.0.1:{port}/simple/"


@contextlib.contextmanager
def devpi(folder: Path, mirrored: str) -> Iterator[str]:
    """Devpi with an index of ours and a mirror: its address, with a "/" at the end.

    ``me/dev/+simple/`` has the packages of `tests.indexes.packages`, ``me/mirror/+simple/`` what
    the Simple API `mirrored` has. devpi itself asks nobody for a password who only reads.
    """
    data = str(folder / "data")
    port = _free_port()
    root = ("--no-root-pypi", "--root-passwd", PASSWORD)
    init = [str(programs() / "devpi-init"), "--serverdir", data, *root]
    subprocess.run(init, check=True, capture_output=True, cwd=folder)
    command = (
        *("devpi-server", "--serverdir", data, "--host", "127.0.0.1", "--port", str(port)),
        *("--enable-core-metadata", "--threads", "8"),
    )
    url = f"http://127.0.0.1:{port}/"
    with _process(command, port, folder / "devpi.log"):
        with httpx.Client(base_url=url, trust_env=False, timeout=30) as client:
            mirror = {"type": "mirror", "mirror_url": mirrored}
            user = {"password": PASSWORD}
            client.put("/me", json=user, auth=("root", PASSWORD)).raise_for_status()
            for name, options in {
                "dev": {"bases": []},
                "mirror": {**mirror, "mirror_provides_core_metadata": True},
            }.items():
                client.put(f"/me/{name}", json=options, auth=LOGIN).raise_for_status()
        upload(f"{url}me/dev/", LOGIN)
        yield url


@contextlib.contextmanager
def static(folder: Path) -> Iterator[str]:
    """Python's own ``http.server`` with the files below `folder`: its address.

    The smallest index that there is: a folder for each package, with an index.html.
    """
    port = _free_port()
    command = (sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port))
    with _process(command, port, folder.parent / f"{folder.name}.log", folder):
        yield f"http://127.0.0.1:{port}/"


@contextlib.contextmanager
def _process(
    command: tuple[str, ...], port: int, log: Path, folder: Path | None = None
) -> Iterator[None]:
    """The program `command`, listening on `port`, until the block ends."""
    program = [str(programs() / command[0]), *command[1:]]
    environment = {**os.environ, "NO_PROXY": "*"}
    with open(log, "wb") as output:
        process = subprocess.Popen(
            program,
            cwd=folder or log.parent,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        if not _is_up(process, port):
            raise RuntimeError(f"{command[0]} does not start:\n{log.read_text('utf-8', 'replace')}")
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _is_up(process: subprocess.Popen[bytes], port: int) -> bool:
    """Whether somebody listens on `port` before the process ends, and before long."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
            return False
    return False


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port
