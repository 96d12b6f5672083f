"""The contract of every command: a call of it that works, the record that it answers with, one or many.

`stock` makes the helpdesk that the calls are made on. A command that is not here fails a test.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import click
from console import Result
from desk import POLICY, SARA, START, build

from helpdesk_cli.cli.root import root
from helpdesk_cli.services import (
    attachments,
    backup,
    conversation,
    export,
    handmade,
    hooks,
    lifecycle,
    people,
    redaction,
    sweep,
    tickets,
    views,
)
from helpdesk_cli.services.app import App

NOW = (datetime.fromisoformat(START) + timedelta(hours=5)).isoformat()[:19] + "Z"


class Contract(NamedTuple):
    """`words` is the call; a name in braces is a file beside the database. `record` is what it prints (None:
    text), `many` whether as an array; `empty` that the array has nothing in it."""

    words: str
    record: str | None
    many: bool = False
    empty: bool = False
    code: int = 0

    @property
    def command(self) -> str:
        """The words of the command alone."""
        return next(name for name in COMMANDS if f"{self.words} ".startswith(f"{name} "))

    def argv(self, folder: Path) -> list[str]:
        """The call as the shell would give it."""
        files = {path.stem: str(path) for path in (*folder.glob("*.yaml"), folder / "backup.db")}
        files["folder"] = str(folder)
        return [word.format(**files) for word in self.words.split()]


def words(contract: Contract) -> str:
    """A contract's name among the tests."""
    return contract.words


def commands(group: click.Group = root, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command by its words."""
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None, name
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


COMMANDS = dict(commands())

CONTRACTS = (
    Contract("init", "init"),
    Contract("demo --db new.db --tickets 2", "demo"),
    Contract(f"ticket create --subject s --from {SARA} --body b", "ticket"),
    Contract("ticket list", "ticket", many=True),
    Contract("ticket list --overdue --count", "count"),
    Contract("ticket next", "ticket"),
    Contract("ticket next --take", "ticket"),
    Contract("ticket show 1", "ticket"),
    Contract("ticket show 1 --events", "ticket"),
    Contract("ticket show 1 HD-2 --events --customer-view", "ticket", many=True),
    Contract("ticket log 1", "event", many=True),
    Contract("ticket reply 1 --body b", "message"),
    Contract(f"ticket reply 1 --from {SARA} --body b", "message"),
    Contract("ticket note 1 --body b", "message"),
    Contract("ticket note 1 --edit 5 --body c", "message"),
    Contract("ticket take 1", "ticket", many=True),
    Contract("ticket assign 1 2 --to bob --team network", "ticket", many=True),
    Contract("ticket unassign 2", "ticket", many=True),
    Contract("ticket hold 1 --until +3d", "ticket", many=True),
    Contract("ticket resume 2", "ticket", many=True),
    Contract("ticket resolve 1 --body done", "ticket", many=True),
    Contract("ticket close 1", "ticket", many=True),
    Contract("ticket reopen 3", "ticket", many=True),
    Contract("ticket edit 1 --priority low", "ticket", many=True),
    Contract("ticket tag 1 --add x --remove vip", "ticket", many=True),
    Contract("ticket escalate 1 --reason r", "ticket"),
    Contract(f"ticket escalate 1 --reason r --from {SARA}", "ticket"),
    Contract("ticket redact 1 --message 1 --reason secret", "ticket"),
    Contract("ticket merge 4 1", "ticket"),
    Contract("ticket split 1 --message 1 --subject new", "ticket"),
    Contract("ticket link 1 blocks 2", "ticket"),
    Contract("attachment add 1 {policy}", "attachment", many=True),
    Contract("attachment list 1", "attachment", many=True),
    Contract("attachment list 1 --count", "count"),
    Contract("attachment save 1 --to {folder}", "saved_file", many=True),
    Contract("search router", "hit", many=True),
    Contract("sla explain 1", "explanation"),
    Contract("sla reset 1 --clock resolution --reason r", "ticket"),
    Contract("sla check", "sla_check"),
    Contract("sla check --exit-code", "sla_check", code=10),
    Contract("sweep", "sweep"),
    Contract("sweep --dry-run", "sweep"),
    Contract("report sla --by plan,week", "report_sla", many=True),
    Contract("report response --by agent", "report_response", many=True),
    Contract("report resolution --by category", "report_resolution", many=True),
    Contract("report backlog --by week,org", "report_backlog", many=True),
    Contract("run list", "run", many=True),
    Contract("run list --count", "count"),
    Contract("run show 1", "run"),
    Contract("notice list", "notice", many=True),
    Contract("notice list --count", "count"),
    Contract("hook list", "hook_run", many=True),
    Contract("hook list --count", "count"),
    Contract("hook test redacted", "hook_run", many=True),
    Contract("notice done 1 2", "notice", many=True),
    Contract("event list", "event", many=True),
    Contract("event list --org Acme", "event", many=True),
    Contract("event list --count", "count"),
    Contract("org create Globex --plan gold --domain globex.example", "org"),
    Contract("org list", "org", many=True),
    Contract("org list --count", "count"),
    Contract("org show Acme", "org"),
    Contract("org show Acme acme", "org", many=True),
    Contract("org edit Acme --vip --account-manager ann", "org"),
    Contract("org edit Acme --plan early --open-tickets", "org"),
    Contract("contact create new@acme.example --org Acme", "contact"),
    Contract("contact list", "contact", many=True),
    Contract("contact list --count", "count"),
    Contract(f"contact show {SARA}", "contact"),
    Contract(f"contact edit {SARA} --name Sara", "contact"),
    Contract(f"contact forget {SARA} --yes", "contact"),
    Contract("agent create eve --email eve@desk.example", "agent"),
    Contract("agent list --all", "agent", many=True),
    Contract("agent list --count", "count"),
    Contract("agent show ann me", "agent", many=True),
    Contract("agent edit bob --tz Europe/Paris", "agent"),
    Contract("agent away", "agent", many=True),
    Contract("agent back ann bob", "agent", many=True),
    Contract("agent retire bob --reassign-to ann", "agent"),
    Contract("team create night --lead ann", "team"),
    Contract("team list", "team", many=True),
    Contract("team list --count", "count"),
    Contract("team show network", "team"),
    Contract("team edit network --lead bob", "team"),
    Contract("plan check {policy}", "problem", many=True, empty=True),
    Contract("plan check {broken}", "problem", many=True, code=6),
    Contract("plan diff {changed}", "plan_change", many=True),
    Contract("plan diff {changed} --exit-code", "plan_change", many=True, code=10),
    Contract("plan apply {changed}", "policy"),
    Contract("plan apply {changed} --dry-run", "policy"),
    Contract("plan list", "plan", many=True),
    Contract("plan list --count", "count"),
    Contract("plan show gold", "plan"),
    Contract("plan history", "policy_version", many=True),
    Contract("plan history --count", "count"),
    Contract("plan export", None),
    Contract("plan export --at 1", None),
    Contract("calendar list", "calendar", many=True),
    Contract("calendar show always", "calendar"),
    Contract("calendar due always now 4h --explain", "due"),
    Contract("calendar elapsed always yesterday now", "elapsed"),
    Contract("priority list", "priority", many=True),
    Contract("priority list --count", "count"),
    Contract("priority show high", "priority"),
    Contract("priority create urgent --before high --label fr=Urgent", "priority"),
    Contract("priority edit vip --meaning x", "priority"),
    Contract("priority retire vip", "priority"),
    Contract("category list", "category", many=True),
    Contract("category list --count", "count"),
    Contract("category show returns", "category"),
    Contract("category create billing", "category"),
    Contract("category edit returns --description x", "category"),
    Contract("category retire returns", "category"),
    Contract("type list", "type", many=True),
    Contract("type list --count", "count"),
    Contract("region list", "region", many=True),
    Contract("region list --count", "count"),
    Contract("region show europe", "region"),
    Contract("region show europe asia", "region", many=True),
    Contract("region resolve FR --area east", "ladder_contact", many=True),
    Contract("route explain 1", "route"),
    Contract("view save mine --assignee me --yes", "view"),
    Contract("view run late", "ticket", many=True),
    Contract("view run late --count", "count"),
    Contract("view list", "view", many=True),
    Contract("view list --count", "count"),
    Contract("view delete late --yes", "view", many=True),
    Contract("db check", "check"),
    Contract("db check --deep", "check"),
    Contract("db doctor", "finding", many=True, empty=True),
    Contract("db stats", "stats"),
    Contract("db backup {backup} --yes", "backup"),
    Contract("db restore {backup} --db new.db", "restored"),
    Contract("db migrate", "migration"),
    Contract("db vacuum", "vacuum"),
    Contract("export", None),
    Contract("export ticket", None),
    Contract("import {folder}/export.jsonl --db new.db", "imported"),
    Contract("config show", "config", many=True),
    Contract("completion bash", None),
    Contract("schema", None),
    Contract("schema ticket", None),
    Contract("help exit-codes", None),
)

# They neither need a database nor look at one that is there.
WITHOUT_DATABASE = {
    "init", "demo", "plan check", "config show", "completion", "schema", "help", "db doctor", "db restore",
    "import",
}  # fmt: skip
# What changes nothing; the other commands take the write lock.
READING = {
    name
    for name in COMMANDS
    if name.split()[-1]
    in ("list", "show", "log", "explain", "check", "diff", "export", "due", "elapsed", "history")
    or name.split()[0] in ("search", "report", "config", "completion", "schema", "help")
} | {
    "ticket next", "region resolve", "view run", "db doctor", "db stats", "db backup", "attachment save",
    "hook test",
}  # fmt: skip


def each(**chosen: Any) -> list[Contract]:
    """One contract a command: the first that has the attributes asked for."""
    found: dict[str, Contract] = {}
    for contract in CONTRACTS:
        if all(getattr(contract, name) == value for name, value in chosen.items()):
            found.setdefault(contract.command, contract)
    return list(found.values())


def failed(done: Result, exit_code: int, code: str) -> None:
    """The command ended so, with one error of that code, and printed no record."""
    assert (done.code, done.out.strip()) in {(exit_code, ""), (exit_code, "[]")}, done
    assert [error["code"] for error in done.errors] == [code]
    (error,) = done.errors
    assert list(error) == ["code", "message", "hint", "details"]


def stock(folder: Path) -> Path:
    """Make the database and the policy files: ticket 1 is overdue and has a note, 2 waits for its customer
    and is bob's, 3 is closed, 4 has no organisation and a note that was redacted, which a hook was told; one
    sweep has run."""
    path = build(folder)
    (folder / "changed.yaml").write_text(POLICY.replace("8h}", "6h}"), encoding="utf-8")
    (folder / "broken.yaml").write_text(POLICY.replace("8h}", "8 hours}"), encoding="utf-8")
    app = App(str(path), actor="ann", now=START, timezone="UTC")
    handmade.create(app, "priority", "vip", {})
    handmade.create(app, "category", "returns", {"description": "what comes back"})
    given = {"sender": SARA, "body": "No light"}
    for subject in ("Router down", "Invoice", "Cable"):
        tickets.create(app, subject=subject, category="technical", type="question", tags=("vip",), **given)
    tickets.create(app, subject="Hello", sender="x@else.example", body="b", priority="low")
    conversation.note(app, 1, body="their firewall")
    attachments.add(app, 1, [str(folder / "policy.yaml")])
    conversation.reply_as_agent(app, 2, body="Which one?")
    lifecycle.assign(app, 2, to="bob", team="network")
    lifecycle.close(app, 3, body="Sent", reason=None)
    people.create_agent(app, "old", "old@desk.example", {})
    note = conversation.note(app, 4, body="hunter2")
    redaction.redact(app, 4, note["id"], reason="a password")
    hooks.run_due(app)
    app.close()
    app = App(str(path), now=NOW, timezone="UTC")
    sweep.sweep(app)
    views.save(app, "late", {"overdue": True})
    app.close()
    backup.backup(app, str(folder / "backup.db"))
    with export.everything(app) as (_, lines):
        (folder / "export.jsonl").write_text("".join(lines), encoding="utf-8")
    app.close()
    return path
