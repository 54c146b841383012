"""PEP 508 requirements and environment markers as poetry-core's grammar reads them.

poetry-core has its grammar read by lark, which takes 150 ms and 4 MB before the first answer: more
than somebody who types should wait. The grammar has forty lines and is regular but for its
parentheses, so it is a table here, with the terminals of poetry-core's ``pep508.lark`` and
``markers.lark``. A test holds the two together. Offsets count code points.
"""

from __future__ import annotations

from enum import Enum
from typing import Union

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.text import Span


class Kind(Enum):
    """What a token is."""

    NAME = "name"
    EXTRA = "extra"
    CLAUSE = "clause"
    URL = "url"
    VARIABLE = "variable"
    OPERATOR = "operator"
    STRING = "string"
    BOOLEAN = "boolean"
    OPEN = "("
    CLOSE = ")"
    PUNCTUATION = "punctuation"


class Token(NamedTuple):
    """A token as written, and where it begins."""

    kind: Kind
    text: str
    start: int

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.start + len(self.text))


class Refusal(NamedTuple):
    """That the grammar ends here: at what it does not know, or at the last token if more is due."""

    at: int


_BLANK = lazy_pattern(r"[ \t]*")
_NAME = lazy_pattern(r"[a-zA-Z0-9][a-zA-Z0-9-_.]*")
_TERMINALS = {
    "name": (Kind.NAME, _NAME),
    "extra": (Kind.EXTRA, _NAME),
    "clause": (Kind.CLAUSE, lazy_pattern(r"(?:~=|==|!=|<=|>=|<|>)\s*[^,;\s)]*")),
    "url": (Kind.URL, lazy_pattern(r"[^ ]+")),
    "variable": (
        Kind.VARIABLE,
        lazy_pattern(
            r"implementation_version|platform_python_implementation|implementation_name"
            r"|python_full_version|platform_release|platform_version|platform_machine"
            r"|platform_system|python_version|sys_platform|os_name|os\.name|sys\.platform"
            r"|platform\.version|platform\.machine|platform\.python_implementation"
            r"|python_implementation|extra"
        ),
    ),
    "operator": (Kind.OPERATOR, lazy_pattern(r"===|==|>=|<=|>|<|!=|~=|not in|in")),
    "string": (Kind.STRING, lazy_pattern(r"""'[^']*'|".*?(?<!\\)(?:\\\\)*?\"""")),
    "boolean": (Kind.BOOLEAN, lazy_pattern(r"and|or")),
    "(": (Kind.OPEN, lazy_pattern(r"\(")),
    ")": (Kind.CLOSE, lazy_pattern(r"\)")),
    **{mark: (Kind.PUNCTUATION, lazy_pattern("\\" + mark)) for mark in "[],@;"},
}

_BEHIND_EXTRAS = (("clause", "clause"), ("(", "clauses"), ("@", "url"), (";", "operand"))
_STATES: dict[str, tuple[tuple[str, str], ...]] = {
    "requirement": (("name", "named"),),
    "named": (("[", "extras"), *_BEHIND_EXTRAS),
    "extras": (("extra", "extra"), ("]", "behind extras")),
    "extra": ((",", "next extra"), ("]", "behind extras")),
    "next extra": (("extra", "extra"),),
    "behind extras": _BEHIND_EXTRAS,
    "clause": ((",", "next clause"), (";", "operand")),
    "next clause": (("clause", "clause"),),
    "clauses": (("clause", "clause in parentheses"),),
    "clause in parentheses": ((",", "clauses"), (")", "behind versions")),
    "behind versions": ((";", "operand"),),
    "url": (("url", "behind versions"),),
    # Markers
    "operand": (("variable", "variable"), ("string", "string"), ("(", "operand")),
    "variable": (("operator", "variable compared"),),
    "variable compared": (("string", "test"),),
    "string": (("operator", "string compared"),),
    "string compared": (("variable", "test"),),
    "test": (("boolean", "operand"), (")", "test")),
}
"""By state, the terminals that may come next, each with the state behind it."""

_LAST = frozenset({"named", "behind extras", "clause", "behind versions", "test"})
"""The states in which the text may end."""


def read_requirement(text: str) -> Union[list[Token], Refusal]:
    """The tokens of the requirement `text`, or where poetry-core's grammar refuses it."""
    return _read(text, "requirement")


def read_marker(text: str) -> Union[list[Token], Refusal]:
    """The tokens of the environment marker `text`, or where poetry-core's grammar refuses it."""
    return _read(text, "operand")


def _read(text: str, state: str) -> Union[list[Token], Refusal]:
    tokens: list[Token] = []
    depth = at = 0
    while True:
        blank = _BLANK.match(text, at)
        at = blank.end() if blank is not None else at
        if at == len(text):
            if state in _LAST and not depth:
                return tokens
            return Refusal(tokens[-1].start if tokens else 0)
        found = _next(text, at, state)
        if found is None:
            return Refusal(at)
        token, state = found
        depth += (token.kind is Kind.OPEN) - (token.kind is Kind.CLOSE)
        if depth < 0:
            return Refusal(at)
        tokens.append(token)
        at = token.span.end


def _next(text: str, at: int, state: str) -> Union[tuple[Token, str], None]:
    """The token of `text` at `at` and the state behind it; None where `state` knows none such."""
    for terminal, behind in _STATES[state]:
        kind, pattern = _TERMINALS[terminal]
        match = pattern.match(text, at)
        if match is not None:
            return Token(kind, match.group(), at), behind
    return None
