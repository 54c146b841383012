"""What a team asks about the project's licence; SPDX expressions against what is allowed."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding
from pyproject_ls.checks.licenses import canonical, certain_expression, expression_for_classifier
from pyproject_ls.checks.team import LICENSE
from pyproject_ls.checks.team_wording import absent, because, fits, listed
from pyproject_ls.checks.wording import shown
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.manifest import strings, text_of
from pyproject_ls.project.paths import dotted
from pyproject_ls.toml import Scalar, Table, Value

_LICENSES = (("project", "license"), ("tool", "poetry", "license"))
_CLASSIFIERS = (("project", "classifiers"), ("tool", "poetry", "classifiers"))
_WORD = lazy_pattern(r"[()]|[^\s()]+")

MAX_WORDS = 60
"""A longer expression is nobody's licence."""


def license(context: Context) -> Iterator[Finding]:
    """The project's licence: its key, else its classifiers."""
    policy, document = context.policy, context.document
    allowed, forbidden = policy.licenses, policy.forbidden_licenses
    if allowed is None and not forbidden:
        return
    key = "licenses" if allowed is not None else "forbidden-licenses"
    says, reason = said_of(allowed, forbidden), because(policy, key)
    advice = "; choose one of these" if allowed else "; choose another one"
    for path in _LICENSES:
        node = document.get(*path)
        if node is None:
            continue
        written = _written(node)
        expression = expression_of(written)
        if expression is None or not is_permitted(expression, allowed, forbidden):
            what = f"is {shown(written)}" if written else "names no SPDX licence"
            yield LICENSE.at(node, path, f"`{dotted(path)}` {what}; {says}{advice}{reason}.")
        return
    if "license" in context.manifest.dynamic:
        return
    named = False
    for path in _CLASSIFIERS:
        for item in strings(document.get(*path)):
            meant = expression_for_classifier(str(item.value))
            named = named or meant is not None
            if meant is not None and not is_permitted(meant, allowed, forbidden):
                message = f"The classifier {shown(str(item.value))} means `{meant}`; {says}"
                yield LICENSE.at(item, path, f"{message}{advice}{reason}.")
    if not named and allowed is not None:
        message = f"The project names no licence; {says}. Set `project.license`{reason}."
        yield from absent(context, LICENSE, message)


def expression_of(text: str) -> str | None:
    """The SPDX expression that `text` is or certainly means."""
    if len(text.split()) > MAX_WORDS:
        return None
    return canonical(text) or certain_expression(text)


def is_permitted(
    expression: str, allowed: tuple[str, ...] | None, forbidden: tuple[str, ...]
) -> bool:
    """Whether a valid SPDX `expression` is allowed: of ``OR`` one side, of ``AND`` both.

    `allowed` and `forbidden` are expressions or patterns; None allows all that is not forbidden.
    """
    return _Reader(expression, allowed, forbidden).is_permitted()


def said_of(allowed: tuple[str, ...] | None, forbidden: tuple[str, ...]) -> str:
    """What the policy says of licences, in words."""
    if allowed is not None:
        return f"the policy allows {listed(allowed)}"
    return f"the policy forbids {listed(forbidden)}"


class _Reader:
    """Reads one expression from left to right."""

    def __init__(
        self, expression: str, allowed: tuple[str, ...] | None, forbidden: tuple[str, ...]
    ) -> None:
        self._expression = expression
        self._words = _WORD.findall(expression)[:MAX_WORDS]
        self._at = 0
        self._allowed = None if allowed is None else tuple(canonical(x) or x for x in allowed)
        self._forbidden = tuple(canonical(x) or x for x in forbidden)

    def is_permitted(self) -> bool:
        return self._is_allowed(self._expression) or self._either()

    def _is_allowed(self, license: str) -> bool:
        """Whether the list of what is allowed has `license` itself."""
        return license in (self._allowed or ()) and not self._is_forbidden(license)

    def _is_forbidden(self, license: str) -> bool:
        return any(fits(license, pattern) for pattern in self._forbidden)

    def _next_is(self, word: str) -> bool:
        found = self._at < len(self._words) and self._words[self._at].upper() == word
        self._at += found
        return found

    def _either(self) -> bool:
        found = self._both()
        while self._next_is("OR"):
            found = self._both() or found
        return found

    def _both(self) -> bool:
        found = self._one()
        while self._next_is("AND"):
            found = self._one() and found
        return found

    def _one(self) -> bool:
        if self._next_is("("):
            found = self._either()
            self._next_is(")")
            return found
        if self._at >= len(self._words):
            return False
        license = self._words[self._at]
        self._at += 1
        names = [license]
        if self._next_is("WITH") and self._at < len(self._words):
            names.insert(0, f"{license} WITH {self._words[self._at]}")
            self._at += 1
        if any(self._is_forbidden(name) for name in names):
            return False
        allowed = self._allowed
        return allowed is None or any(fits(name, one) for name in names for one in allowed)


def _written(node: Value) -> str:
    """The licence as a text or, in the old form, as the `text` of a table."""
    if isinstance(node, Scalar) and node.kind == "string":
        return str(node.value)
    return (text_of(node.values.get("text")) or "") if isinstance(node, Table) else ""


CHECKS = (license,)
