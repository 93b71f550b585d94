"""What the tests of the benchmarks share: a melody in quarters, a learner that learns nothing, a folder of data."""

import numpy as np
import pytest

from core.midi import write
from core.notes import Metre, Piece, as_notes

COMMON = (Metre(0.0, 4, 4),)


def line(pitches, metres=COMMON):
    """A melody of quarters."""
    return Piece(as_notes([(at * 1.0, 1.0, pitch, 80, 0) for at, pitch in enumerate(pitches)]), metres=metres)


class StillLearner:
    """Keeps its first weights; every event that counts and is no boundary costs one nat a column."""

    validation_rows = (2, 8)

    def __call__(self, form, settings, first, hyperparameters):
        self.form, self.settings, self.first, self.hyperparameters = form, settings, tuple(first), hyperparameters
        drawn = (form.columns[column] for network in form.networks for column in network)
        self.names = [column.name for column in drawn if column.drawn]
        self.rates, self.windows = [], []
        return self

    def step(self, events, rate):
        self.rates.append(rate)
        self.windows.append(events)
        return np.zeros(len(self.names), np.float32)

    def validate(self, events, counts, length):
        costs = counts & (events[1:, :, 0] != self.form.columns[0].boundary)
        return np.repeat(costs[None].astype(float), len(self.names), axis=0)

    def weights(self):
        return self.first


@pytest.fixture
def learners():
    return StillLearner()


@pytest.fixture
def data(tmp_path, tunes):
    """A data folder with one style of four pieces."""
    folder = tmp_path / "midi" / "tunes"
    folder.mkdir(parents=True)
    for number, piece in enumerate(tunes):
        (folder / f"{number}.mid").write_bytes(write(piece))
    return tmp_path
