"""A value of a variable or of the config file that is wrong is told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk


@pytest.mark.parametrize(
    ("name", "value", "code", "said"),
    [
        ("HELPDESK_NOW", "garbage", 2, "HELPDESK_NOW: 'garbage' is not a time"),
        ("HELPDESK_QUIET", "maybe", 2, "HELPDESK_QUIET: expected 1 or 0 (true, yes, on, ...), found 'maybe'"),
        ("HELPDESK_DEBUG", "2", 2, "HELPDESK_DEBUG: expected 1 or 0"),
        ("HELPDESK_VERBOSE", "much", 2, "HELPDESK_VERBOSE: expected a small whole number, found 'much'"),
        ("HELPDESK_TIMEZONE", "Mars/Base", 2, "HELPDESK_TIMEZONE: there is no time zone 'Mars/Base'"),
        ("HELPDESK_ACTOR", "anne", 3, "HELPDESK_ACTOR: there is no agent 'anne'"),
    ],
)
def test_a_variable(desk: Desk, name: str, value: str, code: int, said: str) -> None:
    words = ("--db", str(desk.path), "ticket", "list", "--created-after", "today")
    result = desk._run(*words, env={name: value})
    assert (result.code, result.out) == (code, "")
    assert f"Error: {said}" in result.err


def test_an_option(desk: Desk) -> None:
    for words, code, said in (
        (("--as", "anne"), 3, "--as: there is no agent 'anne'"),
        (("--now", "garbage"), 2, "--now: 'garbage' is not a time"),
        (("--timezone", "Mars/Base"), 2, "--timezone: there is no time zone 'Mars/Base'"),
    ):
        result = desk("ticket", "list", "--created-after", "today", *words)
        assert (result.code, result.out) == (code, "")
        assert result.err.startswith(f"Error: {said}")


def test_the_config_file(desk: Desk, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("lang: en\nas: anne\n", encoding="utf-8")
    result = desk("ticket", "list", "--config", str(config), who=None)
    assert (result.code, result.out) == (6, "")
    assert result.err.startswith(
        f"Error: the config file {config} has a mistake\n  line 2: as: there is no agent 'anne'"
    )
    assert "did you mean 'ann'?" in result.err
    assert desk("ticket", "list", "--config", str(config), "--as", "bob", who=None).code == 0
