"""The sweep (`sla.md 8`): bring every ticket whose time has come up to one `now`, in short transactions.

It reads an index range of what is due, each ticket once a run; two sweeps at once share the work, and
nothing is applied twice, since each ticket is loaded anew under the write lock. A ticket that fails does
not stop the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.events import SWEEP, Event
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.errors import BusyError, HelpdeskError, StorageError
from helpdesk_cli.services.change import Change
from helpdesk_cli.services.dry_run import rolled_back
from helpdesk_cli.storage import runs
from helpdesk_cli.storage import tickets as rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from helpdesk_cli.services.app import App

# Tickets a transaction: short enough that a writer waits some milliseconds only.
BATCH = 100
# Where the result lists an event, by its type.
_LISTS = {
    "clock_breached": "breached",
    "clock_warned": "warned",
    "escalated": "escalated",
    "reminded": "reminded",
    "status_changed": "resumed",
    "auto_closed": "closed",
}
LISTS = ("breached", "warned", "escalated", "reminded", "resumed", "closed")


def sweep(
    app: App,
    *,
    dry_run: bool = False,
    limit: int | None = None,
    on_failure: Callable[[HelpdeskError], None] = lambda _error: None,
    on_done: Callable[[int], None] = lambda _tickets: None,
) -> dict[str, Any]:
    """One run; its record (`cli.md`, sweep --json). A dry run does the same and rolls back. `limit`:
    how many tickets at most. Failures of single tickets are reported one by one and kept in the record;
    `on_done` is told how many tickets each batch had."""
    app.db  # noqa: B018 - a missing database is said before anything else
    run = _Run(app, dry_run=dry_run, limit=limit, on_failure=on_failure, on_done=on_done)
    if not dry_run:
        return run.work()
    with rolled_back(app):
        return {**run.work(), "run": None}


def due(app: App) -> int:
    """How many tickets a sweep would find due now."""
    return rows.count_due(app.db, to_text(app.now()), ("", 0))


class _Run:
    def __init__(
        self,
        app: App,
        *,
        dry_run: bool,
        limit: int | None,
        on_failure: Callable[[HelpdeskError], None],
        on_done: Callable[[int], None],
    ) -> None:
        self.app = app
        self.dry_run = dry_run
        self.limit = limit
        self.on_failure = on_failure
        self.on_done = on_done
        self.result: dict[str, Any] = {}
        self.run_id = 0
        self.now: datetime = app.now()

    def work(self) -> dict[str, Any]:
        app = self.app
        with app.write():
            self.now = app.now()
            self.run_id = runs.start(
                app.db, started_at=to_text(app.real_now()), now=to_text(self.now), dry_run=self.dry_run
            )
        self.result = {
            "run": self.run_id,
            "now": to_text(self.now),
            "dry_run": self.dry_run,
            **{name: [] for name in LISTS},
            "recomputed": 0,
            "failed": [],
            "left": 0,
        }
        after, done = ("", 0), 0
        while self.limit is None or done < self.limit:
            room = BATCH if self.limit is None else min(BATCH, self.limit - done)
            with app.write():
                claimed = rows.due(app.db, to_text(self.now), after, room)
                # A ticket that fails must not use up the room of those behind it, run after run.
                done += sum(self._one(ticket_id) for ticket_id, _act_at in claimed)
            self.on_done(len(claimed))
            if len(claimed) < room:
                break
            after = (claimed[-1][1], claimed[-1][0])
        self._end(after if self.limit is not None and done >= self.limit else None)
        return self.result

    def _one(self, ticket_id: int) -> bool:
        """A ticket in a savepoint of its own; False where it failed, and what was recorded for it is gone."""
        app = self.app
        try:
            with app.db.write():
                change = Change(app, rows.load(app.db, ticket_id), self.now, self.run_id)
                events = change.catch_up(touched=False)
                subject = rows.subjects(app.db, [ticket_id])[ticket_id]
                change.save()
        except (BusyError, StorageError):
            raise
        except HelpdeskError as error:
            self._failed(ticket_id, error)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other tickets go on
            self._failed(ticket_id, HelpdeskError(f"{type(error).__name__}: {error}", code="unexpected"))
        else:
            for event in events:
                self._note(ticket_id, subject, event)
            return True
        return False

    def _note(self, ticket_id: int, subject: str, event: Event) -> None:
        if event.type == "policy_applied":
            self.result["recomputed"] += 1
        if event.type in _LISTS and event.actor == SWEEP:
            self.result[_LISTS[event.type]].append(entry(ticket_id, subject, event))

    def _failed(self, ticket_id: int, error: HelpdeskError) -> None:
        failure = {"ticket": ticket_id, "ref": reference(ticket_id), "error": error.message}
        self.result["failed"].append(failure)
        self.on_failure(HelpdeskError(f"{reference(ticket_id)}: {error.message}", code=error.code))

    def _end(self, stopped_after: tuple[str, int] | None) -> None:
        app, result = self.app, self.result
        if stopped_after is not None:
            result["left"] = rows.count_due(app.db, to_text(self.now), stopped_after)
        counts = {name: len(result[name]) for name in LISTS}
        counts |= {"recomputed": result["recomputed"], "failed": len(result["failed"])}
        with app.write():
            runs.end(app.db, self.run_id, to_text(app.real_now()), counts, result["failed"], result["left"])


def entry(ticket_id: int, subject: str, event: Event) -> dict[str, Any]:
    """One line of the result: the ticket, the rule, its due instant, before and after."""
    before, after = _difference(event)
    return {
        "ticket": ticket_id,
        "ref": reference(ticket_id),
        "subject": subject,
        "clock": event.clock or None,
        "instance": event.instance if event.clock else None,
        "level": event.level or None,
        "rule": _rule(event),
        "due_at": to_text(event.at),
        "before": before,
        "after": after,
    }


def _difference(event: Event) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """What the event changed, as field -> value; None where it changed nothing."""
    data = dict(event.data)
    if event.type == "clock_breached":
        return {"breached_at": None}, {"breached_at": data["breached_at"]}
    if event.type == "clock_warned":
        return {"at_risk": False}, {"at_risk": True}
    if "before" in data:
        return {"status": data["before"]}, {"status": data["after"]}
    changed = {key: value for key, value in data.items() if isinstance(value, dict)}
    before = {key: value["before"] for key, value in changed.items()}
    return before or None, {key: value["after"] for key, value in changed.items()} or None


def _rule(event: Event) -> str:
    if event.type == "escalated":
        return f"escalation level {event.level} ({event.data['at']})"
    if event.type == "clock_warned":
        return f"{event.clock} at risk from {event.data['warn_seconds']} s"
    if event.type == "clock_breached":
        return f"{event.clock} within {event.data['target_seconds']} s"
    return str(event.data.get("rule", ""))
