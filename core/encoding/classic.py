"""Owns the classic family: an event is a note or a chord named as text, and its rhythm is the gap before it.

Knows nothing about networks. Both vocabularies come from the pieces learned, and two independent
networks learn them. Chords keep their real pitches ('C4.E4.G4'); a note lasts until the next one begins.

What the pieces learned do not hold is *unknown*: how probable that is, is estimated by Good and Turing's rule (the
share of tokens that were seen once; Good 1953), and which unknown token it is, costs a spelling in a uniform code.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from core.encoding.columns import Column
from core.encoding.interface import Events, Inputs
from core.encoding.time_grid import SPANS, TICKS_PER_QUARTER, to_ticks
from core.notes import Piece, as_notes, counted, pitch_name, transpose

GAP, CHORD = range(2)
_LARGEST_VOCAB = 4096
_LONGEST_NOTE = 4.0
_VELOCITY = 80
_MOST_PITCHES = 16
_MOST_UNSEEN = 0.5


class ClassicEncoding:
    """The vocabularies of gaps (ticks) and of chords (pitches), the most frequent first."""

    family: ClassVar[str] = "classic"
    networks: ClassVar[tuple[tuple[int, ...], ...]] = ((GAP,), (CHORD,))
    context: ClassVar[int] = 0
    context_codes: ClassVar[int] = 0
    context_columns: ClassVar[tuple[int, ...]] = ()
    memories: ClassVar[int] = 0
    relative: ClassVar[int | None] = None
    supports_ppm: ClassVar[bool] = False
    by_chords: ClassVar[bool] = True

    def __init__(self, gaps: Sequence[int], chords: Sequence[Sequence[int]], unseen: Sequence[float]) -> None:
        """Take the vocabularies and, for (gaps, chords), the probability of a token outside them."""
        self.gaps = tuple(gaps)
        self.chords = tuple(tuple(chord) for chord in chords)
        self.unseen = tuple(unseen)
        self.columns = (
            Column("gap", len(self.gaps) + 2, ends=True, unseen=self.unseen[GAP]),
            Column("chord", len(self.chords) + 2, unseen=self.unseen[CHORD]),
        )
        self.gap_ticks = np.array([*self.gaps, 0, 0], dtype=np.int64)
        self._gap_id = {gap: index for index, gap in enumerate(self.gaps)}
        self._chord_id = {chord: index for index, chord in enumerate(self.chords)}

    @classmethod
    def learn(cls, pieces: Iterable[Piece]) -> ClassicEncoding:
        """Gather the vocabularies of the pieces; the rarest chords of a very large one count as unknown."""
        events = [event for piece in pieces for event in _events(piece)]
        gaps, gap_unseen = _vocab(gap for gap, _ in events)
        chords, chord_unseen = _vocab(chord for _, chord in events)
        return cls(gaps, chords, (gap_unseen, chord_unseen))

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ClassicEncoding:
        """Restore the encoding from `to_json`. Raises ValueError where that is not what it could have returned."""
        gaps, chords, unseen = data["gaps"], data["chords"], data["unseen"]
        if not (_are_tokens(gaps, SPANS[-1]) and all(_is_chord(chord) for chord in chords)):
            raise ValueError("the vocabularies hold something else than gaps and chords")
        if not (_is_vocab(gaps) and _is_vocab([tuple(chord) for chord in chords])):
            raise ValueError(f"a vocabulary holds nothing, something twice or more than {_LARGEST_VOCAB} tokens")
        if not (len(unseen) == 2 and all(type(each) is float and 0 < each <= _MOST_UNSEEN for each in unseen)):
            raise ValueError("the probabilities of what is outside the vocabularies are none")
        return cls(gaps, chords, unseen)

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` needs."""
        return {"gaps": self.gaps, "chords": self.chords, "unseen": self.unseen}

    def tokens(self, column: int) -> tuple[str, ...]:
        """Return the vocabulary of a column in readable form: '1/2' quarters, 'C4.E4.G4'."""
        if column == GAP:
            return tuple(str(Fraction(gap, TICKS_PER_QUARTER)) for gap in self.gaps)
        return tuple(".".join(map(pitch_name, chord)) for chord in self.chords)

    def encode(self, piece: Piece) -> NDArray[np.int32]:
        """Return the events of a piece, shape (onsets, 2)."""
        rows = [
            (self._gap_id.get(gap, len(self.gaps)), self._chord_id.get(chord, len(self.chords)))
            for gap, chord in _events(piece)
        ]
        return np.array(rows, dtype=np.int32).reshape(-1, 2)

    def inputs(self, piece: Piece) -> Inputs:
        """Return the events; no head sees active notes."""
        return self.encode(piece).astype(np.int16)

    def transposed(self, inputs: Inputs, piece: Piece, semitones: int) -> Inputs:
        """Return the inputs of `piece` in another key."""
        return self.inputs(transpose(piece, semitones))

    def decode(self, events: Events, onset: int = 0) -> NDArray[np.void]:
        """Return the notes of events, shape (events, 2), that follow an onset in ticks.

        An unknown chord is a rest as long as its gap; an unknown gap counts as none.
        """
        onsets = (onset + np.cumsum(self.gap_ticks[events[:, GAP]])) / TICKS_PER_QUARTER
        lengths = np.append(np.clip(np.diff(onsets), 1 / TICKS_PER_QUARTER, _LONGEST_NOTE), 1.0)
        return as_notes(
            (start, length, pitch, _VELOCITY, 0)
            for start, length, chord in zip(onsets, lengths, events[:, CHORD], strict=False)
            if chord < len(self.chords)
            for pitch in self.chords[chord]
        )

    def spelling_bits(self, piece: Piece) -> float:
        """Return the bits it takes to spell the unknown tokens of a piece.

        A gap: one of all spans up to the longest. A chord: how many pitches (up to 16), then which of the 128.
        """
        events = _events(piece)
        gaps = sum(math.log2(SPANS[-1]) for gap, _ in events if gap not in self._gap_id)
        unknown = [chord for _, chord in events if chord not in self._chord_id]
        return gaps + sum(math.log2(_MOST_PITCHES * math.comb(128, len(chord))) for chord in unknown)


def _events(piece: Piece) -> list[tuple[int, tuple[int, ...]]]:
    """Return (gap in ticks, pitches from low to high) of every onset; performed music is counted by the clock."""
    notes = counted(piece).notes
    onsets, starts = np.unique(to_ticks(notes["onset"]), return_index=True)
    chords = np.split(notes["pitch"], starts[1:])
    gaps = np.minimum(np.diff(onsets, prepend=0), SPANS[-1])
    return [(int(gap), tuple(sorted(set(chord.tolist())))) for gap, chord in zip(gaps, chords, strict=False)]


def _are_tokens(values: Sequence[Any], highest: int) -> bool:
    return all(type(value) is int and 0 <= value <= highest for value in values)


def _is_chord(value: Sequence[Any]) -> bool:
    return len(value) > 0 and _are_tokens(value, 127) and sorted(set(value)) == list(value)


def _is_vocab(tokens: Sequence[Any]) -> bool:
    return 0 < len(tokens) <= _LARGEST_VOCAB and len(set(tokens)) == len(tokens)


def _vocab(tokens: Iterable[Any]) -> tuple[list[Any], float]:
    """Return the tokens, most frequent first, and the probability that the next one is none of them."""
    counts = Counter(tokens)
    kept = [token for token, _ in counts.most_common(_LARGEST_VOCAB)]
    total = max(counts.total(), 1)
    once = sum(count == 1 for count in counts.values())
    lost = total - sum(counts[token] for token in kept)
    return kept, min(max(once, lost, 1) / (total + 1), _MOST_UNSEEN)
