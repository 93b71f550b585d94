import pytest

from benchmarks import guards, tables
from benchmarks.guards import Extremes, longest_loop, longest_silence
from core.notes import Piece, as_notes


def line(pitches, gap=1.0, duration=1.0):
    return Piece(as_notes([(n * gap, duration, pitch, 80, 0) for n, pitch in enumerate(pitches)]))


WANDERING = [50 + n * 7 % 31 + n // 31 for n in range(64)]
LOOP = [60, 62, 64, 67] * 12
LEARNED = Extremes.of([line(WANDERING)])


def test_a_loop_is_as_long_as_it_comes_round():
    assert longest_loop(line(LOOP)) == pytest.approx(11, abs=0.3)  # of twelve bars the first is no repetition
    assert longest_loop(line([60, 62, 64, 67] * 2)) == 0  # the second time is none
    assert longest_loop(line(WANDERING)) == 0


def test_a_silence_is_counted_from_the_last_end():
    held = Piece(as_notes([(0.0, 6.0, 40, 80, 0), (1.0, 0.5, 60, 80, 0), (8.0, 1.0, 62, 80, 0)]))
    assert longest_silence(held) == 0.5  # two quarters of four


@pytest.mark.parametrize(
    ("piece", "stuck"),
    [(line(WANDERING), False), (line(LOOP), True), (line([60] * 30), True), (line([60, 62], gap=40.0), True)],
)
def test_what_goes_on_for_longer_than_in_all_that_was_learned_is_stuck(piece, stuck):
    assert LEARNED.is_stuck(piece) == stuck
    assert not Extremes.of([piece]).is_stuck(piece)


def test_a_note_hangs_that_is_longer_than_any_or_beyond_the_end():
    assert not LEARNED.is_hanging(line([60]), end=4.0)
    assert LEARNED.is_hanging(line([60], duration=4.5), end=64.0)
    assert LEARNED.is_hanging(line([60] * 5), end=4.0)


def test_takes_have_the_seeds_that_were_asked_for(model, monkeypatch):
    monkeypatch.setattr(guards, "_LANES", 2)
    settings = guards.ComposingSettings(bars=4, seed=5)
    found = guards.takes(model, settings, 3, use_guard=True)
    assert set(found) <= {5, 6, 7}


def test_the_table_says_whether_all_takes_are_sound():
    row = {"empty": 0.0, "stuck": 0.0, "hanging": 0.0, "bits": 2.0}
    real = {"pieces": 3, "led out": 0, "notes": 0.0}
    found = {"rags": {"real": real, "0.6": {"before": row | {"stuck": 0.5}, "after": row, "untouched": 0.5}}}
    assert "most at one temperature: 0% (met)." in "\n".join(tables.guards(found))
    found["rags"]["0.6"]["after"] = row | {"hanging": 0.125}
    assert "(missed)" in "\n".join(tables.guards(found))


@pytest.fixture
def family():
    return "joint"
