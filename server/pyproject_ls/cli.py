"""The command line: ``check``, ``migrate``, ``config``, ``rules``, ``explain`` and ``serve``.

Exit status of ``check``: 0 where there is no error (with ``--strict``: no warning either), 1 where
there is, 2 for a wrong command line or an input that cannot be read. What only one command needs is
imported by that command, because a check of one file takes little longer than its imports.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NoReturn

from pyproject_ls.arguments import LEVELS, PROGRAM, build_parser

if TYPE_CHECKING:
    from pyproject_ls.config import Settings
    from pyproject_ls.plugins.loading import Plugin

OK, FOUND, UNUSABLE, INTERRUPTED = 0, 1, 2, 130


class UsageError(Exception):
    """The command line asks for something that there is not."""


def entry() -> NoReturn:
    """The command ``pyproject-ls``: run it as a process of its own."""
    import gc

    gc.disable()  # a check is short, and `serve` sets the collector up for itself
    if sys.stdout is None:  # closed by the caller
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    status = main()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        # Taking the interpreter down in good order costs more than checking a small file.
        os._exit(status)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line (default: that of the process) and give its exit status. Never raises."""
    try:
        return _run(arguments)
    except SystemExit as stop:  # argparse: --help, --version and usage errors
        return stop.code if isinstance(stop.code, int) else UNUSABLE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return FOUND
    except UsageError as error:
        complain(str(error))
        return UNUSABLE
    except OSError as error:  # the output cannot be written
        complain(f"cannot write the output: {error.strerror or error}")
        _drop_output()
        return UNUSABLE


def complain(message: str) -> None:
    """Say on standard error why something is not done."""
    from pyproject_ls.report.visible import visible

    encoding = getattr(sys.stderr, "encoding", None) or "ascii"
    print(f"{PROGRAM}: {visible(message, encoding)}", file=sys.stderr)


def settings_from(options: argparse.Namespace) -> Settings:
    """The settings that the options of ``check`` ask for. Raises UsageError for an unknown rule."""
    from pyproject_ls.checks.finding import Severity
    from pyproject_ls.config import Settings

    select, extend_select, ignore = map(
        _codes, (options.select, options.extend_select, options.ignore)
    )
    severity: dict[str, Severity] = {}
    for item in _items(options.severity):
        code, equals, level = (part.strip() for part in item.partition("="))
        if not equals or level not in LEVELS:
            raise UsageError(
                f"--severity {item}: write CODE=LEVEL, where LEVEL is {', '.join(LEVELS)}"
            )
        severity[code] = Severity[level.upper()]
    require_known(select | extend_select | ignore | severity.keys(), not options.no_plugins)
    given = {"profile"} if options.profile else set()
    if options.no_plugins:
        given.add("plugins")
    if options.online:
        given.add("online")
    return Settings(
        profile=options.profile or "all",
        select=select,
        extend_select=extend_select,
        ignore=ignore,
        severity=severity,
        presets=frozenset(options.preset),
        lock=options.lock,
        online=options.online,
        resolve="save" if options.resolve else "off",
        given=frozenset(given),
        fetch=options.online,
        plugins=not options.no_plugins,
    )


def require_known(patterns: frozenset[str], plugins: bool = True) -> None:
    """Raise UsageError where one of `patterns` names no rule."""
    if patterns:
        from pyproject_ls.checks.run import unknown_patterns

        for pattern in unknown_patterns(patterns, plugins):
            raise unknown_rule(pattern)


def unknown_rule(name: str) -> UsageError:
    """The error for a name that no rule has, with the rule that it may mean."""
    from pyproject_ls.checks.suggest import closest
    from pyproject_ls.plugins import known_rules

    meant = closest(name.rstrip("*"), known_rules())
    hint = f"did you mean {meant}?" if meant else f"see `{PROGRAM} rules`"
    return UsageError(f"there is no rule {name}; {hint}")


def _run(arguments: Sequence[str] | None) -> int:
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    options = build_parser().parse_args(arguments)
    commands = {
        "check": _check,
        "migrate": _migrate,
        "config": _config,
        "rules": _rules,
        "explain": _explain,
        "serve": _serve,
    }
    if options.command != "serve":
        from pyproject_ls.plugins import role

        role.is_command = True
    status = commands[options.command](options)
    sys.stdout.flush()
    return status


def _check(options: argparse.Namespace) -> int:
    from pyproject_ls.check_command import check

    return check(options)


def _migrate(options: argparse.Namespace) -> int:
    from pyproject_ls.migrate_command import migrate

    return migrate(options)


def _config(options: argparse.Namespace) -> int:
    from pyproject_ls.config_command import config

    return config(options)


def _rules(options: argparse.Namespace) -> int:
    from pyproject_ls.plugins import allowed, known_rules
    from pyproject_ls.rulebook import has_fix

    _tell_failures(allowed())
    rules = list(known_rules().values())
    fixable = {rule.code for rule in rules if has_fix(rule.code)}
    if options.format == "json":
        from pyproject_ls.report.json import render_rules

        sys.stdout.write(render_rules(rules, fixable))
        return OK
    wide = max((len(rule.code) for rule in rules), default=0)
    for rule in rules:
        family = "poetry check" if rule.poetry is not None else ""
        fix = "fix" if rule.code in fixable else ""
        notes = ["--online"] * rule.online
        notes += [f"--preset {each}" for each in rule.presets]
        notes += ["off by default"] * (not rule.enabled and not rule.presets)
        summary = f"{rule.summary} ({', '.join(notes)})" if notes else rule.summary
        level = rule.severity.word
        sys.stdout.write(f"{rule.code:{wide}}  {level:11}  {family:12}  {fix:3}  {summary}\n")
    return OK


def _explain(options: argparse.Namespace) -> int:
    from pyproject_ls.plugins import allowed, known_rules, owner_of
    from pyproject_ls.rulebook import page_text, rule_url

    code: str = options.code
    if code not in known_rules():
        owner = owner_of(code)
        _tell_failures(each for each in allowed() if each.entry == owner)
        raise unknown_rule(code)
    page = page_text(code)
    if page is None:
        raise UsageError(f"the page of {code} is not installed; read it at {rule_url(code)}")
    sys.stdout.write(page)
    return OK


def _tell_failures(plugins: Iterable[Plugin]) -> None:
    """Say on standard error which of `plugins` cannot be used."""
    for each in plugins:
        if each.failure:
            complain(each.sentence(each.failure))


def _serve(options: argparse.Namespace) -> int:
    try:
        from pyproject_ls.lsp.server import serve_stdio, serve_tcp
    except ModuleNotFoundError as error:
        raise UsageError(f"the server needs the package {error.name}, which is missing") from error
    if options.tcp is None:
        return serve_stdio()
    host, port = options.tcp
    return serve_tcp(host, port)


def _items(values: list[str]) -> list[str]:
    return [item.strip() for value in values for item in value.split(",") if item.strip()]


def _codes(values: list[str]) -> frozenset[str]:
    return frozenset(_items(values))


def _drop_output() -> None:
    """Let nothing more be written to standard output, so that the process can end in peace."""
    import contextlib

    with contextlib.suppress(OSError, ValueError):  # not a real file, as in tests
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
