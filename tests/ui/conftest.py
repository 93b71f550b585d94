"""What the tests of pages share."""

import sys

import pytest


@pytest.fixture(autouse=True)
def main_module(monkeypatch):
    """Give back the main module after each test: a page puts itself there, and new processes would run it again."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture(autouse=True)
def without_keras(monkeypatch):
    """Hide Keras, which other tests load: Streamlit would clear it in each run of a page, which takes half a second."""
    monkeypatch.delitem(sys.modules, "keras", raising=False)
