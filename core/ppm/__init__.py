"""Owns the second predictor: prediction by partial matching over the piece so far, and its mixture with the network.

Knows nothing about networks.
"""
