"""How words of the command line become values: ids, instants, durations, fixed words, lists.

What is wrong raises `UsageError` (exit 2) that names the option, what was found and what was expected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from helpdesk_cli.cli.state import State
from helpdesk_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

STDIN = "-"
_DIGITS = 18  # as many as any 64-bit number has room for


def ticket_id(text: str) -> int:
    """Read `42`, `HD-42`, `hd-42` or `#42`; UsageError `bad_ticket` otherwise."""
    digits = text.strip().upper().removeprefix("HD-").removeprefix("#")
    if not is_count(digits):
        raise UsageError(f"{text!r} is no ticket: expected a number such as 42 or HD-42.", code="bad_ticket")
    return int(digits)


class Value(click.ParamType[Any]):
    """A type made of one function on the text; errors are prefixed with the parameter's name."""

    def __init__(self, name: str, parse: Callable[[str, click.Context | None], Any]) -> None:
        self.name = name
        self._parse = parse

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Parse text; a value that is no text any more is returned as it is."""
        if not isinstance(value, str) or (ctx is not None and ctx.resilient_parsing):
            return value
        try:
            return self._parse(value, ctx)
        except UsageError as error:
            # One of the settings, such as the clock that `-2h` counts from, is told with its own place.
            if isinstance(param, click.Option) and "setting" not in error.details:
                error.message = f"{max(param.opts, key=len)}: {error.message}"
            raise


class Word(click.ParamType[str]):
    """One of a fixed list, in any case, `-` and `_` alike; exit 2 with a suggestion otherwise."""

    name = "word"

    def __init__(self, *words: str, option: str = "") -> None:
        """`option` is blamed for a mistake, else the parameter."""
        self.words = words
        self._option = option

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Show the words themselves."""
        return "[" + "|".join(self.words) + "]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word of the list that is meant."""
        text = str(value)
        for word in self.words:
            if text.casefold().replace("-", "_") == word.casefold().replace("-", "_"):
                return word
        raise UsageError(
            f"{self._option or _name(param)}{text!r} is not one of {', '.join(self.words)}.",
            code="unknown_word",
            hint=did_you_mean(text, self.words),
            details={"found": text, "expected": list(self.words)},
        )

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        """Complete the words."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(word) for word in self.words if word.startswith(incomplete)]


def did_you_mean(word: str, choices: tuple[str, ...] | list[str]) -> str | None:
    """Return `did you mean X?` where one of the choices is close."""
    from helpdesk_cli.domain.suggest import closest

    found = closest(word, choices)
    return None if found is None else f"did you mean {found!r}?"


def list_option(*decls: str, **attrs: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make an option whose repeats and commas add up: the body gets `tuple[str, ...]`, `()` if not given."""
    attrs.setdefault("metavar", decls[0].lstrip("-").upper() + ",...")
    return click.option(*decls, multiple=True, type=FIELDS, callback=_flatten, **attrs)


def org_option(text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make `--org`, whose commas only a service can read: a name may have some of its own."""
    told = f"{text} A comma may be part of a name that is known."
    return click.option("--org", multiple=True, metavar="ORG,...", help=told)


def _flatten(_ctx: click.Context, _param: click.Parameter, value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for words in value for word in words))


def _name(param: click.Parameter | None) -> str:
    return f"{max(param.opts, key=len)}: " if isinstance(param, click.Option) else ""


def _instant(text: str, ctx: click.Context | None) -> datetime:
    from helpdesk_cli.domain.instants import parse_instant

    state = ctx.find_object(State) if ctx is not None else None
    assert state is not None, "the root command makes the State"
    now = state.app.now()
    # Written in UTC it needs no zone, and loading one costs as much as a short command does.
    zone = now.tzinfo if text.endswith("Z") and now.tzinfo is not None else state.app.zone
    return parse_instant(text, now, zone)


def _duration(text: str, _ctx: click.Context | None) -> int:
    from helpdesk_cli.domain.durations import parse_duration

    return parse_duration(text)


def _count(text: str, _ctx: click.Context | None) -> int:
    if not is_count(text):
        raise UsageError(f"{text!r} is no whole number of 0 or more.", code="bad_number")
    return int(text)


def is_count(text: str) -> bool:
    """Whether text is a whole number of 0 or more that a 64-bit id has room for."""
    return text.isascii() and text.isdigit() and len(text) <= _DIGITS


def _words(text: str, _ctx: click.Context | None) -> tuple[str, ...]:
    return tuple(word for word in map(str.strip, text.split(",")) if word)


TICKET = Value("ticket", lambda text, _ctx: ticket_id(text))
TICKETS = Value("ticket", lambda text, _ctx: text if text == STDIN else ticket_id(text))
INSTANT = Value("instant", _instant)
DURATION = Value("duration", _duration)
INT = Value("n", _count)
FIELDS = Value("words", _words)
