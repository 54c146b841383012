"""What the tools print when they fail, as facts and as sentences of ours."""

from __future__ import annotations

import time

import pytest

from pyproject_ls.facts.resolution import Conflict, Reason, ReasonKind
from pyproject_ls.resolver.complaints import failure
from pyproject_ls.resolver.explanations import MAX_REASONS, of_poetry, of_uv
from pyproject_ls.resolver.outcome import Trouble
from pyproject_ls.resolver.running import Ran


def needs(package: str, other: str, constraint: str, versions: str = "") -> Reason:
    return Reason(ReasonKind.NEEDS, package, versions, other, constraint)


DIRECT = {"harbor", "pier", "courier", "parcel", "old-thing", "oath"}

POETRY = [
    (
        "Because no versions of harbor match !=1.0.0,!=1.1.0\n"
        " and harbor (1.0.0) depends on wick (>=2.0,<3),"
        " harbor (!=1.1.0) requires wick (>=2.0,<3).\n"
        "And because harbor (1.1.0) depends on wick (>=2.3,<3),"
        " every version of harbor requires wick (>=2.0,<3).\n"
        "Because no versions of pier match !=4.0.0\n"
        " and pier (4.0.0) depends on wick (>=3.1), every version of pier requires wick (>=3.1).\n"
        "Thus, pier is incompatible with harbor.\n"
        "So, because demo depends on both harbor (*) and pier (*), version solving failed.",
        ("harbor", "pier"),
        [needs("harbor", "wick", ">=2.0,<3"), needs("pier", "wick", ">=3.1")],
    ),
    (
        "Because demo depends on Courier[socks] (2.20.0) which depends on parcel (>=1.21.1,<1.25),"
        " parcel is required.\nSo, because demo depends on parcel (>=2), version solving failed.",
        ("courier", "parcel"),
        [
            needs("", "courier", "2.20.0"),
            needs("courier", "parcel", ">=1.21.1,<1.25", "2.20.0"),
            needs("", "parcel", ">=2"),
        ],
    ),
    (
        "Because demo depends on oath (>=9) which doesn't match any versions,"
        " version solving failed.",
        ("oath",),
        [Reason(ReasonKind.NO_VERSION, "oath", ">=9")],
    ),
    (
        "The current project's supported Python range (>=3.9) is not compatible with some of the"
        " required packages Python requirement:\n"
        "  - Old_Thing requires Python >=3.6,<3.9,"
        " so it will not be installable for Python >=3.9\n\n"
        "Because no versions of old-thing match !=1.0.0\n"
        " and old-thing (1.0.0) requires Python >=3.6,<3.9, old-thing is forbidden.\n"
        "So, because demo depends on old-thing (*), version solving failed.",
        ("old-thing",),
        [Reason(ReasonKind.PYTHON, "old-thing", "", ">=3.9", ">=3.6,<3.9")],
    ),
]


@pytest.mark.parametrize(("text", "direct", "reasons"), POETRY)
def test_poetry(text: str, direct: tuple[str, ...], reasons: list[Reason]) -> None:
    found = of_poetry(text, DIRECT)
    assert isinstance(found, Conflict)
    assert found.direct == direct
    assert list(found.reasons) == reasons


UV = [
    (
        "error: No solution found when resolving dependencies\n"
        "  cause: Because all versions of pier depend on wick>=3.1 and harbor<=1.0.0 depends on"
        " wick>=2.0,<3, we can conclude that harbor<=1.0.0 and all versions of pier are"
        " incompatible. (1)\n\n"
        "         Because all versions of pier depend on wick>=3.1 and harbor>=1.1.0 depends on"
        " wick>=2.3,<3, we can conclude that harbor>=1.1.0 and all versions of pier are"
        " incompatible.\n"
        "         And because we know from (1) that harbor<=1.0.0 and all versions of pier are"
        " incompatible, we can conclude that all versions of harbor and all versions of pier are"
        " incompatible.\n"
        "         And because your project depends on harbor and pier, we can conclude that your"
        " project's requirements are unsatisfiable.\n",
        ("pier", "harbor"),
        [needs("pier", "wick", ">=3.1"), needs("harbor", "wick", ">=2.0,<3", "<=1.0.0")],
    ),
    (
        "  x No solution found when resolving dependencies:\n"
        "  `-> Because courier[socks]==2.20.0 depends on parcel>=1.21.1,<1.25 and your project\n"
        "      depends on courier==2.20.0, we can conclude that your project depends on\n"
        "      parcel>=1.21.1,<1.25.\n"
        "      And because your project depends on parcel>=2, we can conclude that your\n"
        "      project's requirements are unsatisfiable.\n",
        ("courier", "parcel"),
        [
            needs("courier", "parcel", ">=1.21.1,<1.25", "2.20.0"),
            needs("", "courier", "2.20.0"),
            needs("", "parcel", ">=2"),
        ],
    ),
    (
        "  cause: Because only oath<=2.2.0 is available and your project depends on oath>=9, we can"
        " conclude that your project's requirements are unsatisfiable.",
        ("oath",),
        [Reason(ReasonKind.NO_VERSION, "oath", ">=9")],
    ),
    (
        "  cause: Because there is no version of oath==9.1 and your project depends on oath==9.1,"
        " we can conclude that your project's requirements are unsatisfiable.",
        ("oath",),
        [Reason(ReasonKind.NO_VERSION, "oath", "9.1")],
    ),
    (
        "  cause: Because gone was not found in the package registry and all versions of pier"
        " depend on gone>=1, we can conclude that all versions of pier cannot be used.\n"
        "         And because your project depends on pier, we can conclude that your project's"
        " requirements are unsatisfiable.\n\nhint: harbor has nothing to do with it",
        ("pier",),
        [Reason(ReasonKind.UNKNOWN, "gone"), needs("pier", "gone", ">=1")],
    ),
    (
        "  cause: Because the requested Python version (>=3.9) does not satisfy Python>=3.99 and"
        " old-thing==1.0.0 depends on Python>=3.99, we can conclude that old-thing==1.0.0 cannot be"
        " used.\n         And because only old-thing==1.0.0 is available and your project depends"
        " on old-thing, we can conclude that your project's requirements are unsatisfiable.",
        ("old-thing",),
        [Reason(ReasonKind.PYTHON, "old-thing", "1.0.0", ">=3.9", ">=3.99")],
    ),
]


@pytest.mark.parametrize(("text", "direct", "reasons"), UV)
def test_uv(text: str, direct: tuple[str, ...], reasons: list[Reason]) -> None:
    found = of_uv(text, DIRECT)
    assert isinstance(found, Conflict)
    assert found.direct == direct
    assert list(found.reasons) == reasons


def test_other_failures_are_no_conflicts() -> None:
    text = "error: Failed to build `oath==1.0`\n  because it depends on clay.h"
    assert of_uv(text, DIRECT) is None
    assert of_poetry(text, DIRECT) is None


def test_there_are_never_many_reasons() -> None:
    lines = [f"Because p{i} (1.0) depends on q{i} (>=2), p{i} is out." for i in range(500)]
    found = of_poetry("\n".join([*lines, "version solving failed"]), DIRECT)
    assert found is not None
    assert len(found.reasons) == MAX_REASONS


@pytest.mark.parametrize("piece", ["a depends on ", "we can conclude that ", "((((", "a (1) ", "-"])
def test_long_explanations_are_read_in_passing(piece: str) -> None:
    """No text makes the patterns run away; the limit is far above what it takes."""
    text = piece * 100_000
    started = time.process_time()
    of_poetry(f"{text} version solving failed", DIRECT)
    of_uv(f"No solution found when resolving {text}", DIRECT)
    assert time.process_time() - started < 60


FAILURES = [
    (
        "Poetry",
        "Note: This error originates from the build backend, and is likely not a problem with"
        " poetry but with Broken.Build (1.0.0 /x) not supporting PEP 517 builds.",
        Trouble.BUILD,
        "broken-build",
        "`Broken.Build` 1.0.0 cannot be built",
    ),
    (
        "uv",
        "error: Failed to build `demo @ file:///x`\n  cause: The build backend returned an error",
        Trouble.BUILD,
        "demo",
        "`demo` cannot be built",
    ),
    ("uv", "error: Failed to fetch: `https://a.example/x`", Trouble.UNREACHABLE, "", "`a.example`"),
    (
        "Poetry",
        "All attempts to connect to b.example failed.",
        Trouble.UNREACHABLE,
        "",
        "`b.example`",
    ),
    (
        "Poetry",
        "Source (x): Authorization error accessing https://***@c.example/simple/oath/",
        Trouble.UNREACHABLE,
        "",
        "credentials, or refuses those that it got (`c.example`); set them for Poetry",
    ),
    ("Poetry", "[Errno 28] No space left on device", Trouble.BROKEN, "", "disk is full"),
    ("Poetry", "Group(s) not found: a, b (via --with)", Trouble.INVALID, "", "group `a, b`"),
    (
        "Poetry",
        "pyproject.toml changed significantly since poetry.lock was last generated.",
        Trouble.INVALID,
        "",
        "lock first",
    ),
    ("uv", "thread main panicked", Trouble.BROKEN, "", "uv failed while it locked (status 1)"),
]


@pytest.mark.parametrize(("tool", "text", "trouble", "package", "message"), FAILURES)
def test_failures(tool: str, text: str, trouble: Trouble, package: str, message: str) -> None:
    found = failure(tool, Ran(1, (), tuple(text.split("\n"))), "while it locked")
    assert (found.trouble, found.package) == (trouble, package)
    assert message in found.message
    assert found.message.endswith(".")
    assert found.details == text


def test_a_tool_that_took_too_long() -> None:
    found = failure("uv", Ran(None, ("No space left on device",), ()), "while it locked")
    assert found.trouble is Trouble.BUDGET
