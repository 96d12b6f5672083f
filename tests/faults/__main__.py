"""`python -m tests.faults [--full] [ROW...]`: every fault, how many points were tried, whether all held."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.cases import Case, Outcome, SkippedError
from tests.faults.rows import CASES

_SHOWN, _WIDTH = 8, 400  # of what did not hold: lines a case, characters a line


def main() -> int:
    """Try what was asked for; 1 if anything did not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--full", action="store_true", help="every point, not a few of each: about an hour")
    parser.add_argument("--list", action="store_true", help="only name the cases")
    parser.add_argument(
        "rows", nargs="*", metavar="ROW", help="a row, `kill`, or a case of it: `kill/create`"
    )
    given = parser.parse_args()
    if unknown := [word for word in given.rows if not any(case.chosen([word]) for case in CASES)]:
        parser.error(f"no row {', '.join(unknown)}; --list names them")
    wanted = [case for case in CASES if case.chosen(given.rows)]
    chosen = [case for case in wanted if given.full or given.rows or given.list or case.in_short]
    if given.list:
        print("\n".join(case.title for case in chosen))
        return 0
    print(f"{'fault':34}{'tried':>7}  held", flush=True)
    tried = [outcome for case in chosen if (outcome := _tried(case, full=given.full)) is not None]
    broken = sum(bool(outcome.broken) for outcome in tried)
    print(
        f"{sum(outcome.tried for outcome in tried)} points of {len(tried)} cases, {broken} did not hold,",
        end="",
    )
    print(f" {len(chosen) - len(tried)} skipped")
    return 1 if broken else 0


def _tried(case: Case, *, full: bool) -> Outcome | None:
    """Try a case and print its line; None where this machine cannot."""
    begun = time.monotonic()
    with TemporaryDirectory(prefix="faults-") as folder:
        try:
            outcome = case.run(Path(folder), full)
        except SkippedError as error:
            print(f"{case.title:34}{'-':>7}  skipped: {error}", flush=True)
            return None
    held = f"NO, {len(outcome.broken)} times" if outcome.broken else "yes"
    note = f"  ({outcome.note})" if outcome.note else ""
    print(f"{case.title:34}{outcome.tried:>7}  {held}{note}  {time.monotonic() - begun:.0f} s", flush=True)
    for line in outcome.broken[:_SHOWN]:
        print(f"    {line[:_WIDTH]}", flush=True)
    return outcome


if __name__ == "__main__":
    sys.exit(main())
