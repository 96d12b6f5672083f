"""What a fuzzer is, and how one is run: inputs with a limit of time each, failures collected."""

from __future__ import annotations

import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from helpdesk_cli.errors import HelpdeskError

from .choices import Choices

Check = Callable[[Any], None]
TOGETHER = 8  # inputs of one example: hypothesis needs longer for one than most parsers do
BLOCK = 125  # examples of one seed; after a failure the next goes on
MOST_FAILURES = 10
SECONDS = 5.0  # CPU time of one input


class Fuzzer(NamedTuple):
    """`make` makes an input of `size` bytes of choices. `prepare` makes, in a folder of its own, the check
    that raises where an input is handled wrongly; a `pure` one needs nothing but the parser. A check that
    costs as much as several whole commands gets fewer inputs: one of `cost`."""

    name: str
    make: Callable[[Choices], Any]
    prepare: Callable[[Path], AbstractContextManager[Check]]
    size: int = 64
    pure: bool = False
    cost: int = 1


class Outcome(NamedTuple):
    """What came of a run; a failure is its input, reduced where that is quick, and where it went wrong."""

    name: str
    inputs: int
    failures: list[str]
    seconds: float


class TooLongError(Exception):
    """An input took more CPU time than any may."""


def pure(name: str, make: Callable[[Choices], Any], check: Check, size: int = 64) -> Fuzzer:
    """A fuzzer of functions."""
    return Fuzzer(name, make, lambda _folder: nullcontext(check), size, pure=True)


def run(fuzzer: Fuzzer, folder: Path, wanted: int) -> Outcome:
    """Give the check as many inputs, the same ones each time."""
    started, inputs, last, failures = time.perf_counter(), 0, None, dict[str, str]()
    with fuzzer.prepare(folder) as check:

        def each(data: bytes) -> None:
            nonlocal inputs, last
            for start in range(0, len(data), fuzzer.size):
                last = fuzzer.make(Choices(data[start : start + fuzzer.size]))
                inputs += 1
                with limited(SECONDS):
                    check(last)

        number = 0
        while inputs < wanted and len(failures) < MOST_FAILURES:
            try:
                _block(each, fuzzer, min(BLOCK, (wanted - inputs) // TOGETHER + 1), number)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a failure
                failures.setdefault(_place(error), f"{last!r:.2000}\n{_told(error)}")
            number += 1
    return Outcome(fuzzer.name, inputs, list(failures.values()), time.perf_counter() - started)


def _block(check: Check, fuzzer: Fuzzer, count: int, number: int) -> None:
    size = fuzzer.size * TOGETHER
    test = settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink) if fuzzer.pure else (Phase.generate,),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )(given(st.binary(min_size=size, max_size=size))(check))
    seed(number)(test)()


def _place(error: BaseException) -> str:
    """Where an error was raised: two failures of one place are one."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} {frames[-1].filename}:{frames[-1].lineno}"


def _told(error: BaseException) -> str:
    """The last of where it was raised, and what it says: hypothesis would add the bytes."""
    frames = traceback.format_tb(error.__traceback__)[-3:]
    return "".join([*frames, f"{type(error).__name__}: {error}"])[-3_000:]


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """TooLongError after so much CPU time."""

    def stop(_signal: int, _frame: object) -> None:
        raise TooLongError(f"more than {seconds} s of CPU time")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def attempt(parse: Callable[..., Any], *given_: Any, codes: set[str]) -> Any:
    """What a parser makes of an input, None for one that it refuses as it may: with one of these codes."""
    try:
        return parse(*given_)
    except HelpdeskError as error:
        if error.code not in codes or not error.message:
            raise AssertionError(f"{error.code}: {error.message}") from error
        return None
