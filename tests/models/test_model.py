from dataclasses import replace

import numpy as np

from core.models.model import Record


def test_the_digest_is_of_all_that_takes_depend_on(model):
    louder = tuple({name: values * 2 for name, values in one.items()} for one in model.parameters)
    digests = {
        model.digest,
        replace(model, parameters=louder).digest,
        replace(model, style=replace(model.style, qpm=99.0)).digest,
        replace(model, settings=replace(model.settings, seed=9)).digest,
    }
    assert len(digests) == 4


def test_the_digest_is_not_of_how_the_model_came_about(model):
    assert replace(model, record=Record(steps=9)).digest == model.digest


def test_the_size_counts_every_number(model):
    assert model.size == sum(np.size(values) for one in model.parameters for values in one.values())
