"""`--lang`: the languages that a policy has labels in, what is refused, and what falls back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from console import Run
from desk import SARA, Desk

from tests.old_files import make_old

CLIENT = "En attente du client"  # the only label of the desk's policy, for waiting_customer


@pytest.fixture
def waiting(desk: Desk) -> Desk:
    """A desk with one ticket that waits for the customer."""
    desk.bring("waiting_customer")
    return desk


@pytest.mark.parametrize("lang", ["fr", "FR", "fr-CA", "fr_CA", "fr_FR.UTF-8"])
def test_a_language_with_its_variants(waiting: Desk, lang: str) -> None:
    for given in (("--lang", lang), ()):
        env = {} if given else {"HELPDESK_LANG": lang}
        assert CLIENT in waiting("ticket", "list", *given, env=env).out
        assert f"Status      {CLIENT}\n" in waiting("ticket", "show", 1, *given, env=env).out
        assert CLIENT in waiting("ticket", "list", "-f", "markdown", *given, env=env).out


@pytest.mark.parametrize("lang", ["en", "en-GB", "C", "C.UTF-8", "POSIX"])
def test_english_and_the_machines_own_names_are_always_there(waiting: Desk, lang: str) -> None:
    result = waiting("ticket", "list", "--lang", lang)
    assert (result.code, result.err) == (0, "")
    assert "waiting_customer" in result.out


@pytest.mark.parametrize("locale", ["de_DE.UTF-8", "frr_DE", "C", "", "nonsense/../x", "\x1b[2J"])
def test_a_language_of_the_locale_alone_falls_back_silently(waiting: Desk, locale: str) -> None:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        result = waiting("ticket", "list", env={"LANG": "", variable: locale})
        assert (result.code, result.err) == (0, "")
        assert "waiting_customer" in result.out
    assert CLIENT in waiting("ticket", "list", env={"LC_ALL": "fr_FR", "LANG": "de_DE"}).out
    assert "waiting_customer" in waiting("ticket", "list", env={"LC_ALL": "de_DE", "LANG": "fr_FR"}).out


def given_by(how: str, lang: str, path: Path) -> tuple[tuple[str, ...], dict[str, str]]:
    """(words, variables) that ask for a language."""
    match how:
        case "--lang":
            return ("--lang", lang), {}
        case "HELPDESK_LANG":
            return (), {"HELPDESK_LANG": lang}
        case _:
            config = path.with_name("config.yaml")
            config.write_text(f"lang: {lang}\n", encoding="utf-8")
            return ("--config", str(config)), {}


@pytest.mark.parametrize("how", ["--lang", "HELPDESK_LANG", "lang in the config file"])
@pytest.mark.parametrize(
    ("lang", "hint"),
    [("frr", "Hint: did you mean 'fr'?\n      there are en, fr\n"), ("de", "Hint: there are en, fr\n")],
)
def test_a_language_without_labels_is_refused_where_somebody_gave_it(
    waiting: Desk, how: str, lang: str, hint: str
) -> None:
    words, env = given_by(how, lang, waiting.path)
    for command in (
        "ticket list", "ticket show 1", "ticket list -f markdown", "org list", "priority list",
        "plan show gold", "report sla",
    ):  # fmt: skip
        result = waiting(*command.split(), *words, env=env)
        assert (result.code, result.out) == (2, "")
        assert result.err == f"Error: {how}: the policy has no label in '{lang}'\n{hint}"


MACHINES = ("json", "jsonl", "csv", "ids")


@pytest.mark.parametrize("form", MACHINES)
def test_machines_ask_for_no_labels(waiting: Desk, form: str) -> None:
    for command in (("ticket", "list"), ("ticket", "show", 1), ("plan", "list")):
        result = waiting(*command, "-f", form, "--lang", "frr")
        assert (result.code, result.err) == (0, "")
        assert result.out == waiting(*command, "-f", form).out


@pytest.mark.parametrize(
    "command",
    [
        ("ticket", "list", "--fields", "ref,subject"),
        ("event", "list"),
        ("event", "list", "-f", "table"),
        ("ticket", "log", 1),
        ("agent", "list"),
        ("calendar", "list"),
        ("plan", "export"),
        ("sweep",),
    ],
)
def test_nor_does_what_has_none(waiting: Desk, command: tuple[Any, ...]) -> None:
    assert waiting(*command, "--lang", "frr").code == 0


@pytest.mark.parametrize(
    "command",
    [
        ("ticket", "reply", 1, "--body", "x"),
        ("ticket", "note", 1, "--body", "x"),
        ("ticket", "resolve", 1),
        ("ticket", "edit", 1, "--priority", "high"),
        ("ticket", "next", "--take"),
        ("ticket", "create", "--subject", "s", "--from", SARA, "--body", "b"),
        ("org", "create", "New", "--plan", "gold"),
    ],
)
def test_nothing_is_written_whose_answer_cannot_be_shown(waiting: Desk, command: tuple[Any, ...]) -> None:
    waiting.open()
    before = waiting.path.read_bytes(), waiting.log()
    result = waiting(*command, "--lang", "frr")
    assert (result.code, result.out) == (2, "")
    assert (waiting.path.read_bytes(), waiting.log()) == before


@pytest.mark.parametrize("lang", ["", "x", "french", "fr-", "!!", "fr FR", "\x1b[2J"])
def test_what_is_no_language(waiting: Desk, lang: str) -> None:
    for form in ("table", "json", "csv"):
        result = waiting("ticket", "list", "-f", form, "--lang", lang)
        assert (result.code, result.out) == (2, "")
        assert "is no language" in result.err
        assert "\x1b" not in result.err
    error = waiting("event", "list", "--json", "--lang", lang).errors[0]
    assert (error["code"], error["message"]) == ("bad_lang", f"--lang: {lang!r} is no language")
    if lang:
        told = waiting("ticket", "list", env={"HELPDESK_LANG": lang}).err
        assert told.startswith(f"Error: HELPDESK_LANG: {lang!r} is no language\n")


def test_an_option_beats_what_would_be_refused(waiting: Desk) -> None:
    assert waiting("ticket", "list", "--lang", "fr", env={"HELPDESK_LANG": "frr"}).code == 0
    assert waiting("ticket", "list", env={"HELPDESK_LANG": "", "LANG": "frr"}).code == 0


def test_a_missing_database_is_told_first(desk: Desk) -> None:
    desk.path.unlink()
    result = desk("ticket", "list", "--lang", "frr", who=None)
    assert result.code == 3
    assert "there is no helpdesk database" in result.err


def test_a_language_keeps_nobody_from_bringing_an_older_database_up_to_date(run: Run, tmp_path: Path) -> None:
    """Its policy cannot be read yet; who writes migrates it first."""
    path = make_old(tmp_path / "old.db", 1)
    ticket = ("--subject", "s", "--from", "a@b.example", "--body", "b")
    done = run("--db", str(path), "ticket", "create", *ticket, "--lang", "fr")
    assert (done.code, "was brought from schema version" in done.err) == (0, True)


def test_a_label_made_by_hand_is_a_language_too(waiting: Desk) -> None:
    assert waiting("priority", "list", "--lang", "de").code == 2
    waiting.json("priority", "create", "burning", "--before", "high", "--label", "de=Brennend")
    assert "Brennend" in waiting("priority", "list", "--lang", "de").out
    result = waiting("ticket", "list", "--lang", "dee")
    assert result.err.endswith("Hint: did you mean 'de'?\n      there are de, en, fr\n")


def test_labels_in_three_scripts(run: Run, tmp_path: Path) -> None:
    """The shipped policy: statuses, priorities, categories and plans in a list and on the page."""
    words = ("--db", str(tmp_path / "new.db"))
    ticket = ("--subject", "s", "--from", "a@b.example", "--body", "b", "--category", "technical")
    assert run("init", *words).code == 0
    assert run("ticket", "create", *ticket, *words).code == 0
    for lang, status, priority, category, plan in (
        ("en", "Waiting for reply", "Normal", "Technical", "Basic"),
        ("fr", "En attente de réponse", "Normale", "Technique", "Essentiel"),
        ("ar", "في انتظار الرد", "عادية", "الدعم الفني", "الأساسية"),
    ):
        fields = ("--fields", "status,priority,category,plan", "--no-headers")
        listed = run("ticket", "list", *fields, "--lang", lang, *words).out
        assert listed.split("  ") == [status, priority, category, f"{plan}\n"]
        page = run("ticket", "show", "1", "--lang", lang, *words).out
        assert f"Status      {status}\n" in page
        assert f"Priority    {priority}, plan {plan}\n" in page
        assert f"Category    {category}\n" in page
