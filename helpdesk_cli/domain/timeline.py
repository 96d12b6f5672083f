"""The steps that lead a clock to its deadline, in the order of time, each with its total (`sla.md 9`).

The sums are the clock's own: what is counted here up to now is its elapsed time, what is counted up to the
deadline its target. Opening hours are cut where somebody will want to read the total: now, at the deadline
and at every change.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from helpdesk_cli.domain import clocks
from helpdesk_cli.domain.clocks import PAUSE, RUN, calendar_of
from helpdesk_cli.domain.instants import from_text
from helpdesk_cli.domain.opening_hours import DAY
from helpdesk_cli.domain.steps import (
    CHANGED,
    COUNTED,
    HOLIDAY,
    PAUSED,
    RESET,
    STOPPED,
    Step,
    grouped,
    one_a_holiday,
)
from helpdesk_cli.domain.zones import EPOCH, instant_of, zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from helpdesk_cli.domain.calendars import BusinessCalendar
    from helpdesk_cli.domain.clocks import Clock, Span
    from helpdesk_cli.domain.rules import Rules
    from helpdesk_cli.domain.story import Change, Story

# Of the steps that begin at one instant, what comes first.
_ORDER = {CHANGED: 0, STOPPED: 1, RESET: 1, PAUSED: 2, HOLIDAY: 3, COUNTED: 4}


def timeline(clock: Clock, story: Story, at: datetime, rules: Rules) -> list[Step]:
    """What `clock` counted up to `at` and, while it runs, will count up to its deadline."""
    used_up = None if clock.limit is None else clocks.reached(clock, clock.limit, rules)
    changes = list(story.changes_of(clock))
    cuts = [at, *(change.event.at for change in changes), *([] if used_up is None else [used_up])]
    steps = [_changed(clock.name, change, rules) for change in changes]
    for index, span in enumerate(clock.spans):
        following = clock.spans[index + 1 : index + 2]
        end = following[0].start if following else None
        if span.mode == RUN:
            until = end if end is not None else max(at, used_up or at)
            steps += _counted(span, until, cuts, rules)
            steps += _holidays(calendar_of(span, rules), span, until)
        elif span.mode == PAUSE:
            steps += _paused(span, end, at, story, rules)
            steps += _holidays(calendar_of(span, rules), span, end or at)
        else:
            steps.append(_stopped(clock, span, end, story))
    steps.sort(key=lambda step: (step.start, _ORDER[step.kind]))
    steps = list(_placed(steps, at, used_up))
    return grouped(one_a_holiday(steps))


def _counted(span: Span, until: datetime, cuts: Iterable[datetime], rules: Rules) -> Iterator[Step]:
    """Each stretch of opening hours; a span without any is one step of nothing."""
    calendar = calendar_of(span, rules)
    edges = sorted({span.start, until, *(cut for cut in cuts if span.start < cut < until)})
    found = [window for start, end in pairwise(edges) for window in calendar.windows(start, end)]
    for opens, closes in found:
        seconds = (closes - opens) // timedelta(seconds=1)
        yield Step(COUNTED, opens, closes, seconds=seconds, windows=1, calendar=span.calendar)
    if not found and until > span.start:
        yield Step(COUNTED, span.start, until, calendar=span.calendar)


def _paused(span: Span, end: datetime | None, at: datetime, story: Story, rules: Rules) -> Iterator[Step]:
    """A step for each paused status; the last of a pause that lasts has no end."""
    calendar = calendar_of(span, rules)
    until = at if end is None else end
    for status, start, stop in story.statuses(span.start, until):
        yield Step(
            PAUSED,
            start,
            None if end is None and stop == until else stop,
            seconds=calendar.between(start, stop),
            calendar=span.calendar,
            status=status,
        )


def _stopped(clock: Clock, span: Span, end: datetime | None, story: Story) -> Step:
    cause = story.stopped_by(clock, span.start)
    kind = RESET if cause is not None and cause.type == "clock_reset" else STOPPED
    return Step(kind, span.start, end, cause=cause)


def _holidays(calendar: BusinessCalendar, span: Span, until: datetime) -> Iterator[Step]:
    """The holidays in a span, each from the first instant of its local date."""
    where = zone(calendar.hours.timezone)
    for date, name in calendar.holidays_between(span.start, until):
        wall = (from_text(f"{date}T00:00:00Z") - EPOCH).days * DAY
        day, next_day = (EPOCH + timedelta(seconds=instant_of(where, w)) for w in (wall, wall + DAY))
        start = max(day, span.start)
        yield Step(
            HOLIDAY,
            start,
            next_day,
            holidays=1,
            calendar=span.calendar,
            date=date,
            last_date=date,
            name=name,
        )


def _changed(clock: str, change: Change, rules: Rules) -> Step:
    """What an event changed of the ticket, and what that made of the clock's target and calendar."""
    before, after = change.before, change.after
    pairs = zip(before._fields, before, after, strict=True)
    found: dict[str, tuple[object, object]] = {key: (was, is_) for key, was, is_ in pairs if was != is_}
    policies = rules.get(before.policy), rules.get(after.policy)
    old = policies[0].target(before.plan, before.priority, before.type, clock)
    new = policies[1].target(after.plan, after.priority, after.type, clock)
    if (old and old.limit) != (new and new.limit):
        found["target_seconds"] = (old and old.limit, new and new.limit)
    recounted = None
    if old is not None and new is not None:
        hours = [
            policy.document["calendars"].get(target.calendar)
            for policy, target in zip(policies, (old, new), strict=True)
        ]
        if old.calendar != new.calendar or hours[0] != hours[1]:
            found["calendar"] = (old.calendar, new.calendar)
            by_edit = change.event.type != "policy_applied"
            recounted = by_edit or policies[1].plan(after.plan).retroactive
    return Step(CHANGED, change.event.at, None, cause=change.event, changes=found, recounted=recounted)


def _placed(steps: Iterable[Step], at: datetime, used_up: datetime | None) -> Iterator[Step]:
    """The steps in their order with the running total, and where each stands to now and to the deadline."""
    total = 0
    for step in steps:
        past, late = step.past, False
        if step.kind == COUNTED:
            total += step.seconds
            past = step.end is not None and step.end <= at
            late = used_up is not None and step.start >= used_up
        elif step.kind == HOLIDAY:
            past = step.start < at
        yield step._replace(total=total, past=past, late=late)
