"""What a migration changed that it must not change."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pyproject_ls.features.migrate.layout import Layout
from pyproject_ls.host import Snapshot

_SAME = (
    "name", "version", "summary", "authors", "author", "maintainers", "maintainer", "urls",
    "home-page", "keywords", "python", "requires-dist", "provides-extra", "entry-points",
    "description", "description-content-type",
)  # fmt: skip


def differences(
    before: str,
    after: str,
    old_check: dict[str, Any],
    new_check: dict[str, Any],
    old: dict[str, Any],
    new: dict[str, Any],
) -> list[str]:
    """One line for each fault of a migration."""
    return [
        *_comments(before, after),
        *_verdicts(old_check, new_check),
        *_metadata(old, new),
    ]


def _comments(before: str, after: str) -> Iterator[str]:
    lost = _comments_of(before) - _comments_of(after)
    for comment in lost:
        yield f"lost comment: {comment}"


def _comments_of(text: str) -> Counter[str]:
    snapshot = Snapshot(text)
    layout = Layout(snapshot.document, snapshot.lines)
    return Counter(map(layout.text_at, layout.comments))


def _verdicts(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    if new["crash"]:
        yield f"poetry check stops: {new['crash']}"
    for error in new["errors"]:
        if error not in old["errors"]:
            yield f"new error: {error}"
    for warning in new["warnings"]:
        if "deprecated" in warning or warning not in old["warnings"]:
            yield f"warning: {warning}"
    for line in new["logged"]:
        if line not in old["logged"]:
            yield f"logged: {line}"


def _metadata(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    crash = old.get("crash") or new.get("crash")
    if crash:
        if old.get("crash") != new.get("crash"):
            yield f"metadata: {crash}"
        return
    if old["home-page"] is None and any(
        url == f"Homepage, {new['home-page']}" for url in old["urls"]
    ):
        old["home-page"] = new["home-page"]  # of a custom URL: [project] has no other place
    # those three labels are Poetry's own in [project.urls], however they are written
    old["urls"] = sorted(map(_with_known_label, old["urls"]))
    _pardon_unions(old, new)
    for field in _SAME:
        if old[field] != new[field]:
            yield f"{field}: {_difference(old[field], new[field])}"
    invalid = set(new["invalid-requires-dist"]) - set(old["invalid-requires-dist"])
    if invalid:
        yield f"not PEP 508: {sorted(invalid)}"
    if old["requires-python"] != new["requires-python"] and not _is_more_exact(old, new):
        yield f"requires-python: {old['requires-python']} -> {new['requires-python']}"
    kept = [each for each in old["classifiers"] if not each.startswith("License ::")]
    if kept != new["classifiers"]:
        yield f"classifiers: {_difference(kept, new['classifiers'])}"
    if bool(old["license"]) != bool(new["license-expression"]):
        yield f"license: {old['license']} -> {new['license-expression']}"
    for name in sorted({*old["groups"], *new["groups"]} - {"main"}):
        one, other = old["groups"].get(name), new["groups"].get(name)
        if one != other:
            yield f"group {name}: {_difference(one, other)}"
    one, other = old["groups"].get("main", {}), new["groups"].get("main", {})
    if one.get("locked", []) != other.get("locked", []):
        yield f"locking: {_difference(one.get('locked', []), other.get('locked', []))}"


def _pardon_unions(old: dict[str, Any], new: dict[str, Any]) -> None:
    """Where Poetry wrote a union, which is no PEP 508, and now the same releases as a valid one."""
    _pardon(old, new, "requires-dist")
    for name in old["groups"]:
        for key in ("locked", "dependencies"):
            _pardon(old["groups"][name], new["groups"].get(name, {}), key)


def _pardon(before: dict[str, Any], after: dict[str, Any], key: str) -> None:
    one, other = before.get(key, []), after.get(key, [])
    for each in [each for each in one if each not in other]:
        name, extras, what, *rest = json.loads(each)
        for candidate in [text for text in other if text not in one]:
            new_name, new_extras, new_what, *new_rest = json.loads(candidate)
            same = (name, extras, rest, what[1:]) == (new_name, new_extras, new_rest, new_what[1:])
            if same and "||" in what[0] and _same_releases(what[0], new_what[0]):
                one.remove(each)
                other.remove(candidate)
                break


def _same_releases(one: str, other: str) -> bool:
    """Whether two ranges allow the same releases, of those near the numbers in them."""
    from poetry.core.constraints.version import Version, parse_constraint

    ranges = parse_constraint(one), parse_constraint(other)
    for number in re.findall(r"\d+(?:\.\d+)*", f"{one} {other}"):
        for near in (number, f"{number}.1", f"{number}.99", *_around(number)):
            version = Version.parse(near)
            if ranges[0].allows(version) != ranges[1].allows(version):
                return False
    return True


def _around(number: str) -> list[str]:
    head, dot, last = number.rpartition(".")
    return [f"{head}{dot}{int(last) + by}" for by in (-1, 1) if int(last) + by >= 0]


def _with_known_label(url: str) -> str:
    label, comma, link = url.partition(", ")
    known = label.lower() in {"homepage", "repository", "documentation"}
    return (label.capitalize() if known else label) + comma + link


def _is_more_exact(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether Poetry wrote an approximation before, and what was declared is written now."""
    return bool(old["python"] == new["python"] and "!=" in new["requires-python"])


def _difference(old: Any, new: Any) -> str:
    if isinstance(old, list) and isinstance(new, list):
        gone = [each for each in old if each not in new]
        come = [each for each in new if each not in old]
        return f"-{gone} +{come}"
    if isinstance(old, dict) and isinstance(new, dict):
        keys = [key for key in {**old, **new} if old.get(key) != new.get(key)]
        return "; ".join(f"{key}: {_difference(old.get(key), new.get(key))}" for key in keys)
    return f"{old!r} -> {new!r}"
