"""What an export holds: the tables, in an order in which their rows can be inserted, and what each column is.

Every table and column of `schema.py` stands here, those left out too: whoever adds one there adds it here,
with the schema version that it came with and what rows of older exports have in it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# The first schema version that was exported; what has no version below came with it or before.
FIRST_SCHEMA = 3

_COLUMN = re.compile(
    r"(?P<name>\w+):(?P<kind>[\w.]+)(?P<null>\?)?(@(?P<since>\d+)(=(?P<older>\S*))?)?", re.ASCII
)


class Column(NamedTuple):
    """A column. `kind`: `id` (the table's own, given once), `int`, `flag` (0 or 1), `text`, `instant`,
    `date`, `list` or `object` (JSON texts), the name of a table whose row it names, or `record.field` for one
    of the words of that field. `older` is what it is in exports of schema versions before `since`."""

    name: str
    kind: str
    nullable: bool
    since: int
    older: str | int | None


class Table(NamedTuple):
    """A table. `key` tells its rows apart, `order` is that of its lines. With `part_of` they come right after
    the row of that table which they belong to, and go in with it or not at all. `left_out` are columns that
    follow from others. `deferred`: what its rows name is looked for at the end of a transaction only."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    order: tuple[str, ...]
    part_of: str
    left_out: tuple[str, ...]
    deferred: bool

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def documents(self) -> frozenset[str]:
        """The columns that hold JSON texts."""
        return frozenset(column.name for column in self.columns if column.kind in ("list", "object"))

    @property
    def counted(self) -> bool:
        """Whether its ids are given one after the other, and none twice."""
        return self.columns[0].kind == "id"

    @property
    def own(self) -> str | None:
        """The column that names another row of the same table: that one's line comes first."""
        return next((column.name for column in self.columns if column.kind == self.name), None)

    @property
    def owner(self) -> str | None:
        """The column that names the row which it is a part of."""
        return next((column.name for column in self.columns if column.kind == self.part_of), None)


def table(
    name: str,
    key: str,
    columns: str,
    *,
    order: str = "",
    part_of: str = "",
    left_out: str = "",
    deferred: bool = False,
) -> Table:
    """Declare a table; a column is `name:kind`, `?` where it may be null, `@4=0` where it came with version 4
    and older rows have 0."""
    return Table(
        name,
        tuple(key.split()),
        tuple(map(_column, columns.split())),
        tuple((order or key).split()),
        part_of,
        tuple(left_out.split()),
        deferred,
    )


def _column(text: str) -> Column:
    found = _COLUMN.fullmatch(text)
    assert found is not None, text
    older: str | int | None = found["older"]
    if older is not None and found["kind"] in ("int", "flag"):
        older = int(older)
    return Column(found["name"], found["kind"], found["null"] is not None, int(found["since"] or 0), older)


TABLES = (
    table(
        "policies", "version",
        "version:id at:instant tzdata:text holidays_version:text? document:object source:text? actor:text",
    ),
    table("teams", "id", "id:id name:text name_key:text lead_id:int? created_at:instant"),
    table(
        "agents", "id",
        "id:id login:text login_key:text name:text? email:text email_key:text team_id:teams? timezone:text?"
        " retired_at:instant? created_at:instant skills:list@4=[] away_since:instant?@4",
    ),
    table(
        "orgs", "id",
        "id:id name:text name_key:text plan:text region:text? licences:int? tier:text?"
        " account_manager_id:agents? vip:flag created_at:instant country:text?@4 area:text?@4"
        " parent_id:orgs?@4 contract_until:date?@4 success_manager_id:agents?@4",
    ),
    table("turns", "rule agent_id", "rule:text agent_id:agents turn:int"),
    table("org_domains", "org_id domain", "org_id:orgs domain:text"),
    table(
        "contacts", "id",
        "id:id email:text email_key:text name:text? org_id:orgs? role:contact.role created_at:instant"
        " language:text?@4 notify:flag@4=0",
    ),
    table(
        "runs", "id",
        "id:id started_at:instant ended_at:instant? now:instant dry_run:flag actor:text counts:object"
        " failures:list left_over:int",
    ),
    table(
        "views", "id",
        "id:id name:text name_key:text filters:object saved_by:text created_at:instant updated_at:instant",
    ),
    table(
        "tickets", "id",
        "id:id version:int subject:text status:ticket.status priority:text rank:int category:text?"
        " type:text? plan:text channel:text tags:list org_id:orgs? requester_id:contacts"
        " assignee_id:agents? team_id:teams? created_at:instant updated_at:instant"
        " first_responded_at:instant? first_resolved_at:instant? resolved_at:instant? closed_at:instant?"
        " closed_by:text? close_reason:text? reopened_count:int time_spent_seconds:int hold_until:instant?"
        " last_customer_message_at:instant? last_agent_message_at:instant? auto_close_at:instant?"
        " merged_into:tickets? breached:flag next_due_at:instant? sort_due:instant act_at:instant?"
        " policy_version:policies on_behalf:flag idempotency_key:text? fold:object",
        left_out="active sort_message",
    ),
    table("ticket_tags", "ticket_id tag", "ticket_id:tickets tag:text", part_of="tickets"),
    table(
        "clocks", "ticket_id name instance",
        "ticket_id:tickets name:clock.name instance:int state:clock.state target_seconds:int?"
        " goal_seconds:int? warn_seconds:int? calendar:text? starts_at:instant? due_at:instant?"
        " warn_at:instant? late_at:instant? met_at:instant? cancelled_at:instant? warned_at:instant?"
        " breached_at:instant? noticed_at:instant? changed_at:instant? resumable:flag recount:int spans:list"
        " fired:list",
        part_of="tickets",
    ),
    table(
        "messages", "id",
        "id:id ticket_id:tickets at:instant agent_id:agents? contact_id:contacts? public:flag channel:text"
        " body:text cc:list idempotency_key:text? edited_at:instant? redacted_at:instant?",
        order="ticket_id id", part_of="tickets", left_out="search_subject search",
    ),
    table(
        "events", "seq",
        "seq:id ticket_id:tickets n:int type:event.type at:instant recorded_at:instant actor:text"
        " contact_id:contacts? run_id:runs? clock:text instance:int? level:int data:object",
        order="ticket_id n", part_of="tickets",
    ),
    table(
        "attachments", "id",
        "id:id ticket_id:tickets message_id:messages? at:instant agent_id:agents? contact_id:contacts?"
        " name:text size:int sha256:text?",
        order="ticket_id id", part_of="tickets", deferred=True,
    ),
    table("links", "ticket_id kind other_id", "ticket_id:tickets kind:link.kind other_id:tickets"),
    table(
        "notices", "id",
        "id:id ticket_id:tickets event_n:int kind:notice.kind recipient:text role:text at:instant text:text"
        " done_at:instant?",
    ),
    table(
        "hook_runs", "id",
        "id:id event_seq:events command:list state:hook_run.state tries:int exit_code:int? at:instant?"
        " ended_at:instant? next_try_at:instant output:text",
    ),
)  # fmt: skip

BY_NAME = {each.name: each for each in TABLES}


def parts_of(name: str) -> tuple[Table, ...]:
    """The tables whose rows belong to rows of that table."""
    return tuple(each for each in TABLES if each.part_of == name)
