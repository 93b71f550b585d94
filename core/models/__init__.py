"""Owns trained models: what one is, the folder they are kept in, and the base model that a training starts from.

Knows nothing about how a model is trained.
"""
