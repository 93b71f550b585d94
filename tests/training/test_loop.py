"""The loop by itself, with a clock and a learner made up; `test_learning` has the real one."""

import math

import numpy as np
import pytest

from core.config import RANGES, TrainingSettings
from core.corpus.corpus import Corpus
from core.corpus.style import style_of
from core.encoding import ClassicEncoding
from core.lstm.hyperparameters import Hyperparameters
from core.models.model import Sketch, StartError
from core.notes import Piece, as_notes
from core.training.loop import CorpusError, train
from core.training.progress import Progress
from core.training.recipe import RECIPE, Recipe, cosine_schedule
from tests.conftest import TINY, tune

STEPPED = TrainingSettings(**TINY | {"steps": 100})
TIMED = TrainingSettings(**TINY | {"steps": None, "seconds": 100})


class Clock:
    """Time that passes only when somebody works."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


class Learner:
    """Counts what it is asked; its cost of held-out music follows `curve`, its weights say how many steps it took.

    Each step adds 1 to every weight that it began with.
    """

    validation_rows = (2, 8)

    def __init__(self, clock, curve, step_seconds, validation_seconds):
        self.clock, self.curve = clock, curve
        self.seconds = (step_seconds, validation_seconds)
        self.names = ["gap", "pitch", "duration", "velocity"]
        self.rates, self.validations, self.windows = [], [], []

    def __call__(self, form, settings, first, hyperparameters):
        self.first, self.settings, self.hyperparameters = first, settings, hyperparameters
        self.begun = None
        return self

    def begin(self, first, seed):
        self.begun = first

    def step(self, events, rate):
        self.clock.now += self.seconds[0]
        self.rates.append(rate)
        self.windows.append(events)
        return np.array([1.0, 2.0, 3.0, 100.0], np.float32)

    def validate(self, events, counts, length):
        self.clock.now += self.seconds[1]
        self.validations.append(len(self.rates))
        self.held_out = (events.shape[1], length)
        nats = np.zeros((4, *counts.shape))
        nats[1][counts] = self.curve(self.steps)
        return nats

    @property
    def steps(self):
        if self.begun is None:
            return len(self.rates)
        (name, values), *_ = self.begun[0].items()
        return round(float((values - self.first[0][name]).mean()))

    def weights(self):
        moved = {name: values + np.float32(self.steps) for name, values in self.first[0].items()}
        return ({"steps": np.array(self.steps)} | moved,)


def learn(corpus, settings, curve=lambda steps: 1 / max(steps, 1), step_seconds=1.0, validation_seconds=0.0, **more):
    """Train with a made-up learner; return it and the model."""
    clock = Clock()
    learner = Learner(clock, curve, step_seconds, validation_seconds)
    recipe = Recipe(use_ppm=False)
    return learner, train(corpus, settings, learner, **{"recipe": recipe, "clock": clock} | more)


def steps_of(model):
    return int(model.parameters[0]["steps"])


def test_a_budget_of_steps_is_kept(corpus):
    learner, model = learn(corpus, STEPPED)
    assert model.record.steps == 100
    assert len(learner.rates) == 101  # the first one compiles, at a rate of 0
    assert learner.rates[0] == 0 < min(learner.rates[1:])


def test_a_budget_of_seconds_is_kept(corpus):
    _, model = learn(corpus, TIMED, step_seconds=0.5)
    assert (model.record.steps, model.record.seconds) == (200, 100)


def test_the_first_step_costs_nothing_of_the_budget(corpus):
    class Slow(Learner):
        def step(self, events, rate):
            self.clock.now += 0 if rate else 1000
            return super().step(events, rate)

    clock = Clock()
    model = train(corpus, TIMED, Slow(clock, lambda steps: 1 / steps, 1.0, 0.0), clock=clock)
    assert model.record.steps == 100


@pytest.mark.parametrize("settings", [STEPPED, TIMED])
@pytest.mark.parametrize(("seconds", "times"), [(0.01, 30), (0.5, 10), (2.0, 2)])
def test_validation_takes_a_fixed_share_of_the_time_whatever_the_budget(corpus, settings, seconds, times):
    learner, _ = learn(corpus, settings, validation_seconds=seconds)
    spent = (len(learner.validations) - 1) * seconds
    assert spent - seconds <= 0.055 * learner.clock.now  # the last one is always there
    assert len(learner.validations) - 1 >= times
    assert len(learner.validations) - 1 <= 41


def test_validation_is_dense_at_first_when_it_costs_much(corpus):
    learner, _ = learn(corpus, TIMED, validation_seconds=0.5)
    places = np.array(learner.validations[1:])
    assert (places < 50).sum() >= 1.5 * (places >= 50).sum()


def test_a_long_training_by_steps_is_validated_as_often_as_a_short_one(corpus):
    long = TrainingSettings(**TINY | {"steps": 2000})
    learner, _ = learn(corpus, long, step_seconds=1.0, validation_seconds=2.0)
    assert len(learner.validations) >= 38


def test_the_best_weights_are_kept(corpus):
    _, model = learn(corpus, STEPPED, curve=lambda steps: abs(steps - 61) + 1)
    assert abs(steps_of(model) - 61) <= 3
    assert model.record.network_only == pytest.approx(min(bits for _, _, bits in model.record.curve), abs=1e-3)


def test_it_ends_when_the_held_out_music_has_long_been_getting_worse(corpus):
    _, model = learn(corpus, STEPPED, curve=lambda steps: steps)
    assert model.record.steps == 63  # the first point, after 3 steps, was the best
    assert not model.record.stopped


def test_a_stop_keeps_the_best_so_far(corpus):
    heard = []
    enough = lambda: len(heard) > 0 and heard[-1].steps >= 30  # noqa: E731
    _, model = learn(corpus, STEPPED, on_progress=heard.append, should_stop=enough)
    assert model.record.stopped
    assert model.record.steps == 31
    assert steps_of(model) == 32


def test_progress_rises_to_one_and_names_the_latest_figures(corpus):
    heard = []
    _, model = learn(corpus, STEPPED, on_progress=heard.append)
    done = [progress.done for progress in heard]
    assert done == sorted(done)
    assert (done[-1], heard[-1].steps) == (1, 100)
    assert heard[-1].held_out_bits == pytest.approx(model.record.curve[-1][2], abs=1e-3)
    assert heard[0].learned_bits is None
    assert heard[-1].learned_bits == model.record.curve[-1][1]


def test_reports_come_no_more_often_than_they_can_be_read(corpus):
    heard = []
    learn(corpus, STEPPED, step_seconds=0.1, on_progress=heard.append)
    assert len(heard) == pytest.approx(25, abs=2)


def test_learned_bits_count_gap_pitch_and_duration_per_note(corpus):
    _, model = learn(corpus, STEPPED)
    rows = (
        (TINY["batch"] * TINY["length"])
        * sum(len(piece.notes) for piece in corpus.pieces[:1])
        / (len(corpus.pieces[0].notes) + 1)
    )
    assert model.record.curve[-1][1] == pytest.approx(6 / math.log(2) / rows, rel=0.01)


def test_the_record_has_digests_and_no_names(corpus):
    _, model = learn(corpus, STEPPED)
    record = model.record
    assert sorted(record.learned + record.held_out) == sorted(corpus.digests)
    assert not any(name in repr(record) for name in corpus.names)
    assert record.notes == sum(len(piece.notes) for piece in corpus.pieces) - 80


def test_of_one_piece_both_parts_have_its_digest():
    corpus = Corpus.of([("long", tune(bars=40))])
    _, model = learn(corpus, STEPPED)
    assert model.record.learned == model.record.held_out == corpus.digests


def test_without_held_out_music_the_last_weights_are_kept(corpus):
    short = Corpus.of([("a bar", Piece(as_notes([(step / 4, 0.25, 60 + step, 80, 0) for step in range(16)])))])
    learner, model = learn(short, STEPPED)
    assert learner.validations == []
    assert steps_of(model) == 101
    assert (model.record.bits_per_note, model.record.network_only) == (None, None)


def test_the_order_of_the_pieces_does_not_matter(corpus):
    shuffled = corpus.select([2, 0, 3, 1])
    (one, first), (two, second) = learn(corpus, STEPPED), learn(shuffled, STEPPED)
    assert first.record.held_out == second.record.held_out
    assert all((ours == theirs).all() for ours, theirs in zip(one.windows, two.windows, strict=True))


@pytest.mark.parametrize("pieces", [[], [("silent", Piece(as_notes([])))]])
def test_music_without_notes_is_refused_in_words(pieces):
    with pytest.raises(CorpusError, match="no notes to learn from"):
        learn(Corpus.of(pieces), STEPPED)


def test_a_silent_piece_among_others_is_left_out(corpus):
    silent = Corpus.of([("silent", Piece(as_notes([])))])
    both = Corpus(corpus.names + silent.names, corpus.pieces + silent.pieces, corpus.digests + silent.digests)
    assert learn(both, STEPPED)[1].record == learn(corpus, STEPPED)[1].record


def test_going_on_from_a_model_takes_smaller_steps(corpus, model):
    if model.encoding.family == "classic":
        pytest.skip("the made-up learner has the columns of the joint family")
    plain, _ = learn(corpus, STEPPED)
    gentle, _ = learn(corpus, STEPPED, start=model)
    assert gentle.rates[50] == pytest.approx(plain.rates[50] * RECIPE.continued_rate)
    assert gentle.first is model.parameters


@pytest.mark.parametrize(("best", "kept"), [(0, 0), (25, 25), (50, 50), (75, 75), (1000, 101)])
def test_the_start_and_its_means_with_what_was_learned_compete(corpus, model, best, kept):
    if model.encoding.family == "classic":
        pytest.skip("the made-up learner has the columns of the joint family")
    _, trained = learn(corpus, STEPPED, lambda steps: (steps - best) ** 2 / 1000 if steps < 100 else 1.0, start=model)
    assert steps_of(trained) == pytest.approx(kept, abs=3)


def test_the_curve_begins_at_the_start(corpus, model):
    if model.encoding.family == "classic":
        pytest.skip("the made-up learner has the columns of the joint family")
    _, plain = learn(corpus, STEPPED)
    _, trained = learn(corpus, STEPPED, start=model)
    assert trained.record.curve[0][0] == 0 < plain.record.curve[0][0]
    assert trained.record.curve[1:] == plain.record.curve


def test_the_smallest_legal_rate_can_go_on_from_a_model(corpus, model):
    if model.encoding.family == "classic":
        pytest.skip("the fake learner has the columns of the joint family")
    lowest = TrainingSettings(**TINY | {"learning_rate": RANGES["learning_rate"][0]})
    learner, _ = learn(corpus, lowest, start=model)
    assert 0 < max(learner.rates) < lowest.learning_rate


def test_another_size_or_family_cannot_go_on(corpus, model):
    for other in ({"units": 16}, {"family": "classic" if model.encoding.family == "joint" else "joint"}):
        with pytest.raises(StartError, match="size"):
            learn(corpus, TrainingSettings(**TINY | {"family": model.encoding.family} | other), start=model)


def test_new_weights_follow_the_seed(corpus):
    firsts = [learn(corpus, TrainingSettings(**TINY | {"seed": seed}))[0].first for seed in (1, 1, 2)]
    one, again, other = ([*first[0].values()] for first in firsts)
    assert all((ours == theirs).all() for ours, theirs in zip(one, again, strict=True))
    assert any((ours != theirs).any() for ours, theirs in zip(one, other, strict=True))


def test_a_recipe_may_augment_the_music_and_change_the_rate(corpus):
    doubled, _ = learn(corpus, STEPPED, recipe=Recipe(augment=lambda pieces: pieces[:1], schedule=lambda done: 0.25))
    assert set(doubled.rates[1:]) == {0.25 * STEPPED.learning_rate}
    pitches = {int(pitch) for window in doubled.windows for pitch in window[:, :, 2].ravel()}
    alone = [set(piece.notes["pitch"].tolist()) for piece in corpus.pieces]
    assert any(pitches - {128} <= each for each in alone)


def test_the_rate_rises_and_falls():
    rates = [cosine_schedule(done) for done in (0, 0.0001, 0.01, 0.02, 0.5, 1, 1.5)]
    half = [0.5 * (1 + math.cos(math.pi * done)) for done in (0.0001, 0.01, 0.02)]
    assert rates == pytest.approx([0.05, 0.05 * half[0], 0.5 * half[1], half[2], 0.5, 0, 0])


NOTES_A_STEP = TINY["batch"] * TINY["length"] * 80 / 81  # a piece of 80 notes is 81 events with its boundary


def test_a_report_says_how_far_how_long_and_how_fast(corpus):
    heard = []
    learn(corpus, STEPPED, step_seconds=2.0, on_progress=heard.append)
    assert [report.steps for report in heard] == list(range(1, 101))
    for report in heard:
        assert (report.done, report.seconds) == (report.steps / 100, 2 * report.steps)
        assert report.notes_per_second == pytest.approx(NOTES_A_STEP / 2)


def test_the_first_report_has_the_cost_before_the_first_step(corpus):
    heard = []
    learn(corpus, STEPPED, curve=lambda steps: 7.0 * steps, on_progress=heard.append)
    assert heard[0].held_out_bits == pytest.approx(7 * 81 / 80 / math.log(2))


def test_the_record_is_rounded_to_what_can_be_read(corpus):
    _, model = learn(corpus, STEPPED, curve=lambda steps: 1 / 3 - steps / 1e9, step_seconds=1 / 3)
    record = model.record
    assert (record.seconds, record.notes_per_second) == (33.333, round(NOTES_A_STEP * 3, 1))
    assert record.curve[0] == (1.0, round(6 / math.log(2) / NOTES_A_STEP, 4), round(81 / 240 / math.log(2), 4))
    assert record.curve[1][0] == 2.0 and record.curve[-1][0] == 33.33


def test_a_point_of_the_curve_is_every_fortieth_and_has_the_mean_cost_since_the_last(corpus):
    class Counting(Learner):
        def step(self, events, rate):
            super().step(events, rate)
            return np.array([0, len(self.rates), 0, 1000], np.float32)

    clock, settings = Clock(), TrainingSettings(**TINY | {"steps": 410})
    learner = Counting(clock, lambda steps: 1 / steps, 1.0, 0.0)
    model = train(corpus, settings, learner, recipe=Recipe(use_ppm=False), clock=clock)
    seconds, learned, _ = zip(*model.record.curve, strict=True)
    assert seconds == (*range(11, 410, 11), 410)
    means = [bits * math.log(2) * NOTES_A_STEP for bits in learned[:3]]
    assert means == pytest.approx([6.5, 18, 29], rel=1e-3)  # the first one has the step that compiles


def test_a_stop_after_the_last_step_is_none(corpus):
    _, model = learn(corpus, TrainingSettings(**TINY | {"steps": 1}), should_stop=lambda: True)
    assert (model.record.steps, model.record.stopped) == (1, False)
    _, model = learn(corpus, STEPPED, should_stop=lambda: True)
    assert (model.record.steps, model.record.stopped) == (1, True)
    assert len(model.record.curve) == 1


@pytest.mark.parametrize(("pieces", "rows"), [(4, 2), (24, 2), (26, 8)])
def test_held_out_music_is_laid_into_rows_as_the_learner_likes(pieces, rows):
    many = Corpus.of((str(number), tune(first=48 + number % 40, bars=2)) for number in range(pieces))
    learner, _ = learn(many, TrainingSettings(**TINY | {"steps": 2}))
    assert learner.held_out == (rows, TINY["length"])


def test_the_learner_gets_the_settings_and_the_hyperparameters_of_the_recipe(corpus):
    other = Hyperparameters(averaging=0.5)
    learner, model = learn(corpus, STEPPED, recipe=Recipe(hyperparameters=other))
    assert learner.settings is model.settings is STEPPED
    assert learner.hyperparameters is other
    assert model.style == style_of(corpus.ordered().pieces)


def test_the_best_weights_are_those_of_the_mixture_with_ppm_unless_the_recipe_leaves_it_out(corpus):
    _, alone = learn(corpus, STEPPED)
    _, mixed = learn(corpus, STEPPED, recipe=RECIPE)
    assert alone.record.bits_per_note == alone.record.network_only
    assert mixed.record.bits_per_note != mixed.record.network_only == alone.record.network_only


def test_a_classic_vocabulary_has_what_is_learned_in_every_key(corpus):
    class Classic(Learner):
        def step(self, events, rate):
            return super().step(events, rate)[:2]

        def validate(self, events, counts, length):
            return super().validate(events, counts, length)[:2]

    settings = TrainingSettings(**TINY | {"family": "classic", "transposition": 2, "steps": 2})
    clock = Clock()
    learner = Classic(clock, lambda steps: 1.0, 1.0, 0.0)
    learner.names = ["gap", "chord"]
    model = train(corpus.select([0]), settings, learner, clock=clock)
    written = {pitch for chord in ClassicEncoding.learn(corpus.pieces[:1]).chords for pitch in chord}
    found = {pitch for chord in model.encoding.chords for pitch in chord}
    assert (min(found), max(found)) == (min(written) - 2, max(written) + 2)
    assert len(learner.first) == 2


def test_before_anything_is_measured_a_report_says_so():
    assert Progress(0.5, 3.0, 7).to_json() == {
        "done": 0.5,
        "seconds": 3.0,
        "steps": 7,
        "learned_bits": None,
        "held_out_bits": None,
        "notes_per_second": 0.0,
    }


def sketches_of(corpus, settings=None, cost=0.0, **more):
    """Train, and return the sketches: the steps that the weights of each had taken, and the shares done."""
    clock, told = Clock(), []
    learner = Learner(clock, lambda steps: abs(steps - 61) + 1, 1.0, 0.0)

    def draw(model, done, seconds):
        clock.now += cost
        return Sketch(done, seconds, 120.0, 0, ((float(steps_of(model)), 1.0, 60, 80),))

    settings = settings or TIMED
    options = {"recipe": Recipe(use_ppm=False), "clock": clock, "draw_sketch": draw, "on_sketch": told.append} | more
    model = train(corpus, settings, learner, **options)
    assert model.record.sketches == tuple(told)
    return [(int(each.rows[0][0]), each.done) for each in told], model


def test_sketches_are_drawn_from_the_weights_of_their_moment(corpus):
    found, model = sketches_of(corpus)
    steps, shares = zip(*found, strict=True)
    assert shares == pytest.approx([0.0, 0.1, 0.25, 0.5, 0.75, 1.0], abs=0.011)
    assert steps[:5] == pytest.approx([1, 11, 26, 51, 76], abs=1)
    assert steps[5] == steps_of(model) != steps[4]  # the best weights, not the last


def test_sketches_that_cost_much_are_left_out_but_the_first_and_the_last(corpus):
    found, _ = sketches_of(corpus, cost=8.0)
    assert [done for _, done in found] == [0.0, 1.0]
    spent = sum(1 for _ in sketches_of(corpus, cost=1.0)[0])
    assert spent == 6


def test_a_training_that_is_stopped_has_its_last_sketch(corpus):
    found, model = sketches_of(corpus, should_stop=lambda: True)
    assert model.record.stopped
    assert [done for _, done in found] == [0.0, 1.0]


def test_without_one_who_draws_there_are_none(corpus):
    assert learn(corpus, TIMED)[1].record.sketches == ()
