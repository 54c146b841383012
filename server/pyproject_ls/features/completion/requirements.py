"""PEP 508 strings: names, extras, versions, markers."""

from __future__ import annotations

from pyproject_ls.features.completion import names, packages, releases
from pyproject_ls.features.completion.markers import marker_from
from pyproject_ls.features.completion.model import Choice, Choices, Kind, Request
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.project.requirement import normalized_name

_NAME = lazy_pattern(r"\s*([A-Za-z0-9._-]*)")
_EXTRA = lazy_pattern(r"[^,\s\]]*")
_HEAD = lazy_pattern(r"\s*[A-Za-z0-9._-]+\s*(?:\[[^\]]*\])?")
_URL = lazy_pattern(rf"{_HEAD.pattern}\s*@")


def requirement(request: Request) -> Choices | None:
    """The part of the requirement at the cursor."""
    content, at = request.content, request.at
    name = _NAME.match(content)
    assert name is not None
    if at <= name.end():
        if at < name.start(1):
            return None
        known = _names(request)
        if not request.snapshot.settings.online or _URL.match(content):
            return Choices(name.start(1), name.end(), known)
        return packages.in_requirement(request, name.start(1), name.end(), known)
    return behind_name(request)


def behind_name(request: Request) -> Choices | None:
    """What follows the name of a requirement: extras, versions, a marker."""
    content, at = request.content, request.at
    name = _NAME.match(content)
    assert name is not None
    separator = content.find(";", 0, at)
    if separator >= 0 and not (_URL.match(content) and content[separator - 1] not in " \t"):
        return marker_from(request, separator + 1)
    opened = content.rfind("[", 0, at)
    if opened >= 0 and "]" not in content[opened:at] and not content[name.end() : opened].strip():
        return _extras(request, name.group(1), opened + 1)
    head = _HEAD.match(content)
    if not request.snapshot.settings.online or head is None or _URL.match(content):
        return None
    return releases.in_requirement(request, head.end()) if head.end() <= at else None


def _extras(request: Request, package: str, begin: int) -> Choices:
    content, at = request.content, request.at
    start = max(content.rfind(each, begin, at) for each in ", ") + 1
    start = max(start, begin)
    word = _EXTRA.match(content, at)
    end = word.end() if word is not None else at
    closing = content.find("]", begin)
    written = content[begin : closing if closing >= 0 else len(content)]
    present = {
        normalized_name(each.strip())
        for each in (written[: start - begin] + "," + content[end : begin + len(written)]).split(
            ","
        )
    }
    owner = _owner(request.path)
    manifest = request.snapshot.manifest
    own = normalized_name(package) == manifest.normalized_name
    end_mark = "" if closing >= 0 else "]"
    listed, may_grow = packages.extras_of(request.snapshot, package, _dependency(request))
    items = [
        Choice(each + end_mark, Kind.EXTRA, each, order=order)
        for order, each in enumerate(listed)
        if normalized_name(each) not in present
        and not (own and owner and normalized_name(each) == normalized_name(owner))
    ]
    return Choices(start, end, items, incomplete=may_grow)


def _dependency(request: Request) -> Dependency | None:
    """The requirement as the tree has it."""
    found = (
        each
        for each in request.snapshot.manifest.dependencies
        if each.node.start == request.start and request.start >= 0
    )
    return next(found, None)


def _owner(path: TomlPath) -> str:
    """The extra whose list the requirement is in, which must not take in itself."""
    if path[:2] == ("project", "optional-dependencies") and isinstance(path[2], str):
        return path[2]
    return ""


def _names(request: Request) -> list[Choice]:
    manifest = request.snapshot.manifest
    present = {
        normalized_name(match.group(1))
        for other in request.others()
        if (match := _NAME.match(other)) is not None
    }
    listed = names.packages(manifest, but=request.start)
    found = [
        Choice(written, Kind.PACKAGE, detail="declared in this file", order=order)
        for order, (name, written) in enumerate(listed.items())
        if name not in present
    ]
    own = manifest.name
    is_main = request.path[:2] == ("project", "dependencies")
    if own is not None and not is_main:
        owner = normalized_name(_owner(request.path))
        for order, extra in enumerate(names.extras(manifest)):
            if normalized_name(extra) != owner:
                found.append(
                    Choice(
                        f"{own.value}[{extra}]",
                        Kind.EXTRA,
                        detail="this project with its extra",
                        order=1000 + order,
                    )
                )
    return found
