"""Owns notation: a piece -> a music21 score that leaves nothing to guess, with the heads of its notes.

Knows nothing about files or pages.

music21 is given finished bars: note values, ties, tuplets, beams and clefs. Only which accidentals must be seen is left
to it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from music21 import bar as bar_line
from music21 import clef, duration, instrument, key, layout, metadata, meter, stream, tempo
from music21.stream.enums import ShowNumber
from music21.stream.makeNotation import makeAccidentalsInMeasureStream

from core.corpus.description import key_of
from core.notes import Piece
from core.score.barring import Bar, written_bars
from core.score.clefs import Clef, choose_clefs
from core.score.heads import Head, Heads
from core.score.quantize import Line, write_line
from core.score.rhythm import Symbol, write_bar
from core.score.signature import signatures_of
from core.score.signs import signs_of
from core.score.speeds import tempo_marks
from core.score.spelling import read_key, spell
from core.score.staves import Part, parts_of

_CLEFS: dict[Clef, type[clef.Clef]] = {
    "treble": clef.TrebleClef,
    "bass": clef.BassClef,
    "alto": clef.AltoClef,
    "treble8vb": clef.Treble8vbClef,
    "bass8vb": clef.Bass8vbClef,
}
_LONGEST_TITLE, _LONGEST_NAME = 80, 24  # characters; names stand before the staves
_UNWRITABLE = re.compile("[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]+")


@dataclass(frozen=True, eq=False)
class Notation:
    """A score and its note heads."""

    score: stream.Score
    heads: tuple[Head, ...]


@dataclass(frozen=True)
class _Frame:
    """What all staves of a piece share."""

    bars: tuple[Bar, ...]
    signatures: list[int]
    heads: Heads


def notate(piece: Piece) -> Notation:
    """Write down a piece that has notes; each staff has one voice. Drums stay out."""
    score = stream.Score()
    score.metadata = metadata.Metadata(title=name_of(piece))
    tonality = read_key(key_of(piece))
    spellings = spell(piece.notes, tonality)
    bars = written_bars(piece)
    signatures = signatures_of(piece.notes["onset"], spellings, bars, tonality)
    frame = _Frame(bars, signatures, Heads(piece, spellings))
    for number, part in enumerate(parts_of(piece), start=1):
        staves = _staves(piece, part, frame)
        for place, staff in enumerate(staves, start=1):
            staff.partName = _clean(part.name)
            staff.insert(0, _instrument(part, number, place))
            score.insert(0, staff)
        if len(staves) > 1:
            score.insert(0, layout.StaffGroup(staves, symbol="brace"))
    _mark_tempo(score.parts[0], piece)
    return Notation(score, tuple(frame.heads.written))


def name_of(piece: Piece) -> str:
    """Return the title of a piece, as XML can hold it."""
    return _clean(piece.title, _LONGEST_TITLE) or "Untitled"


def _clean(name: str, longest: int = _LONGEST_NAME) -> str:
    return " ".join(_UNWRITABLE.sub(" ", name).split())[:longest].strip()


def _staves(piece: Piece, part: Part, frame: _Frame) -> list[stream.PartStaff]:
    lines = [write_line(piece.notes, numbers, frame.bars) for numbers in part.staves]
    hands: tuple[Clef | None, ...] = ("treble", "bass") if len(lines) > 1 else (None,)
    return [_staff(line, part.program, usual, frame) for line, usual in zip(lines, hands, strict=True)]


def _staff(line: Line, program: int, usual: Clef | None, frame: _Frame) -> stream.PartStaff:
    staff, bars = stream.PartStaff(), frame.bars
    contents = list(_contents(line, bars))
    clefs = choose_clefs([_struck(symbols, frame.heads.pitches) for symbols in contents], program, usual)
    for place, (bar, symbols) in enumerate(zip(bars, contents, strict=True)):
        measure = _measure(bar)
        if place == 0 or clefs[place] != clefs[place - 1]:
            measure.insert(0, _CLEFS[clefs[place]]())
        if place == 0 or frame.signatures[place] != frame.signatures[place - 1]:
            measure.insert(0, key.KeySignature(frame.signatures[place]))
        if place == 0 or _signature(bars[place - 1]) != _signature(bar):
            measure.insert(0, meter.TimeSignature(_signature(bar)))
        measure.append(signs_of(bar, symbols, frame.heads))
        staff.insert(bar.onset, measure)
    measure.rightBarline = bar_line.Barline("final")
    makeAccidentalsInMeasureStream(staff)
    return staff


def _instrument(part: Part, number: int, place: int) -> instrument.Instrument:
    """Return the sound that a notation program is to play a staff with."""
    sound = instrument.Instrument(_clean(part.name))
    sound.partId = f"P{number}-{place}"
    sound.instrumentId = f"{sound.partId}-sound"
    sound.midiProgram = part.program
    sound.midiChannel = 2 * number + place  # music21 wants each staff to have another; they are not written
    return sound


def _contents(line: Line, bars: Sequence[Bar]) -> Iterator[list[Symbol]]:
    """Yield the symbols of each bar."""
    onsets, ends = [chord.onset for chord in line.chords], [chord.end for chord in line.chords]
    starts = [beat.onset for beat in line.beats]
    for bar in bars:
        chords = line.chords[bisect_right(ends, bar.onset) : bisect_left(onsets, bar.end)]
        yield write_bar(bar, chords, line.beats[bisect_left(starts, bar.onset) : bisect_left(starts, bar.end)])


def _struck(symbols: Sequence[Symbol], pitches: Sequence[int]) -> list[int]:
    """Return the pitches that begin in a bar."""
    chords = [each.chord for each in symbols if each.chord and each.onset == each.chord.onset]
    return [pitches[number] for chord in chords for number in chord.notes]


def _measure(bar: Bar) -> stream.Measure:
    measure = stream.Measure(number=bar.number)
    if bar.lead:
        measure.paddingLeft = bar.lead
        measure.showNumber = ShowNumber.NEVER
    return measure


def _signature(bar: Bar) -> str:
    return f"{bar.metre.numerator}/{bar.metre.denominator}"


def _mark_tempo(part: stream.Part, piece: Piece) -> None:
    """Put the tempo marks over the uppermost staff."""
    measures = part.getElementsByClass(stream.Measure)
    onsets = [float(measure.offset) for measure in measures]
    for mark in tempo_marks(piece):
        measure = measures[max(bisect_right(onsets, mark.onset) - 1, 0)]
        speed = tempo.MetronomeMark(number=mark.count, referent=duration.Duration(mark.beat))
        measure.insert(max(mark.onset - float(measure.offset), 0.0), speed)
