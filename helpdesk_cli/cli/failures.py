"""How a command that failed ends: every exception becomes an exit code and at most one `Error:` line.

`cli.md`, Exit codes: this is the one place that maps errors to them.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import click
from click import exceptions as of_click

from helpdesk_cli.cli.render import stream
from helpdesk_cli.cli.render.text import cell
from helpdesk_cli.errors import HelpdeskError, StorageError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from helpdesk_cli.cli.state import State

_MACHINE = ("json", "jsonl")
_CODES: tuple[tuple[type[click.UsageError], str], ...] = (
    (of_click.NoSuchOption, "no_such_option"),
    (of_click.NoSuchCommand, "no_such_command"),
    (of_click.MissingParameter, "missing_parameter"),
    (of_click.BadParameter, "bad_value"),
)


def end(failure: BaseException, state: State, argv: Sequence[str]) -> int:
    """Report how a command failed; return its exit code."""
    if _debug(state, argv) and not isinstance(failure, (SystemExit, BrokenPipeError)):
        import traceback

        for line in "".join(traceback.format_exception(failure)).splitlines():
            stream.talk(cell(line) if not line.startswith(" ") else " " * 2 + cell(line))
    if isinstance(failure, BrokenPipeError):
        stream.give_up()
        return 141
    try:
        stream.flush()  # what was printed comes before what is said about it
    except (OSError, StorageError):
        stream.give_up()
    if isinstance(failure, SystemExit):
        return failure.code if isinstance(failure.code, int) else int(failure.code is not None)
    if isinstance(failure, KeyboardInterrupt):
        if stream.is_terminal(sys.stderr):
            stream.talk("")  # past the ^C
        return 130
    error = _as_error(failure)
    as_json = state.settings.get("format") in _MACHINE or _asks_for_json(argv)
    if isinstance(failure, of_click.NoArgsIsHelpError) and not as_json:
        stream.talk(failure.format_message())
    else:
        report(error, state, as_json=as_json)
    return error.exit_code


def report(error: HelpdeskError, state: State, *, as_json: bool | None = None) -> None:
    """Write an error to stderr: `Error:` and `Hint:` lines, or one line of JSON."""
    if as_json is None:
        as_json = state.settings.get("format") in _MACHINE
    if as_json:
        import json

        from helpdesk_cli.cli.render.text import json_text

        body = {"code": error.code, "message": error.message, "hint": error.hint, "details": error.details}
        stream.talk(json_text(json.dumps({"error": body}, ensure_ascii=False, default=str)))
        return
    color = state.settings.color(terminal=stream.is_terminal(sys.stderr))
    stream.talk(f"{_styled('Error:', color=color)} {cell(error.message)}")
    for problem in _problems(error):
        stream.talk(f"  {cell(problem)}")
    if error.hint:
        stream.talk(f"Hint: {cell(error.hint)}")


def _styled(word: str, *, color: bool) -> str:
    return f"\x1b[1;31m{word}\x1b[0m" if color else word


def _problems(error: HelpdeskError) -> list[str]:
    """Return the lines of `details["problems"]`: texts, or objects with `line` and `message`."""
    problems: Any = error.details.get("problems")
    if not isinstance(problems, list):
        return []
    lines = []
    for problem in problems:
        if isinstance(problem, dict):
            line = problem.get("line")
            lines.append(f"line {line}: {problem['message']}" if line else str(problem["message"]))
        else:
            lines.append(str(problem))
    return lines


def _as_error(failure: BaseException) -> HelpdeskError:
    if isinstance(failure, HelpdeskError):
        return failure
    if isinstance(failure, click.UsageError):
        return _usage(failure)
    if isinstance(failure, click.Abort):
        return HelpdeskError("aborted, nothing was done", code="aborted")
    if isinstance(failure, click.ClickException):
        return HelpdeskError(failure.format_message(), code="io_error")
    if isinstance(failure, OSError):
        where = f"{failure.filename}: " if failure.filename else ""
        return StorageError(f"{where}{failure.strerror or failure}")
    if isinstance(failure, UnicodeEncodeError):
        return UsageError("a text is not valid UTF-8", code="not_utf8")
    return HelpdeskError(
        f"something unexpected happened: {type(failure).__name__}: {failure}",
        code="unexpected",
        hint="this is a mistake in helpdesk; --debug shows where",
    )


def _usage(failure: click.UsageError) -> UsageError:
    code = next((code for kind, code in _CODES if isinstance(failure, kind)), "usage")
    message = failure.format_message()
    hint = f"{failure.ctx.command_path} --help" if failure.ctx is not None else None
    if isinstance(failure, of_click.NoArgsIsHelpError):
        message = "a command is missing"
    if isinstance(failure, (of_click.NoSuchOption, of_click.NoSuchCommand)):
        message = failure.message
        if failure.possibilities:  # the closest one first
            hint = f"did you mean {failure.possibilities[0]}?"
    return UsageError(message, code=code, hint=hint)


def _asks_for_json(argv: Sequence[str]) -> bool:
    """Whether JSON is asked for on a command line that could not be parsed to its end."""
    words = list(argv)[: argv.index("--")] if "--" in argv else list(argv)
    return (
        "--json" in words
        or any(word in (f"-f{name}", f"--format={name}") for word in words for name in _MACHINE)
        or any(word in ("-f", "--format") and value in _MACHINE for word, value in pairwise(words))
    )


def _debug(state: State, argv: Sequence[str]) -> bool:
    return state.settings.debug or "--debug" in argv
