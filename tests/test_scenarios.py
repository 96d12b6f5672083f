"""Whole sessions, as somebody at a shell sees them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.transcripts import fences, replay

ROOT = Path(__file__).resolve().parent.parent
SCENARIOS = sorted((ROOT / "tests" / "scenarios").glob("*.console"))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_the_session_goes_as_written(path: Path, tmp_path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert replay(text, tmp_path) == text


def test_the_session_of_the_readme_is_a_tested_one() -> None:
    sessions = fences((ROOT / "README.md").read_text(encoding="utf-8"))
    assert sessions == [(ROOT / "tests" / "scenarios" / "sixty_seconds.console").read_text(encoding="utf-8")]
