import numpy as np

from benchmarks import copying
from benchmarks.copying import measure, mixed
from core.corpus.corpus import Corpus
from core.notes import transpose
from tests.benchmarks.conftest import line
from tests.conftest import tune


def test_pieces_are_taken_in_turn_from_each_style():
    first = Corpus.of([(f"a{number}", tune(60 + number)) for number in range(3)])
    second = Corpus.of([("b", tune(50))])
    assert mixed([first, second], 10).names == ("a0", "b", "a1", "a2")
    assert mixed([first, second], 3).names == ("a0", "b", "a1")


def test_copies_are_held_against_what_comes_twice(monkeypatch, model):
    pitches = np.random.default_rng(0).integers(30, 90, 60).tolist()
    learned = line([*pitches, *pitches[:12]])
    composed = [transpose(line(pitches[10:40]), 3), line(pitches[:9]), line(range(100, 110))]
    monkeypatch.setattr(copying, "takes", lambda model, settings, count: composed)
    row = measure(model, Corpus.of([("one", learned)]), 3)
    assert row == {"pieces": 1, "seconds": model.settings.seconds, "copy median": 9, "copy max": 30, "own repeat": 12}


def test_what_is_learned_is_one_piece_three_and_many(data, monkeypatch):
    monkeypatch.setattr(copying, "STYLES", ("tunes",))
    monkeypatch.setattr(copying, "_FEWEST_NOTES", 1)
    assert [(name, len(corpus)) for name, corpus in copying.corpora(data)] == [
        ("tunes, 1", 1),
        ("tunes, 3", 3),
        ("all styles, 300", 4),
    ]
