import math
from dataclasses import replace

import numpy as np
import pytest

from benchmarks import report
from benchmarks.ablation import (
    CHOICES,
    NETWORK_ONLY,
    USUAL,
    Lasting,
    NoPosition,
    constant_half,
    cut_to_median,
    measure,
    stretched,
)
from core.config import TrainingSettings
from core.encoding import JointEncoding
from core.encoding.active_notes import HELD
from core.encoding.joint import POSITION
from core.encoding.time_grid import FREE_POSITION
from core.notes import Piece, as_notes
from core.training.batches import Split, split
from tests.benchmarks.conftest import line
from tests.conftest import TINY

SMALL = TrainingSettings(**TINY | {"units": 8})


def test_names_are_unique():
    names = [choice.name for choice in CHOICES]
    assert len(set(names)) == len(names)
    assert set(report.LEADERS) <= set(names)


def test_first_choice_is_what_is_usual():
    assert (CHOICES[0].settings, CHOICES[0].recipe) == (USUAL, NETWORK_ONLY)


def test_each_other_choice_changes_something_of_its_own():
    for index, choice in enumerate(CHOICES):
        before = [(each.settings, each.recipe) for each in CHOICES[:index]]
        assert (choice.settings, choice.recipe) not in before, choice.name
        assert not choice.recipe.use_ppm


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.name)
def test_every_choice_trains_through_the_recipe(choice, corpus, learners):
    parts = split(corpus, 0)
    bits = measure(replace(choice, settings=SMALL), parts, 60.0, learners)
    assert math.isfinite(bits)
    assert bits > 0
    assert type(learners.form) is choice.recipe.encodings["joint"]
    assert learners.hyperparameters == choice.recipe.hyperparameters
    assert learners.rates[1] == SMALL.learning_rate * choice.recipe.schedule(0.0)
    assert len(learners.rates) == 1 + SMALL.steps


def test_budget_is_the_seconds_that_are_given(corpus, learners):
    measure(replace(CHOICES[0], settings=replace(SMALL, steps=None)), Split(corpus, corpus), 1.0, learners)
    assert learners.settings.seconds == 1.0


@pytest.mark.parametrize("last", [1.0, 2.0])
def test_a_fourth_code_marks_notes_held_for_more_than_another_quarter(last):
    piece = Piece(as_notes([(0.0, 1.0 + last, 60, 80, 0), (1.0, 1.0, 64, 80, 0)]))
    plain, lasting = (
        encoding.inputs(piece)[1, len(encoding.columns) + 60] for encoding in (JointEncoding(), Lasting())
    )
    assert plain == HELD
    assert lasting == (HELD if last == 1.0 else Lasting.context_codes)


def test_position_is_unknown_and_the_rest_is_not(tunes):
    plain, without = (encoding.encode(tunes[0]) for encoding in (JointEncoding(), NoPosition()))
    assert set(without[:, POSITION]) == {FREE_POSITION}
    others = [column for column in range(plain.shape[1]) if column != POSITION]
    assert np.array_equal(plain[:, others], without[:, others])


def test_stretched_copies_are_half_and_twice_as_long(tunes):
    found = stretched(tunes[:1])
    assert [piece.end for piece in found] == [32.0, 16.0, 64.0]
    assert found[0] is tunes[0]


def test_long_pieces_are_cut_to_the_median():
    assert [piece.end for piece in cut_to_median([line([60] * length) for length in (4, 8, 100)])] == [4.0, 8.0, 8.0]


def test_constant_rate_is_a_half_at_any_time():
    assert [constant_half(done) for done in (0.0, 0.5, 1.0)] == [0.5] * 3
