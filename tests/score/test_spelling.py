import pytest

from core.notes import as_notes
from core.score.spelling import Key, Spelling, read_key, spell

SIGNS = {-2: "♭♭", -1: "♭", 0: "", 1: "♯", 2: "♯♯"}


def names(pitches, key):
    notes = as_notes([(float(onset), 1.0, pitch, 80, 0) for onset, pitch in enumerate(pitches)])
    return [f"{each.letter}{SIGNS[each.alter]}" for each in spell(notes, read_key(key))]


def scale(tonic, steps):
    return [60 + (tonic + step) % 12 for step in steps] * 3


MAJOR, HARMONIC_MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 11)


@pytest.mark.parametrize(
    ("name", "sharps"),
    [("C major", 0), ("G major", 1), ("F major", -1), ("A minor", 0), ("D♭ major", -5), ("F♯ minor", 3), ("", 0)],
)
def test_a_key_has_its_signature(name, sharps):
    assert read_key(name).sharps == sharps


def test_the_tonic_of_a_key_is_a_pitch_class():
    assert read_key("E♭ minor") == Key(2, -1, "minor")
    assert [read_key(name).chroma for name in ("E♭ minor", "C♭ major", "B major")] == [3, 11, 11]


@pytest.mark.parametrize(
    ("key", "tonic", "steps", "spelled"),
    [
        ("E major", 4, MAJOR, "E F♯ G♯ A B C♯ D♯"),
        ("A♭ major", 8, MAJOR, "A♭ B♭ C D♭ E♭ F G"),
        ("G minor", 7, HARMONIC_MINOR, "G A B♭ C D E♭ F♯"),
        ("G♯ minor", 8, HARMONIC_MINOR, "G♯ A♯ B C♯ D♯ E F♯♯"),
    ],
)
def test_scales_go_through_all_letters(key, tonic, steps, spelled):
    assert names(scale(tonic, steps), key)[:7] == spelled.split()


def test_music_in_another_key_than_the_piece_is_spelled_in_that():
    assert names(scale(4, MAJOR) * 3, "C major")[28:35] == ["E", "F♯", "G♯", "A", "B", "C♯", "D♯"]


def test_what_lies_far_away_has_no_vote():
    later = scale(0, (0, 2, 3, 5, 7, 8, 10)) * 4
    assert names([*scale(4, MAJOR) * 4, *later], "C major")[-7:] == ["C", "D", "E♭", "F", "G", "A♭", "B♭"]


def test_a_neighbour_takes_the_letter_beside():
    assert names([*scale(2, MAJOR), 71, 70, 71], "D major")[-2] == "A♯"
    assert names([*scale(5, MAJOR), 69, 68, 69], "F major")[-2] == "G♯"
    assert names([*scale(0, MAJOR), 67, 68, 67], "C major")[-2] == "A♭"


def test_octaves_begin_at_c():
    notes = as_notes([(0.0, 1.0, pitch, 80, 0) for pitch in (21, 59, 60)])
    assert [each.octave for each in spell(notes, read_key("C major"))] == [0, 3, 4]
    (lowered,) = spell(as_notes([(0.0, 1.0, 59, 80, 0)]), Key(0, -1, "major"))
    assert lowered == Spelling("C", -1, 4)


@pytest.mark.parametrize("tonic", ["C", "G♯", "D♭", "B"])
def test_a_spelling_sounds_as_it_was_played(tonic):
    pitches = list(range(21, 109))
    notes = as_notes([(float(onset), 1.0, pitch, 80, 0) for onset, pitch in enumerate(pitches)])
    naturals = dict(zip("CDEFGAB", (0, 2, 4, 5, 7, 9, 11), strict=True))
    spelled = spell(notes, read_key(f"{tonic} minor"))
    assert [12 * (each.octave + 1) + naturals[each.letter] + each.alter for each in spelled] == pitches
