"""A Poetry table of dependencies, entry by entry, ready to become requirements."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyproject_ls.checks.edits import quoted
from pyproject_ls.features.migrate.layout import Section, Statement
from pyproject_ls.features.migrate.model import Item, MigrationRefused
from pyproject_ls.features.migrate.plan import Plan
from pyproject_ls.features.migrate.requirements import Converted, Inexpressible, convert
from pyproject_ls.features.migrate.write import inline_table
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.toml import Array, Table, Value, to_python


@dataclass
class Declaration:
    """One name of a dependency table, with the statements and sections that it is made of."""

    name: str
    node: Value
    statements: list[Statement]
    sections: list[Section]
    converted: list[Converted] = field(default_factory=list)
    problem: str = ""
    """Why it cannot be said in PEP 508; "" if it can."""

    @property
    def normalized(self) -> str:
        """The name as PEP 503 compares it."""
        return normalized_name(self.name)

    @property
    def nodes(self) -> list[Value]:
        """The single constraints: one, or those of a list."""
        return self.node.items if isinstance(self.node, Array) else [self.node]

    @property
    def kept(self) -> bool:
        """Whether it says something that only Poetry understands."""
        return any(each.kept for each in self.converted)

    @property
    def is_optional(self) -> bool:
        """Whether it is installed only with an extra."""
        return any(each.is_optional for each in self.converted)

    @property
    def is_local(self) -> bool:
        """Whether it is a path."""
        return any(each.is_local for each in self.converted)


def declarations(plan: Plan, path: tuple[str, ...], table: Table) -> list[Declaration]:
    """The dependencies of the table at `path`, without Python."""
    found = []
    for name, node in table.values.items():
        if name.lower() == "python":
            continue
        declaration = Declaration(
            name,
            node,
            plan.layout.below(*path, name),
            plan.layout.sections_below(*path, name),
        )
        for each in declaration.nodes:
            try:
                declaration.converted.append(convert(name, to_python(each)))
            except Inexpressible as error:
                declaration.problem = str(error)
        found.append(declaration)
    return found


def items_of(plan: Plan, declaration: Declaration, first: bool = True) -> list[Item]:
    """The requirements of a dependency as array items, with its comments if it is the `first`."""
    texts = [each.requirement for each in declaration.converted]
    if not first:
        return [Item(quoted(text)) for text in texts]
    if isinstance(declaration.node, Array):
        if declaration.node.of_tables:  # [[...]] headers
            items = [Item("") for _ in texts]
        else:
            items, closing = plan.array_items(declaration.node)
            if items:
                items[-1].leading += closing
    else:
        items = [Item("", plan.layout.inside(declaration.node))]
    if not items:
        return []
    for item, text in zip(items, texts, strict=True):
        item.text = quoted(text)
    items[0].origins = tuple(declaration.statements)
    above: list[str] = []
    for section in declaration.sections:
        above += plan.layout.comment_texts(section.leading)
        trailing = plan.layout.behind(section.line, section.header.end)
        above += [trailing] if trailing else []
        above += plan.layout.comment_texts(section.closing)
    items[0].leading[:0] = above
    return items


def enrichment(plan: Plan, declaration: Declaration) -> str:
    """What stays of a dependency in Poetry's table, as TOML text."""
    many = len(declaration.converted) > 1
    kept = []
    for node, converted in zip(declaration.nodes, declaration.converted, strict=True):
        if not isinstance(node, Table) or not converted.kept:
            continue
        pairs = []
        for key, value in node.values.items():
            condition = many and key in {"markers", "python", "platform"}
            if key in converted.kept or condition:
                pairs.append((key.replace("allows-", "allow-"), plan.raw(value)))
        kept.append(inline_table(pairs))
    if not many:
        return kept[0]
    return "[\n" + "".join(f"    {text},\n" for text in kept) + "]" if len(kept) > 1 else kept[0]


def require_expressible(declared: list[Declaration], where: str) -> None:
    """Raise MigrationRefused for the first dependency that PEP 508 cannot say."""
    for each in declared:
        if each.problem:
            raise MigrationRefused(f"`{where}.{each.name}`: {each.problem}")
