"""Exports with bytes changed anywhere: refused, or their wrong lines are; never anything unforeseen."""

from __future__ import annotations

from contextlib import closing, suppress
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_cli.errors import HelpdeskError
from helpdesk_cli.services import check, setup, tickets
from helpdesk_cli.services.app import App
from tests.exports import counts, exported, imported
from tests.lives import quick_folder

# What is likely to mean something in JSON, and what is no text.
BYTES = st.sampled_from(
    [b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"\n", b"0", b"9", b"-", b"e", b"\0", b"\xff", b"",
     b" ", b"\xed\xa0\x80", b"null", b"\\u0000", b"\\ud800", b"1e999", b"NaN"]
) | st.binary(max_size=3)  # fmt: skip
EDITS = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 6), BYTES), min_size=1, max_size=6
)


@cache
def export() -> bytes:
    """Two tickets, without the shipped policy's long line in the way."""
    with quick_folder() as folder:
        path = folder / "desk.db"
        with closing(App(str(path), now="2026-03-01T09:00:00Z")) as app:
            setup.init(app)
            for subject in ("one", "two"):
                tickets.create(app, subject=subject, sender="a@b.example", body="b", tags=("x",))
        return exported(path).encode()


@settings(max_examples=80, deadline=None)
@given(EDITS, st.booleans())
def test_whatever_is_in_the_file(edits: list[tuple[float, int, bytes]], rows_alone: bool) -> None:
    found = export()
    # Most of the file is its first line and the policy.
    first = found.index(b'{"table":"agents"') if rows_alone else 0
    for share, length, new in edits:
        start = first + int(share * (len(found) - first))
        found = found[:start] + new + found[start + length :]
    with quick_folder() as folder:
        path = folder / "new.db"
        told: list[HelpdeskError] = []
        with suppress(HelpdeskError):
            done = imported(path, found, told)
            assert sum(counts(done)) == done["lines"]
            assert bool(told) == (counts(done)[2] > 0)
            with closing(App(str(path))) as app:
                list(check.deep(app))
        assert all(error.code == "bad_line" and "\n" not in error.message for error in told)
