"""The pages that explain the rules: where they are, in the package or on the web."""

from __future__ import annotations

import os.path

from pyproject_ls.plugins import page_of

RULES_URL = "https://github.com/pyproject-ls/pyproject-ls/blob/main/fixtures/checks/{code}.md"
"""Where the page of a rule can be read on the web."""

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_FOLDERS = (
    os.path.join(_PACKAGE, "pages", "checks"),  # in an installed package
    os.path.join(os.path.dirname(os.path.dirname(_PACKAGE)), "fixtures", "checks"),  # in a checkout
)


def rule_url(code: str) -> str:
    """The address of the page of the rule `code`: on the web, if a plugin says nothing else."""
    page = page_of(code)
    return page.url if page is not None else RULES_URL.format(code=code)


def page_text(code: str) -> str | None:
    """The page of the rule `code`, in Markdown; None where it was not shipped."""
    page = page_of(code)
    places = [os.path.join(folder, f"{code}.md") for folder in _FOLDERS]
    for path in places if page is None else [page.path]:
        try:
            with open(path, encoding="utf-8") as file:
                return file.read()
        except (OSError, UnicodeDecodeError):
            continue
    return None


def has_fix(code: str) -> bool:
    """Whether the page of the rule `code` shows a fix, which a test holds that it does."""
    return "```toml fixed" in (page_text(code) or "")
