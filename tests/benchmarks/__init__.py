"""Figures to reach, measured as ratios side by side in one run: `python -m tests.benchmarks`.

Nothing here is a timed test of the suite: machines differ and are noisy.
"""
