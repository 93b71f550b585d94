"""What the tests share: small music made in code, small settings, a model that was never trained."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings as hypothesis_settings

from core.config import NOTHING, TrainingSettings
from core.corpus.corpus import Corpus
from core.corpus.style import style_of
from core.encoding import ENCODINGS
from core.lstm.parameters import architectures, initial
from core.models.model import Model
from core.notes import Metre, Piece, as_notes

TINY = {
    "start": NOTHING,
    "units": 12,
    "embedding": 4,
    "head_units": 8,
    "batch": 4,
    "length": 8,
    "transposition": 0,
    "steps": 4,
}

DATA = Path(os.environ.get("ENCORE_DATA", "none"))
"""A folder of more music, where there is one: `midi/` holds a folder a style, each file named in `manifest.tsv`."""


hypothesis_settings.register_profile("untimed", deadline=None)  # a slow machine is no fault
hypothesis_settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory):
    """Give the tests a folder of their own for models and takes: never that of the person, nor of another run."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("home")
        patch.setenv("ENCORE_HOME", str(folder))
        yield folder


def work(task):
    """Count the calls that a task makes: the same on any machine, unlike the time it takes."""
    calls = 0

    def count(frame, event, argument):
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        task()
    finally:
        sys.setprofile(None)
    return calls


def tune(first=60, bars=8, title="tune"):
    """A scale over a held chord, `bars` bars of 4/4."""
    melody = [(step * 0.5, 0.5, first + step * 2 % 13, 90, 0) for step in range(bars * 8)]
    chords = [(bar * 4.0, 4.0, first - low, 70, 1) for bar in range(bars) for low in (24, 17)]
    return Piece(as_notes(melody + chords), tracks=(Piece(as_notes([])).tracks[0],) * 2, title=title)


@pytest.fixture
def tunes():
    return [tune(first, title=f"tune {first}") for first in (55, 60, 62, 65)]


@pytest.fixture
def corpus(tunes):
    return Corpus.of((piece.title, piece) for piece in tunes)


@pytest.fixture(params=["joint", "classic"])
def family(request):
    return request.param


@pytest.fixture
def settings(family):
    return TrainingSettings(family=family, **TINY)


@pytest.fixture
def model(tunes, settings):
    """A network as it is before the first step, over the vocabulary of the tunes."""
    encoding = ENCODINGS[settings.family].learn(tunes)
    rng = np.random.default_rng(7)
    networks = architectures(encoding, settings)
    return Model(settings, encoding, tuple(initial(network, rng) for network in networks), style_of(tunes))


@pytest.fixture
def waltz():
    rows = [(beat * 1.0, 1.0, 60 + beat % 3, 80, 0) for beat in range(24)]
    return Piece(as_notes(rows), metres=(Metre(0.0, 3, 4),))
