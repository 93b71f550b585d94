import numpy as np
import pytest

from core.notes import Piece, as_notes
from core.score import ScoreError, engrave, is_engravable, write_musicxml
from core.score.admission import MOST_BARS, MOST_NOTES
from tests.score.pieces import line, piece_of

NOTHING = Piece(as_notes([]))
DRUMS = Piece(as_notes([]), drums=as_notes([(0.0, 1.0, 36, 80, 0)]))
FREE = piece_of([(float(onset), 0.1, 60) for onset in np.random.default_rng(1).random(50) * 20])
MANY = piece_of([(float(onset), 1.0, 60) for onset in range(MOST_NOTES + 1)], metres=((0.0, 16, 4),))
LONG = piece_of([(0.0, 1.0, 60), (MOST_BARS * 4.0, 1.0, 60)])


@pytest.mark.parametrize(
    ("piece", "words"),
    [
        (NOTHING, "no notes"),
        (DRUMS, "only drums"),
        (FREE, "without a steady beat"),
        (MANY, "6,001 notes"),
        (LONG, "1,001 bars"),
    ],
)
@pytest.mark.parametrize("way", [engrave, write_musicxml])
def test_what_cannot_be_written_down_is_refused_with_the_reason(piece, words, way):
    assert not is_engravable(piece)
    with pytest.raises(ScoreError, match=words):
        way(piece)


def test_what_keeps_a_beat_can_be_written_down():
    assert is_engravable(piece_of(line(0.0, 1.0, 1.5, until=4.0)))
