"""PEP 508 strings: names that the file knows, extras, markers."""

from __future__ import annotations

import re

from pyproject_ls.features.completion import names
from pyproject_ls.features.completion.markers import marker_from
from pyproject_ls.features.completion.model import Choice, Choices, Kind, Request
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.project.requirement import normalized_name

_NAME = re.compile(r"\s*([A-Za-z0-9._-]*)")
_EXTRA = re.compile(r"[^,\s\]]*")
_URL = re.compile(r"\s*[A-Za-z0-9._-]+\s*(?:\[[^\]]*\])?\s*@")


def requirement(request: Request) -> Choices | None:
    """The part of the requirement at the cursor."""
    content, at = request.content, request.at
    name = _NAME.match(content)
    assert name is not None
    if at <= name.end():
        if at < name.start(1):
            return None
        return Choices(name.start(1), name.end(), _names(request))
    separator = content.find(";", 0, at)
    if separator >= 0 and not (_URL.match(content) and content[separator - 1] not in " \t"):
        return marker_from(request, separator + 1)
    opened = content.rfind("[", 0, at)
    if opened >= 0 and "]" not in content[opened:at] and not content[name.end() : opened].strip():
        return _extras(request, name.group(1), opened + 1)
    return None


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
    items = [
        Choice(each + end_mark, Kind.EXTRA, each, order=order)
        for order, each in enumerate(names.extras_of(manifest, package))
        if normalized_name(each) not in present
        and not (own and owner and normalized_name(each) == normalized_name(owner))
    ]
    return Choices(start, end, items)


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
