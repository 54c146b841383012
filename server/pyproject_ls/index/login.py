"""A user name and a password that no log, message or traceback shows."""

from __future__ import annotations


class Login:
    """What is sent to an index to be let in. Neither part appears in its text form."""

    __slots__ = ("password", "username")

    def __init__(self, username: str, password: str | None = None) -> None:
        self.username = username
        self.password = password
        """None where only the name is known: the password may be elsewhere, or there is none."""

    @property
    def is_whole(self) -> bool:
        """Whether the password is known."""
        return self.password is not None

    def pair(self) -> tuple[str, str]:
        """User name and password, as HTTP's basic authentication takes them."""
        return self.username, self.password or ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Login) and (self.username, self.password) == (
            other.username,
            other.password,
        )

    def __hash__(self) -> int:
        return hash((self.username, self.password))

    def __repr__(self) -> str:
        return "Login(...)"
