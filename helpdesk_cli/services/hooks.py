"""Run the programs of the policy's hooks, after what they are told of was committed, and keep a journal.

The row of a run is written with its event, so none is lost; here it is claimed under the write lock, run
without it, and ended. A command gives what it wrote itself one try, and begins none after `PATIENCE` seconds;
a sweep tries all that is due. Whoever is killed on the way leaves a row that a later sweep tries again: a
program may be run twice for one event, never by two processes at once. Times are real, whatever `--now` says.
"""

from __future__ import annotations

import json
import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.adapters import clock, hook_process
from helpdesk_cli.adapters.host import in_hook
from helpdesk_cli.domain import hooks
from helpdesk_cli.domain.events import TYPES
from helpdesk_cli.domain.filters import Order
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.errors import NotFoundError, UsageError
from helpdesk_cli.services.listing import order_of
from helpdesk_cli.storage import events
from helpdesk_cli.storage import hook_runs as rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from helpdesk_cli.domain.hooks import Hook
    from helpdesk_cli.services.app import App

PATIENCE = 10  # seconds after which a command begins no further run
SWEEP_PATIENCE = 300  # the same for a sweep
_GRACE = 60  # seconds past the time limit after which a claim counts as abandoned
_KEPT = 4000  # characters of the output in the journal


class _Claim(NamedTuple):
    row: dict[str, Any]
    hook: Hook


def run_own(app: App, since: datetime) -> None:
    """Run what this command has noted since that instant, each once; failures are announced."""
    app.announcements += _run(app, PATIENCE, to_text(since))


def run_due(app: App) -> list[str]:
    """Run all that is due, those that failed before too; what is to be told of those given up."""
    return _run(app, SWEEP_PATIENCE, "")


def _run(app: App, patience: int, since: str) -> list[str]:
    """Run what is due until nothing is; what is to be told of those given up. Where a hook has started us, it
    is all left to another sweep."""
    begun, lost = clock.now(), list[str]()
    if in_hook():
        return lost
    while clock.now() - begun < timedelta(seconds=patience):
        claimed, told = _claimed(app, since)
        if told is not None:
            lost.append(told)
        elif claimed is None:
            break
        else:
            told = _tried(app, claimed)
            lost += [] if told is None else [told]
    return lost


def _claimed(app: App, since: str) -> tuple[_Claim | None, str | None]:
    """The next row to run, taken so that nobody else runs it; or what is to be told of one given up."""
    with app.write():
        now = app.real_now()
        row = rows.due(app.db, to_text(now), since=since)
        if row is None:
            return None, None
        hook = _of(app, row)
        if hook is None or row["tries"] > hook.retries:
            why = "the policy has it no more" if hook is None else "it was begun, and its end is not known"
            ended = {"exit_code": None, "output": why}
            _end(app, row, hooks.FAILED, now, ended)
            return None, _lost(row, why)
        until = now + timedelta(seconds=hook.timeout + _GRACE)
        rows.claim(app.db, row["id"], to_text(now), to_text(until))
        return _Claim({**row, "tries": row["tries"] + 1}, hook), None


def _of(app: App, row: dict[str, Any]) -> Hook | None:
    """The hook of the policy in force that the row is of."""
    found = hooks.declared(app.policies.latest().document)
    return next((each for each in found if list(each.run) == row["command"] and row["type"] in each.on), None)


def _tried(app: App, claimed: _Claim) -> str | None:
    """Run it, outside of any transaction; what is to be told where it is given up."""
    row, hook = claimed
    (event,) = list(events.stream(app.db, events.Wanted(after=row["event"] - 1), limit=1))
    ended = _outcome(app, hook, event, str(row["id"]))
    with app.write():
        if ended["exit_code"] == 0:
            _end(app, row, hooks.DONE, app.real_now(), ended)
            return None
        again = row["tries"] <= hook.retries
        _end(app, row, hooks.PENDING if again else hooks.FAILED, app.real_now(), ended)
    code = ended["exit_code"]
    how = _no_end(hook) if code is None else f"exit code {code}"
    return None if again else _lost(row, how)


def _end(app: App, row: dict[str, Any], state: str, now: datetime, ended: dict[str, Any]) -> None:
    later = timedelta(seconds=hooks.wait(row["tries"]) if state == hooks.PENDING else 0)
    values = {"state": state, "ended_at": to_text(now), "next_try_at": to_text(now + later), **ended}
    rows.end(app.db, row["id"], row["tries"], values)


def _lost(row: dict[str, Any], why: str) -> str:
    return (
        f"hook {row['command'][0]} was not told of event {row['event']} ({row['type']}): {why};"
        " helpdesk hook list --failed"
    )


def _outcome(app: App, hook: Hook, event: dict[str, Any], run: str) -> dict[str, Any]:
    """The `exit_code` and `output` of one try."""
    env = hook_process.environment(
        {
            "HELPDESK_DB": os.path.abspath(app.db_path),
            "HELPDESK_EVENT": event["type"],
            "HELPDESK_TICKET": str(event["ticket"]),
            "HELPDESK_HOOK": run,
        }
    )
    text = json.dumps(event, ensure_ascii=False) + "\n"
    found = hook_process.run(hook.run, text, env, hook.timeout)
    killed = f"{_no_end(hook)}\n" if found.exit_code is None else ""
    return {"exit_code": found.exit_code, "output": killed + found.output[len(killed) - _KEPT :]}


def _no_end(hook: Hook) -> str:
    return f"no end within {hook.timeout} s"


def list_runs(
    app: App, *, states: tuple[str, ...] = (), sort: str | None = None, limit: int | None = None
) -> tuple[Iterator[dict[str, Any]], Callable[[], int]]:
    """(records of the journal, the newest first; what counts how many `limit` left out)."""
    order = order_of("-id" if sort is None else sort, "hook_run")

    def left() -> int:
        return 0 if limit is None else max(0, rows.count(app.db, states) - limit)

    return rows.stream(app.db, states, limit, order), left


def test(app: App, word: str) -> Iterator[dict[str, Any]]:
    """Run once what is declared for a type of event, with the last event of that type or, where there is
    none, a made-up one; nothing is kept. UsageError for no such type, NotFoundError where no hook is for it.
    """
    type_ = _type(word)
    found = [hook for hook in hooks.declared(app.policies.latest().document) if type_ in hook.on]
    if not found:
        raise NotFoundError(
            f"no hook is declared for {type_}", code="hook_not_found", hint="hooks: in the policy, see"
            " `helpdesk help hooks`",
        )  # fmt: skip
    event = _sample(app, type_)
    for hook in found:
        began = clock.now()
        ended = _outcome(app, hook, event, "test")
        yield {
            "id": None,
            "event": event["seq"] or None,
            "ticket": event["ticket"],
            "type": type_,
            "command": list(hook.run),
            "state": hooks.DONE if ended["exit_code"] == 0 else hooks.FAILED,
            "tries": 1,
            "started_at": to_text(began),
            "ended_at": to_text(clock.now()),
            "next_try_at": None,
            **ended,
        }


def _sample(app: App, type_: str) -> dict[str, Any]:
    newest = Order("seq", descending=True)
    found = list(events.stream(app.db, events.Wanted(types=(type_,)), limit=1, order=newest))
    if found:
        return found[0]
    at = to_text(app.now())
    return {
        "seq": 0,
        "ticket": 1,
        "type": type_,
        "at": at,
        "recorded_at": to_text(clock.now()),
        "actor": "sweep",
        "data": {},
    }


def _type(word: str) -> str:
    name = word.lower()
    if name not in TYPES:
        from helpdesk_cli.domain.suggest import closest, shown

        near = closest(name, TYPES)
        raise UsageError(
            f"there is no type of event {shown(word)}",
            code="unknown_word",
            hint=f"did you mean {near!r}?" if near else f"it is one of {', '.join(TYPES)}",
            details={"found": word, "expected": list(TYPES)},
        )
    return name
