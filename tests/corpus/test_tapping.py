import numpy as np
import pytest

from core.corpus.tapping import LONGEST, MOST_TAPS, Tap, tapped

QPM = 120.0


def played(onsets, qpm=QPM, jitter=None, held=0.9):
    """Taps on onsets in quarter lengths, each at another pitch, played in a tempo."""
    seconds = np.asarray(onsets) * 60 / qpm + (0 if jitter is None else jitter)
    gaps = np.diff(seconds, append=seconds[-1] + 60 / qpm)
    return [
        Tap(float(at), float(gap) * held, 60 + n % 12, 80)
        for n, (at, gap) in enumerate(zip(seconds, gaps, strict=True))
    ]


def onsets_of(taps, grid=True):
    return tapped(taps, QPM, 4, 4, 0, grid).notes["onset"]


RHYTHMS = [[0, 0.5, 1, 2, 3, 4], [0, 0.5, 1, 1.5, 2, 3, 4, 4.5, 5], [0, 0.75, 1, 2, 2.75, 3, 4]]


@pytest.mark.parametrize("qpm", [90, 120, 150])
@pytest.mark.parametrize("rhythm", RHYTHMS)
def test_an_exact_rhythm_comes_back_in_any_tempo_near_the_own(rhythm, qpm):
    assert onsets_of(played(rhythm, qpm)).tolist() == rhythm


def test_a_trembling_hand_is_rounded_away():
    rng = np.random.default_rng(1)
    rhythm = RHYTHMS[1]
    assert onsets_of(played(rhythm, jitter=rng.uniform(-0.02, 0.02, len(rhythm)))).tolist() == rhythm


def test_keys_pressed_nearly_together_are_a_chord():
    taps = [Tap(0.0, 0.4, 60, 80), Tap(0.03, 0.4, 64, 80), Tap(0.5, 0.4, 67, 80)]
    assert onsets_of(taps).tolist() == [0, 0, 1]


def test_triplets_stay_triplets():
    rhythm = [0, 0.5, 1, 1.5, 2, 7 / 3, 8 / 3, 3, 3.5, 4]
    assert onsets_of(played(rhythm)) == pytest.approx(rhythm)


def test_free_music_keeps_its_times():
    taps = [Tap(0.1, 0.3, 60, 80), Tap(0.77, 0.2, 62, 80)]
    assert onsets_of(taps, grid=False) == pytest.approx([0, 1.34])


def test_the_first_key_begins_the_piece_and_every_note_lasts():
    notes = tapped([Tap(5.0, 0.001, 60, 80), Tap(5.5, 0.001, 60, 80)], QPM, 4, 4, 7, True).notes
    assert notes["onset"].tolist() == [0, 1]
    assert notes["duration"].min() >= 0.25


def test_a_pitch_that_begins_again_ends_first():
    notes = tapped([Tap(0.0, 3.0, 60, 80), Tap(0.5, 0.5, 60, 80)], QPM, 4, 4, 0, True).notes
    assert notes["duration"][0] == 1


def test_after_a_long_silence_the_music_goes_on_with_the_next_bar():
    taps = [*played([0, 1, 2]), Tap(9.13, 0.4, 70, 80)]
    assert onsets_of(taps)[-1] == 4


def test_metre_tempo_and_instrument_are_those_of_the_style():
    piece = tapped(played([0, 1]), 93.0, 3, 8, 40, True)
    assert (piece.qpm, piece.metre.numerator, piece.metre.denominator, piece.program) == (93.0, 3, 8, 40)


def test_nothing_tapped_is_an_empty_piece_and_too_much_is_cut():
    assert not len(tapped([], QPM, 4, 4, 0, True).notes)
    many = [Tap(0.3 * n, 0.2, 60 + n % 12, 80) for n in range(MOST_TAPS + 9)]
    assert len(tapped(many, QPM, 4, 4, 0, False).notes) == MOST_TAPS
    assert len(tapped([Tap(0, 1, 60, 80), Tap(LONGEST + 1, 1, 61, 80)], QPM, 4, 4, 0, False).notes) == 1
