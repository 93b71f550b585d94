"""What the tests of sheet music share: pieces made of rows (onset, duration, pitch), and what is read from a file."""

from fractions import Fraction

from music21 import converter, stream

from core.notes import Metre, Piece, Track, as_notes

FLUTE, PIANO = 73, 0


def piece_of(*tracks, metres=((0.0, 4, 4),), program=FLUTE, title="piece"):
    """Make a piece with a track for each list of rows."""
    rows = [(*row, 80, number) for number, track in enumerate(tracks) for row in track]
    return Piece(
        as_notes(rows),
        tracks=tuple(Track(f"track {number}", program) for number in range(len(tracks))),
        metres=tuple(Metre(*metre) for metre in metres),
        title=title,
    )


def line(*onsets, until):
    """Make rows of rising pitches that each last until the next onset."""
    return [(a, b - a, 60 + place % 24) for place, (a, b) in enumerate(zip(onsets, (*onsets[1:], until), strict=True))]


def parsed(musicxml):
    """Return what another program reads from a file."""
    return converter.parseData(musicxml, format="musicxml")


def struck(score):
    """Return the (onset, pitch) of all notes of a score; what is tied to a note before it is not struck."""
    return {
        (Fraction(measure.offset) + Fraction(element.offset), note.pitch.midi)
        for measure in score[stream.Measure]
        for element in measure.notes
        for note in (element.notes if element.isChord else [element])
        if note.tie is None or note.tie.type == "start"
    }


def lengths(part):
    """Return how long what stands in each measure is."""
    measures = part.getElementsByClass(stream.Measure)
    return [sum(Fraction(each.quarterLength) for each in measure.notesAndRests) for measure in measures]
