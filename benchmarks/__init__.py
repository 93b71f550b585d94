"""Measurements, each a small command: `python -m benchmarks.NAME`."""
