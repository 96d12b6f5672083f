"""Open tickets from JSON lines (`cli.md`, ticket create --jsonl): many in one transaction, a result a line.

A line that is wrong fails alone. What is reported as done has been committed, so that a run that was killed
can be repeated where every line has an `idempotency_key`.
"""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.suggest import closest, shown
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.errors import BusyError, HelpdeskError, StorageError, UsageError
from helpdesk_cli.services import people, tickets
from helpdesk_cli.services.tickets import Request
from helpdesk_cli.storage.changes import Changed, save

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from helpdesk_cli.services.app import App
    from helpdesk_cli.storage.database import Row

BATCH = 1000  # lines a transaction
_BATCH_BYTES = 8 << 20  # or so many bytes of lines, whichever comes first
_LONGEST_LINE = 32 << 20
# The keys of a line are the options of `ticket create` with `_` for `-`: some have another name in `Request`.
_OPTIONS = {"sender": "from", "tags": "tag"}
_FIELDS = {_OPTIONS.get(field, field): field for field in Request._fields}
_REQUIRED = [key for key, field in _FIELDS.items() if field not in Request._field_defaults]


def create_many(
    app: App, lines: Iterable[bytes], on_failure: Callable[[int, HelpdeskError], None]
) -> Iterator[dict[str, Any]]:
    """Open a ticket for each line that is not blank; yields the result of each once it is on the disk. What a
    line lacks is told to `on_failure` with its number, too."""
    numbered = enumerate(lines, 1)
    while batch := list(_some(numbered)):
        with app.write():
            results = _Batch(app, on_failure).open(batch)
        app.announcements[:] = dict.fromkeys(app.announcements)
        yield from results


def _some(numbered: Iterator[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    size = 0
    for number, line in islice(numbered, BATCH):
        size += len(line)
        yield number, line
        if size >= _BATCH_BYTES:
            return


class _Batch:
    """The lines of one transaction. Senders are looked up once, and the new tickets are written together."""

    def __init__(self, app: App, on_failure: Callable[[int, HelpdeskError], None]) -> None:
        self._app = app
        self._on_failure = on_failure
        self._senders: dict[tuple[str, str | None], Row] = {}
        self._by_key: dict[str | None, int] = {}
        self._changed: list[Changed] = []

    def open(self, batch: Iterable[tuple[int, bytes]]) -> list[dict[str, Any]]:
        results = [self._result(number, line) for number, line in batch if not line.isspace()]
        save(self._app.db, self._changed, self._app.policies)
        return results

    def _result(self, number: int, line: bytes) -> dict[str, Any]:
        try:
            request = request_of(line).cleaned()
            key = request.idempotency_key
            known = self._by_key.get(key) or tickets.with_key(self._app, key)
            ticket_id = self._open(request) if known is None else known
        except (BusyError, StorageError):
            raise
        except HelpdeskError as error:
            self._on_failure(number, error)
            return {"line": number, "error": error.message}
        return {"line": number, "id": ticket_id, "ref": reference(ticket_id), "created": known is None}

    def _open(self, request: Request) -> int:
        sender = request.sender, request.org
        with self._app.db.write():
            contact = self._senders.get(sender) or people.sender(self._app, *sender)
            change = tickets.opened(self._app, request, contact)
            self._changed += change.unsaved()
        self._senders[sender] = contact
        if request.idempotency_key is not None:
            self._by_key[request.idempotency_key] = change.ticket.id
        return change.ticket.id


def request_of(line: bytes) -> Request:
    """What a line asks for; UsageError `bad_line` for no object with the keys and types of the options."""
    values = _object(line)
    for key, value in values.items():
        if key not in _FIELDS:
            guess = closest(key, list(_FIELDS))
            meant = f"did you mean {guess!r}?" if guess else f"there are {', '.join(_FIELDS)}"
            raise _bad(f"unknown key {shown(key)}: {meant}")
        if value is not None and not _fits(key, value):
            wanted = {"tag": "a list of texts", "on_behalf": "true or false"}.get(key, "a text")
            raise _bad(f"{key}: found {_kind(value)}, expected {wanted}")
    lacking = [key for key in _REQUIRED if values.get(key) is None]
    if lacking:
        raise _bad(f"no {' and no '.join(lacking)}")
    return Request(**{_FIELDS[key]: value for key, value in values.items() if value is not None})


def _object(line: bytes) -> dict[str, Any]:
    if len(line) > _LONGEST_LINE:
        raise _bad(f"{len(line)} bytes, at most {_LONGEST_LINE} are read")
    try:
        text = line.decode("utf-8-sig")
        value = _DECODE(text)
        if "\\u" in text:  # half of a pair of surrogates is no text
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeDecodeError as error:
        raise _bad(f"not UTF-8: byte {error.start + 1} is 0x{line[error.start]:02x}") from None
    except UnicodeEncodeError:
        raise _bad("half a surrogate pair, which is no text") from None
    except json.JSONDecodeError as error:
        raise _bad(f"not JSON: {error.msg}, column {error.colno}") from None
    except (RecursionError, ValueError) as error:
        raise _bad("nested too deep" if isinstance(error, RecursionError) else f"not JSON: {error}") from None
    if not isinstance(value, dict):
        raise _bad(f"found {_kind(value)}, expected an object")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in names if names.count(key) > 1)
        raise _bad(f"key {shown(twice)} stands there twice")
    return found


_DECODE = json.JSONDecoder(object_pairs_hook=_once).decode


def _fits(key: str, value: object) -> bool:
    if key == "on_behalf":
        return isinstance(value, bool)
    if key == "tag":
        return isinstance(value, list) and all(isinstance(tag, str) for tag in value)
    return isinstance(value, str)


def _kind(value: object) -> str:
    names = {bool: "a truth value", str: "a text", list: "a list", dict: "an object", type(None): "null"}
    return names.get(type(value), "a number")


def _bad(what: str) -> UsageError:
    return UsageError(
        what, code="bad_line", hint="one JSON object a line, its keys the options of `ticket create`"
    )
