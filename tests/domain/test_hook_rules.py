"""How a hook is declared, and when one that failed is tried again."""

from __future__ import annotations

import pytest

from helpdesk_cli.domain import hooks
from helpdesk_cli.domain.hooks import Hook


@pytest.mark.parametrize(
    ("tries", "seconds"), [(1, 60), (2, 120), (3, 240), (6, 1920), (7, 3600), (11, 3600), (10**9, 3600)]
)
def test_each_wait_is_twice_the_one_before_and_at_most_an_hour(tries: int, seconds: int) -> None:
    assert hooks.wait(tries) == seconds


def test_what_is_not_said_of_a_hook_has_a_default() -> None:
    document = {
        "hooks": [
            {"on": ["created"], "run": ["/bin/true", "x"]},
            {"on": ["merged", "split"], "run": ["/bin/false"], "timeout": "2m", "retries": 0},
        ]
    }
    assert hooks.declared(document) == (
        Hook(("created",), ("/bin/true", "x"), 10, 3),
        Hook(("merged", "split"), ("/bin/false",), 120, 0),
    )
    assert hooks.declared({}) == ()
