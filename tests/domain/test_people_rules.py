"""What names and addresses may look like, whom a sender belongs to, who may reply (cli.md "Who acts")."""

from __future__ import annotations

from datetime import date

import pytest

from helpdesk_cli.domain import people
from helpdesk_cli.errors import NotFoundError, RefusedError, UsageError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ann@acme.example", "ann@acme.example"),
        (" Ann.Lee+desk@ACME.Example ", "Ann.Lee+desk@acme.example"),
        ("root@localhost", "root@localhost"),
        ("منى@acme.example", "منى@acme.example"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("o'neil@a-b.example", "o'neil@a-b.example"),
    ],
)
def test_addresses(text: str, expected: str) -> None:
    assert people.address(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "ann", "@acme.example", "ann@", "ann@@acme.example", "a b@acme.example", "ann@acme example",
        "ann@.example", "ann@acme..example", "ann@-acme.example", "ann@acme-.example", ".ann@acme.example",
        "ann.@acme.example", "a..b@acme.example", "Ann <ann@acme.example>", "a@acme.example,b@acme.example",
        "ann\n@acme.example", "ann\x1b[2J@acme.example", "ann\u202e@acme.example", "ann@ac\x9bme.example",
        "ann\udcff@acme.example", "ann@acme\udcff.example", "x" * 65 + "@acme.example",
        "ann@" + "x" * 64 + ".example", "ann@" + "x.y" * 100, "ann@[127.0.0.1]", "ann@" + "ü" * 80,
    ],
)  # fmt: skip
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        people.address(text)
    assert caught.value.code == "bad_address"
    assert caught.value.message.isprintable()


def test_skills() -> None:
    assert people.skills([" Network", "front  OFFICE", "network", "\u0627\u0644"]) == [
        "front office", "network", "\u0627\u0644",
    ]  # fmt: skip
    assert people.skills([]) == []
    assert people.skills(["x" * 50]) == ["x" * 50]
    for text, code in (("", "bad_text"), ("x" * 51, "bad_text"), ("a\nb", "bad_text"), ("a,b", "bad_skill")):
        with pytest.raises(UsageError) as caught:
            people.skills(["network", text])
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "code"), [("fr", "fr"), (" FR ", "fr"), ("fr-CA", "fr"), ("pt_BR.UTF-8", "pt"), ("ckb", "ckb")]
)
def test_languages(text: str, code: str) -> None:
    assert people.language(text) == code


@pytest.mark.parametrize("text", ["", "C", "POSIX", "French", "f", "fr,ar", "f\x1b"])
def test_what_is_no_language(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        people.language(text)
    assert caught.value.code == "bad_language"
    assert caught.value.message.isprintable()


@pytest.mark.parametrize("text", ["2026-12-31", " 2028-02-29", "1970-01-01", "8999-12-31"])
def test_days(text: str) -> None:
    assert people.day(text) == text.strip()


@pytest.mark.parametrize(
    "text", ["", "2026-02-29", "20261231", "2026-W01-1", "2026-1-1", "31.12.2026", "1969-12-31", "9000-01-01"]
)
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        people.day(text)
    assert caught.value.code == "bad_date"


def test_a_contract_is_in_force_on_its_last_day_and_not_after_it() -> None:
    """Z29."""
    days = [date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1)]
    assert [people.under_contract("2026-12-31", day) for day in days] == [True, True, False]
    assert not people.under_contract(None, days[0])


def test_declared_names() -> None:
    assert people.declared("region", " Far  East", ()) == "Far East"
    assert people.declared("region", "EMEA", ["apac", "emea"]) == "emea"
    with pytest.raises(NotFoundError, match="there is no region 'europ'") as caught:
        people.declared("region", "europ", ["apac", "europe"])
    assert (caught.value.code, caught.value.hint) == ("unknown_region", "did you mean 'europe'?")
    with pytest.raises(NotFoundError) as caught:
        people.declared("tier", "xyz", ["gold", "silver"])
    assert (caught.value.code, caught.value.hint) == ("unknown_tier", "it is one of gold, silver")


def test_domains() -> None:
    assert people.domain("@Acme.Example") == "acme.example"
    assert people.domain("مثال.example") == "xn--mgbh0fb.example"
    assert people.domain_of("Ann@acme.example") == "acme.example"
    for text in ("", "https://acme.example", "a b", "ac/me"):
        with pytest.raises(UsageError, match="is not a domain"):
            people.domain(text)


@pytest.mark.parametrize("text", ["ann", "Ann.Lee", "DESK\\ann", "منى", "ann@desk", "a-b_c"])
def test_logins(text: str) -> None:
    assert people.login(f" {text} ") == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a b",
        "a,b",
        "a:b",
        "-a",
        "a\tb",
        "a\x1b",
        "x" * 65,
        "\udcff",
        "me",
        "None",
        "SWEEP",
        "customer",
    ],
)
def test_what_is_no_login(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        people.login(text)
    assert caught.value.code == "bad_login"


def test_names() -> None:
    assert people.name("  Acme,  Inc. ", "organisation") == "Acme, Inc."
    for text in ("none", "NONE", "", "a\nb"):
        with pytest.raises(UsageError):
            people.name(text, "team")


def test_a_sender_belongs_to_the_one_organisation_that_claims_the_domain() -> None:
    acme, globex = people.Organisation(1, "Acme"), people.Organisation(2, "Globex")
    assert people.organisation_for("a@x.example", []) is None
    assert people.organisation_for("a@x.example", [acme]) == 1
    with pytest.raises(RefusedError, match="Acme, Globex") as caught:
        people.organisation_for("a@x.example", [acme, globex])
    assert caught.value.details == {"candidates": ["Acme", "Globex"]}


@pytest.mark.parametrize(
    ("contact_id", "contact_org", "ticket_org", "copied", "allowed"),
    [
        (1, None, None, [], True),  # the requester
        (2, 7, 7, [], True),  # of the same organisation
        (2, 8, 7, [], False),
        (2, None, None, [], False),  # two people without organisation have nothing in common
        (2, None, 7, ["ANN@acme.example"], True),  # in copy
        (2, None, 7, ["bob@acme.example"], False),
    ],
)
def test_who_may_reply(
    contact_id: int, contact_org: int | None, ticket_org: int | None, copied: list[str], allowed: bool
) -> None:
    assert allowed == people.may_reply(
        "Ann@acme.example",
        contact_id=contact_id,
        contact_org_id=contact_org,
        requester_id=1,
        orgs={ticket_org},
        copied=copied,
    )
