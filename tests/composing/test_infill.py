from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from core.composing.candidates import Candidates
from core.composing.frame import Keep, frame_of
from core.composing.infill import InfillError, Passage, _drawn, infill
from core.encoding.columns import with_boundaries
from core.lstm.inference import nll
from core.notes import Metre, Piece, as_notes, seconds_at

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


def test_a_new_note_ends_before_its_pitch_is_struck_again(model, tunes):
    after = tunes[0].notes[tunes[0].notes["onset"] >= BARS.stop]
    for version in done(model, tunes[0]):
        for note in inside(version):
            again = after["onset"][after["pitch"] == note["pitch"]].min(initial=tunes[0].end)
            assert note["onset"] + note["duration"] <= again + 1e-9


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


def test_the_choice_follows_the_weights(model, tunes):
    """Chosen in proportion to weight: what stands far below the others is never offered."""
    frame, rng = frame_of(tunes[0], BARS, model.style, model.encoding), np.random.default_rng(0)
    pool = Candidates(model, frame, rng).draw(40, lambda done: None)
    best = int(pool.weights.argmax())
    one = replace(pool, weights=np.where(np.arange(len(pool.weights)) == best, 0.0, -1e9))
    assert all(next(_drawn(one, rng)) is pool.candidates[best] for _ in range(5))


def test_weights_are_the_cost_of_what_is_met(model, tunes):
    """Where nothing is left to chance, the log weight is what the network says of every note from there on."""
    piece = tunes[0]
    pitch = int(inside(piece)["pitch"][-1])
    frame = frame_of(piece, Passage(8.0, 16.0, pitch, pitch, "rhythm"), model.style, model.encoding)
    pool = Candidates(model, frame, np.random.default_rng(0)).draw(3, lambda done: None)
    rows = (piece.notes["onset"] >= 8).nonzero()[0][: len(inside(piece)) + 16]
    (architecture,), (parameters,) = model.architectures, model.parameters
    inputs = with_boundaries(model.encoding.inputs(piece), model.encoding.columns)[:, None]
    nats = nll(architecture, parameters, inputs)[:3, :-1, 0]
    assert [candidate.score for candidate in pool.candidates] == pytest.approx(
        [-nats[:, rows].sum()] * 3, rel=1e-3
    )  # new velocities are drawn


def everything_but(piece, passage):
    return piece.notes[~passage.holds(piece.notes)].tolist()


KINDS = [Passage(8.0, 16.0, *pitches, keep) for pitches in ((0, 127), (50, 70)) for keep in get_args(Keep)]


@pytest.mark.parametrize("passage", [*KINDS, Passage(0.0, 5.0, 55, 64), Passage(26.0, 32.0, 0, 60, "rhythm")])
def test_all_outside_of_a_box_stays_to_the_tick(model, tunes, passage):
    versions = done(model, tunes[0], passage)
    assert versions
    for version in versions:
        kept = everything_but(tunes[0], passage)
        assert [note for note in version.notes.tolist() if note in kept] == kept
        new = [note for note in version.notes.tolist() if note not in kept]
        assert all(passage.start <= note[0] < passage.stop for note in new)
        assert all(passage.low <= note[2] <= passage.high for note in new)
        assert len({(note[0], note[2]) for note in version.notes.tolist()}) == len(version.notes)


def test_keeping_the_rhythm_changes_pitches_alone(model, tunes):
    passage = replace(BARS, keep="rhythm")
    for version in done(model, tunes[0], passage):
        assert version.notes["pitch"].tolist() != tunes[0].notes["pitch"].tolist()
        for name in ("onset", "duration", "velocity"):
            assert sorted(inside(version)[name].tolist()) == sorted(inside(tunes[0])[name].tolist())


def test_keeping_the_pitches_changes_the_rhythm_alone(model, tunes):
    passage = replace(BARS, low=60, keep="pitches")
    old = tunes[0].notes[passage.holds(tunes[0].notes)]
    for version in done(model, tunes[0], passage):
        new = version.notes[passage.holds(version.notes)]
        assert new["pitch"].tolist() == old["pitch"].tolist()
        assert new["onset"].tolist() != old["onset"].tolist()


def test_free_music_gets_a_passage_too(model):
    rows = [(0.37 * n + 0.011 * (n % 3), 0.3, 60 + n * 5 % 13, 80, 0) for n in range(60)]
    free = Piece(as_notes(rows))
    for version in done(model, free, Passage(7.77, 13.1)):
        assert outside(version, Passage(7.77, 13.1)) == outside(free, Passage(7.77, 13.1))
        new = version.notes[Passage(7.77, 13.1).holds(version.notes)]["onset"]
        hundredths = 100 * seconds_at(version, new)
        assert hundredths[new > 7.77] == pytest.approx(np.round(hundredths[new > 7.77]))


def test_it_is_stopped_when_it_is_asked_to(model, tunes):
    assert done(model, tunes[0], should_stop=lambda: True) == []


def test_a_passage_without_notes_has_nothing_to_keep(model, tunes):
    with pytest.raises(InfillError, match="no notes whose rhythm"):
        infill(model, tunes[0], Passage(4.0, 8.0, 120, 127, "rhythm"))
    with pytest.raises(InfillError, match="range of pitches"):
        infill(model, tunes[0], Passage(4.0, 8.0, 70, 60))


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


def test_equal_versions_are_offered_once(model, tunes):
    versions = done(model, tunes[0], Passage(8.0, 8.5, 60, 62, "rhythm"), choices=20)
    assert len({version.notes.tobytes() for version in versions}) == len(versions)
    assert tunes[0].notes.tobytes() not in {version.notes.tobytes() for version in versions}
