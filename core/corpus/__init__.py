"""Owns the person's music: files and built-in sets -> a `Corpus` of pieces, and what can be said of it.

uploads, library, notation (where pieces come from) -> corpus (the value) -> description, form, style

Knows nothing about networks or pages.
"""
