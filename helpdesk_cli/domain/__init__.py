"""The rules: pure values and functions. No I/O, no wall clock, no SQL, no YAML, no click."""
