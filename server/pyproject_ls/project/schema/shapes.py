"""The vocabulary of the schema.

A shape says what may stand at a place. It is richer than JSON schema in one way: alternatives are
told apart by the value's type and by a key that gives them away, so that a fault is found at the
exact key, not at "none of eight definitions".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Union


class Text:
    """A string.

    `pattern` has to match (with `fullmatch`), `values` are the only ones allowed, and `hint` says
    in words what is expected. `standard_values` are refused by Poetry, but allowed by the standard;
    with `standard_format` so is every string that `pattern` refuses. `suggestions` are the usual
    ones among others.
    """

    __slots__ = (
        *("hint", "pattern", "plain", "standard_format", "standard_values", "suggestions"),
        "values",
    )

    def __init__(
        self,
        *,
        pattern: re.Pattern[str] | None = None,
        values: tuple[str, ...] = (),
        standard_values: tuple[str, ...] = (),
        standard_format: bool = False,
        suggestions: tuple[str, ...] = (),
        hint: str = "",
    ) -> None:
        self.pattern = pattern
        self.values = values
        self.suggestions = suggestions or values
        self.standard_values = standard_values
        self.standard_format = standard_format
        self.hint = hint
        self.plain = pattern is None and not values


class Boolean:
    """``true`` or ``false``."""

    __slots__ = ()


class Number:
    """A number from `minimum` to `maximum`; with `whole`, an integer."""

    __slots__ = ("maximum", "minimum", "whole")

    def __init__(
        self,
        *,
        whole: bool = False,
        minimum: float | None = None,
        maximum: float | None = None,
    ) -> None:
        self.whole = whole
        self.minimum = minimum
        self.maximum = maximum


class Anything:
    """A value that is not looked at."""

    __slots__ = ()


class ListOf:
    """An array of `item`; with `not_empty` of at least one."""

    __slots__ = ("item", "lenient", "not_empty")

    def __init__(self, item: Shape, *, not_empty: bool = False, lenient: bool = False) -> None:
        self.item = item
        self.not_empty = not_empty
        self.lenient = lenient
        """Poetry does not look at the items."""


class TableOf:
    """A table.

    `fields` are its known keys, `others` the shape behind any other key (None: there are no
    others). Poetry looks at nothing behind such a key if its name does not match `names`; the name
    itself is an error where `names_hint` says what is expected, and Poetry's error by
    `closed_names`. `required` keys have to be there, and one of `one_of`. An unknown key is
    Poetry's error where `strict`, otherwise only ours.
    """

    __slots__ = (
        "closed_names",
        "fields",
        "names",
        "names_hint",
        "one_of",
        "others",
        "required",
        "strict",
    )

    def __init__(
        self,
        fields: Mapping[str, Shape] | None = None,
        *,
        others: Shape | None = None,
        names: re.Pattern[str] | None = None,
        names_hint: str = "",
        closed_names: bool = False,
        required: tuple[str, ...] = (),
        one_of: tuple[str, ...] = (),
        strict: bool = True,
    ) -> None:
        self.fields: Mapping[str, Shape] = fields or {}
        self.others = others
        self.names = names
        self.names_hint = names_hint
        self.closed_names = closed_names
        self.required = required
        self.one_of = one_of
        self.strict = strict


class TableForms:
    """One of several tables, told apart by the first key of `forms` that is present.

    `otherwise` is the form without such a key.
    """

    __slots__ = ("forms", "known", "otherwise")

    def __init__(self, forms: Mapping[str, TableOf], otherwise: TableOf) -> None:
        self.forms = forms
        self.otherwise = otherwise
        self.known = frozenset(
            name for form in (*forms.values(), otherwise) for name in form.fields
        )


class OneOf:
    """Alternatives of different types: a string, or an array, or a table, ..."""

    __slots__ = ("array", "boolean", "number", "plain_text", "table", "text")

    def __init__(
        self,
        *,
        text: Text | None = None,
        array: ListOf | None = None,
        table: TableOf | TableForms | None = None,
        boolean: Boolean | None = None,
        number: Number | None = None,
    ) -> None:
        self.text = text
        self.array = array
        self.table = table
        self.boolean = boolean
        self.number = number
        self.plain_text = text is not None and text.plain

    @property
    def parts(self) -> tuple[Shape, ...]:
        """The alternatives."""
        every = (self.text, self.boolean, self.number, self.array, self.table)
        return tuple(part for part in every if part is not None)


Shape = Union[Text, Boolean, Number, Anything, ListOf, TableOf, TableForms, OneOf]


def described(shape: Shape) -> str:
    """What `shape` expects, for a message: "a string", "an array of strings or a table"."""
    if isinstance(shape, Text):
        return "a string"
    if isinstance(shape, Boolean):
        return "`true` or `false`"
    if isinstance(shape, Number):
        return _described_number(shape)
    if isinstance(shape, ListOf):
        if isinstance(shape.item, Text):
            return "an array of strings"
        return "an array of tables" if isinstance(shape.item, (TableOf, TableForms)) else "an array"
    if isinstance(shape, (TableOf, TableForms)):
        return "a table"
    if isinstance(shape, OneOf):
        parts = [described(part) for part in shape.parts]
        return " or ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
    return "a value"


def _described_number(shape: Number) -> str:
    what = "a whole number" if shape.whole else "a number"
    if shape.minimum is not None and shape.maximum is not None:
        return f"{what} from {shape.minimum:g} to {shape.maximum:g}"
    if shape.minimum is not None:
        return f"{what} of at least {shape.minimum:g}"
    return what if shape.maximum is None else f"{what} of at most {shape.maximum:g}"
