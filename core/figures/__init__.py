"""Owns pictures: pieces and learning curves -> Plotly figures.

Knows nothing about Streamlit or sound.
"""
