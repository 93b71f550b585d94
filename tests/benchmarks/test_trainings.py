import json
import sys

import numpy as np
import pytest

from benchmarks.trainings import measure_styles, train_each
from core.config import BASE, TrainingSettings
from core.models.file import save
from tests.conftest import TINY


def test_styles_are_split_and_measured_by_the_options(data, monkeypatch, capsys):
    command = ["generation", "--data", str(data), "--seconds", "3", "--takes", "7", "--base", "MODEL"]
    monkeypatch.setattr(sys, "argv", [*command, "--styles", "tunes"])

    def measure(style, parts, options):
        return {"parts": [len(parts.learned), len(parts.held_out)], "given": [options.seconds, options.takes, style]}

    measure_styles("about", measure, ["others"], seconds=1.0, takes=1)
    last = capsys.readouterr().out.splitlines()[-1]
    assert json.loads(last) == {"tunes": {"parts": [3, 1], "given": [3.0, 7, "tunes"]}}


@pytest.mark.slow
@pytest.mark.parametrize("family", ["joint"])
def test_trainings_in_a_process_give_models_by_name(corpus, model, tmp_path):
    save(model, tmp_path / "base")
    plain = TrainingSettings(**TINY)
    still = TrainingSettings(**TINY | {"start": BASE, "steps": 1, "learning_rate": 2e-5})
    found = train_each(corpus, {"plain": plain, "still": still}, tmp_path / "base")
    first, base = (each.parameters[0]["gap/out"] for each in (found["still"], model))
    assert np.abs(first - base).max() < 1e-3
    assert np.abs(found["plain"].parameters[0]["gap/out"] - base).max() > 1e-3
