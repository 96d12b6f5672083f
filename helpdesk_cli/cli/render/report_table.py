"""A report as a table: the groups that were asked for as columns, figures as a person reads them, and on a
terminal a bar in each line and a sparkline of the weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.cli.render.charts import bar, sparkline
from helpdesk_cli.records import RECORDS, Field, Record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Rows = Sequence[Mapping[str, Any]]

_CELLS = 12  # of a bar
_WEEKS = 26  # of a sparkline
_CHART = ("",)  # a value of a closed list, so that a bar is left out and never cut
# By week a backlog is told by what came and went.
_FLOW_COLUMNS = ("opened", "closed", "reopened", "left_open", "tickets", "overdue", "at_risk")
_FLOW_KEEPS = ("left_open", "opened", "closed", "reopened", "tickets", "overdue", "at_risk")
WEEK = "week"


class Table(NamedTuple):
    """A record made for one table, and its rows."""

    record: Record
    rows: Sequence[Mapping[str, Any]]


def promised(rows: Rows) -> Rows:
    """The rows without those of a clock that no ticket has, unless there is no other."""
    clocks = {row["clock"] for row in rows if row["clocks"]} or {row["clock"] for row in rows[:1]}
    return [row for row in rows if row["clock"] in clocks]


def asked(name: str, by: Sequence[str]) -> Record:
    """The record with the keys that these groups give it declared as always there: a csv header names them
    where there is no row, too."""
    declared = RECORDS[name]
    there = {*by, *(_FLOW_COLUMNS if _figure(declared, by) == "left_open" else ())}
    fields = (
        field._replace(optional=field.optional and field.name not in there) for field in declared.fields
    )
    return declared._replace(fields=tuple(fields))


def table(name: str, rows: Rows, by: Sequence[str], *, charts: bool) -> Table:
    """The table of a report's rows; `by` are its groups in their order."""
    declared = RECORDS[name]
    figure = _figure(declared, by)
    flows = figure == "left_open"
    columns = (*by, *(_FLOW_COLUMNS if flows else declared.table))
    keeps = (*by, *(_FLOW_KEEPS if flows else declared.keeps))
    fields = [declared.field(column) for column in columns]
    if charts:
        fields.append(Field("bar", "text", "The figure as a bar.", heading=" ", values=_CHART))
        columns, keeps = (*columns, "bar"), (*keeps, "bar")
    made = declared._replace(fields=tuple(fields), table=columns, keeps=keeps)
    top = 1.0 if figure == "met_share" else max((row[figure] or 0 for row in rows), default=0)
    return Table(made, [_line(row, by, figure, top) for row in rows])


def trend(name: str, rows: Rows, by: Sequence[str]) -> tuple[str, Table]:
    """(its caption, a sparkline of the last weeks for each line) of a report by week that has rows."""
    declared = RECORDS[name]
    figure = _figure(declared, by)
    names = [*(word for word in by if word != WEEK), *(n for n in ("clock", "measure") if n in rows[0])]
    lines: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        lines.setdefault(tuple(row[each] for each in names), {})[row[WEEK]] = row[figure]
    weeks = sorted({row[WEEK] for row in rows})[-_WEEKS:]
    fields = [*map(declared.field, names), Field("trend", "text", "The figure by week.", values=_CHART)]
    columns = (*names, "trend")
    made = declared._replace(fields=tuple(fields), table=columns, keeps=columns)
    caption = f"{declared.field(figure).header}, {weeks[0]} to {weeks[-1]}"
    drawn = [
        {**_named(dict(zip(names, key, strict=True)), by), "trend": sparkline(map(line.get, weeks))}
        for key, line in lines.items()
    ]
    return caption, Table(made, drawn)


def _figure(record: Record, by: Sequence[str]) -> str:
    """The figure that bars and sparklines show."""
    if record.name == "report_sla":
        return "met_share"
    if record.name == "report_backlog":
        return "left_open" if WEEK in by else "tickets"
    return "mean_seconds"


def _line(row: Mapping[str, Any], by: Sequence[str], figure: str, top: float) -> dict[str, Any]:
    share = row.get("met_share")
    percent = None if share is None else f"{round(share * 10_000) // 10 / 10:.1f} %"
    return {**_named(row, by), "met_share": percent, "bar": bar(row[figure], top, _CELLS)}


def _named(row: Mapping[str, Any], by: Sequence[str]) -> dict[str, Any]:
    """The row with the word of the filters for a group of tickets that have none."""
    return {**row, **{word: "none" for word in by if word in row and row[word] is None}}
