"""Open tickets from JSON lines (`cli.md`, ticket create --jsonl): many in one transaction, a result a line.

A line that is wrong fails alone. What is reported as done has been committed, so that a run that was killed
can be repeated where every line has an `idempotency_key`.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from helpdesk_cli.adapters.json_lines import bad, kind, object_of
from helpdesk_cli.domain.suggest import closest, shown
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.errors import BusyError, HelpdeskError, StorageError, UsageError
from helpdesk_cli.services.idempotency import same_request, same_ticket
from helpdesk_cli.services.openings import Known, Openings
from helpdesk_cli.services.tickets import Request
from helpdesk_cli.storage import ticket_lists
from helpdesk_cli.storage import tickets as rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from helpdesk_cli.services.app import App

BATCH = 1000  # lines a transaction
_BATCH_BYTES = 8 << 20  # or so many bytes of lines, whichever comes first
_LONGEST_LINE = 32 << 20
# The keys of a line are the options of `ticket create` with `_` for `-`: some have another name in `Request`.
_OPTIONS = {"sender": "from", "tags": "tag"}
_FIELDS = {_OPTIONS.get(field, field): field for field in Request._fields}
_REQUIRED = [key for key, field in _FIELDS.items() if field not in Request._field_defaults]


def create_many(
    app: App,
    lines: Iterable[bytes],
    on_failure: Callable[[int, HelpdeskError], None],
    on_lost: Callable[[int, str, int], None] = lambda _line, _key, _ticket: None,
) -> Iterator[dict[str, Any]]:
    """Open a ticket for each line that is not blank; yields the result of each once it is on the disk. What a
    line lacks is told to `on_failure` with its number, too; to `on_lost` the number, the key and the ticket
    of a line whose idempotency key belongs to something else: nothing of it is kept."""
    numbered, known = enumerate(lines, 1), Known(app)
    while batch := list(_some(numbered)):
        with app.write():
            results = _Batch(app, known, on_failure, on_lost).open(batch)
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
    """The lines of one transaction; the new tickets are written together."""

    def __init__(
        self,
        app: App,
        known: Known,
        on_failure: Callable[[int, HelpdeskError], None],
        on_lost: Callable[[int, str, int], None],
    ) -> None:
        self._app = app
        self._on_failure = on_failure
        self._on_lost = on_lost
        self._asked: dict[str, Request] = {}
        self._openings = Openings(app, known)
        self._by_key: dict[str, int] = {}

    def open(self, batch: Iterable[tuple[int, bytes]]) -> list[dict[str, Any]]:
        asked = [(number, _asked(line)) for number, line in batch if not line.isspace()]
        keys = (request.idempotency_key for _, request in asked if isinstance(request, Request))
        self._by_key = rows.by_idempotency_key(self._app.db, [key for key in keys if key is not None])
        results = [self._result(number, request) for number, request in asked]
        self._openings.save()
        return results

    def _result(self, number: int, request: Request | HelpdeskError) -> dict[str, Any]:
        try:
            if isinstance(request, HelpdeskError):
                raise request
            ticket_id, created = self._ticket(number, request)
        except (BusyError, StorageError):
            raise
        except HelpdeskError as error:
            self._on_failure(number, error)
            return {"line": number, "error": error.message}
        return {"line": number, "id": ticket_id, "ref": reference(ticket_id), "created": created}

    def _ticket(self, number: int, request: Request) -> tuple[int, bool]:
        """The ticket of a request, and whether it is new."""
        key = request.idempotency_key
        if key is not None and key in self._by_key:
            if not self._same(key, request):
                self._on_lost(number, key, self._by_key[key])
            return self._by_key[key], False
        ticket_id = self._openings.open(request)
        if key is not None:
            self._by_key[key], self._asked[key] = ticket_id, request
        return ticket_id, True

    def _same(self, key: str, request: Request) -> bool:
        """Whether the ticket of a key is what the request asks for."""
        if key in self._asked:
            return same_request(self._asked[key], request)
        found = ticket_lists.get(self._app.db, self._by_key[key])
        return found is not None and same_ticket(
            self._app, dict(found), subject=request.subject, sender=request.sender, body=request.body
        )


def _asked(line: bytes) -> Request | HelpdeskError:
    """What a line asks for, fit to be kept, or what is wrong with it."""
    try:
        return request_of(line).cleaned()
    except HelpdeskError as error:
        return error


def request_of(line: bytes) -> Request:
    """What a line asks for; UsageError `bad_line` for no object with the keys and types of the options."""
    try:
        values = object_of(line, _LONGEST_LINE)
    except UsageError as error:
        raise _bad(error.message) from None
    for key, value in values.items():
        if key not in _FIELDS:
            guess = closest(key, list(_FIELDS))
            meant = f"did you mean {guess!r}?" if guess else f"there are {', '.join(_FIELDS)}"
            raise _bad(f"unknown key {shown(key)}: {meant}")
        if value is not None and not _fits(key, value):
            wanted = {"tag": "a list of texts", "on_behalf": "true or false"}.get(key, "a text")
            raise _bad(f"{key}: found {kind(value)}, expected {wanted}")
    lacking = [key for key in _REQUIRED if values.get(key) is None]
    if lacking:
        raise _bad(f"no {' and no '.join(lacking)}")
    return Request(**{_FIELDS[key]: value for key, value in values.items() if value is not None})


def _fits(key: str, value: object) -> bool:
    if key == "on_behalf":
        return isinstance(value, bool)
    if key == "tag":
        return isinstance(value, list) and all(isinstance(tag, str) for tag in value)
    return isinstance(value, str)


def _bad(what: str) -> UsageError:
    return bad(what, "one JSON object a line, its keys the options of `ticket create`")
