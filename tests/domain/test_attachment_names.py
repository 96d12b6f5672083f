"""Which names a file may keep, which it is saved under, and how large it may be (quality.md)."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_cli.domain.attachments import (
    LONGEST_NAME,
    MAX_BYTES,
    attachment_name,
    check_size,
    name_to_write,
    names_to_try,
)
from helpdesk_cli.errors import RefusedError

ZERO_WIDTH, BOM, RLO, SOFT = "\u200b", "\ufeff", "\u202e", "\u00ad"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("report.pdf", "report.pdf"),
        ("  Rapport annuel 2026.pdf ", "Rapport annuel 2026.pdf"),
        ("تقرير.pdf", "تقرير.pdf"),
        (f"in{ZERO_WIDTH}voice{BOM}.pdf", "invoice.pdf"),
        (f"{BOM}a.txt", "a.txt"),
        (f"photo{RLO}gpj.exe", "photogpj.exe"),
        (f"co{SOFT}op", "coop"),
        ("a..b", "a..b"),
        ("a-b.c-", "a-b.c-"),
        ("x", "x"),
        ("x" * LONGEST_NAME, "x" * LONGEST_NAME),
        ("é" * (LONGEST_NAME // 2), "é" * (LONGEST_NAME // 2)),
        ("Screenshot 10:30.png", "Screenshot 10:30.png"),
    ],
)
def test_a_name_is_kept_without_what_nobody_sees(text: str, name: str) -> None:
    assert attachment_name(text) == name
    assert attachment_name(name) == name


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        ("   ", "it is empty"),
        (ZERO_WIDTH + BOM, "it is empty"),
        ("../x", "another folder"),
        ("..\\x", "another folder"),
        ("a/b", "another folder"),
        ("/etc/passwd", "another folder"),
        ("C:\\x", "another folder"),
        ("c:x", "another folder"),
        (f".{ZERO_WIDTH}./x", "another folder"),
        ("a\0b", "control character"),
        ("a\nb", "control character"),
        ("a\n", "control character"),
        ("\ra", "control character"),
        ("a\x1b[2J", "control character"),
        ("a\x9b", "control character"),
        ("a\u2028b", "control character"),
        ("\udcff", "broken byte"),
        ("-rf", "begins with '-'"),
        (f"{ZERO_WIDTH}-rf", "begins with '-'"),
        (" -rf", "begins with '-'"),
        (".", "begins with '.'"),
        ("..", "begins with '.'"),
        (".bashrc", "begins with '.'"),
        (f"{ZERO_WIDTH}.bashrc", "begins with '.'"),
        (f"{BOM}.bashrc", "begins with '.'"),
        (f" {BOM} .bashrc", "begins with '.'"),
        ("x" * (LONGEST_NAME + 1), "more than 255 bytes"),
        ("é" * (LONGEST_NAME // 2 + 1), "more than 255 bytes"),
        ("x" * 300, "more than 255 bytes"),
    ],
)
def test_a_hostile_name_is_refused(text: str, why: str) -> None:
    with pytest.raises(RefusedError) as caught:
        attachment_name(text)
    assert (caught.value.code, caught.value.exit_code) == ("bad_name", 4)
    assert why in caught.value.message
    assert caught.value.message.isprintable()
    assert name_to_write(text, 7) == "attachment-7"


@given(st.text())
def test_whatever_is_kept_stays_in_its_folder(text: str) -> None:
    name = name_to_write(text, 1)
    assert name == name.strip() != ""
    assert not set(name) & {"/", "\\", "\0", "\n", "\u200b", "\ufeff"}
    assert name[0] not in "-."
    assert len(name.encode()) <= LONGEST_NAME
    for each in islice(names_to_try(name), 3):
        assert name_to_write(each, 1) == each


@pytest.mark.parametrize(
    ("name", "tried"),
    [
        ("a.txt", ["a.txt", "a-2.txt", "a-3.txt"]),
        ("a.tar.gz", ["a.tar.gz", "a.tar-2.gz", "a.tar-3.gz"]),
        ("README", ["README", "README-2", "README-3"]),
        ("a.", ["a.", "a-2.", "a-3."]),
        ("a." + "x" * 30, ["a." + "x" * 30, "a." + "x" * 30 + "-2", "a." + "x" * 30 + "-3"]),
    ],
)
def test_a_name_that_is_taken_gets_a_number_before_its_ending(name: str, tried: list[str]) -> None:
    assert list(islice(names_to_try(name), 3)) == tried


def test_the_longest_names_get_numbers_too() -> None:
    longest = "é" * 125 + ".png1"
    assert len(longest.encode()) == LONGEST_NAME
    _, second, *_, tenth = islice(names_to_try(longest), 10)
    assert second == "é" * 124 + "-2.png1"
    assert tenth == "é" * 123 + "-10.png1"
    assert len(second.encode()) == LONGEST_NAME


def test_the_limit_is_25_mib_to_the_byte() -> None:
    assert MAX_BYTES == 26_214_400
    check_size(0, "f")
    check_size(MAX_BYTES, "f")
    with pytest.raises(RefusedError) as caught:
        check_size(MAX_BYTES + 1, "f\x1b")
    assert caught.value.code == "too_large"
    assert "'f\\x1b' has more than 25 MiB" in caught.value.message
