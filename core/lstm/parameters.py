"""Owns the names, shapes and initial values of a network's parameters: what TensorFlow trains and NumPy samples from.

Knows nothing about either.

The network, for the columns x of one event and hidden size H (Hochreiter and Schmidhuber 1997, with a forget gate):

    z_t = Σ_x (embedding_x[x_t] @ input_x) + h_{t-1} @ recurrent + bias       the gates i, f, o and g, each of size H
    c_t = σ(f) c_{t-1} + σ(i) tanh(g),   h_t = σ(o) tanh(c_t)

and for each drawn column y of the next event, which also sees the columns x before it:

    u_y = tanh(h_t @ hidden_y + Σ_{x<y} seen_yx[x_{t+1}] + a_{t+1} @ active_y + bias_y)
    logits_y = u_y @ out_y + out_bias_y

where a_{t+1}, for the columns that see it, marks the pitches that are held, have just ended or were struck at the onset
of the next event. Pitches are judged by their intervals too, alike in every key. To the logit of pitch p is added, with
a gain g for each of some channels k,

    g = u_y @ channels_y,   Σ_k g_k (Σ_q intervals_y[k, c_q, p - q] + Σ_(j, r) classes_y[k, j, r] w_j[(p + r) mod 12])

where q runs over the active notes an octave away at most; c_q is the kind of note: held, ended, struck, and the last
pitch is one of a kind of its own. w_j[r] is how much there is of pitch class r: for each kind, how many notes, and for
each memory of pitch classes (`core.encoding.pitch_memory`) the root of its share.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.config import TrainingSettings
from core.encoding import EventFormat
from core.encoding.columns import Column
from core.encoding.pitch_memory import CLASSES

Parameters = dict[str, NDArray[np.float32]]

NEAR = CLASSES
"""Up to how many semitones apart two notes are judged by their interval, and not by their pitch classes only."""

_TABLES = ("/active", "/intervals", "/classes")


@dataclass(frozen=True)
class Architecture:
    """The columns one network reads, and its sizes."""

    columns: tuple[Column, ...]
    context: int  # numbers that stand behind the columns of an event
    context_codes: int  # how many codes an active note may have
    context_columns: tuple[int, ...]  # indices of the columns whose heads see them
    units: int
    layers: int
    embedding: int
    head_units: int
    memories: int = 0  # of pitch classes, 12 numbers each, at the end of the context
    relative: int | None = None  # index of the column whose ids are also judged by their intervals
    channels: int = 0

    @property
    def pitches(self) -> int:
        """How many pitches have a code in the context."""
        return self.context - CLASSES * self.memories

    @property
    def kinds(self) -> int:
        """How many kinds of notes a pitch is judged by: one for each code, and the last pitch."""
        return self.context_codes + 1

    @property
    def drawn(self) -> tuple[int, ...]:
        """The indices of the columns that are predicted, in the order in which they are drawn."""
        return tuple(index for index, column in enumerate(self.columns) if column.drawn)


def architectures(form: EventFormat, settings: TrainingSettings) -> tuple[Architecture, ...]:
    """Return one architecture for each network."""
    return tuple(
        Architecture(
            tuple(form.columns[index] for index in network),
            form.context,
            form.context_codes,
            form.context_columns,
            settings.units,
            settings.layers,
            settings.embedding,
            settings.head_units,
            form.memories,
            form.relative,
            settings.channels,
        )
        for network in form.networks
    )


def shapes(architecture: Architecture) -> dict[str, tuple[int, ...]]:
    """Return the shape of every parameter by name."""
    units, head = architecture.units, architecture.head_units
    table: dict[str, tuple[int, ...]] = {}
    for column in architecture.columns:
        table[f"embedding/{column.name}"] = (column.size, architecture.embedding)
        table[f"input/{column.name}"] = (architecture.embedding, 4 * units)
    for layer in range(architecture.layers):
        if layer:
            table[f"layer{layer}/input"] = (units, 4 * units)
        table[f"layer{layer}/recurrent"] = (units, 4 * units)
        table[f"layer{layer}/bias"] = (4 * units,)
    for index in architecture.drawn:
        column = architecture.columns[index]
        table[f"{column.name}/hidden"] = (units, head)
        table[f"{column.name}/bias"] = (head,)
        for seen in architecture.columns[:index]:
            table[f"{column.name}/seen/{seen.name}"] = (seen.size, head)
        if index in architecture.context_columns:
            table[f"{column.name}/active"] = (architecture.context_codes * architecture.pitches, head)
        if index == architecture.relative:
            table |= _relative_shapes(architecture, column.name)
        table[f"{column.name}/out"] = (head, column.outputs)
        table[f"{column.name}/out_bias"] = (column.outputs,)
    return table


def _relative_shapes(architecture: Architecture, name: str) -> dict[str, tuple[int, ...]]:
    channels, kinds = architecture.channels, architecture.kinds
    return {
        f"{name}/channels": (architecture.head_units, channels),
        f"{name}/intervals": (channels, kinds * (2 * NEAR + 1)),
        f"{name}/classes": (channels, (kinds + architecture.memories) * CLASSES),
    }


def initial(architecture: Architecture, rng: np.random.Generator) -> Parameters:
    """Draw the first values: Glorot-uniform products, small tables, zero biases, a forget gate that is open."""
    values = {name: _first(name, shape, rng) for name, shape in shapes(architecture).items()}
    for layer in range(architecture.layers):
        values[f"layer{layer}/bias"][architecture.units : 2 * architecture.units] = 1.0
    return values


def _first(name: str, shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.float32]:
    if name.endswith("bias"):
        return np.zeros(shape, np.float32)
    if "embedding/" in name or "/seen/" in name or name.endswith(_TABLES):
        return rng.normal(0.0, 0.1, shape).astype(np.float32)
    if name.endswith("/recurrent"):
        return _orthogonal(shape, rng)
    limit = np.sqrt(6.0 / sum(shape))
    return rng.uniform(-limit, limit, shape).astype(np.float32)


def _orthogonal(shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.float32]:
    """Return one orthogonal matrix a gate, side by side (Saxe et al. 2014)."""
    units = shape[0]
    gates = [np.linalg.qr(rng.normal(size=(units, units)))[0] for _ in range(shape[1] // units)]
    return np.concatenate(gates, axis=1).astype(np.float32)
