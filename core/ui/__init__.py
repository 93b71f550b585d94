"""Owns what the pages share: the frame, the session, the server's one queue of trainings, the player.

The only part of `core` that knows Streamlit.
"""
