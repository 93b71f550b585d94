"""Visitors without a browser, a few of them; `python -m benchmarks.soak` sends many."""

import pytest

from benchmarks import soak

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def test_a_few_visitors_train_compose_and_listen_at_once_and_one_after_another(address):
    server = soak.server_of(address)
    rounds, crowd = soak.rounds(address, server, 2, 1), soak.crowd(address, server, 2, 1)
    assert crowd["faults"] == rounds["faults"] == []
    assert 100 < crowd["server MB"] < crowd["all MB"] < 3000
    assert 0 < crowd["median"] < crowd["95 %"]
