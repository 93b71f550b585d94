"""Owns what goes on in the background: the queue of trainings in the server, and the processes beside it that train
and compose.

Knows nothing about pages.
"""
