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
    from collections.abc import Mapping, Sequence

    from helpdesk_cli.cli.state import State

_MACHINE = ("json", "jsonl")
_LONGEST = 1_000  # characters of a message, which may quote whatever was typed
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
    if error.code == "output_lost" and state.wrote:
        error.hint = "the change was made; see `helpdesk help idempotency`"
    if error.code in ("usage", "bad_ticket") and (names := _fields_after_json(argv, error.message)):
        error.hint = f"--json takes no value: --fields {names}"
    if _is_plugin(state, argv):
        return _unknown(error)
    as_json = state.settings.get("format") in _MACHINE or _asks_for(_MACHINE, argv)
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

        hint = error.hint and error.hint.replace("\n", " ")
        body = {"code": error.code, "message": _brief(error.message), "hint": hint, "details": error.details}
        stream.talk(json_text(json.dumps({"error": body}, ensure_ascii=False, default=str)))
        return
    color = state.settings.color(terminal=stream.is_terminal(sys.stderr))
    stream.talk(f"{_styled('Error:', color=color)} {cell(_brief(error.message))}")
    for problem in _problems(error):
        stream.talk(f"  {cell(problem)}")
    if error.hint:
        first, *more = error.hint.split("\n")
        stream.talk(f"Hint: {cell(first)}")
        for line in more:
            stream.talk(f"      {cell(line)}")


def _brief(message: str) -> str:
    """The beginning and the end of a message without end: there it says what is wrong."""
    half = _LONGEST // 2
    return message if len(message) <= _LONGEST else f"{message[:half]} … {message[-half:]}"


def _styled(word: str, *, color: bool) -> str:
    return f"\x1b[1;31m{word}\x1b[0m" if color else word


def _problems(error: HelpdeskError) -> list[str]:
    """Return the lines of `details["problems"]`: texts, or objects as `told` takes them."""
    problems: Any = error.details.get("problems")
    if not isinstance(problems, list):
        return []
    return [told(problem) if isinstance(problem, dict) else str(problem) for problem in problems]


def told(problem: Mapping[str, Any]) -> str:
    """Return a mistake in a file in one line: its `message`, with its `line` and its `hint` where known."""
    where = f"line {problem['line']}: " if problem.get("line") else ""
    return f"{where}{problem['message']}" + (f" ({problem['hint']})" if problem.get("hint") else "")


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
        if near := _meant(failure):
            hint = f"did you mean {near}?"
    return UsageError(message, code=code, hint=hint)


def _meant(failure: of_click.NoSuchOption | of_click.NoSuchCommand) -> str | None:
    """Return the nearest of what click found; the dashes that all options share make none of them near."""
    from helpdesk_cli.domain.suggest import closest

    word = failure.option_name if isinstance(failure, of_click.NoSuchOption) else failure.command_name
    choices = {name.lstrip("-"): name for name in failure.possibilities or ()}
    near = closest(word.lstrip("-"), choices)
    return None if near is None else choices[near]


def _asks_for(formats: Sequence[str], argv: Sequence[str]) -> bool:
    """Whether one of them is asked for on a command line that could not be parsed to its end."""
    words = [word.lower() for word in (argv[: argv.index("--")] if "--" in argv else argv)]
    return (
        ("--json" in words and "json" in formats)
        or any(word in (f"-f{name}", f"--format={name}") for word in words for name in formats)
        or any(word in ("-f", "--format") and value in formats for word, value in pairwise(words))
    )


def _fields_after_json(argv: Sequence[str], message: str) -> str | None:
    """The names of fields that follow `--json`, as another program takes them, if the message is of them."""
    from helpdesk_cli.records import RECORDS

    for word, names in pairwise(argv):
        if word == "--json" and names.islower() and names in message:
            known = {field.name for record in RECORDS.values() for field in record.fields}
            if known.issuperset(names.split(",")):
                return names
    return None


def _is_plugin(state: State, argv: Sequence[str]) -> bool:
    """Whether the command is `sla check -f nagios`: the only one whose errors are its answer."""
    if state.settings.get("format") == "nagios":
        return True
    return {"sla", "check"} <= set(argv) and _asks_for(("nagios",), argv)


def _unknown(error: HelpdeskError) -> int:
    from helpdesk_cli.cli.commands import nagios

    try:
        stream.write(cell(nagios.failure(_brief(error.message))) + "\n")
        stream.flush()
    except (OSError, StorageError):
        stream.give_up()
    return nagios.UNKNOWN


def _debug(state: State, argv: Sequence[str]) -> bool:
    return state.settings.debug or "--debug" in argv
