"""The style of a take in words: a piece beside itself is the same, one that was changed strays where it was changed."""

from dataclasses import replace

import numpy as np
import pytest

from core.comparison.style import (
    LAGS,
    Feature,
    Finding,
    compare_styles,
    likeness_curve,
    passages_like,
    phrase_words,
    spread,
    strays_in_words,
    style_sentences,
)
from core.notes import Piece, as_notes, at_constant_speed, clip, transpose
from tests.conftest import tune

CORPUS = [tune(first, bars=24) for first in (55, 57, 60, 62, 65)]


def changed(piece, **fields):
    notes = piece.notes.copy()
    for name, change in fields.items():
        notes[name] = change(notes[name])
    return replace(piece, notes=as_notes(notes))


def verdicts(take, pieces=CORPUS):
    return {each.feature.name: each.verdict for each in compare_styles(take, passages_like(take, pieces))}


def test_a_piece_beside_itself_is_the_same_in_everything():
    assert set(verdicts(CORPUS[0], CORPUS[:1]).values()) == {0}
    assert all("as in your music" in each for each in style_sentences(CORPUS[0], CORPUS[:1]))


def test_another_key_is_no_other_style():
    assert set(verdicts(transpose(CORPUS[0], 5)).values()) == {0}


def test_the_two_that_stray_most_are_said_in_few_words():
    def finding(name, value):
        return Finding(Feature(name, len, f"less {name}", "", f"more {name}"), value, 1.0, 2.0, 3.0)

    findings = [finding("a", 2.0), finding("b", 3.5), finding("c", 0.0), finding("d", 9.0)]
    assert [each.distance for each in findings] == [0.0, 0.25, 0.5, 3.0]
    assert strays_in_words(findings) == "more d, less c"
    assert strays_in_words(findings[:1]) == ""


@pytest.mark.parametrize(
    ("change", "name", "verdict"),
    [
        ({"duration": lambda lengths: lengths / 2}, "length of notes", -1),
        ({"duration": lambda lengths: lengths * 2}, "notes at once", 1),
        ({"onset": lambda onsets: onsets * 2}, "notes a bar", -1),
        ({"pitch": lambda pitches: 60 + (pitches.astype(int) - 60) * 2}, "steps", 1),
    ],
)
def test_what_was_changed_is_told(change, name, verdict):
    take = changed(CORPUS[1], **change)
    assert verdicts(take)[name] == verdict
    (finding,) = (each for each in compare_styles(take, passages_like(take, CORPUS)) if each.feature.name == name)
    assert finding.words.startswith(finding.feature.more if verdict > 0 else finding.feature.less)
    assert finding.words.endswith("than in your music")


def test_pitches_by_chance_leave_the_key():
    rng, scale = np.random.default_rng(1), [60, 62, 64, 65, 67, 69, 71]
    music = [changed(piece, pitch=lambda pitches: rng.choice(scale, len(pitches))) for piece in CORPUS]
    shuffled = changed(CORPUS[2], pitch=lambda pitches: rng.integers(60, 72, len(pitches)))
    assert verdicts(shuffled, music)["notes outside the key"] == 1
    assert verdicts(music[0], music)["notes outside the key"] == 0


def test_performed_music_is_counted_by_seconds_and_has_no_phrases():
    played = changed(CORPUS[0], onset=lambda onsets: onsets * 1.013 + 0.017 * (np.arange(len(onsets)) % 7))
    assert "notes a second" in verdicts(played, [played])
    assert "notes a bar" not in verdicts(played, [played])
    assert not any("bars come back" in each.lower() for each in style_sentences(played, [played]))


FEATURE = Feature("steps", lambda piece: 1.0, "smaller steps", "steps as large", "larger leaps")


@pytest.mark.parametrize(("value", "verdict"), [(0.5, -1), (0.96, 0), (1.0, 0), (3.0, 0), (3.09, 0), (3.2, 1)])
def test_a_little_beyond_the_spread_is_still_the_same(value, verdict):
    assert Finding(FEATURE, value, *spread([1.0] * 3 + [2.0] * 5 + [3.0] * 3)).verdict == verdict


def test_passages_are_as_long_as_the_take_and_a_shorter_piece_is_one():
    found = passages_like(tune(bars=10), [tune(bars=25), tune(bars=3)])
    assert [round(each.end / 4) for each in found] == [10, 10, 3]
    assert len(passages_like(tune(bars=2), [tune(bars=200)] * 3)) == 60


def phrases(bars, back):
    """Bars of four random notes; each comes back after `back` bars."""
    rng = np.random.default_rng(4)
    rows = [rng.integers(55, 80, 4).tolist() for _ in range(bars)]
    for bar in range(back, bars):
        rows[bar] = rows[bar - back]
    notes = [(4.0 * bar + at, 1.0, pitch, 80, 0) for bar, row in enumerate(rows) for at, pitch in enumerate(row)]
    return Piece(as_notes(notes))


def test_it_is_told_whether_bars_come_back_as_in_the_music():
    music = [phrases(32, 8)] * 3
    assert phrase_words(phrases(32, 8), music) == "bars come back after 8 bars, as in your music"
    assert "after 8 bars less often" in phrase_words(phrases(32, 32), music)
    assert phrase_words(phrases(32, 8), [phrases(32, 32)]) == ""
    assert phrase_words(clip(phrases(32, 8), 0, 16), music) == ""


def test_the_curve_of_likeness_has_its_peaks_where_bars_come_back():
    curve = likeness_curve(phrases(32, 8))
    assert len(curve) == len(LAGS)
    assert [curve[LAGS.index(lag)] for lag in (8, 16, 24)] == [1.0, 1.0, 1.0]
    assert curve[LAGS.index(5)] < 0.3
    assert curve[LAGS.index(32)] is None


def test_a_performance_at_another_notated_speed_is_the_same():
    played = changed(CORPUS[0], onset=lambda onsets: onsets * 1.013 + 0.017 * (np.arange(len(onsets)) % 7))
    slower = at_constant_speed(played, 60.0)
    assert set(verdicts(slower, [played]).values()) == {0}


def test_music_without_notes_has_no_findings():
    assert compare_styles(Piece(as_notes([])), CORPUS) == [] or all(
        np.isfinite(each.value) for each in compare_styles(Piece(as_notes([])), CORPUS)
    )
