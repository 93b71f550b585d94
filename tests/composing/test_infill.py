from dataclasses import replace

import numpy as np
import pytest

from core.composing.infill import InfillError, Passage, infill
from core.notes import Metre, Piece, as_notes

BARS = Passage(8.0, 16.0)


@pytest.fixture
def family():
    return "joint"


def done(model, piece, passage=BARS, **more):
    return infill(model, piece, passage, **{"candidates": 24, "seed": 3} | more)


def outside(piece, passage=BARS):
    notes = piece.notes
    return notes[(notes["onset"] < passage.start) | (notes["onset"] >= passage.stop)].tolist()


def inside(piece, passage=BARS):
    notes = piece.notes
    return notes[(notes["onset"] >= passage.start) & (notes["onset"] < passage.stop)]


def test_everything_outside_stays_to_the_tick(model, tunes):
    for version in done(model, tunes[0]):
        assert outside(version) == outside(tunes[0])
        assert (version.tracks, version.tempos, version.metres) == (tunes[0].tracks, tunes[0].tempos, tunes[0].metres)


def test_the_passage_is_new_and_each_choice_another(model, tunes):
    versions = [inside(version).tolist() for version in done(model, tunes[0])]
    assert len(versions) == 3
    assert all(version != inside(tunes[0]).tolist() for version in versions)
    assert versions[0] != versions[1] != versions[2] != versions[0]


def test_no_new_note_rings_into_what_follows(model, tunes):
    for version in done(model, tunes[0]):
        new = inside(version)
        assert ((new["onset"] + new["duration"]) <= BARS.stop + 1e-9).all()


def test_no_pitch_is_struck_twice_at_once_and_the_range_is_kept(model, tunes):
    for version in done(model, tunes[0]):
        new = inside(version)
        pairs = list(zip(new["onset"], new["pitch"], strict=True))
        assert len(pairs) == len(set(pairs))
        assert new["pitch"].min(initial=127) >= model.style.lowest
        assert new["pitch"].max(initial=0) <= model.style.highest


def test_same_seed_same_passages(model, tunes):
    first, again, other = (done(model, tunes[0], seed=seed) for seed in (1, 1, 2))
    assert [each.notes.tolist() for each in first] == [each.notes.tolist() for each in again]
    assert [each.notes.tolist() for each in first] != [each.notes.tolist() for each in other]


@pytest.mark.parametrize("passage", [Passage(0.0, 4.0), Passage(28.0, 32.0), Passage(0.0, 32.0), Passage(5.5, 6.5)])
def test_the_passage_may_lie_anywhere(model, tunes, passage):
    for version in done(model, tunes[0], passage):
        assert outside(version, passage) == outside(tunes[0], passage)


def test_new_notes_belong_to_the_track_that_has_most_of_the_passage(model, tunes):
    notes = tunes[0].notes.copy()
    notes["track"][(notes["onset"] >= 8) & (notes["onset"] < 16)] = 1
    for version in done(model, replace(tunes[0], notes=as_notes(notes))):
        assert set(inside(version)["track"]) <= {1}


def test_the_choice_follows_what_comes_after(model, tunes, monkeypatch):
    """Where the weights say so, one candidate is chosen whatever the chance."""
    from core.composing.candidates import Candidates

    def weigh(self, after):
        weights = np.full(len(self.events), -1e9)
        weights[[len(each) for each in self.events].index(max(map(len, self.events)))] = 0.0
        return weights

    monkeypatch.setattr(Candidates, "weigh", weigh)
    longest = {len(inside(done(model, tunes[0], choices=1, seed=seed, candidates=40)[0])) for seed in range(3)}
    monkeypatch.setattr(Candidates, "weigh", lambda self, after: np.zeros(len(self.events)))
    usual = [len(inside(done(model, tunes[0], choices=1, seed=seed, candidates=40)[0])) for seed in range(3)]
    assert min(longest) >= max(usual)


def test_weights_are_the_cost_of_what_follows(model, tunes):
    """The weight of a candidate is what the whole piece with it costs more or less after the passage."""
    from core.composing.candidates import Candidates, Frame
    from core.encoding.columns import with_boundaries
    from core.lstm.inference import nll

    piece = tunes[0]
    before, after = piece.notes[piece.notes["onset"] < 8], piece.notes[piece.notes["onset"] >= 16]
    prefix, frame = replace(piece, notes=as_notes(before)), Frame.of(piece, BARS.start, BARS.stop, model.style)
    drawn = Candidates(model, model.encoding, prefix, frame, 6)
    drawn.draw(np.random.default_rng(0), lambda done: None)
    weights = drawn.weigh(after[:5]) + np.concatenate(drawn._stopped)
    (architecture,), (parameters,) = model.architectures, model.parameters
    for lane in range(3):
        notes = np.concatenate([before, drawn.notes(lane), after[:5]])
        inputs = with_boundaries(model.encoding.inputs(Piece(as_notes(notes))), model.encoding.columns)
        nats = nll(architecture, parameters, inputs[:, None])[:, :-1, 0]
        assert weights[lane] == pytest.approx(-nats[:3, -5:].sum(), rel=0.02)


def test_a_metre_that_changes_gives_the_position_in_the_bar(model):
    rows = [(float(onset), 1.0, 60 + onset % 5, 80, 0) for onset in range(24)]
    changing = Piece(as_notes(rows), metres=(Metre(0.0, 4, 4), Metre(8.0, 3, 4)))
    for version in done(model, changing, Passage(11.0, 17.0)):
        assert outside(version, Passage(11.0, 17.0)) == outside(changing, Passage(11.0, 17.0))


def test_a_passage_without_length_is_refused(model, tunes):
    with pytest.raises(InfillError, match="no length"):
        infill(model, tunes[0], Passage(4.0, 4.0))


def test_progress_stays_between_none_and_all(model, tunes):
    heard = []
    done(model, tunes[0], on_progress=heard.append)
    assert heard and all(0 <= share <= 1 for share in heard)


def test_an_empty_piece_gets_a_passage(model):
    versions = done(model, Piece(as_notes([])), Passage(0.0, 8.0))
    assert all(version.end <= 8 for version in versions)


def test_equal_candidates_are_offered_once(model, tunes):
    from core.composing.candidates import Candidates, Frame

    prefix, frame = replace(tunes[0], notes=as_notes([])), Frame.of(tunes[0], BARS.start, BARS.stop, model.style)
    drawn = Candidates(model, model.encoding, prefix, frame, 4)
    one, two = [np.array([6, 0, 60, 6, 10])], [np.array([6, 0, 62, 6, 10])]
    drawn.events = [one, two, list(one), []]
    assert drawn.different([2, 3, 0, 1]) == [2, 3, 1]
    assert drawn.different([0, 1, 2, 3]) == [0, 1, 3]
