"""Owns trainings in the background: the queue in the server, and the process beside it in which they run.

Knows nothing about pages.
"""
