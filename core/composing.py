"""Owns the making of a take: a model, a primer and settings become a piece.

Knows nothing about files, sound or pages.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.config import ComposingSettings
from core.encoding.clock import TICKS_PER_QUARTER, to_ticks
from core.encoding.columns import boundary_row
from core.form import draw_form
from core.grammar import Grammar, Scene, grammar_for
from core.lstm.inference import Lstm, use_one_thread
from core.model import Model
from core.notes import Metre, Piece, Tempo, Track, as_notes, clip
from core.past import Past
from core.reprise import Reprises
from core.sampling import Logits, draw, forbid, keep_nucleus, sharpen
from core.style import Style, style_of

_EVENTS_BETWEEN_REPORTS = 50
_MOST_AT_ONCE = 500
"""Events at one onset after which a voice ends: the model knows no way on."""

Ids = NDArray[np.int64]


class ComposingError(ValueError):
    """No take can be made; the message says why."""


@dataclass(frozen=True, eq=False)
class Take:
    """A piece that a model made. The new music begins at `mark` (quarter lengths); before it stands the primer."""

    piece: Piece
    seed: int
    mark: float = 0.0


def compose(
    model: Model,
    settings: ComposingSettings,
    primer: Piece | None = None,
    report: Callable[[float], None] = lambda done: None,
) -> list[Take]:
    """Draw `settings.variations` takes side by side; take k has the seed `settings.seed + k`.

    Alone or side by side, a seed gives the same take, unless a draw falls on the last digit of a probability; see
    benchmarks/ABOUT.md. `report` is told the share that is done, 0..1.
    """
    use_one_thread()
    style = _style(model.style, primer)
    begun = _primer_events(model, primer)
    start = _start(style, primer)
    stop = start + _length(style, settings)
    scene = Scene(
        onset=np.full(settings.variations, _last_onset(primer)),
        style=style,
        rhythm=settings.rhythm,
        may_end=max(stop - int(to_ticks(style.bar)), start + 1),
        shortest=max(stop - start - 1, 1),
    )
    past = Past(model, primer, settings.variations) if primer and model.encoding.remembers else None
    reprises = _reprises(model, settings, style, _last_onset(primer) - start, stop - start)
    draws = _Draws(model, settings, begun, grammar_for(model.encoding, scene, _last_chord(primer)), past, reprises)
    events = draws.until(stop, scene, lambda onset: report(min((onset - start) / (stop - start), 1.0)))
    return [
        _take(model, settings, style, begun, new, start, stop, settings.seed + voice)
        for voice, new in enumerate(events)
    ]


def compose_after(model: Model, piece: Piece, settings: ComposingSettings, bars: int) -> Take:
    """Compose in the manner of a piece: listen to its first `bars` bars, go on, and keep only what is new."""
    alike = replace(model, style=style_of([piece]))
    (take,) = compose(alike, settings, passage(piece, 1, bars))
    return replace(take, piece=clip(take.piece, take.mark, take.piece.end), mark=0.0)


class _Draws:
    """The voices while they are drawn."""

    def __init__(
        self,
        model: Model,
        settings: ComposingSettings,
        begun: Ids,
        grammar: Grammar,
        past: Past | None,
        reprises: Reprises | None,
    ) -> None:
        self._settings, self._grammar, self._past, self._reprises = settings, grammar, past, reprises
        self._places = [list(places) for places in model.encoding.networks]
        self._columns = model.encoding.columns
        self._networks = [
            Lstm(architecture, parameters, settings.variations)
            for architecture, parameters in zip(model.architectures, model.parameters, strict=True)
        ]
        self._rngs = [np.random.default_rng(settings.seed + voice) for voice in range(settings.variations)]
        for number, event in enumerate(begun):
            events = np.repeat(event[None], settings.variations, axis=0)
            self._read(events)
            if number:  # the first is the boundary
                grammar.hear(events)

    def until(self, stop: int, scene: Scene, report: Callable[[float], None]) -> list[Ids]:
        """Draw events until every voice has reached `stop` (ticks) or ended; return those of each voice."""
        going = np.ones(scene.voices, dtype=bool)
        kept: list[list[Ids]] = [[] for _ in going]
        moved, before = np.zeros(scene.voices, dtype=int), scene.onset.copy()
        event, count = self._next(), 0
        while (going := going & (event[:, 0] != self._columns[0].boundary) & (scene.onset < stop)).any():
            for voice in np.flatnonzero(going):
                kept[voice].append(event[voice])
            if count % _EVENTS_BETWEEN_REPORTS == 0:
                report(float(scene.onset[going].min()))
            moved[scene.onset > before], before = count, scene.onset.copy()
            going &= count - moved < _MOST_AT_ONCE
            self._read(event)
            if self._past:
                self._past.hear(event)
            if self._reprises:
                self._reprises.hear(event)
            event, count = self._next(), count + 1
        return [np.array(events, dtype=np.int64).reshape(-1, len(self._columns)) for events in kept]

    def _read(self, event: Ids) -> None:
        for network, places in zip(self._networks, self._places, strict=True):
            network.read(event[:, places])

    def _next(self) -> Ids:
        """Draw one event a voice and move on past it."""
        event = np.zeros((self._settings.variations, len(self._columns)), dtype=np.int64)
        for network, places in zip(self._networks, self._places, strict=True):
            for within, place in enumerate(places):
                if self._columns[place].drawn:
                    event[:, place] = self._draw(network.logits(within, event[:, places]), place, event)
                else:
                    event[:, place] = self._grammar.follow(place, event)
                if within == 0:  # the gap says when the event is, and so what sounds then
                    network.see(self._grammar.context(event))
        self._grammar.advance(event)
        return event

    def _draw(self, logits: Logits, place: int, event: Ids) -> Ids:
        if self._past:
            logits = self._past.blend(logits, place, event)
        allowed = self._grammar.allowed(place, event)
        if self._reprises:
            allowed = self._reprises.narrow(place, allowed)
        logits = forbid(logits, allowed)
        logits = keep_nucleus(sharpen(logits, self._settings.temperature), self._settings.top_p)
        ids = draw(logits, np.array([rng.random() for rng in self._rngs]))
        return self._reprises.replace(place, ids) if self._reprises else ids


def _style(style: Style, primer: Piece | None) -> Style:
    """Keep to the primer's metre and range where there is one."""
    if primer is None or not len(primer.notes):
        return style
    pitches = primer.notes["pitch"]
    return replace(
        style,
        numerator=primer.metre.numerator,
        denominator=primer.metre.denominator,
        lowest=min(style.lowest, int(pitches.min())),
        highest=max(style.highest, int(pitches.max())),
    )


def _reprises(model: Model, settings: ComposingSettings, style: Style, onset: int, length: int) -> Reprises | None:
    """Draw a form for each voice; None where no bar comes back. `onset` and `length` are in ticks."""
    if not (settings.returns and settings.rhythm and style.grid and style.forms and model.encoding.remembers):
        return None
    bar = _bar(style)
    rngs = (np.random.default_rng([settings.seed + voice, 1]) for voice in range(settings.variations))
    return Reprises([draw_form(style.forms, length // bar, rng) for rng in rngs], bar, onset)


def _primer_events(model: Model, primer: Piece | None) -> Ids:
    edge = boundary_row(model.encoding.columns)
    if primer is None:
        return edge.astype(np.int64)
    events = model.encoding.encode(primer)
    if not len(events):
        raise ComposingError("The passage to start from holds no notes. Choose a longer one, or start from nothing.")
    return np.concatenate([edge, events]).astype(np.int64)


def _last_onset(primer: Piece | None) -> int:
    return 0 if primer is None else int(to_ticks(primer.notes["onset"].max()))


def _last_chord(primer: Piece | None) -> list[int]:
    if primer is None:
        return []
    ticks = to_ticks(primer.notes["onset"])
    return primer.notes["pitch"][ticks == ticks.max()].tolist()


def _start(style: Style, primer: Piece | None) -> int:
    """Return where the new music begins, in ticks: the barline that ends the primer."""
    return 0 if primer is None else math.ceil((_last_onset(primer) + 1) / _bar(style)) * _bar(style)


def _bar(style: Style) -> int:
    """Return the length of a bar in ticks, at least one."""
    return max(int(to_ticks(style.bar)), 1)


def _length(style: Style, settings: ComposingSettings) -> int:
    """Return the length of the new music in ticks: bars, or seconds at the speed that it will be played at."""
    if style.grid:
        return int(to_ticks(settings.bars * style.bar))
    return int(to_ticks(settings.play_seconds * style.qpm * settings.tempo_scale / 60))


def _take(
    model: Model, settings: ComposingSettings, style: Style, begun: Ids, new: Ids, start: int, stop: int, seed: int
) -> Take:
    notes = model.encoding.decode(np.concatenate([begun[1:], new]))
    if not len(notes):
        raise ComposingError("The model ended before the first note. Choose another seed or a higher temperature.")
    end = stop / TICKS_PER_QUARTER
    cut = notes.copy()
    cut["duration"] = np.minimum(cut["duration"], end - cut["onset"])
    piece = Piece(
        as_notes(cut[cut["duration"] > 0]),
        tracks=(Track("Encore", style.program),),
        tempos=(Tempo(0.0, min(max(style.qpm * settings.tempo_scale, 20.0), 400.0)),),
        metres=(Metre(0.0, style.numerator, style.denominator),),
        title=f"Encore {seed}",
    )
    return Take(piece, seed, start / TICKS_PER_QUARTER)


def passage(piece: Piece, bar: int, bars: int) -> Piece:
    """Return `bars` bars of a piece from bar number `bar` on (1 is the first), to start a take from."""
    size = piece.metre.bar
    return clip(piece, (bar - 1) * size, (bar - 1 + bars) * size)
