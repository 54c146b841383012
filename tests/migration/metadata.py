"""Runs with the real Poetry's interpreter: the metadata that poetry-core builds of projects.

``python metadata.py LIST OUT``: LIST has one project folder a line; OUT becomes a JSON object from
folder to what there is, each dependency as [name, extras, what, marker, extra or null].
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    import poetry.core  # noqa: F401  (first: it puts its vendored packages in front)

    results = {}
    for line in Path(sys.argv[1]).read_text("utf-8").splitlines():
        try:
            results[line] = _described(Path(line))
        except Exception as error:
            results[line] = {"crash": f"{type(error).__name__}: {error}"}
    Path(sys.argv[2]).write_text(json.dumps(results, indent=1), "utf-8")


def _described(folder: Path) -> dict[str, Any]:
    from packaging.requirements import InvalidRequirement, Requirement
    from poetry.core.factory import Factory
    from poetry.core.masonry.metadata import Metadata

    package = Factory().create_poetry(folder).package
    built = Metadata.from_package(package)
    invalid = []
    for requirement in built.requires_dist:
        try:
            Requirement(requirement)
        except InvalidRequirement:
            invalid.append(requirement)
    requires = [each for each in package.requires if not each.is_optional() or each.in_extras]
    groups = {}
    for name in sorted(package.dependency_group_names(include_optional=True)):
        group = package.dependency_group(name)
        groups[name] = {
            "optional": group.is_optional(),
            "locked": _all(group.dependencies_for_locking, locking=True),
        }
        if name != "main":
            groups[name]["dependencies"] = _all(group.dependencies)
    return {
        "name": built.name,
        "version": built.version,
        "summary": built.summary,
        "license": built.license,
        "license-expression": built.license_expression,
        "authors": list(package.authors),
        "author": [built.author, built.author_email],
        "maintainers": list(package.maintainers),
        "maintainer": [built.maintainer, built.maintainer_email],
        "urls": sorted(built.project_urls),
        "home-page": built.home_page,
        "keywords": built.keywords,
        "classifiers": sorted(built.classifiers),
        "requires-python": built.requires_python,
        "python": str(package.python_constraint),
        "requires-dist": _all(requires),
        "invalid-requires-dist": invalid,
        "provides-extra": sorted(built.provides_extra),
        "entry-points": {k: dict(v) for k, v in package.entry_points.items() if v},
        "description": built.description,
        "description-content-type": built.description_content_type,
        "groups": groups,
    }


def _all(dependencies: Any, locking: bool = False) -> list[Any]:
    from poetry.core.version.markers import parse_marker

    found: list[list[Any]] = []
    for each in dependencies:
        if locking and each.is_optional() and not each.in_extras:
            continue  # nothing installs it
        marker = str(parse_marker(str(each.marker.without_extras())))
        what: list[Any] = [str(each.constraint)]
        if each.source_type:
            what = [each.source_type, each.source_url, each.source_reference]
            what.append(each.source_subdirectory)
        if each.source_type in {"directory", "file"} and not locking:
            what = ["local"]
        if locking:
            # `develop` counts for folders and repositories only
            develop = bool(getattr(each, "_develop", False)) if each.source_type else False
            what += [each.source_name, each.allows_prereleases() or None, develop]
        extras = [None] if locking else (list(each.in_extras) or [None])
        found += ([each.name, sorted(each.features), what, marker, extra] for extra in extras)
    return sorted({json.dumps(each) for each in found})


if __name__ == "__main__":
    main()
