import numpy as np
import pytest

from core.corpus.corpus import Corpus
from core.encoding import JointEncoding
from core.encoding.columns import with_boundaries
from core.notes import Metre, Piece, as_notes
from core.training import batches
from core.training.batches import packed, split, windows
from tests.conftest import tune

ENCODING = JointEncoding()
BOUNDARY = ENCODING.columns[0].boundary


def feed(pieces, **more):
    chosen = {"batch": 3, "length": 10, "transposition": 0, "rng": np.random.default_rng(0)} | more
    return windows(ENCODING, pieces, **chosen)


def line(notes):
    return Piece(as_notes([(float(at), 1.0, 60 + at % 12, 80, 0) for at in range(notes)]))


def lines(*lengths):
    return Corpus.of((str(number), line(length)) for number, length in enumerate(lengths))


def test_no_piece_is_both_learned_and_held_out():
    many = lines(*range(20, 40))
    parts = split(many, seed=1)
    assert sorted(parts.learned.names + parts.held_out.names) == sorted(many.names)


@pytest.mark.parametrize(("pieces", "held"), [(2, 1), (4, 1), (5, 1), (10, 1), (20, 2), (40, 4)])
def test_a_tenth_is_held_out_and_at_least_one(pieces, held):
    assert len(split(lines(*range(20, 20 + pieces)), seed=0).held_out) == held


def test_of_a_few_pieces_the_shortest_is_held_out_and_of_more_some_by_chance():
    assert split(lines(50, 20, 40, 30), seed=0).held_out.names == ("1",)
    many = lines(*range(20, 30))
    assert len({split(many, seed).held_out.names for seed in range(20)}) > 3
    assert split(many, 3).held_out.names == split(many, 3).held_out.names


def test_no_more_than_ten_thousand_notes_are_held_out_unless_one_piece_has_more():
    thousands = split(lines(*[3000] * 100), seed=0).held_out
    assert len(thousands) == 3
    assert len(split(lines(*[5_000] * 20), seed=0).held_out) == 2
    assert len(split(lines(*[5_001] * 20), seed=0).held_out) == 1
    assert len(split(lines(*[25_000] * 20), seed=0).held_out) == 1


def test_of_a_long_piece_held_out_the_beginning_is_measured_and_nothing_of_it_is_learned():
    parts = split(lines(4_000, 4_001, 4_002), seed=0)
    assert [len(piece.notes) for piece in parts.held_out.pieces] == [3_000]
    assert [len(piece.notes) for piece in parts.learned.pieces] == [4_001, 4_002]
    assert set(parts.held_out.digests).isdisjoint(parts.learned.digests)


def test_the_first_piece_counts_towards_the_ten_thousand():
    first = int(np.random.default_rng(0).permutation(20)[0])
    assert len(split(lines(*(5_001 if number == first else 5_000 for number in range(20))), seed=0).held_out) == 1


def test_of_one_piece_the_last_tenth_is_held_out_from_a_bar_line_on():
    parts = split(Corpus.of([("long", tune(bars=40))]), seed=0)
    ((learned,), (held,)) = parts.learned.pieces, parts.held_out.pieces
    assert (learned.end, held.end) == (144, 16)
    assert parts.learned.digests == parts.held_out.digests


def test_one_piece_is_cut_where_its_metre_has_a_bar_line():
    rows = [(float(at), 1.0, 60 + at % 5, 80, 0) for at in range(100)]
    changing = Piece(as_notes(rows), metres=(Metre(0.0, 2, 4), Metre(7.0, 4, 4)))
    parts = split(Corpus.of([("changing", changing)]), seed=0)
    assert parts.learned.pieces[0].end == 7 + 84


def test_one_piece_is_cut_at_a_bar_line_where_its_last_tenth_begins_on_one():
    slow = Piece(as_notes([(4.0 * at, 4.0, 60, 80, 0) for at in range(11)]))
    parts = split(Corpus.of([("slow", slow)]), seed=0)
    assert [len(part.pieces[0].notes) for part in (parts.learned, parts.held_out)] == [9, 2]
    assert parts.learned.names == parts.held_out.names == ("slow",)


def test_a_piece_too_short_to_cut_is_learned_whole():
    parts = split(Corpus.of([("short", line(3))]), seed=0)
    assert len(parts.learned) == 1 and not len(parts.held_out)


def test_windows_join_without_a_gap(tunes):
    source = feed(tunes)
    first, second = next(source), next(source)
    assert first.shape == (11, 3, 5 + 128 + 24)
    assert (first[-1] == second[0]).all()


def test_a_row_is_made_of_whole_pieces(tunes):
    source = feed(tunes[:1], batch=1)
    row = np.concatenate([next(source)[:-1, 0] for _ in range(40)])
    whole = with_boundaries(ENCODING.inputs(tunes[0]), ENCODING.columns)
    first, second = np.flatnonzero(row[:, 0] == BOUNDARY)[:2]
    assert (row[first : second + 1] == whole).all()


def test_every_piece_comes_once_in_each_pass(tunes):
    source = feed(tunes, batch=1, length=len(tunes[0].notes) + 1)
    rows = np.concatenate([next(source)[:-1, 0] for _ in range(9)])
    begins = np.flatnonzero(rows[:, 0] == BOUNDARY)[:-1]
    keys = [int(rows[begin + 1 :][:1, 2][0]) for begin in begins]
    assert len(set(keys[3:7])) == 4  # the second pass, after what is left of the first


def test_rows_begin_at_different_places(tunes):
    first = next(feed(tunes[:1], batch=8))
    assert len({first[:, row].tobytes() for row in range(8)}) > 4


def test_transposition_moves_pitches_and_nothing_else(tunes):
    plain, moved = (next(feed(tunes[:1], transposition=most, batch=1, length=900))[:, 0] for most in (0, 6))
    assert len(set(moved[:, 2])) > len(set(plain[:, 2]))
    assert (np.sort(moved[:, 3]) == np.sort(plain[:, 3])).mean() > 0.9
    lowest, highest = (int(edge(tunes[0].notes["pitch"])) for edge in (min, max))
    pitches = moved[moved[:, 0] != BOUNDARY, 2]
    assert lowest - 6 <= pitches.min() < lowest
    assert highest < pitches.max() <= highest + 6


def test_what_is_kept_of_pieces_is_bounded_in_bytes(tunes, monkeypatch):
    asked = []

    class Counting(JointEncoding):
        def inputs(self, piece):
            asked.append(piece.title)
            return super().inputs(piece)

    def passes(most, pieces=tunes):
        asked.clear()
        monkeypatch.setattr(batches, "_MOST_CACHED_BYTES", most)
        source = windows(Counting(), pieces, batch=1, length=100, transposition=0, rng=np.random.default_rng(0))
        for _ in range(20):
            next(source)
        return len(asked)

    bytes_of_one = ENCODING.inputs(tunes[0]).nbytes
    assert passes(10 * bytes_of_one) == len(tunes)
    assert passes(bytes_of_one) > 10
    assert passes(bytes_of_one - 1) >= passes(bytes_of_one)
    assert passes(bytes_of_one, tunes[:1]) == 1 < passes(bytes_of_one - 1, tunes[:1])


def test_packed_rows_count_every_event_once(tunes):
    inputs, counts = packed(ENCODING, [ENCODING.inputs(tune) for tune in tunes], 3)
    assert counts.sum() == sum(len(piece.notes) + 1 for piece in tunes)
    ends = (inputs[1:, :, 0] == BOUNDARY) & counts
    assert ends.sum() == len(tunes)


def test_packed_rows_are_of_about_one_length():
    pieces = [ENCODING.inputs(line(notes)) for notes in (90, 30, 30, 30)]
    inputs, counts = packed(ENCODING, pieces, 2)
    assert sorted(counts.sum(axis=0).tolist()) == [91, 93]
    assert len(inputs) == 94
    assert packed(ENCODING, pieces[:1], 2)[1].sum(axis=0).tolist() == [91, 0]


@pytest.mark.parametrize("many", [1, 3, 20])
def test_what_is_too_short_to_tell_anything_is_learned_and_not_held_out(many):
    short = [Piece(as_notes([(0.0, 1.0, 60 + number, 80, 0)])) for number in range(many)]
    parts = split(Corpus.of((str(number), piece) for number, piece in enumerate([*short, tune()])), 0)
    assert parts.held_out.names == (str(many),) and len(parts.held_out.pieces[0].notes) > 1
    assert parts.learned.names == tuple(map(str, range(many + 1)))
    parts = split(Corpus.of((str(number), piece) for number, piece in enumerate([*short, tune(), tune(62)])), 0)
    assert set(parts.held_out.names) <= {str(many), str(many + 1)} and len(parts.learned) >= many
