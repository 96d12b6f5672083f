"""Did you mean: every kind of word that has a list is compared with it once it is mistyped."""

from __future__ import annotations

import pytest
from desk import Desk


@pytest.mark.parametrize(
    ("line", "code", "hint"),
    [
        ("tikcet list", 2, "did you mean ticket?"),
        ("ticket shwo 1", 2, "did you mean show?"),
        ("ticket list --stauts open", 2, "did you mean --status?"),
        ("--timezoen UTC ticket list", 2, "did you mean --timezone?"),
        ("ticket list --fields subjct", 2, "did you mean 'subject'?"),
        ("ticket list -f jsno", 2, "did you mean 'json'?"),
        ("sla reset 1 --clock resolutoin --reason x", 2, "did you mean 'resolution'?"),
        ("ticket list --status opne", 2, "did you mean 'open'?"),
        ("ticket edit 1 --status resovled", 2, "did you mean 'resolved'?"),
        ("ticket list --sort prioritty", 2, "did you mean 'priority'?"),
        ("ticket list --timezone Europe/Pariss", 2, "did you mean 'Europe/Paris'?"),
        ("event list --type clock_mett", 2, "did you mean 'clock_met'?"),
        ("event list --type breached", 2, "did you mean 'clock_breached'?"),
        ("help exitcodes", 2, "did you mean 'exit-codes'?"),
        ("schema tikcet", 2, "did you mean 'ticket'?"),
        ("completion zhs", 2, "did you mean 'zsh'?"),
        ("ticket list --plan godl", 3, "did you mean 'gold'?"),
        ("ticket list --priority hihg", 3, "did you mean 'high'?"),
        ("ticket list --category tecnical", 3, "did you mean 'technical'?"),
        ("ticket list --type wihs", 3, "did you mean 'wish'?"),
        ("ticket list --assignee anm", 3, "did you mean 'ann'?"),
        ("ticket list --as bbo", 3, "did you mean 'bob'?"),
        ("ticket list --team netwrok", 3, "did you mean 'network'?"),
        ("ticket list --org acmee", 3, "did you mean 'Acme'?"),
        ("contact show sara@acme.exmple", 3, "did you mean 'sara@acme.example'?"),
        ("calendar show alwas", 3, "did you mean 'always'?"),
    ],
)
def test_did_you_mean(desk: Desk, line: str, code: int, hint: str) -> None:
    desk.open()
    result = desk(*line.split())
    assert (result.code, result.out) == (code, "")
    assert f"Hint: {hint}" in result.err.splitlines()


@pytest.mark.parametrize("line", ["ticket reply 1 --tag vip", "org edit Acme --name B"])
def test_the_dashes_of_an_option_are_no_likeness(desk: Desk, line: str) -> None:
    result = desk(*line.split())
    assert (result.code, result.out) == (2, "")
    assert "did you mean" not in result.err
    assert "--help" in result.err
