"""What an option or argument may be given, for completion: the word in its place in the help tells.

A `PLAN` is a plan wherever it stands, a `PLAN,...` several; so a new command completes without a word here.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from helpdesk_cli.cli.state import State
from helpdesk_cli.cli.types import TICKET, TICKETS

if TYPE_CHECKING:
    from collections.abc import Iterable

    Words = list[tuple[str, str]]  # (word, what to tell about it, perhaps nothing)

# What a place is called, after its noun where that decides -> what belongs there.
_KINDS = {
    "AGENT": "agent", "LOGIN": "agent", "TEAM": "team", "team NAME": "team", "ORG": "org", "org NAME": "org",
    "view NAME": "view",
    "EMAIL": "contact", "TAG": "tag", "PLAN": "plan", "PRIORITY": "priority", "CATEGORY": "category",
    "TYPE": "type", "CALENDAR": "calendar", "STATUS": "status", "ticket --sort": "sort",
    "event TYPE": "event", "ZONE": "zone", "TOPIC": "topic", "RECORD": "record", "A,B": "field",
    "report GROUP": "group", "notice KIND": "kind",
}  # fmt: skip
# Where the lists are that no database holds: a tuple, or a function that makes one.
_LISTS = {
    "status": "domain.statuses:ALL", "sort": "domain.filters:SORTS", "event": "domain.events:TYPES",
    "zone": "domain.zones:zone_names", "group": "services.report_groups:GROUPS",
    "topic": "cli.commands.help:topics", "kind": "records.sweeps:NOTICE_KINDS",
}  # fmt: skip
# Words that filters understand beside the names; `none` also empties a field in `edit`.
_MORE = {
    "agent": ("me", "none"), "team": ("none",), "org": ("none",), "category": ("none",), "type": ("none",),
    "status": ("active", "all"),
}  # fmt: skip
_LONGEST = 60


def values(ctx: click.Context, param: click.Parameter, typed: str) -> Words | None:
    """Words that begin with what was typed; None: a file name, which the shell itself completes."""
    place = _place(param)
    if isinstance(param.type, click.Path) or place == "FILE":
        return None
    found = _words(ctx, param, typed)
    if found or "," not in typed or not _several(param):
        return found
    before, comma, last = typed.rpartition(",")
    given = before.split(",")
    return [
        (f"{before}{comma}{word}", about) for word, about in _words(ctx, param, last) if word not in given
    ]


def _place(param: click.Parameter) -> str:
    return (param.metavar or str(param.name).upper()).removesuffix("...").rstrip(",")


def _several(param: click.Parameter) -> bool:
    return isinstance(param, click.Option) and (param.metavar or "").endswith(",...")


def _words(ctx: click.Context, param: click.Parameter, typed: str) -> Words:
    if param.type in (TICKET, TICKETS):
        return _tickets(ctx, param, typed)
    noun, verb = _path(ctx)
    place = _place(param)
    kind = _KINDS.get(f"{noun} {place}") or _KINDS.get(f"{noun} {param.opts[0]}") or _KINDS.get(place)
    if kind is None:
        return [(str(item.value), item.help or "") for item in param.type.shell_complete(ctx, param, typed)]
    if _is_new(noun, verb, param):
        return []
    more: tuple[str, ...] = ()
    if _several(param):
        more = _MORE.get(kind, ())
    elif verb == "edit" and isinstance(param, click.Option) and "none" in _MORE.get(kind, ()):
        more = ("none",)
    elif place == "LOGIN":
        more = ("me",)
    words = list(_fixed(ctx, kind)) or _stored(ctx, kind, typed)
    words += [(word, "") for word in more]
    return [(word, about) for word, about in words if word.casefold().startswith(typed.casefold())]


def _is_new(noun: str, verb: str, param: click.Parameter) -> bool:
    """Whether it names what is not there yet, or an address that is no customer's."""
    if isinstance(param, click.Argument):
        return verb == "create"
    return "--email" in param.opts or (noun == "agent" and param.metavar == "EMAIL")


def _fixed(ctx: click.Context, kind: str) -> Iterable[tuple[str, str]]:
    """The words of a list that is in no database; none where it is."""
    if kind in _LISTS:
        place, _, name = _LISTS[kind].partition(":")
        found = getattr(import_module(f"helpdesk_cli.{place}"), name)
        return ((word, "") for word in (found() if callable(found) else found))
    if kind not in ("record", "field"):
        return ()
    from helpdesk_cli.records import RECORDS

    if kind == "record":
        return ((name, record.doc) for name, record in RECORDS.items())
    printed = getattr(ctx.command.callback, "record", None)
    return ((field.name, field.doc) for field in (RECORDS[printed].fields if printed else ()))


def _stored(ctx: click.Context, kind: str, typed: str) -> Words:
    from helpdesk_cli.services import completion

    if kind not in completion.KINDS:
        return []
    state = _configured(ctx)
    words = completion.names(state.settings.db, kind, typed, state.settings.lang)
    # What a terminal would obey cannot be typed either.
    return [(word, _told(about)) for word, about in words if word.isprintable()]


def _tickets(ctx: click.Context, param: click.Parameter, typed: str) -> Words:
    """Ids with subjects, without those that stand in the line already; `HD-4` completes to references."""
    from helpdesk_cli.services import completion

    digits = typed.upper().removeprefix("HD-")
    prefix = typed[: len(typed) - len(digits)]
    if digits and "HD-".startswith(digits):
        digits, prefix = "", "HD-"
    if digits and not (digits.isascii() and digits.isdecimal()):
        return []
    found = completion.tickets(_configured(ctx).settings.db, digits, stopped=_path(ctx)[1] == "reopen")
    given: Any = ctx.params.get(str(param.name))
    used = [str(word).upper().removeprefix("HD-") for word in given] if isinstance(given, tuple) else []
    return [(f"{prefix}{number}", _told(subject)) for number, subject in found if number not in used]


def _told(text: str) -> str:
    """Text for one line of a shell's list: harmless, and not too long."""
    from helpdesk_cli.cli.render.text import cell

    line = cell(text)
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _path(ctx: click.Context) -> tuple[str, str]:
    """(noun, verb) of a command; both are the name of a plain one."""
    names = ctx.command_path.split(" ")[1:]
    return (names[0], names[-1]) if names else ("", "")


def _configured(ctx: click.Context) -> State:
    """The settings of the line that is being typed, in which the shell has expanded nothing yet; the config
    file is read where the database is not named."""
    state = ctx.find_object(State)
    assert state is not None, "completion makes the State"
    settings, typed = state.settings, ParameterSource.COMMANDLINE
    for name in ("db", "config"):
        if settings.source(name) is typed:
            settings.give(name, os.path.expanduser(os.path.expandvars(settings.get(name))), typed)
    # A pipe would be waited for.
    if settings.source("db") is ParameterSource.DEFAULT and os.path.isfile(settings.config):
        from helpdesk_cli.cli.config import configure

        configure(ctx, state)
    return state
