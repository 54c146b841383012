"""The suite on every Python that the machine has."""

import nox

nox.options.error_on_missing_interpreters = False


@nox.session(python=["3.10", "3.11", "3.12", "3.13"], venv_backend="venv")
def tests(session: nox.Session) -> None:
    """Install the project and run its tests."""
    session.install("--upgrade", "pip>=25.1")
    session.install("--editable", ".", "--group", "test")
    session.run("python", "-m", "pytest", "-n", "auto", *session.posargs)
