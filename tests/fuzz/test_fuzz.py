"""A few inputs for each fuzzer, always the same; `python -m tests.fuzz --full` gives them many more."""

from __future__ import annotations

from pathlib import Path

import pytest

from .__main__ import FUZZERS
from .choices import SIGNS, Choices
from .engine import Fuzzer, TooLongError, pure, run


@pytest.mark.parametrize("fuzzer", FUZZERS.values(), ids=FUZZERS)
def test_no_input_is_handled_wrongly(fuzzer: Fuzzer, tmp_path: Path) -> None:
    outcome = run(fuzzer, tmp_path, max(200 // fuzzer.cost, 8))
    assert outcome.failures == []
    assert outcome.inputs >= 8


def test_a_failure_is_found_reduced_and_told(tmp_path: Path) -> None:
    """Another input that fails in the same place is the same failure."""

    def check(text: str) -> None:
        assert "'" not in text, "a quote"

    outcome = run(pure("quotes", lambda choices: choices.words("one", "it's"), check), tmp_path, 500)
    assert len(outcome.failures) == 1
    assert outcome.failures[0].startswith('"it\'s"\n')
    assert "AssertionError: a quote" in outcome.failures[0]


def test_what_takes_too_long_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fuzz.engine.SECONDS", 0.05)

    def check(_text: str) -> None:
        while True:
            pass

    (failure,) = run(pure("endless", Choices.text, check), tmp_path, 8).failures
    assert TooLongError.__name__ in failure


def test_bytes_that_are_nothing_make_the_simplest_input() -> None:
    assert Choices(b"").words("one", "two") == Choices(bytes(64)).words("one", "two") == "one"
    assert Choices(bytes(64)).text() == ""
    assert "" in SIGNS
    assert Choices(b"\x07\x03\x00a\x01\x00").number(3) == 3
