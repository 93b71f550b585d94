"""Owns training: pieces -> windows (batches) -> steps under a budget (loop), measured on held-out music (evaluation).

Knows nothing about queues or pages. What needs TensorFlow is handed in; see `loop`.
"""
