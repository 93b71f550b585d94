from dataclasses import replace
from fractions import Fraction
from xml.etree import ElementTree

import numpy as np
import pytest

from core.bars import passage
from core.corpus.library import music_sets, open_set
from core.score import write_musicxml
from core.score.barring import written_bars
from tests.score.pieces import PIANO, lengths, line, parsed, piece_of, struck

PIECES = {
    "scale": piece_of(line(*np.arange(16) / 4, until=4.0)),
    "triplets": piece_of(line(*np.arange(12) / 3, until=4.0)),
    "syncopation": piece_of(line(0.0, 0.25, 0.75, 1.5, 2.25, 3.5, until=8.0)),
    "hands": piece_of(line(0.0, 0.5, 3.5, until=8.0), [(0.0, 6.0, 40), (6.0, 2.0, 43)], program=PIANO),
    "jig": piece_of(line(*np.arange(12) / 2, until=6.0), metres=((0.0, 6, 8),)),
    "five": piece_of(line(0.0, 3.25, 5.0, until=10.0), metres=((0.0, 5, 4),)),
    "changes": piece_of(line(0.0, 2.5, 4.0, 7.5, until=12.0), metres=((0.0, 4, 4), (4.0, 6, 8), (8.5, 2, 2))),
    "pick-up": piece_of(line(0.0, 1.0, 3.5, until=9.0), metres=((0.0, 1, 4), (1.0, 4, 4))),
    "cut bars": piece_of([(0.0, 1.0, 60), (9.0, 4.0, 62)], metres=((0.0, 4, 4), (5.0, 4, 4), (6.0, 3, 4))),
}


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES.keys())
def test_another_program_reads_the_same_pitches_at_the_same_onsets_in_full_bars(piece):
    score = parsed(write_musicxml(piece))
    onsets = [Fraction(onset).limit_denominator(24) for onset in piece.notes["onset"].tolist()]
    assert struck(score) == set(zip(onsets, piece.notes["pitch"].tolist(), strict=True))
    for part in score.parts:
        assert lengths(part) == [bar.length for bar in written_bars(piece)]


def test_a_file_says_nothing_that_is_not_known():
    text = write_musicxml(piece_of(line(0.0, until=4.0))).decode()
    assert "creator" not in text and "encoding-date" not in text and "midi-channel" not in text


def test_equal_pieces_give_equal_bytes():
    assert write_musicxml(PIECES["hands"]) == write_musicxml(PIECES["hands"])


def test_a_hostile_title_is_text():
    musicxml = write_musicxml(piece_of(line(0.0, until=4.0), title="<script>&\x00"))
    assert ElementTree.fromstring(musicxml).findtext("work/work-title") == "<script>&"
    assert b"<script" not in musicxml


def test_more_parts_than_midi_has_channels_are_written(capsys):
    piece = piece_of(*[line(0.0, until=4.0)] * 20, program=40)
    assert len(parsed(write_musicxml(piece)).parts) == 20
    assert capsys.readouterr().err == ""


def kept(piece, score):
    """Return the share of notes that are written within a 24th of where they were played."""
    written = {}
    for onset, pitch in struck(score):
        written.setdefault(pitch, []).append(float(onset))
    near = [
        np.abs(np.array(written.get(pitch, [np.inf])) - onset).min() <= (0.13 if duration <= 0.07 else 1 / 24 + 1e-6)
        for onset, duration, pitch, _, _ in piece.notes.tolist()
    ]
    return np.mean(near)


@pytest.mark.slow
@pytest.mark.parametrize(
    "music", [music for music in music_sets() if music.id != "chorales"], ids=lambda music: music.id
)
def test_the_built_in_music_is_written_note_for_note(music):
    for reading in open_set(replace(music, sources=music.sources[:4])):
        piece = passage(reading.piece, 1, 16)
        score = parsed(write_musicxml(piece))
        assert kept(piece, score) > 0.99, reading.name
        for part in score.parts:
            assert lengths(part) == [bar.length for bar in written_bars(piece)], reading.name
