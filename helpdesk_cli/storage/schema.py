"""The tables, as ordered steps that only ever grow at the end (storage.md "The interface").

Decides every table, column and index. Instants are `YYYY-MM-DDTHH:MM:SSZ` texts, durations seconds,
truth values 0 and 1, lists and objects JSON texts. `events` is the truth; `tickets`, `clocks` and the
rest are rows for lists, rewritten in the transaction of the event that changes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from helpdesk_cli.storage.database import Database, Dialect


class Step(NamedTuple):
    """One change of the schema: statements that end in `;`, with `{id} {text} {strict} {clustered}`; `then`
    fills what they made."""

    name: str
    sql: str
    then: Callable[[Database], None] | None = None

    def statements(self, dialect: Dialect) -> list[str]:
        """The statements in the engine's words; none holds a `;` of its own."""
        sql = self.sql.format(
            id=dialect.id, text=dialect.text, strict=dialect.strict, clustered=dialect.clustered
        )
        return [statement.strip() for statement in sql.split(";") if statement.strip()]


def initialise(db: Database) -> int:
    """Create the tables, or bring them up to date, in one transaction; the number of steps applied.

    Any number of processes may do so at once: the first does the work, the others find it done.
    """
    return db.migrate(STEPS)


_POLICY_AND_PEOPLE = """
CREATE TABLE policies (
  version {id},
  at {text} NOT NULL,
  tzdata {text} NOT NULL,
  holidays_version {text},
  document {text} NOT NULL,
  source {text},
  actor {text} NOT NULL
) {strict};

CREATE TABLE teams (
  id {id},
  name {text} NOT NULL UNIQUE,
  name_key {text} NOT NULL UNIQUE,
  lead_id INTEGER,
  created_at {text} NOT NULL
) {strict};

CREATE TABLE agents (
  id {id},
  login {text} NOT NULL UNIQUE,
  login_key {text} NOT NULL UNIQUE,
  name {text},
  email {text} NOT NULL,
  email_key {text} NOT NULL UNIQUE,
  team_id INTEGER REFERENCES teams (id),
  timezone {text},
  retired_at {text},
  created_at {text} NOT NULL
) {strict};
CREATE INDEX agents_by_team ON agents (team_id);

CREATE TABLE orgs (
  id {id},
  name {text} NOT NULL,
  name_key {text} NOT NULL UNIQUE,
  plan {text} NOT NULL,
  region {text},
  licences INTEGER,
  tier {text},
  account_manager_id INTEGER REFERENCES agents (id),
  vip INTEGER NOT NULL,
  created_at {text} NOT NULL
) {strict};

CREATE TABLE org_domains (
  org_id INTEGER NOT NULL REFERENCES orgs (id),
  domain {text} NOT NULL,
  PRIMARY KEY (org_id, domain)
) {clustered};
CREATE INDEX org_domains_by_domain ON org_domains (domain);

CREATE TABLE contacts (
  id {id},
  email {text} NOT NULL,
  email_key {text} NOT NULL UNIQUE,
  name {text},
  org_id INTEGER REFERENCES orgs (id),
  role {text} NOT NULL,
  created_at {text} NOT NULL
) {strict};
CREATE INDEX contacts_by_org ON contacts (org_id);
"""

_TICKETS = """
CREATE TABLE tickets (
  id {id},
  version INTEGER NOT NULL,
  subject {text} NOT NULL,
  status {text} NOT NULL,
  priority {text} NOT NULL,
  rank INTEGER NOT NULL,
  category {text},
  type {text},
  plan {text} NOT NULL,
  channel {text} NOT NULL,
  tags {text} NOT NULL,
  org_id INTEGER REFERENCES orgs (id),
  requester_id INTEGER NOT NULL REFERENCES contacts (id),
  assignee_id INTEGER REFERENCES agents (id),
  team_id INTEGER REFERENCES teams (id),
  created_at {text} NOT NULL,
  updated_at {text} NOT NULL,
  first_responded_at {text},
  first_resolved_at {text},
  resolved_at {text},
  closed_at {text},
  closed_by {text},
  close_reason {text},
  reopened_count INTEGER NOT NULL,
  time_spent_seconds INTEGER NOT NULL,
  hold_until {text},
  last_customer_message_at {text},
  last_agent_message_at {text},
  auto_close_at {text},
  merged_into INTEGER REFERENCES tickets (id),
  breached INTEGER NOT NULL,
  next_due_at {text},
  sort_due {text} NOT NULL,
  act_at {text},
  policy_version INTEGER NOT NULL REFERENCES policies (version),
  on_behalf INTEGER NOT NULL,
  idempotency_key {text} UNIQUE,
  fold {text} NOT NULL,
  active INTEGER GENERATED ALWAYS AS (
    CASE WHEN status IN ('open', 'in_progress', 'waiting_customer', 'on_hold') THEN 1 ELSE 0 END
  ) STORED,
  sort_message {text} GENERATED ALWAYS AS (COALESCE(last_customer_message_at, created_at)) STORED
) {strict};
CREATE INDEX tickets_to_act ON tickets (act_at, id) WHERE act_at IS NOT NULL;
CREATE INDEX tickets_in_order ON tickets (sort_due, rank, id);
CREATE INDEX tickets_by_status ON tickets (status, sort_due, rank, id);
CREATE INDEX tickets_active ON tickets (sort_due, rank, id) WHERE active = 1;
CREATE INDEX tickets_by_priority ON tickets (priority, sort_due, rank, id) WHERE active = 1;
CREATE INDEX tickets_by_category ON tickets (category, sort_due, rank, id) WHERE active = 1;
CREATE INDEX tickets_by_org ON tickets (org_id, sort_due, rank, id) WHERE active = 1;
CREATE INDEX tickets_by_assignee ON tickets (assignee_id, sort_due, rank, id) WHERE active = 1;
CREATE INDEX tickets_by_team ON tickets (team_id, sort_due, rank, id) WHERE active = 1;
CREATE INDEX tickets_by_requester ON tickets (requester_id, sort_due, rank, id) WHERE active = 1;
CREATE INDEX tickets_by_message ON tickets (status, sort_message, id);
CREATE INDEX tickets_by_age ON tickets (status, id);

CREATE TABLE ticket_tags (
  ticket_id INTEGER NOT NULL REFERENCES tickets (id),
  tag {text} NOT NULL,
  PRIMARY KEY (ticket_id, tag)
) {clustered};
CREATE INDEX ticket_tags_by_tag ON ticket_tags (tag, ticket_id);

CREATE TABLE links (
  ticket_id INTEGER NOT NULL REFERENCES tickets (id),
  kind {text} NOT NULL,
  other_id INTEGER NOT NULL REFERENCES tickets (id),
  PRIMARY KEY (ticket_id, kind, other_id)
) {clustered};

CREATE TABLE messages (
  id {id},
  ticket_id INTEGER NOT NULL REFERENCES tickets (id),
  at {text} NOT NULL,
  agent_id INTEGER REFERENCES agents (id),
  contact_id INTEGER REFERENCES contacts (id),
  public INTEGER NOT NULL,
  channel {text} NOT NULL,
  body {text} NOT NULL,
  cc {text} NOT NULL,
  idempotency_key {text} UNIQUE,
  edited_at {text},
  redacted_at {text}
) {strict};
CREATE INDEX messages_by_ticket ON messages (ticket_id, id);
"""

_TIME = """
CREATE TABLE clocks (
  ticket_id INTEGER NOT NULL REFERENCES tickets (id),
  name {text} NOT NULL,
  instance INTEGER NOT NULL,
  state {text} NOT NULL,
  target_seconds INTEGER,
  goal_seconds INTEGER,
  warn_seconds INTEGER,
  calendar {text},
  starts_at {text},
  due_at {text},
  warn_at {text},
  late_at {text},
  met_at {text},
  cancelled_at {text},
  warned_at {text},
  breached_at {text},
  noticed_at {text},
  changed_at {text},
  resumable INTEGER NOT NULL,
  recount INTEGER NOT NULL,
  spans {text} NOT NULL,
  fired {text} NOT NULL,
  PRIMARY KEY (ticket_id, name, instance)
) {clustered};

CREATE TABLE runs (
  id {id},
  started_at {text} NOT NULL,
  ended_at {text},
  now {text} NOT NULL,
  dry_run INTEGER NOT NULL,
  actor {text} NOT NULL,
  counts {text} NOT NULL,
  failures {text} NOT NULL,
  left_over INTEGER NOT NULL
) {strict};

CREATE TABLE events (
  seq {id},
  ticket_id INTEGER NOT NULL REFERENCES tickets (id),
  n INTEGER NOT NULL,
  type {text} NOT NULL,
  at {text} NOT NULL,
  recorded_at {text} NOT NULL,
  actor {text} NOT NULL,
  contact_id INTEGER REFERENCES contacts (id),
  run_id INTEGER REFERENCES runs (id),
  clock {text} NOT NULL DEFAULT '',
  instance INTEGER,
  level INTEGER NOT NULL DEFAULT 0,
  data {text} NOT NULL,
  UNIQUE (ticket_id, n)
) {strict};
CREATE UNIQUE INDEX events_once ON events (ticket_id, type, clock, instance, level)
  WHERE instance IS NOT NULL AND type IN
    ('clock_warned', 'clock_breached', 'escalated', 'reminded', 'auto_closed', 'status_changed');
CREATE INDEX events_by_type ON events (type, seq);

CREATE TABLE notices (
  id {id},
  ticket_id INTEGER NOT NULL REFERENCES tickets (id),
  event_n INTEGER NOT NULL,
  kind {text} NOT NULL,
  recipient {text} NOT NULL,
  role {text} NOT NULL,
  at {text} NOT NULL,
  text {text} NOT NULL,
  done_at {text}
) {strict};
CREATE INDEX notices_unsent ON notices (id) WHERE done_at IS NULL;
"""

_SEARCH = """
ALTER TABLE messages ADD COLUMN search_subject {text} NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN search {text} NOT NULL DEFAULT '';
"""


_VIEWS = """
CREATE TABLE views (
  id {id},
  name {text} NOT NULL,
  name_key {text} NOT NULL UNIQUE,
  filters {text} NOT NULL,
  saved_by {text} NOT NULL,
  created_at {text} NOT NULL,
  updated_at {text} NOT NULL
) {strict};
"""

# `contract_until` is a date, the last day of it; `notify`: told of every new ticket of the organisation (H4);
# `skills` a JSON list of texts. The tickets of a customer are found whatever their status (M7).
_PEOPLE_MORE = """
ALTER TABLE orgs ADD COLUMN country {text};
ALTER TABLE orgs ADD COLUMN area {text};
ALTER TABLE orgs ADD COLUMN parent_id INTEGER REFERENCES orgs (id);
ALTER TABLE orgs ADD COLUMN contract_until {text};
ALTER TABLE orgs ADD COLUMN success_manager_id INTEGER REFERENCES agents (id);
ALTER TABLE contacts ADD COLUMN language {text};
ALTER TABLE contacts ADD COLUMN notify INTEGER NOT NULL DEFAULT 0;
CREATE INDEX contacts_told ON contacts (org_id) WHERE notify = 1;
ALTER TABLE agents ADD COLUMN skills {text} NOT NULL DEFAULT '[]';
ALTER TABLE agents ADD COLUMN away_since {text};
CREATE INDEX tickets_of_org ON tickets (org_id);
CREATE INDEX tickets_of_requester ON tickets (requester_id);
"""

# `sha256` names the file beside the database; NULL: it was forgotten. Files, their messages and tickets are
# written in one transaction, in any order. Links are read from both ends, and so is what was merged.
_ATTACHMENTS = """
CREATE TABLE attachments (
  id {id},
  ticket_id INTEGER NOT NULL REFERENCES tickets (id) DEFERRABLE INITIALLY DEFERRED,
  message_id INTEGER REFERENCES messages (id) DEFERRABLE INITIALLY DEFERRED,
  at {text} NOT NULL,
  agent_id INTEGER REFERENCES agents (id),
  contact_id INTEGER REFERENCES contacts (id),
  name {text} NOT NULL,
  size INTEGER NOT NULL,
  sha256 {text}
) {strict};
CREATE INDEX attachments_by_ticket ON attachments (ticket_id, id);
CREATE INDEX attachments_by_content ON attachments (sha256);
CREATE INDEX links_by_other ON links (other_id);
CREATE INDEX tickets_merged ON tickets (merged_into) WHERE merged_into IS NOT NULL;
"""

# The number of the last turn that a rule of the policy, by its name, gave to an agent (M5).
_ROUTING = """
CREATE TABLE turns (
  rule {text} NOT NULL,
  agent_id INTEGER NOT NULL REFERENCES agents (id),
  turn INTEGER NOT NULL,
  PRIMARY KEY (rule, agent_id)
) {strict};
"""

# A row for each event and program that the policy runs on it. A pending one is run by nobody before
# `next_try_at`, moved on when somebody begins; `at` is the first try, `ended_at` the end of the last.
_HOOKS = """
CREATE TABLE hook_runs (
  id {id},
  event_seq INTEGER NOT NULL REFERENCES events (seq),
  command {text} NOT NULL,
  state {text} NOT NULL,
  tries INTEGER NOT NULL,
  exit_code INTEGER,
  at {text},
  ended_at {text},
  next_try_at {text} NOT NULL,
  output {text} NOT NULL
) {strict};
CREATE INDEX hook_runs_pending ON hook_runs (next_try_at, id) WHERE state = 'pending';
"""

# The same rows as before: for an IN, SQLite makes a table of its words at each event that has an `instance`.
_ONCE = """
DROP INDEX events_once;
CREATE UNIQUE INDEX events_once ON events (ticket_id, type, clock, instance, level)
  WHERE instance IS NOT NULL AND (
    type = 'clock_warned' OR type = 'clock_breached' OR type = 'escalated' OR type = 'reminded'
    OR type = 'auto_closed' OR type = 'status_changed'
  );
"""


def _fill_search(db: Database) -> None:
    from helpdesk_cli.storage import search

    search.fill(db)


STEPS = (
    Step("initial", _POLICY_AND_PEOPLE + _TICKETS + _TIME),
    Step("search", _SEARCH, then=_fill_search),
    Step("views", _VIEWS),
    Step("company", _PEOPLE_MORE + _ATTACHMENTS + _ROUTING + _HOOKS + _ONCE),
)
