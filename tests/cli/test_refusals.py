"""What single commands refuse, and how they end then: exit codes 2, 3 and 4 with the code of the error."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from console import Result, Run
from contracts import NOW, failed
from desk import SARA

Ask = Callable[..., Result]


@pytest.fixture
def path(stocked: Path, tmp_path: Path) -> Path:
    """A database of one's own."""
    return Path(shutil.copy(stocked, tmp_path / "desk.db"))


@pytest.fixture
def ask(run: Run, path: Path) -> Ask:
    """`ask(words, *more)`: that command, by ann."""

    def asked(called: str, *more: str, **streams: Any) -> Result:
        return run("--db", str(path), "--now", NOW, "--as", "ann", *called.split(), *more, **streams)

    return asked


# -- 2: a word that cannot be --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("called", "code"),
    [
        ("ticket list --sort subject", "bad_sort"),
        ("ticket list --status opne", "unknown_status"),
        ("ticket list --due-within 1.5h", "bad_duration"),
        ("ticket list --limit -1", "bad_number"),
        ("ticket list --limit 99999999999999999999", "bad_number"),
        ("ticket list --after 3", "usage"),
        ("ticket list --color blue", "unknown_word"),
        ("ticket list --created-after 2026-02-31", "bad_time"),
        ("ticket next --order age", "unknown_word"),
        ("ticket show x", "bad_ticket"),
        ("ticket log HD-", "bad_ticket"),
        (f"ticket create --subject s --from {SARA}", "no_text"),
        ("ticket create --subject s --from nobody --body b", "bad_address"),
        ("ticket reply 1", "no_text"),
        (f"ticket reply 1 --from {SARA} --status closed --body b", "usage"),
        ("ticket note 1", "no_text"),
        ("ticket assign 1", "usage"),
        ("ticket hold 1 --until someday", "bad_time"),
        ("ticket close 1 --as-customer --body b", "usage"),
        ("ticket edit 1", "usage"),
        ("ticket edit 1 --status opne", "unknown_status"),
        ("sla reset 1 --clock lunch --reason r", "unknown_word"),
        ("sla check --max-sweep-age -1m", "bad_duration"),
        ("sweep --limit x", "bad_number"),
        ("report sla --by moon", "unknown_group"),
        ("run list --sort nwo", "bad_sort"),
        ("run show x", "bad_number"),
        ("notice done x", "bad_notice"),
        ("event list --type creatd", "unknown_word"),
        ("event list --after x", "bad_number"),
        ("org edit Acme", "no_change"),
        ("contact create nobody", "bad_address"),
        (f"contact edit {SARA}", "no_change"),
        ("agent create a,b --email e@desk.example", "bad_login"),
        ("agent edit bob --tz Europe/Pari", "unknown_zone"),
        ("team create none", "bad_text"),
        ("team edit network", "no_change"),
        ("priority create High", "bad_name"),
        ("priority edit high --before high", "bad_order"),
        ("category create none", "bad_name"),
        ("category edit sales", "no_change"),
        ("calendar due always then 4h", "bad_time"),
        ("calendar due always now soon", "bad_duration"),
        ("calendar elapsed always now then", "bad_time"),
        ("schema tikcet", "unknown_record"),
        ("help tiem", "unknown_topic"),
        ("completion tcsh", "unknown_word"),
    ],
)
def test_2_a_word_that_cannot_be(ask: Ask, called: str, code: str) -> None:
    failed(ask(called, "--json"), 2, code)


# -- 3: no such record ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("called", "code"),
    [
        (f"ticket create --subject s --from {SARA} --body b --priority hihg", "unknown_priority"),
        (f"ticket create --subject s --from {SARA} --body b --category sale", "unknown_category"),
        (f"ticket create --subject s --from {SARA} --body b --type wihs", "unknown_type"),
        (f"ticket create --subject s --from {SARA} --body b --plan glod", "unknown_plan"),
        (f"ticket create --subject s --from {SARA} --body b --org Acne", "unknown_org"),
        ("ticket list --priority hihg", "unknown_priority"),
        ("ticket list --org Acne", "unknown_org"),
        ("ticket list --assignee anna", "unknown_agent"),
        ("ticket list --team netwrok", "unknown_team"),
        ("ticket next --team netwrok", "unknown_team"),
        ("ticket log 99", "ticket_not_found"),
        ("ticket reply 99 --body b", "ticket_not_found"),
        ("ticket note 99 --body b", "ticket_not_found"),
        ("ticket note 1 --edit 99 --body b", "message_not_found"),
        ("ticket assign 1 --to anna", "unknown_agent"),
        ("ticket assign 1 --team netwrok", "unknown_team"),
        ("ticket edit 1 --priority hihg", "unknown_priority"),
        ("ticket edit 1 --org Acne", "unknown_org"),
        ("ticket redact 99 --message 1 --reason r", "ticket_not_found"),
        ("ticket redact 1 --message 99 --reason r", "message_not_found"),
        ("sla explain 99", "ticket_not_found"),
        ("sla reset 99 --clock resolution --reason r", "ticket_not_found"),
        ("run show 99", "run_not_found"),
        ("event list --ticket 99", "ticket_not_found"),
        ("org create b --plan glod", "unknown_plan"),
        ("org create b --account-manager anna", "unknown_agent"),
        ("org list --plan glod", "unknown_plan"),
        ("org edit Acne --vip", "unknown_org"),
        ("contact create n@b.example --org Acne", "unknown_org"),
        ("contact list --org Acne", "unknown_org"),
        ("contact edit n@b.example --name N", "unknown_contact"),
        ("agent create eve --email e@desk.example --team netwrok", "unknown_team"),
        ("agent list --team netwrok", "unknown_team"),
        ("agent edit anna --name A", "unknown_agent"),
        ("agent retire anna", "unknown_agent"),
        ("agent retire bob --reassign-to anna", "unknown_agent"),
        ("team create night --lead anna", "unknown_agent"),
        ("team edit netwrok --lead ann", "unknown_team"),
        ("plan show glod", "unknown_plan"),
        ("calendar show alway", "unknown_calendar"),
        ("calendar due alway now 4h", "unknown_calendar"),
        ("calendar elapsed alway yesterday now", "unknown_calendar"),
        ("priority show hihg", "unknown_priority"),
        ("priority create urgent --before hihg", "unknown_priority"),
        ("priority edit hihg --meaning x", "unknown_priority"),
        ("priority retire hihg", "unknown_priority"),
        ("category show sale", "unknown_category"),
        ("category edit sale --description x", "unknown_category"),
        ("category retire sale", "unknown_category"),
    ],
)
def test_3_no_such_record(ask: Ask, path: Path, stocked: Path, called: str, code: str) -> None:
    failed(ask(called, "--json"), 3, code)
    assert path.read_bytes() == stocked.read_bytes()


def test_3_no_ticket_is_left(ask: Ask) -> None:
    ask("ticket close 1 4")
    failed(ask("ticket next --json"), 3, "none_left")
    failed(ask("ticket next --take --json"), 3, "none_left")


# -- 4: refused by a rule ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("called", "code"),
    [
        (f"ticket create --subject s --from {SARA} --body b --priority old", "retired"),
        ("ticket create --subject s --from ann@desk.example --body b", "agent_address"),
        ("ticket reply 1 --from stranger@else.example --body b", "not_a_participant"),
        ("ticket note 1 --edit 1 --body b", "not_a_note"),
        ("ticket take 2", "assigned"),
        ("ticket take 3", "transition"),
        ("ticket resume 1", "transition"),
        ("ticket resolve 3", "transition"),
        ("ticket close 3", "transition"),
        ("ticket reopen 1", "transition"),
        ("ticket hold 3", "transition"),
        ("ticket edit 1 --if-version 1 --priority low", "version_conflict"),
        ("ticket edit 3 --status on_hold", "transition"),
        ("ticket edit 1 --priority old", "retired"),
        ("sla reset 3 --clock resolution --reason r", "clock_not_running"),
        ("org create ACME", "exists"),
        ("org edit Acme --remove-domain else.example", "unknown_domain"),
        (f"contact create {SARA}", "exists"),
        (f"contact edit {SARA} --email ann@desk.example", "agent_address"),
        ("agent create ann --email e@desk.example", "exists"),
        (f"agent edit ann --email {SARA}", "contact_address"),
        ("agent retire bob", "holds_tickets"),
        ("team create Network", "exists"),
        ("priority create high", "exists"),
        ("priority retire normal", "default"),
        ("category create sales", "exists"),
        ("demo", "not_empty"),
    ],
)
def test_4_refused(ask: Ask, called: str, code: str) -> None:
    before = ask("event list").out
    done = ask(called, "--json")
    assert done.code == 4, done
    failed(done, 4, code)
    assert ask("event list").out == before


def test_4_who_is_no_agent_may_not_speak_as_support(run: Run, ask: Ask, path: Path) -> None:
    from helpdesk_cli.adapters.host import login

    ask(f"agent retire {login()}")
    for called in ("ticket note 1 --body b", "ticket take 1", "ticket reply 1 --body b", "agent show me"):
        failed(run("--db", str(path), *called.split(), "--json"), 4, "retired")
    failed(ask("ticket list", "--as", login(), "--json"), 4, "retired")
