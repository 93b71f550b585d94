from dataclasses import replace

import numpy as np
import pytest

from core.bars import passage
from core.composing.take import ComposingError, compose, compose_after
from core.config import ComposingSettings
from core.encoding.time_grid import to_ticks
from core.notes import Metre, Piece, as_notes

EIGHT = ComposingSettings(bars=8, seed=3)


def notes_of(takes):
    return [take.piece.notes.tolist() for take in takes]


def test_same_seed_same_music(model):
    assert notes_of(compose(model, EIGHT)) == notes_of(compose(model, EIGHT))


def test_another_seed_other_music(model):
    assert notes_of(compose(model, EIGHT)) != notes_of(compose(model, replace(EIGHT, seed=4)))


@pytest.mark.parametrize("bars", [0, 4])
def test_a_take_is_the_same_alone_and_beside_others(model, tunes, bars):
    primer = passage(tunes[0], 1, bars) if bars else None
    together = compose(model, replace(EIGHT, variations=3), primer)
    alone = [compose(model, replace(EIGHT, seed=3 + voice), primer)[0] for voice in range(3)]
    assert notes_of(together) == notes_of(alone)
    assert [take.seed for take in together] == [3, 4, 5]


@pytest.mark.parametrize("bars", [4, 12])
def test_the_length_is_the_one_asked_for(model, bars):
    (take,) = compose(model, ComposingSettings(bars=bars, seed=1))
    assert (bars - 2) * 4 < take.piece.end <= bars * 4


FORM = (0, 1, 0, 1, 4, 4, 1, 7)


def bars_of(take):
    """Return what is struck in each bar of 4/4: (ticks since the barline, pitch)."""
    ticks, found = to_ticks(take.piece.notes["onset"] - take.primer_end), [[] for _ in range(8)]
    for tick, pitch in zip(ticks.tolist(), take.piece.notes["pitch"].tolist(), strict=True):
        if tick >= 0:
            found[tick // 96].append((tick % 96, pitch))
    return found


@pytest.mark.parametrize("heard", [0, 2])
def test_bars_come_back_where_the_form_says_so(model, tunes, heard):
    formed = replace(model, style=replace(model.style, forms=(FORM,)))
    primer = passage(tunes[0], 1, heard) if heard else None
    for take in compose(formed, replace(EIGHT, variations=4), primer):
        bars = bars_of(take)
        again = [bars[bar] == bars[source] for bar, source in enumerate(FORM) if source != bar]
        assert all(again) is (model.encoding.family == "joint")


@pytest.mark.parametrize("off", [{"returns": False}, {"rhythm": False}])
def test_bars_that_come_back_can_be_switched_off(model, off):
    formed, new = (replace(model, style=replace(model.style, forms=forms)) for forms in ((FORM,), ()))
    assert notes_of(compose(formed, replace(EIGHT, **off))) == notes_of(compose(new, replace(EIGHT, **off)))


def test_without_a_form_every_bar_is_drawn(model):
    new = replace(model, style=replace(model.style, forms=()))
    assert notes_of(compose(new, EIGHT)) == notes_of(compose(new, replace(EIGHT, returns=False)))


def test_music_without_a_grid_is_measured_in_seconds(model):
    free = replace(model, style=replace(model.style, grid=False))
    (take,) = compose(free, ComposingSettings(play_seconds=10, tempo_scale=2.0))
    assert 4 < take.piece.seconds <= 10.01


def test_no_note_sounds_twice_in_a_chord(model):
    (take,) = compose(model, replace(EIGHT, temperature=2.0, top_p=1.0))
    pairs = list(zip(take.piece.notes["onset"], take.piece.notes["pitch"], strict=True))
    assert len(pairs) == len(set(pairs))


def test_chords_are_no_thicker_than_in_the_corpus(model):
    (take,) = compose(model, replace(EIGHT, temperature=2.0, top_p=1.0))
    if model.encoding.family == "joint":
        assert np.unique(take.piece.notes["onset"], return_counts=True)[1].max() <= model.style.largest_chord


def test_without_rhythm_all_gaps_are_equal(model):
    (take,) = compose(model, replace(EIGHT, rhythm=False))
    assert len(set(np.diff(np.unique(take.piece.notes["onset"])).round(6))) == 1


def test_tempo_scale_changes_the_speed_and_not_the_notes(model):
    slow, fast = (compose(model, replace(EIGHT, tempo_scale=scale))[0].piece for scale in (0.5, 2.0))
    assert slow.notes.tolist() == fast.notes.tolist()
    assert fast.qpm == 4 * slow.qpm


def test_zero_temperature_does_not_depend_on_the_seed(model):
    first, second = (compose(model, ComposingSettings(bars=4, temperature=0, seed=seed)) for seed in (1, 2))
    assert notes_of(first) == notes_of(second)


def test_a_take_goes_on_from_its_primer(model, tunes):
    primer = passage(tunes[0], 3, 2)
    (take,) = compose(model, EIGHT, primer)
    assert take.primer_end == 8
    before = take.piece.notes[take.piece.notes["onset"] < take.primer_end]
    assert {*zip(before["onset"], before["pitch"], strict=True)} >= {
        *zip(primer.notes["onset"], primer.notes["pitch"], strict=True)
    }
    assert take.piece.end <= 8 + 8 * 4


def test_a_take_keeps_to_the_note_lengths_of_its_primer(model, tunes, monkeypatch):
    if model.encoding.family == "classic":
        pytest.skip("it has no note lengths")
    notes = tunes[0].notes.copy()
    notes["duration"] = 0.375
    primer = replace(tunes[0], notes=as_notes(notes))

    def share():
        takes = compose(model, replace(EIGHT, variations=4), primer)
        new = np.concatenate([take.piece.notes[take.piece.notes["onset"] >= take.primer_end] for take in takes])
        return (to_ticks(new["duration"]) == to_ticks(0.375)).mean()

    hearing = share()
    monkeypatch.setattr(type(model.encoding), "supports_ppm", False)
    assert hearing > 3 * share()


def test_a_primer_gives_its_metre(model, waltz):
    (take,) = compose(model, EIGHT, passage(waltz, 1, 2))
    assert (take.piece.metre.numerator, take.primer_end) == (3, 6)


def test_an_empty_primer_is_refused(model):
    with pytest.raises(ComposingError, match="no notes"):
        compose(model, EIGHT, Piece(as_notes([])))


def test_even_one_bar_is_never_empty(model):
    for take in compose(model, ComposingSettings(bars=1, variations=16, temperature=2.0, top_p=1.0)):
        assert len(take.piece.notes)


def test_every_note_ends_where_the_take_ends(model):
    (take,) = compose(model, replace(EIGHT, seed=9))
    assert (take.piece.notes["duration"] > 0).all()
    assert take.piece.end <= 32


def test_progress_only_grows_and_stays_below_one(model):
    heard = []
    compose(model, replace(EIGHT, bars=32), on_progress=heard.append)
    assert heard == sorted(heard)
    assert heard[0] >= 0 and heard[-1] <= 1


def test_composing_after_a_piece_keeps_only_what_is_new(model, tunes):
    take = compose_after(model, tunes[0], EIGHT, 4)
    assert take.primer_end == 0
    assert take.piece.end <= 32
    assert 0 <= take.piece.notes["onset"].min() < 8


def test_a_passage_is_cut_by_bars(tunes):
    assert passage(tunes[0], 2, 3).end == 12


def test_a_bar_that_is_no_whole_number_of_ticks_does_no_harm(model):
    odd = replace(model, style=replace(model.style, numerator=1, denominator=32))
    assert to_ticks(Metre(0, 1, 32).bar) == 3
    assert compose(odd, replace(EIGHT, bars=64))
