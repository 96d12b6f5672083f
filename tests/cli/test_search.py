"""`helpdesk search` and `ticket list --text`: words in any language, qualifiers, order, and user text that
means nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from console import Run
from desk import OMAR, SARA, Desk

SNIPPET = "The **router** in the hall is dead"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where `talk` is kept for the next test, once it was made."""
    return tmp_path_factory.mktemp("talk") / "talk.db"


@pytest.fixture
def talk(desk: Desk, kept: Path) -> Desk:
    """Six tickets: 1 a router, 2 an invoice, 3 Arabic, 4 French, 5 Chinese, 6 a router again, closed."""
    if kept.exists():
        shutil.copy(kept, desk.path)
        desk.later(hours=6)
        return desk

    def create(subject: str, body: str, *more: object, by: str = SARA) -> None:
        desk.json("ticket", "create", "--subject", subject, "--from", by, "--body", body, *more)
        desk.later(hours=1)

    create("No connection", "The router in the hall is dead", "--tag", "vip")
    create("Invoice 4711", "The amount is wrong", "--category", "sales", by=OMAR)
    create("تعطّل الشبكة", "لا يوجد اتصال في المَدْرَسة منذ ١٢ يوما", by="omar@else.example")
    create("Où est ma facture ?", "Je ne trouve pas la facture de l'été. C'est un cœur brisé.")
    create("数据库坏了", "我们的数据库坏了，请尽快修理", "--priority", "high")
    create("Router again", "Down since noon")
    desk.json("ticket", "reply", 1, "--body", "Is the lamp of the modem on?")
    desk.json("ticket", "note", 1, "--body", "Cousin of the plumber; beware of the hall")
    desk.json("ticket", "assign", 2, "--to", "bob")
    desk.json("ticket", "close", 6)
    shutil.copy(desk.path, kept)
    return desk


def found(desk: Desk, *query: str, sort: str = "newest") -> list[int]:
    words = (f" {word}" for word in query)  # a space before a minus, which would begin an option
    return [hit["id"] for hit in desk.json("search", "--sort", sort, *words)]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("router", [6, 1]),
        ("ROUTER down", [6]),  # a word of the subject, a word of the message
        ("connection hall", [1]),
        ("modem hall", []),  # in two messages
        ("rout*", [6, 1]),
        ("rout", []),
        ('"in the hall"', [1]),
        ('"hall the in"', []),
        ('"the ha"*', [1]),
        ("router -hall", [6]),
        ("router -plumber", [6]),  # in a note of the ticket
        ("-router -facture -invoice", [5, 3]),
        ("plumber", [1]),
        ("المدرسه", [3]),
        ("الشبكه", [3]),
        ("12", [3]),
        ("ete", [4]),
        ("coeur BRISE", [4]),
        ("l'été", [4]),
        ("数据", [5]),
        ("库数", []),
        ("4711", [2]),
        ("nothing", []),
        ("from:sara@acme.example router", [6, 1]),
        ("from:sara@acme.example,omar@acme.example status:all", [6, 5, 4, 2, 1]),
        ("-from:sara@acme.example", [3, 2]),
        ("status:closed", [6]),
        ("status:open,closed router", [6]),
        ("-status:closed router", [1]),
        ("is:open router", [1]),
        ("is:closed", [6]),
        ("is:unassigned is:open", [5, 4, 3, 1]),
        ("-is:unassigned", [2]),
        ("assignee:bob", [2]),
        ("assignee:none priority:high 数据", [5]),
        ("tag:vip", [1]),
        ("-tag:vip router", [6]),
        ("-tag:vip -status:closed router", []),  # neither of them, not only what is both
        ("category:sales", [2]),
        ("-category:sales router", [6, 1]),
        ("org:none", [3]),
        ('org:"Acme" router', [6, 1]),
        ("-org:acme", [3]),
        ("after:2026-03-01T13:00:00Z", [6, 5]),
        ("before:2026-03-01T10:00:00Z", [1]),
        ("before:2026-03-01T10:00:01Z after:2026-03-01T10:00:00Z", [2]),
        ("-after:2026-03-01T10:00:00Z", [1]),
        ("is:overdue", [5, 2]),
        ("-is:overdue -is:unassigned", []),
        ("color:red", []),
    ],
)
def test_what_is_found(talk: Desk, query: str, wanted: list[int]) -> None:
    assert found(talk, query) == wanted
    assert sorted(found(talk, query, sort="rank")) == sorted(wanted)
    listed = [
        row["id"] for row in talk.json("ticket", "list", "--status", "all", "--text", query, "--sort", "-id")
    ]
    assert listed == sorted(wanted, reverse=True)
    assert talk.json("ticket", "list", "--status", "all", "--text", query, "--count") == {
        "count": len(wanted)
    }


MISCHIEF = [
    "'", ";", "--", "%", "_", '"', "NEAR(", "*", "^", "***", "(", ")", "-", "-*", ":", "::", "😀", "\u202e",
    '"NEAR(a', "a*b*", "^a", "{a}:b", "messages_fts", "AND", "OR",
]  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        *MISCHIEF, '"" ""', "OR NOT", "'; DROP TABLE tickets; --", "x" * 5000, "x:" * 2000, '"' * 999,
        " ".join(f"w{n}" for n in range(3000)), " ".join(f"-w{n}" for n in range(3000)),
    ],
    ids=lambda query: query[:12],
)  # fmt: skip
def test_no_text_is_a_mistake(talk: Desk, query: str) -> None:
    for words in (("search", "--", query), ("ticket", "list", "--text", query)):
        result = talk(*words)
        assert (result.code, result.err.count("Error")) == (0, 0)
    assert found(talk, "hall router", query) in ([], [1])


@pytest.mark.parametrize("query", [(), ("",), ("  ",), ("\n",)])
def test_an_empty_query(desk: Desk, query: tuple[str, ...]) -> None:
    code = "empty_query" if query else "missing_parameter"
    assert desk.refused("search", *query, code=2)["code"] == code


@pytest.mark.parametrize(
    ("query", "exit_code", "code", "hint"),
    [
        ("status:opne", 2, "unknown_status", "did you mean"),
        ("org:acne", 3, "unknown_org", "did you mean 'Acme'?"),
        ("-priority:hihg", 3, "unknown_priority", "did you mean"),
        ("before:someday", 2, "bad_time", ""),
        ("is:awake", 2, "unknown_status", ""),
    ],
)
def test_values_are_those_of_the_filters(
    talk: Desk, query: str, exit_code: int, code: str, hint: str
) -> None:
    for words in (("search", f"router {query}"), ("ticket", "list", "--text", f"router {query}")):
        error = talk.refused(*words, code=exit_code)
        assert error["code"] == code
        assert hint in error["hint"]
        assert error["hint"].endswith(f'put them in quotes: "{query.removeprefix("-")}"')


def test_a_name_with_a_comma_is_one_organisation(talk: Desk) -> None:
    talk.json("org", "create", "Acme, Ltd", "--plan", "gold")
    talk.json("ticket", "edit", 2, "--org", "Acme, Ltd")
    assert found(talk, 'org:"acme, ltd"') == [2]
    assert found(talk, "org:acme router") == [6, 1]


@pytest.mark.parametrize("typed", ["is:at_risk", "is:at-risk", 'is:"at risk"', "is:AT-RISK"])
def test_a_state_of_two_words_however_they_are_joined(desk: Desk, typed: str) -> None:
    for priority in ("high", "low"):
        desk.json("ticket", "create", "--subject", "s", "--from", SARA, "--body", "b", "--priority", priority)
    assert found(desk, typed) == []
    desk.later(minutes=59)
    assert found(desk, typed) == [1]


def test_hits_name_what_was_hit(talk: Desk) -> None:
    hit = talk.json("search", "router")[-1]
    subject, message = sorted(talk.json("search", "router"), key=lambda hit: hit["id"], reverse=True)
    assert message == {
        "id": 1, "ref": "HD-1", "subject": "No connection", "status": "waiting_customer",
        "message": 1, "at": "2026-03-01T09:00:00Z", "author": SARA, "public": True, "snippet": SNIPPET,
    }  # fmt: skip
    assert subject["message"] is None
    assert (subject["at"], subject["author"]) == ("2026-03-01T14:00:00Z", SARA)
    assert subject["snippet"] == "**Router** again"
    note = talk.json("search", "plumber")[0]
    assert (note["author"], note["public"], note["message"]) == ("ann", False, 8)
    assert hit in (subject, message)
    opening = talk.json("search", "category:sales")[0]
    assert (opening["message"], opening["snippet"]) == (2, "The amount is wrong")


def test_ranking(desk: Desk) -> None:
    """A hit in the subject counts for more than one in a message; a ticket has its best hit."""
    for subject, body in (("Other", "a printer " + "x " * 9), ("Printer", "help " + "x " * 9), ("No", "no")):
        desk.json("ticket", "create", "--subject", subject, "--from", SARA, "--body", body)
    desk.json("ticket", "reply", 3, "--body", "printer")
    desk.json("ticket", "reply", 3, "--body", "yes " * 50 + "printer")
    hits = desk.json("search", "printer")
    assert [hit["id"] for hit in hits] == [2, 3, 1]
    assert hits[1]["snippet"] == "**printer**"
    newest = desk.json("search", "printer", "--sort", "newest")
    assert [hit["id"] for hit in newest] == [3, 2, 1]
    assert newest[0]["snippet"].startswith("…yes")


def test_formats_and_limits(talk: Desk) -> None:
    assert talk("search", "router", "-f", "ids", "--sort", "newest").out.split() == ["6", "1"]
    assert len(talk.json("search", "router", "--limit", "1")) == 1
    result = talk("search", "router", "--limit", "1")
    assert "1 more: --limit 0 shows all." in result.err
    assert "**router**" in talk("search", "hall", "router").out
    assert talk("search", "zzz").err == "No hits.\n"
    lines = talk("search", "router", "-f", "jsonl", "--fields", "ref,snippet").out.splitlines()
    assert f'{{"ref":"HD-1","snippet":"{SNIPPET}"}}' in lines


def test_text_beside_other_filters(talk: Desk) -> None:
    def listed(*words: str) -> list[int]:
        return [row["id"] for row in talk.json("ticket", "list", "--sort", "id", *words)]

    assert listed("--text", "router") == [1]  # active ones, unless the text says otherwise
    assert listed("--text", "router status:closed") == [6]
    assert listed("--text", "router status:all") == [1, 6]
    assert listed("--text", "router is:closed", "--status", "open") == []
    assert listed("--text", "facture", "--from", OMAR) == []
    assert listed("--text", "the -zzz", "--tag", "vip") == [1]
    assert listed("--text", "from:sara@acme.example", "--priority", "high,normal", "--after", "1") == [4, 5]


def test_the_index_follows_what_is_written(talk: Desk) -> None:
    assert found(talk, "broadband") == []
    talk.json("ticket", "edit", 1, "--subject", "Broadband is down")
    assert found(talk, "broadband modem") == [1]
    assert found(talk, "connection") == []
    talk.json("ticket", "note", 1, "--edit", 8, "--body", "Nephew of the plumber")
    assert (found(talk, "cousin"), found(talk, "nephew plumber")) == ([], [1])
    talk.json("ticket", "reply", 2, "--from", OMAR, "--body", "Any news?")
    assert found(talk, "news invoice") == [2]
    talk.later(days=30)
    late = talk.json("ticket", "reply", 6, "--from", SARA, "--body", "It happens again")
    assert late["ticket"] == 7
    assert found(talk, "router happens") == [7]


def test_what_is_refused_is_not_indexed(talk: Desk) -> None:
    talk.refused("ticket", "reply", 1, "--from", "eve@evil.example", "--body", "xyzzy", code=4)
    assert found(talk, "xyzzy") == []


def test_control_characters_never_reach_a_terminal(desk: Desk) -> None:
    desk.json(
        "ticket", "create", "--subject", "a\x1b]0;x\x07", "--from", SARA, "--body", "hit \x9b2J \u202eevil"
    )
    result = desk("search", "hit", tty=True)
    assert result.code == 0
    assert not set("\x1b\x07\x9b\u202e") & set(result.out.replace("\x1b[0m", "").replace("\x1b[1m", ""))


def test_the_topic(run: Run) -> None:
    assert run("help", "search").out.startswith("# Search")
