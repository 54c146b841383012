"""URLs: those that the package index shows, and secrets in any of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.edits import part_of
from pyproject_ls.checks.finding import Finding, Related, Rule, Severity
from pyproject_ls.checks.registry import check
from pyproject_ls.checks.uv import uv_sources
from pyproject_ls.checks.wording import shown
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.manifest import as_string, as_table, indexed_strings
from pyproject_ls.project.paths import TomlPath, dotted
from pyproject_ls.text import Span
from pyproject_ls.toml import Array, Key, Scalar, Table, Value

WARNING, INFORMATION = Severity.WARNING, Severity.INFORMATION

URL_LABEL_TOO_LONG = Rule("url-label-too-long", WARNING, "a URL's label of more than 32 characters")
URL_NOT_WEB = Rule("url-not-web", WARNING, "a project URL that is no web address")
URL_DUPLICATE_LABEL = Rule(
    "url-duplicate-label", INFORMATION, "two labels of URLs that mean the same"
)
CREDENTIALS_IN_URL = Rule("credentials-in-url", WARNING, "a password or token inside a URL")
INSECURE_SOURCE = Rule("insecure-source", INFORMATION, "a package source without encryption")

_MAX_LABEL = 32
_TABLES: tuple[TomlPath, ...] = (("project", "urls"), ("tool", "poetry", "urls"))
_POETRY_URLS = ("homepage", "repository", "documentation")
# What Poetry's schema takes for a URI; anything else is reported by the schema check.
_URI = lazy_pattern(r"\w+:(/?/?)\S+")
_WEB = lazy_pattern(r"https?://[^\s/?#]", re.IGNORECASE)
_PUNCTUATION = lazy_pattern(r"[\s!-/:-@\[-`{-~]+")
_AUTHORITY = lazy_pattern(r"://([^\s/?#]*)@")
_MAYBE_USER_INFO = lazy_pattern(r"://[^\s/\"'#?]*@")
_TOKEN_USER = lazy_pattern(r"(?:gh[opsur]_|github_pat_|glpat-|pypi-|x-access-token)", re.IGNORECASE)
_PLACEHOLDER = lazy_pattern(r"[${}%<>]|^[*xX.]+$|^\[.*\]$")
_LOCAL = lazy_pattern(
    r"(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|0\.0\.0\.0|\[|[^.]+$"
    r"|.*\.(?:local|localhost|internal|lan|intranet|corp|test|example)$)"
)


@check(URL_LABEL_TOO_LONG, URL_NOT_WEB, URL_DUPLICATE_LABEL)
def project_urls(context: Context) -> Iterator[Finding]:
    """The labels and addresses of the project's URLs."""
    document = context.document
    for base in _TABLES:
        table = as_table(document.get(*map(str, base)))
        if table is None:
            continue
        labels: dict[str, Key] = {}
        for label, value in table.values.items():
            key, path = table.keys[label], (*base, label)
            if len(label) > _MAX_LABEL:
                yield URL_LABEL_TOO_LONG.at(
                    key,
                    path,
                    f"The label {shown(label)} has {len(label)} characters; the package index takes"
                    f" {_MAX_LABEL} at most.",
                )
            first = labels.setdefault(_PUNCTUATION.sub("", label).lower(), key)
            if first is not key:
                yield URL_DUPLICATE_LABEL.at(
                    key,
                    path,
                    f"The labels {shown(first.text)} and {shown(label)} mean the same to tools;"
                    " keep one of them.",
                    related=(Related(first.span, "the other label"),),
                )
            yield from _address(value, path)
    if context.manifest.poetry is not None:
        for name in _POETRY_URLS:
            yield from _address(context.manifest.poetry.values.get(name), ("tool", "poetry", name))


@check(CREDENTIALS_IN_URL)
def credentials(context: Context) -> Iterator[Finding]:
    """Passwords and tokens in the URLs of sources, dependencies and the project."""
    text = context.document.text
    if "@" not in text or not _MAYBE_USER_INFO.search(text):
        return
    for path, node in _urls(context):
        secret = _secret(node.value)
        if secret is not None:
            yield CREDENTIALS_IN_URL.at(
                part_of(text, node, secret),
                path,
                f"The URL in `{dotted(path)}` holds credentials, which end up in version control;"
                f" {_remedy(path)}.",
            )


@check(INSECURE_SOURCE)
def insecure(context: Context) -> Iterator[Finding]:
    """Package sources over plain HTTP, unless they are on this machine or network."""
    if "http://" not in context.document.text:
        return
    for path, node in _sources(context):
        host = _plain_host(node.value)
        if host and not _LOCAL.match(host):
            yield INSECURE_SOURCE.at(
                node,
                path,
                f"The source {shown(host)} is read over plain HTTP, where packages can be replaced"
                " on their way; use HTTPS.",
            )


def _address(value: Value | None, path: TomlPath) -> Iterator[Finding]:
    node = as_string(value)
    if node is None or _WEB.match(node.value) or not _URI.fullmatch(node.value):
        return
    is_cut = node.value.lower().startswith(("http:", "https:"))
    problem = "has no host" if is_cut else "is no web address"
    yield URL_NOT_WEB.at(
        node,
        path,
        f"{shown(node.value)} in `{dotted(path)}` {problem}; the package index takes only addresses"
        " such as https://example.org.",
    )


def _sources(context: Context) -> Iterator[tuple[TomlPath, Scalar]]:
    """Every string that is the address of a package source."""
    document = context.document
    for base in (("tool", "poetry", "source"), ("tool", "uv", "index"), ("tool", "pdm", "source")):
        node = document.get(*base)
        if isinstance(node, Array):
            for index, item in enumerate(node.items):
                if isinstance(item, Table):
                    url = as_string(item.values.get("url"))
                    if url is not None:
                        yield (*base, index, "url"), url
    for name in ("index-url", "extra-index-url", "find-links"):
        for tool in (("tool", "uv"), ("tool", "uv", "pip")):
            node = document.get(*tool, name)
            text = as_string(node)
            if text is not None:
                yield (*tool, name), text
            for index, item in indexed_strings(node):
                yield (*tool, name, index), item


def _urls(context: Context) -> Iterator[tuple[TomlPath, Scalar]]:
    """Every string that is, or holds, a URL."""
    yield from _sources(context)
    for dependency in context.manifest.dependencies:
        node = dependency.node
        if dependency.requirement is not None:
            if isinstance(node, Scalar) and dependency.requirement.url is not None:
                yield dependency.path, node
            continue
        for option in ("git", "url"):
            text = dependency.text_option(option)
            if text is not None:
                yield (*dependency.path, option), text
    for source in uv_sources(context.document):
        for option in ("git", "url"):
            text = as_string(source.table.values.get(option))
            if text is not None:
                yield (*source.path, option), text
    for base in (*_TABLES, ("tool", "poetry")):
        table = as_table(context.document.get(*map(str, base)))
        if table is not None:
            for name, value in table.values.items():
                text = as_string(value)
                if text is not None:
                    yield (*base, name), text


@lru_cache(maxsize=2048)
def _secret(text: str) -> Span | None:
    """Where in `text` the user information of a URL is that holds a password or a token."""
    match = _AUTHORITY.search(text)
    if match is None:
        return None
    user, colon, password = match[1].partition(":")
    if _PLACEHOLDER.search(user):
        return None
    if colon and password:
        return None if _PLACEHOLDER.search(password) else Span(*match.span(1))
    return Span(*match.span(1)) if _TOKEN_USER.match(user) else None


@lru_cache(maxsize=512)
def _plain_host(url: str) -> str:
    """The host of a URL over plain HTTP, in lower case; "" for any other."""
    if not url.lower().startswith("http://"):
        return ""
    return url[7:].partition("/")[0].rpartition("@")[2].partition(":")[0].lower()


def _remedy(path: TomlPath) -> str:
    if path[:3] == ("tool", "poetry", "source"):
        return "remove them and store them with `poetry config http-basic.<source> <user>`"
    if path[:2] == ("tool", "uv"):
        return "remove them and set them in the environment (`UV_INDEX_<NAME>_PASSWORD`) or netrc"
    if path[:2] == ("tool", "pdm"):
        return "put them into environment variables, which PDM fills in as `${NAME}`"
    if path[:2] == ("project", "urls"):
        return "remove them"
    return "remove them and use a credential helper, netrc or SSH"
