"""Environment markers in words: ``python_version < "3.11"`` is "on Python before 3.11".

The grammar is that of the dependency specifiers
(https://packaging.python.org/en/latest/specifications/dependency-specifiers/#environment-markers).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Union

from pyproject_ls.features.hover.versions import python_in_words
from pyproject_ls.features.markdown import code, visible
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple

MAX_LENGTH = 1000
MAX_DEPTH = 20

_TOKEN = lazy_pattern(
    r"""\s*(?:(?P<bracket>[()])|(?P<operator>===|~=|==|!=|<=|>=|<|>)|(?P<word>[A-Za-z_][\w.]*)
        |"(?P<double>[^"]*)"|'(?P<single>[^']*)')""",
    re.VERBOSE,
)
_SWAPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_PYTHON = {"python_version": False, "python_full_version": True}
"""The variables of Python's version, and whether they hold all its numbers."""

_SYSTEMS = {
    "sys_platform": {
        "win32": "Windows",
        "linux": "Linux",
        "linux2": "Linux (Python 2)",
        "darwin": "macOS",
        "cygwin": "Cygwin",
        "emscripten": "Emscripten",
        "wasi": "WASI",
        "ios": "iOS",
        "android": "Android",
        "aix": "AIX",
    },
    "platform_system": {
        "Windows": "Windows",
        "Linux": "Linux",
        "Darwin": "macOS",
        "Java": "Jython",
        "FreeBSD": "FreeBSD",
        "Emscripten": "Emscripten",
        "iOS": "iOS",
        "Android": "Android",
    },
    "os_name": {"nt": "Windows", "posix": "Linux, macOS and other POSIX systems", "java": "Jython"},
}
_MACHINES = {
    "x86_64": "64-bit x86 (x86_64)",
    "AMD64": "64-bit x86 (AMD64)",
    "aarch64": "64-bit ARM (aarch64)",
    "arm64": "64-bit ARM (arm64)",
    "ARM64": "64-bit ARM (ARM64)",
    "armv7l": "32-bit ARM (armv7l)",
    "i686": "32-bit x86 (i686)",
    "i386": "32-bit x86 (i386)",
    "ppc64le": "POWER (ppc64le)",
    "s390x": "IBM Z (s390x)",
    "riscv64": "RISC-V (riscv64)",
}
_INTERPRETERS = {
    "cpython": "CPython",
    "pypy": "PyPy",
    "jython": "Jython",
    "ironpython": "IronPython",
    "graalpy": "GraalPy",
    "pyston": "Pyston",
}
_OTHER = {
    "platform_release": "the release of the system",
    "platform_version": "the version of the system",
    "implementation_version": "the version of the interpreter",
    "platform_machine": "the processor",
    "sys_platform": "the platform",
    "platform_system": "the system",
    "os_name": "the kind of system",
    "implementation_name": "the interpreter",
    "platform_python_implementation": "the interpreter",
    "extra": "the extra",
    "extras": "the extras",
    "dependency_groups": "the groups",
}
_ORDER = {
    "<": "is below",
    "<=": "is at most",
    ">": "is above",
    ">=": "is at least",
    "~=": "is compatible with",
    "==": "is",
    "===": "is",
    "!=": "is not",
    "in": "is one of",
    "not in": "is none of",
}


class Test(NamedTuple):
    """One comparison: variable, operator, value; `contains`: the value is looked for in it."""

    variable: str
    operator: str
    value: str
    contains: bool = False


class Both(NamedTuple):
    """Several conditions; `word` is "and" or "or"."""

    word: str
    parts: tuple[Union[Test, Both], ...]


Marker = Union[Test, Both]


class _Unreadable(Exception):
    """The text is no marker."""


@lru_cache(maxsize=2048)
def marker_in_words(marker: str) -> str | None:
    """`marker` in words, as Markdown: "on Windows and on Python before 3.11".

    None where it cannot be read.
    """
    tree = read_marker(marker)
    return _said(tree) if tree is not None else None


def read_marker(marker: str) -> Marker | None:
    """The conditions of `marker`; None where it is not one."""
    if len(marker) > MAX_LENGTH:
        return None
    tokens: list[tuple[str, str]] = []
    at = 0
    text = marker.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            return None
        kind = str(match.lastgroup)
        tokens.append(("value" if kind in {"double", "single"} else kind, match[kind]))
        at = match.end()
    tokens.reverse()
    try:
        tree = _either(tokens, 0)
    except (_Unreadable, IndexError):
        return None
    return tree if not tokens else None


def _either(tokens: list[tuple[str, str]], depth: int) -> Marker:
    parts = [_all(tokens, depth)]
    while tokens and tokens[-1] == ("word", "or"):
        tokens.pop()
        parts.append(_all(tokens, depth))
    return _joined("or", parts)


def _all(tokens: list[tuple[str, str]], depth: int) -> Marker:
    parts = [_one(tokens, depth)]
    while tokens and tokens[-1] == ("word", "and"):
        tokens.pop()
        parts.append(_one(tokens, depth))
    return _joined("and", parts)


def _joined(word: str, parts: list[Marker]) -> Marker:
    if len(parts) == 1:
        return parts[0]
    flat: list[Marker] = []
    for part in parts:
        flat += part.parts if isinstance(part, Both) and part.word == word else (part,)
    return Both(word, tuple(flat))


def _one(tokens: list[tuple[str, str]], depth: int) -> Marker:
    if tokens[-1] == ("bracket", "("):
        if depth >= MAX_DEPTH:
            raise _Unreadable
        tokens.pop()
        inner = _either(tokens, depth + 1)
        if tokens.pop() != ("bracket", ")"):
            raise _Unreadable
        return inner
    left, operator, right = tokens.pop(), tokens.pop(), tokens.pop()
    sign = operator[1]
    if operator == ("word", "not") and right == ("word", "in"):
        sign, right = "not in", tokens.pop()
    elif operator[0] != "operator" and operator != ("word", "in"):
        raise _Unreadable
    if left[0] == "word" and right[0] == "value":
        return Test(left[1].replace(".", "_"), sign, right[1])
    if left[0] == "value" and right[0] == "word":
        contains = sign in {"in", "not in"}
        return Test(
            right[1].replace(".", "_"), _SWAPPED.get(sign, sign), left[1], contains=contains
        )
    raise _Unreadable


def _said(marker: Marker) -> str:
    if isinstance(marker, Test):
        return _test(marker)
    parts = _ranges_merged(marker) if marker.word == "and" else list(marker.parts)
    words = [
        f"either {_said(part)}" if isinstance(part, Both) and part.word == "or" else _said(part)
        for part in parts
    ]
    is_nested = any(isinstance(part, Both) for part in parts)
    if len(words) == 1:
        return words[0]
    comma = "," if is_nested else ""
    return f"{', '.join(words[:-1])}{comma} {marker.word} {words[-1]}"


def _ranges_merged(marker: Both) -> list[Marker]:
    """The parts of an "and", bounds on Python's version made one range."""
    parts: list[Marker] = []
    for variable in ("", *_PYTHON):
        bounds = [
            part
            for part in marker.parts
            if isinstance(part, Test)
            and part.variable == variable
            and part.operator not in {"in", "not in"}
        ]
        if variable and bounds:
            merged = ",".join(f"{bound.operator}{bound.value}" for bound in bounds)
            parts.append(Test(variable, "", merged))
        elif not variable:
            parts += [
                part
                for part in marker.parts
                if not isinstance(part, Test)
                or part.variable not in _PYTHON
                or part.operator in {"in", "not in"}
            ]
    return parts


def _test(test: Test) -> str:
    variable, operator, value = test.variable, test.operator, test.value
    if variable in _PYTHON:
        return _python(test)
    is_not = operator in {"!=", "not in"}
    if operator in {"==", "===", "!="} and value:
        if variable in _SYSTEMS:
            name = _SYSTEMS[variable].get(value) or code(value)
            return f"not on {name}" if is_not else f"on {name}"
        if variable == "platform_machine":
            name = _MACHINES.get(value) or code(value)
            return f"not on {name} processors" if is_not else f"on {name} processors"
        if variable in {"implementation_name", "platform_python_implementation"}:
            name = _INTERPRETERS.get(value.lower()) or code(value)
            return f"not with {name}" if is_not else f"with {name}"
        if variable == "extra":
            extra = code(value)
            return f"without the extra {extra}" if is_not else f"with the extra {extra}"
    subject = _OTHER.get(variable) or code(variable)
    if test.contains:
        verb = "does not contain" if is_not else "contains"
        if variable in {"extras", "dependency_groups"}:
            verb = "do not include" if is_not else "include"
    else:
        verb = _ORDER[operator]
    return f"where {subject} {verb} {code(value)}"


def _python(test: Test) -> str:
    full = _PYTHON[test.variable]
    if test.operator in {"in", "not in"}:
        versions = [visible(each, 20) for each in re.split(r"[,\s|]+", test.value) if each]
        if not versions or test.contains:
            return f"where the version of Python {_ORDER[test.operator]} {code(test.value)}"
        listed = " or ".join([", ".join(versions[:-1]), versions[-1]] if versions[1:] else versions)
        return f"on Python {listed}" if test.operator == "in" else f"not on Python {listed}"
    if test.operator == "<=" and not full:
        return f"on Python {visible(test.value, 20)} and older"
    if test.operator == "!=" and not full and "*" not in test.value:
        return f"not on Python {visible(test.value, 20)}"
    words = python_in_words(f"{test.operator}{test.value}", full=full)
    if words is None:
        return f"where the version of Python {_ORDER.get(test.operator, 'is')} {code(test.value)}"
    return f"on Python {words}"
