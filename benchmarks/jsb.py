"""Score the standard benchmark of Bach's chorales (Boulanger-Lewandowski et al. 2012): nats per frame.

    python -m benchmarks.jsb --train FILE --score FILE --part NAME [--seconds N]

A frame is the list of pitches that sound in a quarter. FILE is JSON: parts (train, valid ...) of chorales of frames.
The network reads each frame from the lowest note to the highest, then an end of frame, so by the chain rule the product
of what it says is the exact probability of the ordered notes. The best moment is chosen on a tenth of `train`.
The memory is cleared at each chorale; all frames count. Last line: a JSON object.
"""

import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.config import NOTHING, TrainingSettings
from core.encoding.active_notes import HELD, STRUCK
from core.encoding.columns import Column
from core.lstm.learner import VALIDATION_ROWS, Learner, configure_threads, learner_for
from core.lstm.parameters import architectures, initial
from core.training.batches import grid_of, windows
from core.training.loop import learning_rate

END = 128
SETTINGS = TrainingSettings(start=NOTHING, batch=16, length=64, dropout=0.5, recurrent_dropout=0.5, transposition=0)
JUDGE_SECONDS = 5.0


@dataclass(frozen=True)
class FrameEncoding:
    """One token a note or end of frame; the context is the frame before (HELD) and this one so far (STRUCK)."""

    columns: tuple[Column, ...] = (Column("token", 130), Column("beat", 5, drawn=False))
    networks: tuple[tuple[int, ...], ...] = ((0, 1),)
    context: int = 128
    context_columns: tuple[int, ...] = (0,)

    def inputs(self, frames: list[list[int]]) -> np.ndarray:
        """Return the tokens of a chorale with beat and context, (tokens, 2 + 128)."""
        rows, before = [], np.zeros(self.context, dtype=np.int16)
        for number, frame in enumerate(frames):
            codes = np.where(before == STRUCK, HELD, 0).astype(np.int16)
            for token in [*sorted(frame), END]:
                rows.append(np.concatenate([[token, number % 4], codes]))
                if token != END:
                    codes[token] = STRUCK
            before = codes
        return np.array(rows, dtype=np.int16)


ENCODING = FrameEncoding()


def nats(learner: Learner, grid: tuple[np.ndarray, np.ndarray]) -> float:
    return float(learner.validate(*grid, SETTINGS.length).sum())


def main() -> None:
    """Train and score."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--score", type=Path, required=True)
    parser.add_argument("--part", required=True)
    parser.add_argument("--seconds", type=float, default=300.0)
    options = parser.parse_args()
    configure_threads()
    rng = np.random.default_rng(SETTINGS.seed)
    chorales = json.loads(options.train.read_text())["train"]
    order = rng.permutation(len(chorales))
    aside = {int(index) for index in order[: len(chorales) // 10]}
    learned = [frames for index, frames in enumerate(chorales) if index not in aside]
    judged = grid_of(ENCODING, [chorales[index] for index in aside], VALIDATION_ROWS[-1])
    scored = json.loads(options.score.read_text())[options.part]
    scored_grid = grid_of(ENCODING, scored, VALIDATION_ROWS[-1])
    frames, aside_frames = sum(map(len, scored)), sum(len(chorales[index]) for index in aside)

    learner = learner_for(ENCODING, SETTINGS, [initial(each, rng) for each in architectures(ENCODING, SETTINGS)])
    feed = windows(ENCODING, learned, batch=SETTINGS.batch, length=SETTINGS.length, transposition=0, rng=rng)
    begun, judged_at, best = time.monotonic(), 0.0, (np.inf, np.inf)
    while (spent := time.monotonic() - begun) < options.seconds:
        learner.step(next(feed), learning_rate(SETTINGS, spent / options.seconds))
        if spent - judged_at > JUDGE_SECONDS:
            judged_at, kept = spent, nats(learner, judged)
            if kept < best[0]:
                best = (kept, nats(learner, scored_grid) / frames)
            print(f"{spent:6.0f} s  kept aside {kept / aside_frames:.3f} nats per frame", flush=True)
    final = nats(learner, judged)
    score = nats(learner, scored_grid) / frames if final < best[0] else best[1]
    print(json.dumps({"part": options.part, "frames": frames, "nats_per_frame": round(score, 4)}))


if __name__ == "__main__":
    main()
