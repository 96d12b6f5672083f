"""Find tickets by their texts: a query's qualifiers resolved as the filters are, hits with snippets."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain import statuses
from helpdesk_cli.domain.filters import MAX_VALUES, TicketFilter
from helpdesk_cli.domain.search_query import QUALIFIERS, TextFilter, parse
from helpdesk_cli.domain.search_snippet import LOOKED_AT, beginning, snippet
from helpdesk_cli.domain.text import clean_text
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.errors import HelpdeskError, UsageError
from helpdesk_cli.storage import hits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from helpdesk_cli.domain.search import Term
    from helpdesk_cli.domain.search_query import Qualifier
    from helpdesk_cli.services.app import App
    from helpdesk_cli.storage.database import Row

_CHUNK = 50
_FLAGS = ("breached", "overdue", "at_risk")


def search(
    app: App, text: str, *, sort: str = "rank", limit: int | None = None
) -> tuple[Iterator[dict[str, Any]], Callable[[], int]]:
    """(a record `hit` for each ticket of any status that the query finds, in order; what counts how many more
    there are). `sort`: `rank` or `newest`. UsageError `empty_query`; errors of the filters for a qualifier's
    value."""
    wanted = text_filter(app, text)
    found = hits.Hits(app.db, wanted, app.now())

    def left() -> int:
        return 0 if limit is None else max(0, found.count() - limit)

    return _records(app, islice(found.found(sort), limit), wanted.terms), left


def text_filter(app: App, text: str) -> TextFilter:
    """A query as a filter. Errors as `search`."""
    text = clean_text(text)
    if not text.strip():
        raise UsageError(
            "the query is empty",
            code="empty_query",
            hint="name words to find: `helpdesk search router down`",
        )
    query = parse(text)
    values = sum(each.value.count(",") + 1 for each in query.qualifiers)
    if values > MAX_VALUES:
        raise UsageError(
            f"the query asks for {values} values of qualifiers, at most {MAX_VALUES} are taken",
            code="too_many_values",
            hint='to search for the words themselves, put them in quotes: "from: sara"',
        )
    wanted = [each for each in query.qualifiers if not each.unwanted]
    unwanted = [each for each in query.qualifiers if each.unwanted]
    return TextFilter(
        terms=query.terms,
        unwanted=query.unwanted,
        only=_resolved(app, wanted),
        without=tuple(_resolved(app, [each]) for each in unwanted),
        nothing=query.asks_nothing,
    )


def _resolved(app: App, qualifiers: Sequence[Qualifier]) -> TicketFilter:
    """Qualifiers as options of `ticket list`; repeats and commas mean any of, for tags all of."""
    if not qualifiers:
        return TicketFilter()
    from helpdesk_cli.services.ticket_lists import resolve_filter

    options: dict[str, Any] = {}
    try:
        for each in qualifiers:
            _give(app, options, each)
        return resolve_filter(app, {**options, "status": options.get("status") or ["all"]})
    except HelpdeskError as error:
        meant = next((each for each in qualifiers if each.value in error.message), qualifiers[0])
        told = f'to search for the words themselves, put them in quotes: "{meant.name}:{meant.value}"'
        error.hint = told if error.hint is None else f"{error.hint}\n{told}"
        raise


def _give(app: App, options: dict[str, Any], qualifier: Qualifier) -> None:
    name, value = QUALIFIERS[qualifier.name], qualifier.value
    if name == "is":
        _state(options, value)
    elif name in ("created_before", "created_after"):
        from helpdesk_cli.domain.instants import parse_instant

        options[name] = parse_instant(value, app.now(), app.zone)
    elif name == "org":  # whose names may have commas of their own
        options.setdefault(name, []).append(value)
    else:
        values = [word.strip() for word in value.split(",") if word.strip()]
        options.setdefault(name, []).extend(statuses.ALL if name == "status" and "all" in values else values)


def _state(options: dict[str, Any], value: str) -> None:
    """`is:overdue`, `is:unassigned`, a status; `is:open` is what is not resolved or closed, as gh has it."""
    state = value.casefold().replace("-", "_").replace(" ", "_")
    if state in _FLAGS:
        options[state] = True
    elif state == "unassigned":
        options.setdefault("assignee", []).append("none")
    else:
        options.setdefault("status", []).append("active" if state == "open" else value)


def _records(app: App, ids: Iterable[int], terms: Sequence[Term]) -> Iterator[dict[str, Any]]:
    ids = iter(ids)
    with app.db.read():
        while chunk := list(islice(ids, _CHUNK)):
            for row in hits.shown(app.db, chunk, LOOKED_AT):
                yield _record(row, terms)


def _record(row: Row, terms: Sequence[Term]) -> dict[str, Any]:
    """A hit in the message, else in the subject alone; else (no word was asked for, or it stands far behind)
    the message's beginning."""
    ticket = {
        "id": row["ticket_id"],
        "ref": reference(row["ticket_id"]),
        "subject": row["subject"],
        "status": row["status"],
    }
    text = snippet(row["body"], terms)
    if text is None and (title := snippet(row["subject"], terms)) is not None:
        return {
            **ticket,
            "message": None,
            "at": row["created_at"],
            "author": row["requester"],
            "public": True,
            "snippet": title,
        }
    return {
        **ticket,
        "message": row["id"],
        "at": row["at"],
        "author": row["login"] or row["writer"],
        "public": bool(row["public"]),
        "snippet": beginning(row["body"]) if text is None else text,
    }
