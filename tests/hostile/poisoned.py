"""A helpdesk whose every text is hostile: what the commands take, by the commands; the rest written into the
file, as another program could."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from attacks import ATTACK, TURNED
from console import invoke
from contracts import NOW, SARA

BODY = f"{ATTACK}\n\nSecond line {TURNED}\nrouter"
# What the commands take as it is. Names hold no control characters, but a script may need direction marks.
_COMMANDS: tuple[tuple[str, ...], ...] = (
    ("org", "create", f"{TURNED}Ltd", "--account-manager", "ann"),
    ("contact", "create", "evil@else.example", "--org", f"{TURNED}Ltd", "--name", TURNED),
    ("team", "create", TURNED, "--lead", "bob"),
    ("agent", "edit", "bob", "--name", TURNED),
    ("category", "create", "evil", "--description", TURNED, "--label", f"en={TURNED}"),
    ("priority", "create", "evil", "--meaning", TURNED, "--label", f"fr={TURNED}"),
    ("ticket", "create", "--from", "evil@else.example", "--subject", ATTACK, "--body", BODY,
     "--channel", TURNED, "--category", "evil", "--idempotency-key", ATTACK),
    ("ticket", "create", "--from", "evil@else.example", "--subject", f"router {TURNED} شكوى", "--body", BODY,
     "--priority", "low"),
    ("ticket", "edit", "1", "--subject", f"router {ATTACK}"),
    ("ticket", "reply", "1", "--body", BODY, "--cc", SARA),
    ("ticket", "reply", "1", "--from", SARA, "--body", BODY),
    ("ticket", "note", "1", "--body", BODY),
    ("ticket", "assign", "1", "2", "--team", TURNED),
    ("ticket", "redact", "2", "--message", "2", "--reason", ATTACK),
    ("sla", "reset", "1", "--clock", "resolution", "--reason", ATTACK),
    ("ticket", "resolve", "2", "5", "--body", BODY),
    ("view", "save", TURNED, "--text", f"{TURNED} \x1b[2J", "--channel", TURNED),
    ("sweep",),
)  # fmt: skip
# Texts that the commands refuse to take, and by which nothing is found.
_COLUMNS = {
    "orgs": ("region", "tier"),
    "contacts": ("name",),
    "agents": ("name", "email"),
    "tickets": ("channel", "close_reason"),
    "messages": ("channel",),
    "attachments": ("name",),
    "views": ("saved_by",),
    "notices": ("recipient", "text"),
    "runs": ("actor",),
    "events": ("actor",),
    "policies": ("actor", "source"),
}


def poison(path: Path) -> Path:
    """Fill the database of the contracts with attacks; its path."""
    for command in _COMMANDS:
        done = invoke(("--db", str(path), "--now", NOW, "--as", "ann", *command), path.parent)
        assert done.code == 0, (command, done)
    checked = invoke(("--db", str(path), "--now", NOW, "db", "check", "--deep"), path.parent)
    assert checked.out == "ok\n", checked
    with sqlite3.connect(path) as db:
        for table, columns in _COLUMNS.items():
            for column in columns:
                db.execute(f"UPDATE {table} SET {column} = ? || coalesce({column}, '')", (ATTACK,))
        db.execute("UPDATE tickets SET tags = ?", (json.dumps([ATTACK, "vip"]),))
        db.execute("UPDATE messages SET cc = ?", (json.dumps([ATTACK, SARA]),))
        db.execute("UPDATE runs SET failures = ?", (json.dumps([{"ticket": 1, "error": ATTACK}]),))
        for version, document in db.execute("SELECT version, document FROM policies").fetchall():
            told = json.dumps(_labelled(json.loads(document)))
            db.execute("UPDATE policies SET document = ? WHERE version = ?", (told, version))
    db.close()
    return path


def _labelled(document: Any) -> Any:
    """The policy with hostile labels and descriptions of everything that may have some."""
    for entry in (*document["priorities"], *document["categories"], *document["types"]):
        entry |= {"label": {"en": ATTACK, "fr": ATTACK}, "description": ATTACK}
    for region in document["regions"].values():
        for contact in (contact for level in region["levels"].values() for contact in level):
            contact["name"] = ATTACK
    for entry in document["priorities"]:
        entry["meaning"] = ATTACK
    for plan in document["plans"].values():
        plan["label"] = {"en": ATTACK, "fr": ATTACK}
    document["statuses"]["open"] = {"label": {"en": ATTACK}, "aliases": [ATTACK]}
    return document
