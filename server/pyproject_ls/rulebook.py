"""The pages that explain the rules: where they are, in the package or on the web."""

from __future__ import annotations

import os.path

RULES_URL = "https://github.com/pyproject-ls/pyproject-ls/blob/main/fixtures/checks/{code}.md"
"""Where the page of a rule can be read on the web."""

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_FOLDERS = (
    os.path.join(_PACKAGE, "pages", "checks"),  # in an installed package
    os.path.join(os.path.dirname(os.path.dirname(_PACKAGE)), "fixtures", "checks"),  # in a checkout
)


def rule_url(code: str) -> str:
    """The web address of the page of the rule `code`."""
    return RULES_URL.format(code=code)


def page_text(code: str) -> str | None:
    """The page of the rule `code`, in Markdown; None where it was not shipped."""
    for folder in _FOLDERS:
        try:
            with open(os.path.join(folder, f"{code}.md"), encoding="utf-8") as file:
                return file.read()
        except OSError:
            continue
    return None


def has_fix(code: str) -> bool:
    """Whether the page of the rule `code` shows a fix, which a test holds that it does."""
    return "```toml fixed" in (page_text(code) or "")
