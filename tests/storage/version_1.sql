-- A database of schema version 1, as the program that made it left it.
BEGIN TRANSACTION;
PRAGMA user_version = 1;
PRAGMA application_id = 1212437323;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'helpdesk','initial','2026-11-24 17:32:37.039761+00:00');
CREATE TABLE agents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  login TEXT NOT NULL UNIQUE,
  login_key TEXT NOT NULL UNIQUE,
  name TEXT,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL UNIQUE,
  team_id INTEGER REFERENCES teams (id),
  timezone TEXT,
  retired_at TEXT,
  created_at TEXT NOT NULL
) STRICT;
INSERT INTO "agents" VALUES(1,'root','root',NULL,'root@localhost','root@localhost',NULL,NULL,NULL,'2026-03-01T09:00:00Z');
INSERT INTO "agents" VALUES(2,'ann','ann',NULL,'ann@desk.example','ann@desk.example',NULL,NULL,NULL,'2026-03-01T09:00:00Z');
CREATE TABLE clocks (
  ticket_id INTEGER NOT NULL REFERENCES tickets (id),
  name TEXT NOT NULL,
  instance INTEGER NOT NULL,
  state TEXT NOT NULL,
  target_seconds INTEGER,
  goal_seconds INTEGER,
  warn_seconds INTEGER,
  calendar TEXT,
  starts_at TEXT,
  due_at TEXT,
  warn_at TEXT,
  late_at TEXT,
  met_at TEXT,
  cancelled_at TEXT,
  warned_at TEXT,
  breached_at TEXT,
  noticed_at TEXT,
  changed_at TEXT,
  resumable INTEGER NOT NULL,
  recount INTEGER NOT NULL,
  spans TEXT NOT NULL,
  fired TEXT NOT NULL,
  PRIMARY KEY (ticket_id, name, instance)
) STRICT, WITHOUT ROWID;
INSERT INTO "clocks" VALUES(1,'first_response',1,'met',7200,NULL,5760,'always','2026-03-01T09:00:00Z','2026-03-01T11:00:00Z',NULL,NULL,'2026-03-01T09:00:00Z',NULL,NULL,NULL,NULL,NULL,0,0,'[["run","2026-03-01T09:00:00Z",1,"always"],["stop","2026-03-01T09:00:00Z",1,"always"]]','[]');
INSERT INTO "clocks" VALUES(1,'resolution',1,'paused',86400,NULL,69120,'always','2026-03-01T09:00:00Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,'[["pause","2026-03-01T09:00:00Z",1,"always"]]','[]');
INSERT INTO "clocks" VALUES(1,'update',0,'none',NULL,NULL,NULL,'always','2026-03-01T09:00:00Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,'[["pause","2026-03-01T09:00:00Z",1,"always"]]','[]');
INSERT INTO "clocks" VALUES(2,'first_response',1,'running',7200,NULL,5760,'always','2026-03-01T09:00:00Z','2026-03-01T11:00:00Z','2026-03-01T10:36:00Z','2026-03-01T11:00:01Z',NULL,NULL,NULL,NULL,NULL,NULL,0,0,'[["run","2026-03-01T09:00:00Z",1,"always"]]','[]');
INSERT INTO "clocks" VALUES(2,'resolution',1,'running',86400,NULL,69120,'always','2026-03-01T09:00:00Z','2026-03-02T09:00:00Z','2026-03-02T04:12:00Z','2026-03-02T09:00:01Z',NULL,NULL,NULL,NULL,NULL,NULL,0,0,'[["run","2026-03-01T09:00:00Z",1,"always"]]','[]');
INSERT INTO "clocks" VALUES(3,'first_response',1,'cancelled',7200,NULL,5760,'always','2026-03-01T09:00:00Z',NULL,NULL,NULL,NULL,'2026-03-01T09:00:00Z',NULL,NULL,NULL,NULL,1,0,'[["run","2026-03-01T09:00:00Z",1,"always"],["stop","2026-03-01T09:00:00Z",1,"always"]]','[]');
INSERT INTO "clocks" VALUES(3,'resolution',1,'met',86400,NULL,69120,'always','2026-03-01T09:00:00Z','2026-03-02T09:00:00Z',NULL,NULL,'2026-03-01T09:00:00Z',NULL,NULL,NULL,NULL,NULL,1,0,'[["run","2026-03-01T09:00:00Z",1,"always"],["stop","2026-03-01T09:00:00Z",1,"always"]]','[]');
CREATE TABLE contacts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL UNIQUE,
  name TEXT,
  org_id INTEGER REFERENCES orgs (id),
  role TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
INSERT INTO "contacts" VALUES(1,'sara@acme.example','sara@acme.example',NULL,NULL,'main','2026-03-01T09:00:00Z');
INSERT INTO "contacts" VALUES(2,'omar@acme.example','omar@acme.example',NULL,NULL,'main','2026-03-01T09:00:00Z');
INSERT INTO "contacts" VALUES(3,'claire@roux.example','claire@roux.example',NULL,NULL,'main','2026-03-01T09:00:00Z');
CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  ticket_id INTEGER NOT NULL REFERENCES tickets (id),
  n INTEGER NOT NULL,
  type TEXT NOT NULL,
  at TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  actor TEXT NOT NULL,
  contact_id INTEGER REFERENCES contacts (id),
  run_id INTEGER REFERENCES runs (id),
  clock TEXT NOT NULL DEFAULT '',
  instance INTEGER,
  level INTEGER NOT NULL DEFAULT 0,
  data TEXT NOT NULL,
  UNIQUE (ticket_id, n)
) STRICT;
INSERT INTO "events" VALUES(1,1,1,'created','2026-03-01T09:00:00Z','2026-11-24T17:32:37Z','customer',1,NULL,'',NULL,0,'{"requester":1,"org":null,"priority":"normal","category":null,"type":null,"plan":"gold","channel":"cli","tags":[],"policy":1,"on_behalf":false}');
INSERT INTO "events" VALUES(2,1,2,'clock_started','2026-03-01T09:00:00Z','2026-11-24T17:32:37Z','customer',1,NULL,'resolution',1,0,'{"start":"2026-03-01T09:00:00Z","target_seconds":86400}');
INSERT INTO "events" VALUES(3,1,3,'message','2026-03-01T09:00:00Z','2026-11-24T17:32:37Z','customer',1,NULL,'',NULL,0,'{"message":1,"by":"customer"}');
INSERT INTO "events" VALUES(4,1,4,'clock_started','2026-03-01T09:00:00Z','2026-11-24T17:32:37Z','customer',1,NULL,'first_response',1,0,'{"start":"2026-03-01T09:00:00Z","target_seconds":7200}');
INSERT INTO "events" VALUES(5,2,1,'created','2026-03-01T09:00:00Z','2026-11-24T17:32:37Z','customer',2,NULL,'',NULL,0,'{"requester":2,"org":null,"priority":"normal","category":null,"type":null,"plan":"gold","channel":"cli","tags":[],"policy":1,"on_behalf":false}');
INSERT INTO "events" VALUES(6,2,2,'clock_started','2026-03-01T09:00:00Z','2026-11-24T17:32:37Z','customer',2,NULL,'resolution',1,0,'{"start":"2026-03-01T09:00:00Z","target_seconds":86400}');
INSERT INTO "events" VALUES(7,2,3,'message','2026-03-01T09:00:00Z','2026-11-24T17:32:37Z','customer',2,NULL,'',NULL,0,'{"message":2,"by":"customer"}');
INSERT INTO "events" VALUES(8,2,4,'clock_started','2026-03-01T09:00:00Z','2026-11-24T17:32:37Z','customer',2,NULL,'first_response',1,0,'{"start":"2026-03-01T09:00:00Z","target_seconds":7200}');
INSERT INTO "events" VALUES(9,3,1,'created','2026-03-01T09:00:00Z','2026-11-24T17:32:38Z','customer',3,NULL,'',NULL,0,'{"requester":3,"org":null,"priority":"normal","category":null,"type":null,"plan":"gold","channel":"cli","tags":[],"policy":1,"on_behalf":false}');
INSERT INTO "events" VALUES(10,3,2,'clock_started','2026-03-01T09:00:00Z','2026-11-24T17:32:38Z','customer',3,NULL,'resolution',1,0,'{"start":"2026-03-01T09:00:00Z","target_seconds":86400}');
INSERT INTO "events" VALUES(11,3,3,'message','2026-03-01T09:00:00Z','2026-11-24T17:32:38Z','customer',3,NULL,'',NULL,0,'{"message":3,"by":"customer"}');
INSERT INTO "events" VALUES(12,3,4,'clock_started','2026-03-01T09:00:00Z','2026-11-24T17:32:38Z','customer',3,NULL,'first_response',1,0,'{"start":"2026-03-01T09:00:00Z","target_seconds":7200}');
INSERT INTO "events" VALUES(13,1,5,'message','2026-03-01T09:00:00Z','2026-11-24T17:32:38Z','ann',NULL,NULL,'',NULL,0,'{"message":4,"by":"agent"}');
INSERT INTO "events" VALUES(14,1,6,'clock_met','2026-03-01T09:00:00Z','2026-11-24T17:32:38Z','ann',NULL,NULL,'first_response',1,0,'{}');
INSERT INTO "events" VALUES(15,1,7,'status_changed','2026-03-01T09:00:00Z','2026-11-24T17:32:38Z','ann',NULL,NULL,'',NULL,0,'{"before":"open","after":"waiting_customer"}');
INSERT INTO "events" VALUES(16,1,8,'clock_paused','2026-03-01T09:00:00Z','2026-11-24T17:32:38Z','ann',NULL,NULL,'resolution',1,0,'{}');
INSERT INTO "events" VALUES(17,1,9,'note','2026-03-01T09:00:00Z','2026-11-24T17:32:38Z','ann',NULL,NULL,'',NULL,0,'{"message":5}');
INSERT INTO "events" VALUES(18,1,10,'redacted','2026-03-01T09:00:00Z','2026-11-24T17:32:38Z','ann',NULL,NULL,'',NULL,0,'{"message":5,"reason":"a password"}');
INSERT INTO "events" VALUES(19,3,5,'status_changed','2026-03-01T09:00:00Z','2026-11-24T17:32:39Z','ann',NULL,NULL,'',NULL,0,'{"before":"open","after":"closed"}');
INSERT INTO "events" VALUES(20,3,6,'clock_cancelled','2026-03-01T09:00:00Z','2026-11-24T17:32:39Z','ann',NULL,NULL,'first_response',1,0,'{}');
INSERT INTO "events" VALUES(21,3,7,'clock_met','2026-03-01T09:00:00Z','2026-11-24T17:32:39Z','ann',NULL,NULL,'resolution',1,0,'{}');
CREATE TABLE links (
  ticket_id INTEGER NOT NULL REFERENCES tickets (id),
  kind TEXT NOT NULL,
  other_id INTEGER NOT NULL REFERENCES tickets (id),
  PRIMARY KEY (ticket_id, kind, other_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  ticket_id INTEGER NOT NULL REFERENCES tickets (id),
  at TEXT NOT NULL,
  agent_id INTEGER REFERENCES agents (id),
  contact_id INTEGER REFERENCES contacts (id),
  public INTEGER NOT NULL,
  channel TEXT NOT NULL,
  body TEXT NOT NULL,
  cc TEXT NOT NULL,
  idempotency_key TEXT UNIQUE,
  edited_at TEXT,
  redacted_at TEXT
) STRICT;
INSERT INTO "messages" VALUES(1,1,'2026-03-01T09:00:00Z',NULL,1,1,'cli','No light since this morning','[]',NULL,NULL,NULL);
INSERT INTO "messages" VALUES(2,2,'2026-03-01T09:00:00Z',NULL,2,1,'cli','لا يوجد اتصال في المَدْرَسة','[]',NULL,NULL,NULL);
INSERT INTO "messages" VALUES(3,3,'2026-03-01T09:00:00Z',NULL,3,1,'cli','Où est ma facture de l''été ?','[]',NULL,NULL,NULL);
INSERT INTO "messages" VALUES(4,1,'2026-03-01T09:00:00Z',2,NULL,1,'cli','Please restart it.','[]',NULL,NULL,NULL);
INSERT INTO "messages" VALUES(5,1,'2026-03-01T09:00:00Z',2,NULL,0,'cli','[redacted]','[]',NULL,NULL,'2026-03-01T09:00:00Z');
CREATE TABLE notices (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  ticket_id INTEGER NOT NULL REFERENCES tickets (id),
  event_n INTEGER NOT NULL,
  kind TEXT NOT NULL,
  recipient TEXT NOT NULL,
  role TEXT NOT NULL,
  at TEXT NOT NULL,
  text TEXT NOT NULL,
  done_at TEXT
) STRICT;
INSERT INTO "notices" VALUES(1,1,1,'confirmation','sara@acme.example','requester','2026-03-01T09:00:00Z','HD-1 received: Router down',NULL);
INSERT INTO "notices" VALUES(2,2,1,'confirmation','omar@acme.example','requester','2026-03-01T09:00:00Z','HD-2 received: تعطّل الشبكة',NULL);
INSERT INTO "notices" VALUES(3,3,1,'confirmation','claire@roux.example','requester','2026-03-01T09:00:00Z','HD-3 received: Facture',NULL);
CREATE TABLE org_domains (
  org_id INTEGER NOT NULL REFERENCES orgs (id),
  domain TEXT NOT NULL,
  PRIMARY KEY (org_id, domain)
) STRICT, WITHOUT ROWID;
CREATE TABLE orgs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  plan TEXT NOT NULL,
  region TEXT,
  licences INTEGER,
  tier TEXT,
  account_manager_id INTEGER REFERENCES agents (id),
  vip INTEGER NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
CREATE TABLE policies (
  version INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  tzdata TEXT NOT NULL,
  holidays_version TEXT,
  document TEXT NOT NULL,
  source TEXT,
  actor TEXT NOT NULL
) STRICT;
INSERT INTO "policies" VALUES(1,'2026-03-01T09:00:00Z','2026f',NULL,'{"version": 1, "default_plan": "gold", "default_priority": "normal", "calendars": {"always": {"timezone": "UTC", "hours": {"all": ["00:00-24:00"]}}}, "priorities": [{"name": "normal"}], "plans": {"gold": {"calendar": "always", "targets": {"normal": {"first_response": "2h", "resolution": "24h"}}}}}','small.yaml','root');
CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  now TEXT NOT NULL,
  dry_run INTEGER NOT NULL,
  actor TEXT NOT NULL,
  counts TEXT NOT NULL,
  failures TEXT NOT NULL,
  left_over INTEGER NOT NULL
) STRICT;
CREATE TABLE teams (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  name_key TEXT NOT NULL UNIQUE,
  lead_id INTEGER,
  created_at TEXT NOT NULL
) STRICT;
CREATE TABLE ticket_tags (
  ticket_id INTEGER NOT NULL REFERENCES tickets (id),
  tag TEXT NOT NULL,
  PRIMARY KEY (ticket_id, tag)
) STRICT, WITHOUT ROWID;
CREATE TABLE tickets (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  version INTEGER NOT NULL,
  subject TEXT NOT NULL,
  status TEXT NOT NULL,
  priority TEXT NOT NULL,
  rank INTEGER NOT NULL,
  category TEXT,
  type TEXT,
  plan TEXT NOT NULL,
  channel TEXT NOT NULL,
  tags TEXT NOT NULL,
  org_id INTEGER REFERENCES orgs (id),
  requester_id INTEGER NOT NULL REFERENCES contacts (id),
  assignee_id INTEGER REFERENCES agents (id),
  team_id INTEGER REFERENCES teams (id),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  first_responded_at TEXT,
  first_resolved_at TEXT,
  resolved_at TEXT,
  closed_at TEXT,
  closed_by TEXT,
  close_reason TEXT,
  reopened_count INTEGER NOT NULL,
  time_spent_seconds INTEGER NOT NULL,
  hold_until TEXT,
  last_customer_message_at TEXT,
  last_agent_message_at TEXT,
  auto_close_at TEXT,
  merged_into INTEGER REFERENCES tickets (id),
  breached INTEGER NOT NULL,
  next_due_at TEXT,
  sort_due TEXT NOT NULL,
  act_at TEXT,
  policy_version INTEGER NOT NULL REFERENCES policies (version),
  on_behalf INTEGER NOT NULL,
  idempotency_key TEXT UNIQUE,
  fold TEXT NOT NULL,
  active INTEGER GENERATED ALWAYS AS (
    CASE WHEN status IN ('open', 'in_progress', 'waiting_customer', 'on_hold') THEN 1 ELSE 0 END
  ) STORED,
  sort_message TEXT GENERATED ALWAYS AS (COALESCE(last_customer_message_at, created_at)) STORED
) STRICT;
INSERT INTO "tickets" VALUES(1,6,'Router down','waiting_customer','normal',0,NULL,NULL,'gold','cli','[]',NULL,1,NULL,NULL,'2026-03-01T09:00:00Z','2026-03-01T09:00:00Z','2026-03-01T09:00:00Z',NULL,NULL,NULL,NULL,NULL,0,0,NULL,'2026-03-01T09:00:00Z','2026-03-01T09:00:00Z',NULL,NULL,0,NULL,'9999-12-31T23:59:59Z',NULL,1,0,NULL,'{"last_at":"2026-03-01T09:00:00Z","first_customer_at":"2026-03-01T09:00:00Z","unanswered_since":null,"wait_at":"2026-03-01T09:00:00Z","n":10,"wait_n":7,"reminded_n":0,"hold_n":0}');
INSERT INTO "tickets" VALUES(2,2,'تعطّل الشبكة','open','normal',0,NULL,NULL,'gold','cli','[]',NULL,2,NULL,NULL,'2026-03-01T09:00:00Z','2026-03-01T09:00:00Z',NULL,NULL,NULL,NULL,NULL,NULL,0,0,NULL,'2026-03-01T09:00:00Z',NULL,NULL,NULL,0,'2026-03-01T11:00:00Z','2026-03-01T11:00:00Z','2026-03-01T10:36:00Z',1,0,NULL,'{"last_at":"2026-03-01T09:00:00Z","first_customer_at":"2026-03-01T09:00:00Z","unanswered_since":"2026-03-01T09:00:00Z","wait_at":"2026-03-01T09:00:00Z","n":4,"wait_n":3,"reminded_n":0,"hold_n":0}');
INSERT INTO "tickets" VALUES(3,3,'Facture','closed','normal',0,NULL,NULL,'gold','cli','[]',NULL,3,NULL,NULL,'2026-03-01T09:00:00Z','2026-03-01T09:00:00Z',NULL,'2026-03-01T09:00:00Z','2026-03-01T09:00:00Z','2026-03-01T09:00:00Z','ann',NULL,0,0,NULL,'2026-03-01T09:00:00Z',NULL,NULL,NULL,0,NULL,'9999-12-31T23:59:59Z',NULL,1,0,NULL,'{"last_at":"2026-03-01T09:00:00Z","first_customer_at":"2026-03-01T09:00:00Z","unanswered_since":"2026-03-01T09:00:00Z","wait_at":"2026-03-01T09:00:00Z","n":7,"wait_n":5,"reminded_n":0,"hold_n":0}');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX agents_by_team ON agents (team_id);
CREATE INDEX org_domains_by_domain ON org_domains (domain);
CREATE INDEX contacts_by_org ON contacts (org_id);
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
CREATE INDEX ticket_tags_by_tag ON ticket_tags (tag, ticket_id);
CREATE INDEX messages_by_ticket ON messages (ticket_id, id);
CREATE UNIQUE INDEX events_once ON events (ticket_id, type, clock, instance, level)
  WHERE instance IS NOT NULL AND type IN
    ('clock_warned', 'clock_breached', 'escalated', 'reminded', 'auto_closed', 'status_changed');
CREATE INDEX events_by_type ON events (type, seq);
CREATE INDEX notices_unsent ON notices (id) WHERE done_at IS NULL;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('policies',1);
INSERT INTO "sqlite_sequence" VALUES('agents',2);
INSERT INTO "sqlite_sequence" VALUES('contacts',3);
INSERT INTO "sqlite_sequence" VALUES('tickets',3);
INSERT INTO "sqlite_sequence" VALUES('messages',5);
INSERT INTO "sqlite_sequence" VALUES('events',21);
INSERT INTO "sqlite_sequence" VALUES('notices',3);
COMMIT;
