"""``[build-system]``: poetry-core in a version that reads ``[project]``."""

from __future__ import annotations

from pyproject_ls.checks.edits import quoted
from pyproject_ls.features.migrate.plan import Plan
from pyproject_ls.project.manifest import as_string, strings
from pyproject_ls.project.requirement import cut, normalized_name
from pyproject_ls.text import Edit
from pyproject_ls.toml import Scalar

REQUIREMENT = "poetry-core>=2.0,<3.0"
BACKEND = "poetry.core.masonry.api"
_OLD_BACKEND = "poetry.masonry.api"


def build_system(plan: Plan, whole: bool = True) -> None:
    """Raise poetry-core to 2, and replace the backend of Poetry itself by poetry-core's."""
    backend = as_string(plan.document.get("build-system", "build-backend"))
    if backend is None:
        if whole and plan.document.get("build-system") is None and plan.manifest.package_mode:
            plan.note(
                "There is no [build-system], so only Poetry builds the project; add one with"
                f' `requires = ["{REQUIREMENT}"]` and `build-backend = "{BACKEND}"`.'
            )
        return
    if backend.value == _OLD_BACKEND:
        plan.edits.append(Edit(backend.span, _like(plan, backend, BACKEND)))
    elif backend.value != BACKEND and not backend.value.startswith("poetry_dynamic_versioning"):
        return
    for item in strings(plan.document.get("build-system", "requires")):
        name = cut(item.value).name
        normalized = normalized_name(name.text) if name else ""
        old = normalized == "poetry" and backend.value == _OLD_BACKEND
        if old or (normalized == "poetry-core" and _allows_version_1(item.value)):
            plan.edits.append(Edit(item.span, _like(plan, item, REQUIREMENT)))


def _like(plan: Plan, old: Scalar, value: str) -> str:
    """`value` in the quotes of `old`."""
    quote = plan.text[old.start]
    return f"'{value}'" if quote == "'" else quoted(value)


def _allows_version_1(requirement: str) -> bool:
    # without poetry-core's parser of requirements, which takes 0.3 s to load
    from poetry.core.constraints.version import parse_constraint

    parts = cut(requirement)
    if parts.url:
        return False
    try:
        constraint = parse_constraint(",".join(each.text for each in parts.specifiers) or "*")
    except ValueError:
        return False
    return constraint.allows_any(parse_constraint("<2.0"))
