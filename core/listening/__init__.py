"""Owns what a model expects while it hears music: note by note, with how surprised it was."""
