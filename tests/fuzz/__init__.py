"""Fuzzers: inputs that nobody would think of, for everything that reads what people, scripts and files send.

`tests/fuzz/test_fuzz.py` gives each of them some with every run of the tests; many more by

    python -m tests.fuzz [--full] [--atheris SECONDS] [NAME ...]

Whatever the input: no traceback, none but documented errors, no hang; what was read comes back as it was.
"""
