"""`python -m tests.fuzz.guided NAME [LIBFUZZER OPTIONS]`: one fuzzer, its bytes chosen by atheris.

atheris keeps the bytes that lead to new lines and changes those, so that it gets where chance does not.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["helpdesk_cli"]):
    from . import __main__ as fuzz
    from .choices import Choices
    from .engine import SECONDS, limited


def main(name: str, options: list[str]) -> None:
    """Run until a failure or a limit; the engine then ends the process."""
    fuzzer = fuzz.FUZZERS[name]
    with fuzzer.prepare(Path()) as check:

        def each(data: bytes) -> None:
            value = fuzzer.make(Choices(data))
            try:
                with limited(SECONDS):
                    check(value)
            except Exception:
                print(f"{name}: {value!r:.2000}")
                raise

        atheris.Setup([name, f"-max_len={fuzzer.size}", "-len_control=0", *options], each)
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
