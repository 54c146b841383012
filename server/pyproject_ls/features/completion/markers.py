"""Environment markers: variables, operators, known values (the dependency specifiers standard)."""

from __future__ import annotations

import re

from pyproject_ls.features.completion import names
from pyproject_ls.features.completion.model import Choice, Choices, Kind, Request
from pyproject_ls.features.completion.versions import PYTHONS
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple

_TOKEN = lazy_pattern(
    r"(?P<string>'[^']*(?:'|\Z)|\"[^\"]*(?:\"|\Z))|(?P<paren>[()])|(?P<operator>[<>=!~]+)"
    r"|(?P<word>[^\s()<>=!~'\"]+)"
)

VARIABLES = {
    "python_version": "major and minor version of Python, such as 3.12",
    "sys_platform": "sys.platform: linux, darwin, win32",
    "platform_system": "platform.system(): Linux, Darwin, Windows",
    "platform_machine": "platform.machine(): x86_64, arm64",
    "os_name": "os.name: posix, nt",
    "implementation_name": "sys.implementation.name: cpython, pypy",
    "platform_python_implementation": "CPython, PyPy",
    "python_full_version": "whole version of Python, such as 3.12.4",
    "extra": "an extra that is asked for",
    "platform_release": "platform.release(): the release of the kernel",
    "platform_version": "platform.version(): the build of the system",
    "implementation_version": "version of the implementation, such as 7.3.17 of PyPy",
}

_VALUES = {
    "sys_platform": ("linux", "darwin", "win32", "cygwin", "emscripten", "wasi", "android", "ios"),
    "platform_system": ("Linux", "Darwin", "Windows", "Java", "FreeBSD", "Emscripten"),
    "platform_machine": (
        "x86_64",
        "arm64",
        "aarch64",
        "AMD64",
        "i686",
        "armv7l",
        "ppc64le",
        "s390x",
        "riscv64",
    ),
    "os_name": ("posix", "nt", "java"),
    "implementation_name": ("cpython", "pypy"),
    "platform_python_implementation": ("CPython", "PyPy", "Jython", "GraalVM"),
    "python_version": PYTHONS,
    "python_full_version": tuple(f"{version}.0" for version in PYTHONS),
}

_ORDERED = ("python_version", "python_full_version", "implementation_version")
_COMPARISONS = (">=", "<", "==", "!=", "<=", ">", "~=", "in", "not in")
_EQUALITY = ("==", "!=", "in", "not in")


class _Seen(NamedTuple):
    """What stands before the cursor: the kind of the last token, and the last variable."""

    kind: str
    variable: str
    operator: str


def platform(request: Request) -> Choices:
    """Values of ``platform``, which Poetry compares with ``sys.platform``."""
    return request.whole(
        Choice(value, Kind.VALUE, order=order)
        for order, value in enumerate(_VALUES["sys_platform"])
    )


def marker(request: Request) -> Choices:
    """The part of a marker at the cursor; the whole string is the marker."""
    return marker_from(request, 0)


def marker_from(request: Request, begin: int) -> Choices:
    """The part of the marker that begins at `begin` of the content."""
    content, at = request.content, request.at
    seen = _Seen("", "", "")
    for match in _TOKEN.finditer(content, begin):
        start, end = match.span()
        if start >= at:
            break
        kind = match.lastgroup or ""
        touches = at < end or (at == end and not _is_closed(match))
        if touches and kind == "paren":
            touches = False
        if touches:
            return _at_token(request, seen, kind, start, end)
        seen = _after(seen, kind, match.group())
    return _at_gap(request, seen)


def _is_closed(match: re.Match[str]) -> bool:
    token = match.group()
    return match.lastgroup == "string" and len(token) > 1 and token[-1] == token[0]


def _after(seen: _Seen, kind: str, token: str) -> _Seen:
    if kind == "word":
        folded = token.lower()
        if folded in ("and", "or"):
            return _Seen("", "", "")
        if folded in ("in", "not"):
            return _Seen("operator", seen.variable, folded)
        if seen.kind == "operator":
            return _Seen("value", "", "")
        return _Seen("variable", token, "")
    if kind == "string":
        return _Seen("value", "", "") if seen.kind == "operator" else _Seen("variable", "", "")
    if kind == "operator":
        return _Seen("operator", seen.variable, token)
    return _Seen("value" if token == ")" else "", "", "")


def _at_token(request: Request, seen: _Seen, kind: str, start: int, end: int) -> Choices:
    content = request.content
    if kind == "string":
        quote = content[start]
        closed = end - start > 1 and content[end - 1] == quote
        if not closed:
            word = re.compile(r"[\w.-]*").match(content, request.at)
            end = word.end() if word is not None else request.at
        closing = "" if closed else quote
        items = [
            each._replace(text=each.text + closing, label=each.text)
            for each in _values(request, seen.variable)
        ]
        return Choices(start + 1, end - 1 if closed else end, items)
    if seen.kind == "variable":
        if kind == "operator":
            return Choices(start, end, _operators(seen.variable))
        return Choices(start, end, _operators(seen.variable))
    if seen.kind == "value":
        return Choices(start, end, _joints())
    if seen.kind == "operator":
        return Choices(start, end, _quoted_values(request, seen.variable))
    if kind == "operator":
        return Choices(start, end, [])
    return Choices(start, end, _variables())


def _at_gap(request: Request, seen: _Seen) -> Choices:
    at = request.at
    if seen.kind == "variable":
        is_apart = request.content[at - 1 : at].isspace()
        return Choices(at, at, _operators(seen.variable) if is_apart else [])
    if seen.kind == "operator":
        if seen.operator == "not":
            return Choices(at, at, [Choice("in ", Kind.OPERATOR, "in")])
        return Choices(at, at, _quoted_values(request, seen.variable))
    if seen.kind == "value":
        is_apart = request.content[at - 1 : at].isspace()
        return Choices(at, at, _joints() if is_apart else [])
    return Choices(at, at, _variables())


def _variables() -> list[Choice]:
    return [
        Choice(f"{name} ", Kind.VARIABLE, name, detail, order, retrigger=True)
        for order, (name, detail) in enumerate(VARIABLES.items())
    ]


def _operators(variable: str) -> list[Choice]:
    known: tuple[str, ...] = _EQUALITY
    if variable in _ORDERED or variable not in VARIABLES:
        known = _COMPARISONS
    elif variable == "extra":
        known = _EQUALITY[:2]
    return [
        Choice(f"{each} ", Kind.OPERATOR, each, order=order, retrigger=True)
        for order, each in enumerate(known)
    ]


def _joints() -> list[Choice]:
    return [
        Choice(f"{each} ", Kind.OPERATOR, each, order=order, retrigger=True)
        for order, each in enumerate(("and", "or"))
    ]


def _values(request: Request, variable: str) -> list[Choice]:
    if variable == "extra":
        listed: tuple[str, ...] = tuple(names.extras(request.snapshot.manifest))
        kind = Kind.EXTRA
    else:
        listed, kind = _VALUES.get(variable, ()), Kind.VALUE
    return [Choice(value, kind, order=order) for order, value in enumerate(listed)]


def _quoted_values(request: Request, variable: str) -> list[Choice]:
    quote = "'" if request.quote == '"' else '"'
    return [
        each._replace(text=f"{quote}{each.text}{quote}", label=each.text)
        for each in _values(request, variable)
    ]
