"""Accepting the commands of `tool_commands`: at once, or when a person has made all choices.

The command is answered when its job, or its first question, has been accepted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pygls.exceptions import JsonRpcException

from pyproject_ls.lsp.arguments import Arguments
from pyproject_ls.lsp.choosing import NotChosen, Question, answer_to
from pyproject_ls.lsp.jobs import JobError
from pyproject_ls.lsp.questions import NEED_TOOL, TOOLS, next_question, with_project
from pyproject_ls.lsp.targets import Target
from pyproject_ls.lsp.tool_commands import COMMANDS

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session


def run(ls: Session, name: str, arguments: Sequence[Any]) -> None:
    """Accept the command `name`, one of `COMMANDS`. Raises JsonRpcException with the reason.

    What a person has to choose first is asked in the background.
    """
    given = with_project(ls, Arguments(name, arguments))
    question = next_question(ls, given)
    if question is None:
        _accept(ls, given)
    else:
        ls.start(_ask_first(ls, given, question))


async def _ask_first(ls: Session, given: Arguments, question: Question | None) -> None:
    try:
        while question is not None:
            given = given.answered(await answer_to(ls, given.command, question))
            question = next_question(ls, given)
        _accept(ls, given)
    except NotChosen as error:
        ls.jobs.refuse(given.command, str(given.uri or ""), str(error), is_error=False)
    except (JobError, JsonRpcException) as error:
        ls.jobs.refuse(given.command, str(given.uri or ""), str(error))
    except Exception as error:
        ls.report(f"{given.command} failed", error)
        message = f"{given.command} failed; the log of the language server says where."
        ls.jobs.refuse(given.command, str(given.uri or ""), message)


def _accept(ls: Session, given: Arguments) -> None:
    target = Target(ls, given.uri)
    if given.command in NEED_TOOL and given.optional("tool"):
        target.tool = given.choice("tool", TOOLS)
    COMMANDS[given.command](ls, target, given)
