"""The answers of `calendar due` and `calendar elapsed`."""

from __future__ import annotations

from helpdesk_cli.records.fields import Field, record

_EXPLAINED = (
    Field("windows", "list", "With `--explain`: what was counted.", of="window", optional=True),
    Field("holidays_skipped", "list", "With `--explain`.", of="holiday", optional=True),
)

DECLARED = (
    record(
        "due", "The answer of `calendar due`.",
        Field("calendar", "text", "The calendar."),
        Field("start", "instant", "The start asked for."),
        Field("duration_seconds", "duration", "The working time asked for."),
        Field("due_at", "instant", "When it is used up."),
        *_EXPLAINED,
        table="calendar start duration_seconds due_at", key="due_at", plural="answers",
    ),
    record(
        "elapsed", "The answer of `calendar elapsed`.",
        Field("calendar", "text", "The calendar."),
        Field("start", "instant", "The start asked for."),
        Field("end", "instant", "The end asked for."),
        Field("elapsed_seconds", "duration", "Working time between them; negative if the end comes first."),
        *_EXPLAINED,
        table="calendar start end elapsed_seconds", key="elapsed_seconds", plural="answers",
    ),
    record(
        "window", "A stretch of opening hours that was counted.",
        Field("opens_at", "instant", "Its opening, or the start asked for."),
        Field("closes_at", "instant", "Its closing, or the end asked for."),
        Field("counted_seconds", "duration", "How long it is."),
        table="opens_at closes_at counted_seconds", key="opens_at",
    ),
    record(
        "holiday", "A day that a calendar is closed.",
        Field("date", "text", "The local date."),
        Field("name", "text", "Its name where it has one, else `holiday`."),
        table="date name", key="date",
    ),
)  # fmt: skip
