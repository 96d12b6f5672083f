"""The sweep (`sla.md 8`): bring every ticket whose time has come up to one `now`, in short transactions.

It reads an index range of what is due, each ticket once a run; two sweeps at once share the work, and
nothing is applied twice, since each ticket is loaded anew under the write lock. A ticket that fails does
not stop the others.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from helpdesk_cli.adapters import clock
from helpdesk_cli.domain.events import SWEEP, Event
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.errors import BusyError, HelpdeskError, StorageError
from helpdesk_cli.services.change import Change
from helpdesk_cli.services.dry_run import rolled_back
from helpdesk_cli.storage import runs
from helpdesk_cli.storage import tickets as rows
from helpdesk_cli.storage.changes import Changed, save

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
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
    telling: bool = True,
    on_failure: Callable[[HelpdeskError], None] = lambda _error: None,
    on_done: Callable[[int], None] = lambda _tickets: None,
) -> dict[str, Any]:
    """One run; its record (`cli.md`, sweep --json). A dry run does the same and rolls back. `limit`:
    how many tickets at most. Not `telling`, the record has no entries, and memory does not grow with them.
    Failures of single tickets are reported one by one and kept in the record; `on_done` is told how many
    tickets each batch had."""
    _open(app, dry_run=dry_run)  # a missing database is said before anything else
    run = _Run(app, dry_run=dry_run, limit=limit, telling=telling, on_failure=on_failure, on_done=on_done)
    if not dry_run:
        return run.work()
    with rolled_back(app):
        return {**run.work(), "run": None}


def due(app: App, *, dry_run: bool = False) -> int:
    """How many tickets a sweep would find due now."""
    _open(app, dry_run=dry_run)
    return rows.count_due(app.db, to_text(app.now()), ("", 0))


def run_hooks(app: App) -> list[str]:
    """Run the programs that are due; what is to be told of those given up. Most helpdesks have none, and
    load nothing for it."""
    try:
        if not runs.hooks_wait(app.db, to_text(clock.now())):
            return []
        from helpdesk_cli.services import hooks

        return hooks.run_due(app)
    finally:
        app.hooked_since = None


def _open(app: App, *, dry_run: bool) -> None:
    """A dry run brings no older database up to date: that could not be rolled back."""
    app.db if dry_run else app.db_to_write()


class _Run:
    def __init__(
        self,
        app: App,
        *,
        dry_run: bool,
        limit: int | None,
        telling: bool,
        on_failure: Callable[[HelpdeskError], None],
        on_done: Callable[[int], None],
    ) -> None:
        self.app = app
        self.dry_run = dry_run
        self.limit = limit
        self.telling = telling
        self.counts = dict.fromkeys(LISTS, 0)
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
                done += self._batch([ticket_id for ticket_id, _act_at in claimed])
            self.on_done(len(claimed))
            if len(claimed) < room:
                break
            after = (claimed[-1][1], claimed[-1][0])
        self._end(after if self.limit is not None and done >= self.limit else None)
        return self.result

    def _batch(self, ids: list[int]) -> int:
        """Bring these tickets up to now; how many did not fail."""
        failed_before = len(self.result["failed"])
        found = rows.load_many(self.app.db, ids)
        changed: list[Changed] = []
        for ticket_id in ids:
            with self._alone(ticket_id):
                stored = found[ticket_id]
                change = Change(self.app, stored.ticket(), self.now, self.run_id, stored.subject)
                change.catch_up(touched=False)
                changed += change.unsaved()
        for each in self._saved(changed):
            self._note(each, found[each.after.id].subject)
        return len(ids) - (len(self.result["failed"]) - failed_before)

    def _saved(self, changed: list[Changed]) -> list[Changed]:
        """Write them together, or each by itself where one fails; those that were written."""
        db, rules = self.app.db, self.app.policies
        try:
            with db.write():
                save(db, changed, rules)
        except (BusyError, StorageError):
            raise
        except Exception:  # noqa: BLE001 - which of them it is, and why, is found one by one
            written: list[Changed] = []
            for each in changed:
                with self._alone(each.after.id), db.write():
                    save(db, [each], rules)
                    written.append(each)
            return written
        return changed

    @contextmanager
    def _alone(self, ticket_id: int) -> Iterator[None]:
        """What fails inside is the failure of this ticket, and the others go on; a lock that is not given and
        a disk that fails end the run."""
        try:
            yield
        except (BusyError, StorageError):
            raise
        except HelpdeskError as error:
            self._failed(ticket_id, error)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other tickets go on
            self._failed(ticket_id, HelpdeskError(f"{type(error).__name__}: {error}", code="unexpected"))

    def _note(self, changed: Changed, subject: str) -> None:
        for event in changed.events:
            if event.type == "policy_applied":
                self.result["recomputed"] += 1
            if event.type in _LISTS and event.actor == SWEEP:
                told = sum(notice["event_n"] == event.n for notice in changed.notices)
                self.counts[_LISTS[event.type]] += 1
                if self.telling:
                    self.result[_LISTS[event.type]].append(entry(changed.after.id, subject, event, told))

    def _failed(self, ticket_id: int, error: HelpdeskError) -> None:
        failure = {"ticket": ticket_id, "ref": reference(ticket_id), "error": error.message}
        self.result["failed"].append(failure)
        self.on_failure(HelpdeskError(f"{reference(ticket_id)}: {error.message}", code=error.code))

    def _end(self, stopped_after: tuple[str, int] | None) -> None:
        app, result = self.app, self.result
        if stopped_after is not None:
            result["left"] = rows.count_due(app.db, to_text(self.now), stopped_after)
        counts = {**self.counts, "recomputed": result["recomputed"], "failed": len(result["failed"])}
        with app.write():
            runs.end(app.db, self.run_id, to_text(app.real_now()), counts, result["failed"], result["left"])


def entry(ticket_id: int, subject: str, event: Event, told: int) -> dict[str, Any]:
    """One line of the result: the ticket, the rule, its due instant, before and after, and of a level that
    notifies how many are `told`."""
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
        "told": told if event.data.get("notify") else None,
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
