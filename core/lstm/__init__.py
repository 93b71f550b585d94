"""Owns the network: its parameters, and its two forms, one in TensorFlow that learns and one in NumPy that plays.

Knows nothing about pieces, files or pages.
"""
