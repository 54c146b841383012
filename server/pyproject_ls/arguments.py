"""The command line's grammar: commands, options and their help."""

from __future__ import annotations

import argparse
import os

from pyproject_ls import __version__

PROGRAM = "pyproject-ls"
PRESETS = ("strict", "publish")
LEVELS = ("error", "warning", "information", "hint")
FORMATS = ("text", "json", "github", "gitlab", "junit", "sarif", "html")
DEFAULT_HOST = "127.0.0.1"


class _Help(argparse.HelpFormatter):
    """The usual help. argparse asks `shutil` for the width, a costly import, at every option."""

    def __init__(self, prog: str) -> None:
        try:
            width = int(os.environ["COLUMNS"])
        except (KeyError, ValueError):
            try:
                width = os.get_terminal_size().columns
            except (OSError, ValueError):
                width = 0
        super().__init__(prog, width=(width or 80) - 2)


def build_parser() -> argparse.ArgumentParser:
    """The parser; `command` in its result is the name of the command."""
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Find and fix what is wrong in pyproject.toml files.",
        allow_abbrev=False,
        formatter_class=_Help,
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", dest="command", required=True
    )

    check = _command(commands, "check", "check files")
    check.description = (
        "Check pyproject.toml files. Exit status: 0 without errors, 1 with errors "
        "(with --strict also with warnings), 2 for a wrong command line, unreadable input, or an "
        "index or a tool that cannot be reached (--online, --resolve)."
    )
    _add_check_options(check)

    migrate = _command(commands, "migrate", "move a project from [tool.poetry] to [project]")
    migrate.description = (
        "Move what Poetry 1 kept in [tool.poetry] to the standard tables [project] and "
        "[dependency-groups], in place. What only Poetry can say stays. Exit status: 0 when done "
        "or when there is nothing to do, 1 when refused, 2 for a wrong command line or a file that "
        "cannot be read or written."
    )
    migrate.add_argument(
        "path",
        nargs="?",
        metavar="PATH",
        help="a file, or a folder with a pyproject.toml (default: the nearest pyproject.toml, here "
        "or in a folder above)",
    )
    migrate.add_argument(
        "--diff", action="store_true", help="print what would change, and change nothing"
    )
    migrate.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="of --diff; default: auto; NO_COLOR and FORCE_COLOR are respected",
    )

    config = _command(commands, "config", "print the configuration that is in force")
    config.description = (
        "Print what configures the check of a file, where each value comes from, and which rules "
        "are on. Exit status: 0, 1 where a configuration cannot be used, 2 for a wrong command "
        "line or a file that cannot be read."
    )
    config.add_argument(
        "path",
        nargs="?",
        metavar="PATH",
        help="a file, or a folder with a pyproject.toml (default: the nearest pyproject.toml, here "
        "or in a folder above)",
    )
    config.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    config.add_argument(
        "--fetch",
        action="store_true",
        help="fetch the files at addresses that are extended, so that they are there from now on",
    )
    _add_rule_options(config)
    config.set_defaults(lock=False, online=False, resolve=False)

    rules = _command(commands, "rules", "list the rules")
    rules.add_argument("--format", choices=("text", "json"), default="text")

    explain = _command(commands, "explain", "print the page of a rule")
    explain.add_argument("code", metavar="CODE", help="the rule's code, as in a finding's brackets")

    serve = _command(commands, "serve", "start the language server")
    way = serve.add_mutually_exclusive_group()
    way.add_argument("--stdio", action="store_true", help="speak on stdin and stdout (default)")
    way.add_argument(
        "--tcp",
        metavar="[HOST:]PORT",
        type=_address,
        help=f"listen on a port instead (HOST: {DEFAULT_HOST})",
    )
    # vscode-languageclient adds it to every command line; `initialize` says the same.
    serve.add_argument("--clientProcessId", type=int, help=argparse.SUPPRESS)
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    summary: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=summary, allow_abbrev=False, formatter_class=_Help)
    parser.description = f"{summary[0].upper()}{summary[1:]}."
    return parser


def _add_check_options(check: argparse.ArgumentParser) -> None:
    check.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="a file of any name, a folder to search for pyproject.toml files, or - for standard "
        "input (default: the nearest pyproject.toml, here or in a folder above)",
    )
    check.add_argument(
        "--stdin-filename", metavar="NAME", help="where the text from standard input belongs"
    )
    check.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    _add_rule_options(check)
    check.add_argument("--strict", action="store_true", help="let warnings fail the check too")
    check.add_argument(
        "--exit-zero", action="store_true", help="do not fail the check, whatever is found"
    )
    check.add_argument(
        "--lock", action="store_true", help="also require poetry.lock to exist and to be up to date"
    )
    change = check.add_mutually_exclusive_group()
    change.add_argument(
        "--fix",
        action="store_true",
        help="fix what can safely be fixed and report the rest; standard input is written, fixed, "
        "to standard output",
    )
    change.add_argument(
        "--diff", action="store_true", help="print what --fix would change, and change nothing"
    )
    check.add_argument(
        "--unsafe-fixes",
        action="store_true",
        help="with --fix or --diff: also make fixes that guess or change what is built; look at "
        "the result",
    )
    _add_selection_options(check)
    check.add_argument(
        "--statistics", action="store_true", help="print how often each rule has findings, only"
    )
    check.add_argument(
        "--trend",
        action="append",
        default=[],
        metavar="FILE",
        help="with --format html: show how much there was in this JSON report of an earlier run "
        "(may be repeated, or be a glob)",
    )
    network = check.add_mutually_exclusive_group()
    network.add_argument(
        "--online",
        action="store_true",
        help="also ask package indexes: unknown packages, versions that do not exist, ...",
    )
    network.add_argument("--offline", action="store_true", help="never use the network (default)")
    check.add_argument(
        "--resolve",
        action="store_true",
        help="also have the project's own Poetry or uv resolve its dependencies, without writing "
        "anything; this asks indexes and runs the build code of path and git dependencies",
    )
    check.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="default: auto; NO_COLOR and FORCE_COLOR are respected",
    )


def _add_rule_options(parser: argparse.ArgumentParser) -> None:
    """Which rules are on, and how they judge: these go before files of configuration."""
    parser.add_argument(
        "--profile",
        choices=("all", "poetry"),
        help="poetry: only what `poetry check` reports, with its exit status",
    )
    parser.add_argument(
        "--preset",
        action="append",
        choices=PRESETS,
        default=[],
        help="also run the rules of a preset: what a careful team wants, what an index refuses",
    )
    for name, what in (
        ("--select", "run only these rules (a,b or prefix*)"),
        ("--extend-select", "run these rules as well"),
        ("--ignore", "leave these rules out"),
    ):
        parser.add_argument(name, action="append", default=[], metavar="CODES", help=what)
    parser.add_argument(
        "--no-plugins",
        action="store_true",
        help="run no rules of installed plugins",
    )
    parser.add_argument(
        "--severity",
        action="append",
        default=[],
        metavar="CODE=LEVEL",
        help=f"give a rule another severity: {', '.join(LEVELS)}",
    )


def _add_selection_options(check: argparse.ArgumentParser) -> None:
    """Which files and findings count, and how the work is done."""
    check.add_argument(
        "--changed-since",
        metavar="REV",
        help="check only projects in which a file differs from this revision of the Git repository",
    )
    baseline = check.add_mutually_exclusive_group()
    baseline.add_argument(
        "--baseline", metavar="FILE", help="leave out the findings that this file knows"
    )
    baseline.add_argument(
        "--write-baseline", metavar="FILE", help="write all findings into this file, and end"
    )
    check.add_argument(
        "--jobs",
        type=_positive,
        metavar="N",
        help="check in so many processes (default: as many as help)",
    )
    check.add_argument(
        "--watch", action="store_true", help="check again whenever a file changes, until Ctrl-C"
    )


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= 256:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 256")
    return int(text)


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no [HOST:]PORT")
    return host.strip("[]") or DEFAULT_HOST, int(port)
