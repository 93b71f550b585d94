"""The page How it works: every step, with a piece of the visit and with a performance."""

import numpy as np
import pytest

from core.listening.expectation import expect
from core.midi import read, write
from core.models.base import base_model
from core.notes import Piece, Tempo, as_notes
from core.ui.how_events import back
from core.ui.how_expectation import bend
from core.ui.how_learning import GLOSSARY
from core.ui.how_words import gap_words, surprise_words
from core.ui.session import Session
from tests.ui.test_pages import open_page, texts, tune

PAGE = "pages/5_How_it_works.py"
STEPS = [
    "1 Notes as rows",
    "2 What comes next?",
    "3 Drawing a note",
    "4 Pitch and rhythm",
    "5 Its own past",
    "6 Learning",
]


def performance():
    """Notes that keep to no beat."""
    rng = np.random.default_rng(5)
    onsets = np.cumsum(rng.uniform(0.1, 0.9, 80))
    rows = [(onset, 0.4, int(pitch), 70, 0) for onset, pitch in zip(onsets, rng.integers(50, 80, 80), strict=True)]
    return Piece(as_notes(rows), tempos=(Tempo(0.0, 120.0),), title="performed")


def opened(piece, step):
    mine = Session()
    mine.add([read(write(piece), "own.mid")])
    app = open_page(PAGE, mine)
    app.segmented_control(key="how-step").set_value(step).run()
    assert not app.exception
    return app


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("piece", [tune(60, bars=12), performance()], ids=["written", "performed"])
def test_every_step_is_shown_on_the_music_of_the_visit(step, piece):
    app = opened(piece, step)
    assert app.selectbox(key="how-piece").options == ["own.mid"]
    assert "built-in one" in texts(app)
    assert any(step in each.value for each in app.subheader)


def test_without_music_and_network_built_in_ones_are_shown():
    app = open_page(PAGE)
    assert not app.exception
    assert "Built-in music" in texts(app)
    assert len(app.selectbox(key="how-piece").options) == 12


def test_the_rows_are_those_of_the_phrase_and_rhythm_can_be_switched_off():
    app = opened(tune(60, bars=12), STEPS[0])
    assert "only this" not in texts(app)
    app.toggle(key="how-rhythm-off").set_value(True).run()
    assert not app.exception
    assert "learned only this" in texts(app)
    rows = app.dataframe[0].value
    assert list(rows)[:3] == ["gap", "note", "length"]
    assert len(rows) == len(back(tune(60, bars=4)).notes)


def test_the_moments_tell_what_came_and_what_was_expected():
    app = opened(tune(60, bars=12), STEPS[1])
    assert "1: in bar" in texts(app)
    assert "Surprise:" in texts(app)


def test_both_ends_can_be_composed():
    app = opened(tune(60, bars=12), STEPS[2])
    for words in ("careful", "daring"):
        app.button(key=f"how-{words}").click().run()
        assert not app.exception
        assert app.session_state[f"how-{words}-take"][1] is not None


def test_chances_are_bent():
    chances = expect(base_model(), tune(60, bars=4)).pitches[5]
    assert bend(chances, 1.0, 1.0) == pytest.approx(chances / chances.sum())
    assert bend(chances, 0.3, 1.0).max() > chances.max() > bend(chances, 2.0, 1.0).max()
    assert (bend(chances, 1.0, 0.5) > 0).sum() < (chances > 0).sum()


@pytest.mark.parametrize(
    ("gap", "barred", "words"), [(0, True, "together"), (12, True, "1/8"), (24, True, "1/4"), (12, False, "0.12 s")]
)
def test_gaps_in_words(gap, barred, words):
    assert gap_words(gap, barred) == words


def test_surprise_in_words():
    assert surprise_words(np.array([1.0, 2.0, 0.5])) == (
        "Surprise: 3.5 bits, of the gap 1.0, of the note 2.0, of its length 0.5."
    )


def test_the_glossary_has_a_dozen_words():
    assert len(GLOSSARY) >= 12
