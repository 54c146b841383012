"""SPDX license expressions: verdicts and suggestions, memoised by string (PEP 639)."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.text import Span


class BadPart(NamedTuple):
    """What is wrong with an expression: the words under `span` (code points from its start)."""

    span: Span
    message: str


_TOKEN = lazy_pattern(r"[()]|[^\s()]+")
_OPERATORS = frozenset({"and", "or", "with", "(", ")"})

# What people write for licenses with one certain identifier. Names that leave the variant or the
# version open (BSD, GPL, GPLv3) are not here.
_NAMES = {
    "mit license": "MIT",
    "the mit license": "MIT",
    "mit licence": "MIT",
    "the mit license (mit)": "MIT",
    "mit license (mit)": "MIT",
    "apache 2": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache-2": "Apache-2.0",
    "apache2": "Apache-2.0",
    "apache2.0": "Apache-2.0",
    "apache v2": "Apache-2.0",
    "apache v2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache license version 2.0": "Apache-2.0",
    "apache license v2.0": "Apache-2.0",
    "apache software license 2.0": "Apache-2.0",
    "apache 2.0 license": "Apache-2.0",
    "apache-2.0 license": "Apache-2.0",
    "bsd 3-clause": "BSD-3-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "bsd-3": "BSD-3-Clause",
    "bsd 3 clause": "BSD-3-Clause",
    "3-clause bsd": "BSD-3-Clause",
    "3-clause bsd license": "BSD-3-Clause",
    "new bsd": "BSD-3-Clause",
    "new bsd license": "BSD-3-Clause",
    "bsd 2-clause": "BSD-2-Clause",
    "bsd 2-clause license": "BSD-2-Clause",
    "2-clause bsd": "BSD-2-Clause",
    "2-clause bsd license": "BSD-2-Clause",
    "isc license": "ISC",
    "mpl 2.0": "MPL-2.0",
    "mpl2": "MPL-2.0",
    "mpl-2": "MPL-2.0",
    "mozilla public license 2.0": "MPL-2.0",
    "the unlicense": "Unlicense",
    "zlib license": "Zlib",
    "cc0": "CC0-1.0",
    "cc0 1.0": "CC0-1.0",
    "proprietary": "LicenseRef-Proprietary",
    "private": "LicenseRef-Proprietary",
    "all rights reserved": "LicenseRef-Proprietary",
    "public domain": "LicenseRef-Public-Domain",
}

# Names that could be any of several identifiers.
_CHOICES = {
    "bsd": ("BSD-3-Clause", "BSD-2-Clause"),
    "bsd license": ("BSD-3-Clause", "BSD-2-Clause"),
    "apache": ("Apache-2.0",),
    "apache license": ("Apache-2.0",),
    "apache software license": ("Apache-2.0",),
    "gpl": ("GPL-3.0-or-later", "GPL-3.0-only", "GPL-2.0-or-later"),
    "gplv2": ("GPL-2.0-only", "GPL-2.0-or-later"),
    "gpl v2": ("GPL-2.0-only", "GPL-2.0-or-later"),
    "gplv2+": ("GPL-2.0-or-later",),
    "gplv3": ("GPL-3.0-only", "GPL-3.0-or-later"),
    "gpl3": ("GPL-3.0-only", "GPL-3.0-or-later"),
    "gpl-3": ("GPL-3.0-only", "GPL-3.0-or-later"),
    "gpl v3": ("GPL-3.0-only", "GPL-3.0-or-later"),
    "gplv3+": ("GPL-3.0-or-later",),
    "lgpl": ("LGPL-3.0-or-later", "LGPL-2.1-or-later"),
    "lgplv3": ("LGPL-3.0-only", "LGPL-3.0-or-later"),
    "lgplv3+": ("LGPL-3.0-or-later",),
    "agpl": ("AGPL-3.0-or-later", "AGPL-3.0-only"),
    "agplv3": ("AGPL-3.0-only", "AGPL-3.0-or-later"),
    "mpl": ("MPL-2.0",),
    "epl": ("EPL-2.0",),
    "cc-by": ("CC-BY-4.0",),
    "psf": ("PSF-2.0",),
}

_CLASSIFIERS = {
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: GNU Affero General Public License v3": "AGPL-3.0-only",
    "License :: OSI Approved :: GNU Affero General Public License v3 or later (AGPLv3+)": (
        "AGPL-3.0-or-later"
    ),
    "License :: OSI Approved :: GNU General Public License v2 (GPLv2)": "GPL-2.0-only",
    "License :: OSI Approved :: GNU General Public License v2 or later (GPLv2+)": (
        "GPL-2.0-or-later"
    ),
    "License :: OSI Approved :: GNU General Public License v3 (GPLv3)": "GPL-3.0-only",
    "License :: OSI Approved :: GNU General Public License v3 or later (GPLv3+)": (
        "GPL-3.0-or-later"
    ),
    "License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "License :: OSI Approved :: GNU Lesser General Public License v3 or later (LGPLv3+)": (
        "LGPL-3.0-or-later"
    ),
    "License :: OSI Approved :: ISC License (ISCL)": "ISC",
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: MIT No Attribution License (MIT-0)": "MIT-0",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "License :: OSI Approved :: The Unlicense (Unlicense)": "Unlicense",
    "License :: OSI Approved :: Zero-Clause BSD (0BSD)": "0BSD",
    "License :: OSI Approved :: zlib/libpng License": "Zlib",
}


def expression_for_classifier(classifier: str) -> str | None:
    """The SPDX expression that a license classifier stands for; None where it is open."""
    return _CLASSIFIERS.get(classifier)


@lru_cache(maxsize=1024)
def canonical(expression: str) -> str | None:
    """`expression` in its normal spelling, None where it is not valid."""
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    try:
        return str(canonicalize_license_expression(expression))
    except InvalidLicenseExpression:
        return None
    except Exception:  # packaging compiles the words as Python: a surprise there is no verdict
        return None


def is_license_expression(text: str) -> bool:
    """Whether `text` is a valid SPDX license expression, in any spelling."""
    return canonical(text) is not None


@lru_cache(maxsize=256)
def certain_expression(text: str) -> str | None:
    """The expression that `text`, which is not one, certainly stands for."""
    return _NAMES.get(_folded(text))


@lru_cache(maxsize=256)
def bad_part(expression: str) -> BadPart | None:
    """The first part of an invalid expression that is wrong; None where only the whole is."""
    choices = _CHOICES.get(_folded(expression))
    whole = Span(0, len(expression))
    if choices:
        words = " or ".join(f"`{each}`" for each in choices)
        return BadPart(whole, f"leaves open which license is meant; use {words}")
    meant = certain_expression(expression)
    if meant:
        return BadPart(whole, f"is not an SPDX identifier; use `{meant}`")
    return _bad_word(expression)


def deprecated_identifiers(expression: str) -> list[tuple[Span, str]]:
    """The identifiers of a valid expression that SPDX has deprecated, with their places."""
    known = _licenses()
    return [
        (Span(*token.span()), token.group())
        for token in _TOKEN.finditer(expression)
        if known.get(token.group().lower(), {}).get("deprecated")
    ]


def _bad_word(expression: str) -> BadPart | None:
    licenses, exceptions = _licenses(), _exceptions()
    if not licenses:
        return None
    tokens = list(_TOKEN.finditer(expression))
    if len(tokens) > 1 and not any(token.group().lower() in _OPERATORS for token in tokens):
        return BadPart(
            Span(0, len(expression)),
            "is not an SPDX expression; join identifiers by AND, OR and WITH, and write"
            " `LicenseRef-` and a name for a license of your own",
        )
    previous = ""
    for token in tokens:
        word = token.group()
        folded = word.lower()
        known: dict[str, Any] = exceptions if previous == "with" else licenses
        what = "license exception" if previous == "with" else "license"
        previous = folded
        if folded in _OPERATORS or folded in known or folded.removesuffix("+") in known:
            continue
        if folded.startswith("licenseref-") and re.fullmatch(r"[a-z0-9.-]+", folded[11:]):
            continue
        return BadPart(Span(*token.span()), _why(word, what))
    return None


def _why(word: str, what: str) -> str:
    folded = word.lower()
    choices = _CHOICES.get(folded)
    if choices:
        return "leaves open which license is meant; use " + " or ".join(f"`{c}`" for c in choices)
    if "," in word or "/" in word or "|" in word or "&" in word:
        return "is not an SPDX identifier; join identifiers by AND and OR"
    match = _NAMES.get(folded) or _close(folded, what)
    advice = f"did you mean `{match}`?" if match else "a license of your own is `LicenseRef-…`"
    return f"is not an SPDX {what} identifier; {advice}"


def _close(folded: str, what: str) -> str | None:
    from difflib import get_close_matches

    known = _exceptions() if what == "license exception" else _licenses()
    names = [name for name, entry in known.items() if not entry.get("deprecated")]
    matches = get_close_matches(folded, names, n=1, cutoff=0.8)
    return str(known[matches[0]]["id"]) if matches else None


def _folded(text: str) -> str:
    return " ".join(text.lower().split())


@cache
def _licenses() -> dict[str, Any]:
    """The SPDX identifiers of `packaging`, by their lower-case form; empty if it hides them."""
    try:
        from packaging.licenses._spdx import LICENSES
    except ImportError:
        return {}
    return dict(LICENSES)


@cache
def _exceptions() -> dict[str, Any]:
    """Like `_licenses`, for license exceptions."""
    try:
        from packaging.licenses._spdx import EXCEPTIONS
    except ImportError:
        return {}
    return dict(EXCEPTIONS)
