"""Owns what runs in the training process: one training at a time.

Knows nothing about who waits for it. It reports by Dask events under the training's fingerprint: BEGUN, and then
{"progress": ...} again and again.
"""

from __future__ import annotations

import threading

from core.config import TrainingSettings
from core.encoding import ENCODINGS
from core.model import dump, parse
from core.progress import Progress
from core.store import Named, digest

BEGUN = "begun"

_one_at_a_time = threading.Lock()  # trainings of one process share the network that is compiled

Files = tuple[bytes, str]


def stop_name(key: str) -> str:
    """Return the name of the Dask event that asks a training to stop."""
    return f"stop-{key}"


def warm_up() -> None:
    """Compile the usual network before it is needed."""
    from core.lstm import learner

    learner.use_threads()
    settings = TrainingSettings()
    with _one_at_a_time:
        learner.warm_up(ENCODINGS[settings.family].learn([]), settings)


def learn(key: str, named: Named, begin: Files | None, settings: TrainingSettings) -> Files:
    """Train, from the model whose files are `begin` or from nothing; return the contents of the new model's files.

    The pieces are put in an order of their own: the same music is the same training.
    """
    from distributed import Event, get_worker

    from core.lstm.learner import use_threads
    from core.training import train

    worker, stop = get_worker(), Event(stop_name(key))
    stop.clear()
    worker.log_event(key, BEGUN)
    use_threads()
    ordered = sorted(named, key=lambda pair: digest(pair[1]))

    def report(progress: Progress) -> None:
        worker.log_event(key, {"progress": progress.to_json()})

    with _one_at_a_time:
        return dump(train(ordered, settings, parse(*begin) if begin else None, report, stop.is_set))
