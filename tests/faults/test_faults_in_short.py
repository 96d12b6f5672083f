"""A few points of each fault; all of them: `python -m tests.faults --full`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.cases import Case, SkippedError
from tests.faults.rows import CASES


@pytest.mark.parametrize("case", [case for case in CASES if case.in_short], ids=lambda case: case.title)
def test_a_promise_holds(tmp_path: Path, case: Case) -> None:
    try:
        outcome = case.run(tmp_path, False)
    except SkippedError as reason:
        pytest.skip(str(reason))
    assert outcome.tried > 0
    assert outcome.broken == ()
