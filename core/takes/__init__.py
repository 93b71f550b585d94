"""Owns the takes that a visitor keeps: a desk of them, with what was said of each, and the way back.

Knows nothing about how takes are made or shown.
"""
