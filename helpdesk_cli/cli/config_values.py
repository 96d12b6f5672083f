"""The values of the config file: texts, as YAML holds them, become what an option of a command takes.

Words that only a database knows, such as plans and statuses, are looked up by the commands that they are for.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from helpdesk_cli.cli.options import Shared
from helpdesk_cli.cli.types import FIELDS, INSTANT, Word
from helpdesk_cli.domain.suggest import closest, shown
from helpdesk_cli.errors import UsageError

if TYPE_CHECKING:
    from helpdesk_cli.services.config_file import Node

_FLAG = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def read(param: click.Option, node: Node, folder: str) -> tuple[Any, str]:
    """(value, text) of an option; UsageError or click's BadParameter where it is of another type."""
    several = param.multiple or param.type is FIELDS
    if isinstance(node.value, str):
        words = [node.value]
    elif several and isinstance(node.value, list) and all(isinstance(each.value, str) for each in node.value):
        words = [str(each.value) for each in node.value]
    else:
        raise UsageError(f"expected {_expected(param, several=several)}, found {described(node)}")
    if isinstance(param.type, click.Path) or param.metavar == "FILE":
        words = [_path(word, folder) for word in words]
    text = ",".join(words)
    if param.is_flag:
        if text.lower() not in _FLAG:
            raise UsageError(f"expected true or false, found {shown(text)}")
        return _FLAG[text.lower()], str(_FLAG[text.lower()]).lower()
    if param.count:
        if not (text.isascii() and text.isdecimal() and len(text) < 3):
            raise UsageError(f"expected a small whole number, found {shown(text)}")
        return int(text), text
    if param.multiple:
        for word in words:
            _checked(param, word)
        return words, text
    converted = _checked(param, text)
    return (converted if isinstance(param, Shared) else text), text


def _checked(param: click.Option, text: str) -> Any:
    if param.type is INSTANT:  # what it comes to depends on settings that the rest of the file may hold
        from datetime import UTC, datetime

        from helpdesk_cli.domain.instants import parse_instant

        return parse_instant(text, datetime(2026, 1, 1, tzinfo=UTC), UTC)
    if isinstance(param, Shared) and param.setting == "lang":
        from helpdesk_cli.cli.language import checked

        return checked(text)
    if isinstance(param, Shared) and param.setting == "timezone":
        from helpdesk_cli.domain.zones import check_zone

        check_zone(text)
    return param.type.convert(text, param, None)


def _path(text: str, folder: str) -> str:
    """Read a file name from the file's own folder; `-` stays stdin."""
    return text if text in ("", "-") else os.path.join(folder, os.path.expanduser(text))


def _expected(param: click.Option, *, several: bool) -> str:
    if param.is_flag:
        return "true or false"
    if isinstance(param.type, Word):
        return "one of " + ", ".join(param.type.words)
    return "a text or a list of texts" if several else "a single value"


def described(node: Node) -> str:
    """Say what was found."""
    if isinstance(node.value, str):
        return shown(node.value)
    return "a list" if isinstance(node.value, list) else "a mapping"


def check_fields(record: str, names: tuple[str, ...]) -> None:
    """UsageError for a field that the record does not have."""
    from helpdesk_cli.records import RECORDS

    known = [field.name for field in RECORDS[record].fields]
    for name in names:
        if name not in known:
            near = closest(name, known)
            hint = f"did you mean {near!r}?" if near else f"there are {', '.join(known)}"
            raise UsageError(f"a {record} has no field {shown(name)}", hint=hint)
