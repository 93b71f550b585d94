from types import SimpleNamespace

import pytest

from benchmarks import listening
from benchmarks.musicality import measure_music
from core.config import BASE, NOTHING
from core.corpus.corpus import Corpus
from core.training.batches import Split
from tests.conftest import tune


@pytest.mark.parametrize(("style", "ways"), [("solo", ["takes"]), ("jsb", ["takes", "classic"])])
def test_takes_are_as_long_as_the_passages_and_measured_beside_both_parts(monkeypatch, style, ways):
    learned, held_out = tune(60, bars=32), tune(62, bars=12)
    parts = Split(Corpus.of([("a", learned)]), Corpus.of([("b", held_out)]))
    asked = []

    def takes(model, settings, count):
        asked.append((model, settings.bars, count))
        return [learned, learned.__class__(learned.notes[:0])]

    def train_each(corpus, settings, base):
        return {name: (corpus, base, each.family, each.start) for name, each in settings.items()}

    monkeypatch.setattr(listening, "train_each", train_each)
    monkeypatch.setattr(listening, "takes", takes)
    found = listening.measure(style, parts, SimpleNamespace(seconds=1.0, takes=7, base="base"))
    trained = [(parts.learned, "base", "joint", BASE), (parts.learned, "base", "classic", NOTHING)]
    assert asked == [(model, 12, 7) for model in trained[: len(ways)]]
    assert [found[name] for name in ways] == [{"empty": 0.5, **measure_music([learned])}] * len(ways)
    assert found["real"] == measure_music([held_out])
    assert found["corpus"] == measure_music([learned])
