"""Letting a person choose, in any editor: ``window/showMessageRequest``, which is as old as LSP."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from pyproject_ls.lsp.arguments import missing
from pyproject_ls.named import NamedTuple

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session

MAX_CHOICES = 12
"""Editors show a button or a line for each."""


class NotChosen(Exception):
    """The person has closed the question; the message says so."""


class Choice(NamedTuple):
    """What can be chosen, and the arguments of the command that it stands for."""

    title: str
    values: Mapping[str, Any]


class Question(NamedTuple):
    """What to ask for which argument. The `choices` may have to be found, by `find`.

    The only one is taken unasked where that is `obvious`.
    """

    text: str
    argument: str
    choices: Sequence[Choice] = ()
    find: Callable[[], Awaitable[Sequence[Choice]]] | None = None
    obvious: bool = False


async def answer_to(ls: Session, command: str, question: Question) -> Mapping[str, Any]:
    """The arguments that a person chooses for `command`.

    Raises NotChosen, and JsonRpcException with what to give instead: where the editor cannot ask,
    and where nobody wants to read through all the choices.
    """
    choices = question.choices if question.find is None else await question.find()
    if question.obvious and len(choices) == 1:
        return choices[0].values
    if not 0 < len(choices) <= MAX_CHOICES:
        raise not_given(command, question, choices)
    params = {
        "type": int(types.MessageType.Info),
        "message": question.text,
        "actions": [{"title": each.title} for each in choices],
    }
    try:
        answer = await asyncio.wrap_future(
            ls.protocol.ask(types.WINDOW_SHOW_MESSAGE_REQUEST, params)
        )
    except JsonRpcException as error:
        raise not_given(command, question, choices) from error
    title = answer.get("title") if isinstance(answer, Mapping) else None
    for each in choices:
        if each.title == title:
            return each.values
    raise NotChosen(f"{command} was cancelled; nothing has changed.")


def not_given(command: str, question: Question, choices: Sequence[Choice]) -> JsonRpcException:
    """The error that says what to give in place of the answer."""
    values = (each.values.get(question.argument) for each in choices)
    given = [value for value in values if value is not None]
    shown = [f"`{each if isinstance(each, str) else ', '.join(each)}`" for each in given]
    note = ""
    if len(shown) > 1:
        more = f" and {len(shown) - MAX_CHOICES} more" if len(shown) > MAX_CHOICES else ""
        note = f"There are {', '.join(shown[:MAX_CHOICES])}{more}."
    return missing(command, question.argument, given[0] if given else "...", note)
