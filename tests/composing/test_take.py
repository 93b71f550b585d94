from dataclasses import replace

import numpy as np
import pytest

from core.bars import passage
from core.composing.ending import Ending
from core.composing.generator import Generator
from core.composing.key_memory import KeyMemory
from core.composing.loops import LoopGuard
from core.composing.take import ComposingError, compose, compose_after
from core.config import ComposingSettings
from core.corpus.ensembles import Part
from core.corpus.openings import facts_of, opening_quarters
from core.corpus.style import style_of
from core.encoding.joint import GAP, POSITION
from core.encoding.time_grid import to_ticks
from core.notes import CLOCK_QPM, Metre, Piece, Tempo, Track, as_notes, is_performed, seconds_at

EIGHT = ComposingSettings(bars=8, seed=3, ending=False)  # cut off; how takes close has tests of its own


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


@pytest.mark.parametrize("family", ["joint"])
@pytest.mark.parametrize(("bars", "stays"), [(0, False), (1, False), (8, True)])
def test_a_take_stays_in_the_key_of_a_primer_that_is_long_enough_to_tell(model, tunes, monkeypatch, bars, stays):
    found = []
    monkeypatch.setattr(KeyMemory, "stay", lambda memory: found.append(memory))
    compose(model, EIGHT, passage(tunes[0], 1, bars) if bars else None)
    assert bool(found) == stays


@pytest.mark.parametrize("bars", [4, 12])
def test_the_length_is_the_one_asked_for(model, bars):
    (take,) = compose(model, ComposingSettings(ending=False, bars=bars, seed=1))
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


def test_the_same_seed_has_the_same_form_and_another_may_have_another(model):
    if model.encoding.family == "classic":
        pytest.skip("its bars do not come back")
    forms = (FORM, (0, 0, 0, 0, 0, 0, 0, 0), tuple(range(8)))
    formed = replace(model, style=replace(model.style, forms=forms))
    takes = compose(formed, replace(EIGHT, variations=12))
    assert notes_of(compose(formed, replace(EIGHT, variations=12))) == notes_of(takes)
    alike = {sum(bar == bars_of(take)[0] for bar in bars_of(take)) for take in takes}
    assert {1, 2, 8} <= alike


def test_without_a_form_every_bar_is_drawn(model):
    new = replace(model, style=replace(model.style, forms=()))
    assert notes_of(compose(new, EIGHT)) == notes_of(compose(new, replace(EIGHT, returns=False)))


def test_music_without_a_grid_is_measured_in_seconds(model):
    free = replace(model, style=replace(model.style, grid=False))
    (take,) = compose(free, ComposingSettings(ending=False, play_seconds=10, tempo_scale=2.0))
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
    assert fast.tempos == (Tempo(0.0, 2 * model.style.qpm),)


def test_zero_temperature_does_not_depend_on_the_seed(model):
    first, second = (
        compose(model, ComposingSettings(ending=False, bars=4, temperature=0, seed=seed)) for seed in (1, 2)
    )
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
    for take in compose(model, ComposingSettings(ending=False, bars=1, variations=16, temperature=2.0, top_p=1.0)):
        assert len(take.piece.notes)


def test_empty_takes_are_left_out_and_without_any_other_there_is_a_reason(model, monkeypatch):
    draw, empty = Generator.draw, {1}
    monkeypatch.setattr(
        Generator,
        "draw",
        lambda *given: [(lane, events[: 0 if lane in empty else None], stop) for lane, events, stop in draw(*given)],
    )
    assert [take.seed for take in compose(model, replace(EIGHT, variations=3))] == [3, 5]
    empty |= {0, 2}
    with pytest.raises(ComposingError, match="before the first note"):
        compose(model, replace(EIGHT, variations=3))


def test_every_note_ends_where_the_take_ends(model):
    (take,) = compose(model, replace(EIGHT, seed=9))
    assert (take.piece.notes["duration"] > 0).all()
    assert take.piece.end <= 32


def test_progress_only_grows_and_stays_below_one(model):
    heard = []
    compose(model, replace(EIGHT, bars=32), on_progress=heard.append)
    assert heard == sorted(heard)
    assert 0 <= heard[0] < 0.1 and 0.5 < heard[-1] <= 1


def test_progress_is_that_of_the_new_music(model, tunes):
    heard = []
    compose(model, replace(EIGHT, bars=4), passage(tunes[0], 1, 8), on_progress=heard.append)
    assert 0 <= heard[0] < 0.3


def test_composing_after_a_piece_keeps_only_what_is_new(model, tunes):
    take = compose_after(model, tunes[0], EIGHT, 4)
    assert take.primer_end == 0
    assert take.piece.end <= 32
    assert 0 <= take.piece.notes["onset"].min() < 8


def test_composing_after_a_piece_is_going_on_from_its_beginning_in_its_style(model, tunes):
    (whole,) = compose(replace(model, style=style_of(tunes[:1])), EIGHT, passage(tunes[0], 1, 4))
    new = whole.piece.notes[whole.piece.notes["onset"] >= 16]
    take = compose_after(model, tunes[0], EIGHT, 4)
    assert (take.piece.notes["onset"] + 16).tolist() == new["onset"].tolist()
    assert take.piece.notes["pitch"].tolist() == new["pitch"].tolist()
    assert set(take.piece.tracks) <= set(tunes[0].tracks)


def test_a_passage_is_cut_by_bars(tunes):
    assert passage(tunes[0], 2, 3).end == 12


@pytest.mark.parametrize(("denominator", "quarters"), [(32, 8), (64, 4)])
def test_bars_of_three_ticks_or_of_one_and_a_half_do_no_harm(model, denominator, quarters):
    odd = replace(model, style=replace(model.style, numerator=1, denominator=denominator))
    (take,) = compose(odd, replace(EIGHT, bars=64))
    assert take.piece.metres == (Metre(0.0, 1, denominator),)
    assert quarters - 1 < take.piece.end <= quarters


def first_rows(take, primer):
    """Return as many of the first notes as the primer has."""
    return take.piece.notes[: len(primer.notes)].tolist()


@pytest.fixture
def trio():
    rows = [(beat * 1.0, 1.5, 50 + beat, 33 + beat, beat % 3) for beat in range(12)]
    tracks = (Track("Violin", 40), Track("Viola", 41), Track("Cello", 42))
    return Piece(as_notes(rows), tracks=tracks, metres=(Metre(0.0, 3, 4),))


def test_a_take_keeps_the_notes_tracks_and_instruments_of_its_primer(model, trio):
    styled = replace(model, style=replace(model.style, program=19))
    for take in compose(styled, replace(EIGHT, variations=2), trio):
        assert first_rows(take, trio) == trio.notes.tolist()
        assert (take.piece.tracks, take.primer_end) == (trio.tracks, 12)
        new = take.piece.notes[take.piece.notes["onset"] >= 12]
        assert set(new["track"].tolist()) <= {0, 1, 2} and len(new)


def test_new_notes_go_on_at_the_speed_of_the_primer_and_as_loud(model, tunes):
    primer = replace(passage(tunes[0], 1, 2), tempos=(Tempo(0.0, 90.0), Tempo(7.0, 60.0)))
    (take,) = compose(model, replace(EIGHT, tempo_scale=2.0), primer)
    assert take.piece.tempos == (Tempo(0.0, 180.0), Tempo(7.0, 120.0), Tempo(8.0, 180.0))
    assert set(take.piece.notes["velocity"].tolist()) <= {90, 70}


def test_what_the_vocabulary_does_not_know_stays_and_shifts_nothing(model, tunes):
    strange = [(0.0, 1.0, 60, 80, 0), (7 / 24, 1.0, 61, 81, 0), (0.3, 1.0, 62, 82, 0), (73 / 24, 0.5, 63, 83, 0)]
    primer = Piece(as_notes(strange))
    (take,) = compose(model, EIGHT, primer)
    assert first_rows(take, primer) == primer.notes.tolist()
    begun = np.unique(to_ticks(take.piece.notes["onset"]))[len(primer.notes) - 1] - 73
    assert begun in {int(gap) for gap in model.encoding.gap_ticks}
    assert take.primer_end == 4


def test_a_take_without_a_primer_has_the_parts_of_a_piece_learned_and_begins_at_zero(model):
    alone = (Part(19, 40, 60, 80, 4),)
    for ensemble, names in ((alone, ["Encore"]), ((*alone, Part(42, 30, 40, 50, 2)), ["Encore 1", "Encore 2"])):
        (take,) = compose(replace(model, style=replace(model.style, ensembles=(ensemble,))), EIGHT)
        assert take.piece.tracks == tuple(map(Track, names, (part.program for part in ensemble)))
        assert take.primer_end == 0
    (take,) = compose(replace(model, style=replace(model.style, program=19, ensembles=())), EIGHT)
    assert take.piece.tracks == (Track("Encore", 19),)
    assert take.piece.title == f"Encore {EIGHT.seed}"


def test_seconds_stay_seconds_where_the_speed_is_limited(model):
    free = replace(model, style=replace(model.style, grid=False, qpm=3 * CLOCK_QPM))
    (take,) = compose(free, ComposingSettings(ending=False, play_seconds=20, tempo_scale=4.0))
    assert take.piece.qpm == pytest.approx(1000)
    assert 19 < take.piece.seconds <= 20.01


def performed(notes=40):
    """Two notes a second, never quite in time, with a change of speed that nobody hears."""
    beats = np.arange(notes) * 1.0 + np.random.default_rng(2).uniform(0, 0.3, notes)
    rows = [(beat, 0.7, 60 + number % 7, 80, 0) for number, beat in enumerate(beats)]
    return Piece(as_notes(rows), tempos=(Tempo(0.0, 120.0), Tempo(10.0, 90.0)))


def test_a_take_after_a_performance_is_free_and_leaves_it_as_it_sounds(model):
    primer = performed()
    (take,) = compose(model, EIGHT, primer)
    assert not take.grid
    assert is_performed(take.piece)
    given = take.piece.notes[: len(primer.notes)]
    assert seconds_at(take.piece, given["onset"]) == pytest.approx(seconds_at(primer, primer.notes["onset"]))
    assert given["pitch"].tolist() == primer.notes["pitch"].tolist()
    assert take.piece.notes["onset"][len(given)] > given["onset"][-1]
    assert take.piece.seconds == pytest.approx(primer.seconds + 8 * 4 * 60 / model.style.qpm, abs=6)


def test_new_notes_of_a_free_take_are_hundredths_of_a_second_and_known_as_free_again(model):
    free = replace(model, style=replace(model.style, grid=False, qpm=CLOCK_QPM))
    (take,) = compose(free, ComposingSettings(play_seconds=20))
    seconds = seconds_at(take.piece, take.piece.notes["onset"])
    assert 100 * seconds == pytest.approx(np.round(100 * seconds))
    (longer,) = compose(free, ComposingSettings(play_seconds=20), take.piece)
    assert not longer.grid
    assert seconds_at(longer.piece, longer.piece.notes["onset"])[: len(seconds)] == pytest.approx(seconds)


@pytest.mark.parametrize("grid", [True, False])
def test_a_take_says_which_model_made_it_and_whether_it_has_bars(model, tunes, grid):
    made_by = replace(model, style=replace(model.style, grid=grid))
    (take,) = compose(made_by, replace(EIGHT, play_seconds=5))
    assert (take.model, take.grid) == (made_by.digest, grid)
    assert compose_after(made_by, tunes[0], EIGHT, 4).model == made_by.digest


@pytest.fixture
def changing():
    """A bar of 4/4, then four of 3/4; after them the piece would go on in 2/4."""
    rows = [(beat * 1.0, 1.0, 60 + beat % 5, 80, 0) for beat in range(15)]
    return Piece(as_notes(rows), metres=(Metre(0.0, 4, 4), Metre(4.0, 3, 4), Metre(16.0, 2, 4)))


def test_after_a_change_of_metre_the_new_music_begins_on_a_bar_line_of_the_new_one(model, changing):
    (take,) = compose(model, EIGHT, changing)
    assert take.primer_end == 16
    assert take.piece.metres == (Metre(0.0, 4, 4), Metre(4.0, 3, 4))
    assert 16 + 7 * 3 < take.piece.end <= 16 + 8 * 3


@pytest.mark.parametrize("heard", [0, 2])
def test_the_place_of_a_new_note_counts_from_the_bar_line_where_the_new_music_begins(
    model, changing, heard, monkeypatch
):
    if model.encoding.family == "classic":
        pytest.skip("its events have no place in the bar")
    primer, drawn, decode = passage(changing, 1, heard) if heard else None, [], model.encoding.decode
    monkeypatch.setattr(model.encoding, "decode", lambda *events: drawn.append(events) or decode(*events))
    (take,) = compose(model, replace(EIGHT, returns=False), primer)
    events, onset = drawn[-1]  # before it, the beginnings that were tried
    onsets = onset + np.cumsum(model.encoding.gap_ticks[events[:, GAP]])
    begin, bar = (7 * 24, 72) if heard else (0, 96)
    assert take.primer_end == begin / 24
    assert events[:, POSITION].tolist() == ((onsets - begin) % bar // 2).tolist()


@pytest.mark.parametrize("rhythm", [True, False])
def test_nothing_is_added_to_the_last_bar_of_a_primer(model, tunes, rhythm):
    """The last onset of this primer lies three quarters before its bar line."""
    notes = tunes[0].notes
    primer = replace(tunes[0], notes=as_notes(notes[notes["onset"] < 5.5]))
    for seed in range(6):
        (take,) = compose(model, replace(EIGHT, seed=seed, rhythm=rhythm), primer)
        assert take.primer_end == 8
        new = take.piece.notes[len(primer.notes) :]
        if model.encoding.family == "joint":
            assert new["onset"].min() >= 8


def test_takes_are_told_one_by_one_as_they_end(model):
    told = []
    takes = compose(model, replace(EIGHT, variations=4), on_take=told.append)
    assert sorted(take.seed for take in told) == [take.seed for take in takes]


def test_a_stopped_take_ends_with_its_last_whole_bar(model):
    whole, *_ = compose(model, replace(EIGHT, returns=False))
    steps, bar = iter(range(10_000)), model.style.bar
    (take,) = compose(model, replace(EIGHT, returns=False), should_stop=lambda: next(steps) >= 40)
    assert 0 < take.piece.end <= whole.piece.end - bar
    onsets, bars = whole.piece.notes["onset"], take.piece.notes["onset"].max() // bar + 1
    assert len(take.piece.notes) == (onsets < bars * bar).sum()
    assert take.piece.notes["pitch"].tolist() == whole.piece.notes["pitch"][: len(take.piece.notes)].tolist()


def test_what_is_stopped_before_its_first_bar_is_no_take(model):
    assert compose(model, EIGHT, should_stop=lambda: True) == []


def test_of_a_few_beginnings_the_one_most_like_those_of_the_style_is_kept(model):
    if model.encoding.family == "classic":
        pytest.skip("its chords are all alike here")
    quarters = opening_quarters(model.style.bar, True)
    settings = replace(EIGHT, variations=6)
    plain = compose(replace(model, style=replace(model.style, openings=())), settings)
    facts = np.array([facts_of(take.piece.notes, quarters) for take in plain])
    dense = ((facts[:, 0].max() + 1,) * 3, (0.0, 5.0, 99.0), (0.0, 0.5, 1.0))
    chosen = compose(replace(model, style=replace(model.style, openings=dense)), settings)
    new = np.array([facts_of(take.piece.notes, quarters) for take in chosen])
    assert (new[:, 0] >= facts[:, 0] - 1e-9).all()
    assert new[:, 0].mean() > facts[:, 0].mean()


def test_a_take_that_begins_as_the_style_does_stays_as_it_is(model):
    anything = ((0.0, 50.0, 1000.0), (0.0, 50.0, 1000.0), (0.0, 0.5, 1.0))
    for settings in (EIGHT, replace(EIGHT, bars=24, variations=3)):  # the longer ones go on from their beginnings
        usual, chosen = (
            compose(replace(model, style=replace(model.style, openings=openings)), settings)
            for openings in ((), anything)
        )
        assert notes_of(usual) == notes_of(chosen)


def test_a_take_that_goes_on_from_another_beginning_is_as_if_drawn_from_its_chance(model, monkeypatch):
    if model.encoding.family == "classic":
        pytest.skip("its chords are all alike here")
    dense = ((50.0, 60.0, 1000.0), (0.0, 50.0, 1000.0), (0.0, 0.5, 1.0))
    dear, settings = replace(model, style=replace(model.style, openings=dense)), replace(EIGHT, bars=24, variations=4)
    gone_on = compose(dear, settings)
    monkeypatch.setattr(Generator, "onset", property(lambda generator: np.full(12, 10**6)))  # too far to go on
    assert notes_of(compose(dear, settings)) == notes_of(gone_on)


def test_the_ways_to_an_end_are_guarded_from_loops_too(model, monkeypatch):
    lanes, select, settings = [], LoopGuard.select, replace(EIGHT, bars=16, ending=True)

    def note(guard, chosen):
        lanes.append(chosen.tolist())
        return select(guard, chosen)

    monkeypatch.setattr(LoopGuard, "select", note)
    compose(model, settings)
    assert lanes[-1] == [0] * Ending.candidates
    lanes.clear()
    compose(model, settings, use_guard=False)
    assert not lanes
