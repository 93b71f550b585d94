from core.corpus.endings import ends_on_tonic, last_note
from core.notes import Piece, as_notes
from tests.benchmarks.conftest import line

C_MAJOR = [60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60]


def test_the_bass_at_the_end_counts_though_it_began_before():
    end = [(11, 2, 67, 80, 0), (11.0, 2, 48, 80, 0), (12, 1, 64, 80, 0)]
    assert ends_on_tonic(as_notes([*line(C_MAJOR).notes.tolist(), *end]))
    assert not ends_on_tonic(line([*C_MAJOR, 62]).notes)


def test_the_last_note_lasts_to_the_end():
    assert last_note(Piece(as_notes([(0, 8, 60, 80, 0), (3, 2, 64, 80, 0)]))) == 5
