"""What one declared dependency asks for, in a form in which two declarations can be compared.

PEP 508 strings and Poetry's entries come out alike: the extras, the condition, the versions, the
place to get it from. Comparing is by the text of the parts, so "equal" is certain and "different"
is not.
"""

from __future__ import annotations

from functools import lru_cache

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.ranges import are_disjoint, same_constraint
from pyproject_ls.project.requirement import cut, normalized_name
from pyproject_ls.toml import Array, Scalar, Table

_BLANKS = lazy_pattern(r"\s+")
_REQUIREMENT = lazy_pattern(r"\s*(?!v\d)[A-Za-z]")
_DIRECT = ("git", "url", "path", "file")
_OPTIONS = frozenset(
    {"source", "optional", "develop", "allow-prereleases", "allows-prereleases", "subdirectory"}
)


class Claim(NamedTuple):
    """The parts of a declaration that matter for comparing it."""

    extras: frozenset[str]
    condition: str
    """The environment marker, "" for none; Poetry's ``python`` and ``platform`` are part of it."""
    constraint: str
    """The version constraint as written; "" allows any."""
    place: str
    """The direct reference: ``git <url> ..``, ``url <url>``, ``path <path>``; "" for an index."""
    options: str = ""
    """Poetry's other settings (``source``, ``develop``, ``optional``), in one text."""

    def same_target(self, other: Claim) -> bool:
        """Whether both speak of the same package with the same extras under one condition."""
        return self.extras == other.extras and self.condition == other.condition

    def same_want(self, other: Claim) -> bool:
        """Whether both want the same versions from the same place."""
        return (
            self.place == other.place
            and self.options == other.options
            and same_constraint(self.constraint, other.constraint)
        )

    def excludes(self, other: Claim) -> bool:
        """Whether certainly no version fulfils both."""
        return (
            not self.place and not other.place and are_disjoint(self.constraint, other.constraint)
        )


def claim_of(dependency: Dependency, text: str) -> Claim | None:
    """The claim of `dependency`, declared in `text`; None where its value is no such thing."""
    if dependency.requirement is not None:
        return requirement_claim(dependency.requirement.text)
    node = dependency.node
    if isinstance(node, Table):
        return _remembered(dependency, node, text)
    if isinstance(node, Scalar) and node.kind == "string":
        if _REQUIREMENT.match(node.value):
            return None  # a PEP 508 string in the wrong place
        return Claim(frozenset(), "", _plain(node.value), "")
    return None


@lru_cache(maxsize=16384)
def requirement_claim(text: str) -> Claim:
    """The claim of a PEP 508 string."""
    requirement = cut(text)
    return Claim(
        extras=frozenset(normalized_name(extra.text) for extra in requirement.extras),
        condition=_condition(requirement.marker.text) if requirement.marker else "",
        constraint=",".join(part.text for part in requirement.specifiers),
        place=_place(requirement.url.text) if requirement.url else "",
    )


_claims: dict[str, Claim] = {}
"""The claims of Poetry's tables by their text, because most of them outlive many keystrokes."""


def _remembered(dependency: Dependency, node: Table, text: str) -> Claim:
    if node.origin != "inline":
        return _poetry_claim(dependency, node)
    written = text[node.start : node.end]
    claim = _claims.get(written)
    if claim is None:
        if len(_claims) >= 16384:
            _claims.clear()
        claim = _claims[written] = _poetry_claim(dependency, node)
    return claim


def _poetry_claim(dependency: Dependency, node: Table) -> Claim:
    extras: set[str] = set()
    listed = node.values.get("extras")
    if isinstance(listed, Array):
        for item in listed.items:
            if isinstance(item, Scalar) and item.kind == "string":
                extras.add(normalized_name(item.value))
    version = dependency.version
    return Claim(
        extras=frozenset(extras),
        condition=_poetry_condition(node),
        constraint=_plain(version.value) if version is not None else "",
        place=_poetry_place(node),
        options="; ".join(
            f"{key}={value.value}"
            for key, value in sorted(node.values.items())
            if key in _OPTIONS and isinstance(value, Scalar)
        ),
    )


def _poetry_condition(node: Table) -> str:
    parts = []
    for key in ("python", "platform", "markers"):
        value = node.values.get(key)
        if value is None:
            continue
        if not (isinstance(value, Scalar) and value.kind == "string"):
            return "?"  # not readable: equal to nothing but its like
        if key == "markers":
            parts.append(_condition(value.value))
        elif value.value.strip() != "*":
            parts.append(f"{key} {_plain(value.value)}")
    return " and ".join(part for part in parts if part)


def _poetry_place(node: Table) -> str:
    for kind in _DIRECT:
        value = node.values.get(kind)
        if value is None:
            continue
        text = str(value.value) if isinstance(value, Scalar) else ""
        words = [kind, _url(text) if kind in {"git", "url"} else text.rstrip("/")]
        for key in ("branch", "tag", "rev"):
            below = node.values.get(key)
            if isinstance(below, Scalar):
                words.append(str(below.value))
        return " ".join(words)
    return ""


def _place(url: str) -> str:
    scheme, separator, rest = url.partition("+")
    if separator and scheme.isalpha():
        address, _, revision = rest.partition("#")[0].rpartition("@")
        if address.count("/") >= 3:
            return f"{scheme} {_url(address)} {revision}"
        return f"{scheme} {_url(rest.partition('#')[0])}"
    if url.startswith("file:"):
        return f"path {url}"
    return f"url {_url(url)}"


def _url(url: str) -> str:
    return url.strip().rstrip("/").removesuffix(".git")


@lru_cache(maxsize=8192)
def _condition(marker: str) -> str:
    text = _BLANKS.sub(" ", marker.strip()).replace("'", '"')
    while text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1].strip()
    return text


def _plain(constraint: str) -> str:
    text = constraint.strip()
    return "" if text == "*" else text
