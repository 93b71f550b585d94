"""Owns signs: the symbols of a bar -> music21's notes, chords and rests, with values, tuplets, ties and beams.

Knows nothing about staves, clefs or keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from music21 import chord, duration, note, pitch, tie

from core.score.barring import FINEST, Bar
from core.score.beams import Beam, beams_of
from core.score.heads import Head, Heads
from core.score.quantize import Beat, normal
from core.score.rhythm import Symbol

_QUARTER = 1
_BEAMS: dict[Beam, tuple[str] | tuple[str, str]] = {
    "start": ("start",),
    "continue": ("continue",),
    "stop": ("stop",),
    "stub left": ("partial", "left"),
    "stub right": ("partial", "right"),
}
"""How music21 names beams."""


def signs_of(bar: Bar, symbols: Sequence[Symbol], heads: Heads) -> list[note.GeneralNote]:
    """Return what stands in a bar; its note heads are added to `heads`."""
    if len(symbols) == 1 and symbols[0].chord is None and bar.length == bar.metre.bar:
        return [_silence(bar)]
    signs = [_sign(symbol, heads) for symbol in symbols]
    _bracket(symbols, signs)
    for sign, kinds in zip(signs, beams_of(bar, symbols), strict=True):
        _beam(sign, kinds)
    return [each for symbol, sign in zip(symbols, signs, strict=True) for each in (*_graces(symbol, heads), sign)]


def _silence(bar: Bar) -> note.Rest:
    """Return the rest of a whole bar, which looks the same in all metres."""
    rest = note.Rest(duration=duration.Duration(bar.length))
    rest.fullMeasure = True
    return rest


def _sign(symbol: Symbol, heads: Heads) -> note.GeneralNote:
    value = _value(symbol)
    if symbol.chord is None:
        return note.Rest(duration=value)
    return _notes(heads.write(symbol.chord.notes, symbol.onset, symbol.end), value, _bond(symbol))


def _notes(heads: Sequence[Head], value: duration.Duration, bond: str = "") -> note.NotRest:
    """Return one note, or a chord of several, each with its own tie."""
    notes = [note.Note(_pitch(head), id=head.id) for head in heads]
    if bond:
        for each in notes:
            each.tie = tie.Tie(bond)
    sign: note.NotRest = notes[0] if len(notes) == 1 else chord.Chord(notes)
    sign.duration = value
    return sign


def _pitch(head: Head) -> pitch.Pitch:
    tone = pitch.Pitch(step=head.spelling.letter, octave=head.spelling.octave)
    if head.spelling.alter:
        tone.accidental = pitch.Accidental(head.spelling.alter)
    return tone


def _bond(symbol: Symbol) -> str:
    """Return the kind of tie of a symbol that is only a part of its chord."""
    if symbol.chord is None or (symbol.onset, symbol.end) == (symbol.chord.onset, symbol.chord.end):
        return ""
    if symbol.onset == symbol.chord.onset:
        return "start"
    return "stop" if symbol.end == symbol.chord.end else "continue"


def _value(symbol: Symbol) -> duration.Duration:
    value = duration.Duration(symbol.value)
    if symbol.tuplet:
        value.appendTuplet(_tuplet(symbol, symbol.tuplet))
    return value


def _tuplet(symbol: Symbol, beat: Beat) -> duration.Tuplet:
    plain = normal(beat.parts)
    tuplet = duration.Tuplet(beat.parts, plain, duration.Duration(beat.length / plain).type)
    tuplet.placement = None  # type: ignore[assignment]  # the engraver sees on which side there is room
    if symbol.onset == beat.onset:
        tuplet.type = "start"
    elif symbol.end == beat.end:
        tuplet.type = "stop"
    return tuplet


def _bracket(symbols: Sequence[Symbol], signs: Sequence[note.GeneralNote]) -> None:
    """Leave out the brackets of tuplets that a beam holds together: no rests in them, nothing as long as a quarter."""
    loose = {each.tuplet for each in symbols if each.tuplet and (each.chord is None or each.value >= _QUARTER)}
    for symbol, sign in zip(symbols, signs, strict=True):
        for tuplet in sign.duration.tuplets:
            tuplet.bracket = symbol.tuplet in loose


def _beam(sign: note.GeneralNote, kinds: Sequence[Beam]) -> None:
    if isinstance(sign, note.NotRest):
        for kind in kinds:
            sign.beams.append(*_BEAMS[kind])


def _graces(symbol: Symbol, heads: Heads) -> list[note.NotRest]:
    """Return the grace notes before a symbol: one is struck through, several are sixteenths under a beam.

    Each is heard for a 64th before the symbol.
    """
    groups = symbol.chord.graces if symbol.chord and symbol.onset == symbol.chord.onset else ()
    graces = []
    for place, numbers in enumerate(groups):
        onset = max(symbol.onset - (len(groups) - place) * FINEST, Fraction(0))
        value = duration.Duration("eighth" if len(groups) == 1 else "16th")
        graces.append(_notes(heads.write(numbers, onset, onset + FINEST), value))
    for place, grace in enumerate(graces):
        grace.getGrace(inPlace=True)
        if len(graces) > 1:
            kind: Beam = "start" if place == 0 else "stop" if place == len(graces) - 1 else "continue"
            _beam(grace, (kind, kind))
    return graces
