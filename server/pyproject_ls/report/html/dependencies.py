"""What the projects depend on: one row a package, with the constraints and who has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from pyproject_ls.report.overview import Overview, Used

MOST_SHOWN = 2000
"""So many packages are listed."""


def packages_of(overviews: Mapping[str, Overview]) -> dict[str, list[tuple[str, Used]]]:
    """By package: who depends on it, and how. The most used package first."""
    found: dict[str, list[tuple[str, Used]]] = {}
    for path, overview in overviews.items():
        for used in overview.dependencies:
            found.setdefault(used.name, []).append((path, used))
    return dict(sorted(found.items(), key=lambda each: (-len(_projects(each[1])), each[0])))


def table(overviews: Mapping[str, Overview]) -> str:
    """The table; a package with different constraints or locked versions is marked."""
    packages = packages_of(overviews)
    if not packages:
        return "<p>No project declares a dependency.</p>"
    rows = "".join(
        _row(name, uses, len(overviews)) for name, uses in list(packages.items())[:MOST_SHOWN]
    )
    more = len(packages) - MOST_SHOWN
    note = f"<p>{more} more packages are not listed.</p>" if more > 0 else ""
    head = "<tr><th>Package</th><th>Projects</th><th>Constraints</th><th>Locked</th></tr>"
    return f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>{note}"


def _row(name: str, uses: list[tuple[str, Used]], projects: int) -> str:
    constraints = _grouped((used.constraint or "any version", path) for path, used in uses)
    locked = _grouped((used.locked, path) for path, used in uses if used.locked)
    differs = (
        ' class="differs"' if projects > 1 and (len(constraints) > 1 or len(locked) > 1) else ""
    )
    return (
        f"<tr{differs}><td>{escape(name)}</td><td>{len(_projects(uses))}</td>"
        f"<td>{_listed(constraints)}</td><td>{_listed(locked)}</td></tr>"
    )


def _projects(uses: Iterable[tuple[str, Used]]) -> set[str]:
    return {path for path, _ in uses}


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """What is written, and the paths of the projects that write it."""
    found: dict[str, list[str]] = {}
    for what, path in pairs:
        paths = found.setdefault(what, [])
        if path not in paths:
            paths.append(path)
    return dict(sorted(found.items(), key=lambda each: (-len(each[1]), each[0])))


def _listed(grouped: Mapping[str, list[str]]) -> str:
    return "<br>".join(
        f'<code title="{escape(", ".join(paths[:20]))}">{escape(what)}</code>'
        + (f" <small>{len(paths)}</small>" if len(grouped) > 1 else "")
        for what, paths in grouped.items()
    )
