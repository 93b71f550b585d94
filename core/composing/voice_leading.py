"""Owns keeping four voices from parallel fifths and octaves, where the music learned keeps from them.

Knows nothing about networks. A pitch is looked at when it is drawn, from the lowest of its onset to the highest, so the
voices below it are known: those held, and those struck already. See `core.corpus.voices` for what is meant by parallel.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy

import numpy as np
from numpy.typing import NDArray

from core.corpus.voices import PERFECT, VOICES
from core.encoding.active_notes import PITCHES

Ids = NDArray[np.int64]
_Note = tuple[int, int]
"""When a note ends, in ticks, and its pitch."""


class VoiceLeading:
    """The sonority before the last onset of each lane, and the notes that sound since then."""

    def __init__(self, lanes: int) -> None:
        self._before: list[tuple[int, ...]] = [()] * lanes
        self._sounding: list[tuple[_Note, ...]] = [()] * lanes
        self._onset = [-1] * lanes

    def allowed(self, onsets: Ids) -> NDArray[np.bool_]:
        """Return the pitches that may be struck at an onset of each lane, (lanes, 128)."""
        allowed = np.ones((len(onsets), PITCHES), dtype=bool)
        for lane, onset in enumerate(onsets.tolist()):
            before, sounding = self._at(lane, onset)
            for pitch in _parallels(before, sorted({pitch for _, pitch in sounding})):
                allowed[lane, pitch] = False
        return allowed

    def strike(self, onsets: Ids, pitches: Ids, durations: Ids) -> None:
        """Strike a note in each lane; onsets and durations in ticks."""
        each = zip(onsets.tolist(), pitches.tolist(), durations.tolist(), strict=True)
        for lane, (onset, pitch, duration) in enumerate(each):
            self._before[lane], sounding = self._at(lane, onset)
            self._sounding[lane] = (*sounding, (onset + duration, pitch))
            self._onset[lane] = onset

    def select(self, lanes: Ids) -> VoiceLeading:
        """Return that of some lanes, in their order; one may come more than once."""
        chosen = copy(self)
        chosen._before, chosen._sounding, chosen._onset = (
            [each[lane] for lane in lanes.tolist()] for each in (self._before, self._sounding, self._onset)
        )
        return chosen

    def _at(self, lane: int, onset: int) -> tuple[tuple[int, ...], tuple[_Note, ...]]:
        """Return the sonority before an onset, and the notes that sound there so far."""
        sounding = self._sounding[lane]
        if onset == self._onset[lane]:
            return self._before[lane], sounding
        before = tuple(sorted({pitch for _, pitch in sounding}))
        return before, tuple(note for note in sounding if note[0] > onset)


def _parallels(before: Sequence[int], now: Sequence[int]) -> Iterator[int]:
    """Yield the pitches that would move in parallel with a voice below them; both from the lowest."""
    if len(before) != VOICES:
        return
    for voice in range(1, min(len(now), VOICES - 1) + 1):
        for below in range(voice):
            step = now[below] - before[below]
            pitch = before[voice] + step
            free = now[voice - 1] < pitch < (now[voice] if voice < len(now) else PITCHES)
            if step and free and (pitch - now[below]) % 12 in PERFECT:
                yield pitch
