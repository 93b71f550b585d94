"""Owns composing: a model, settings and a primer -> takes.

Knows nothing about files, sound or pages.
"""
