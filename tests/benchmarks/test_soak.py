"""Attack and load, in short; `python -m benchmarks.soak` does it at length."""

import pytest

from benchmarks import soak
from benchmarks.browser import served


def test_damaged_files_are_read_or_refused():
    found = soak.damage(100)
    assert all(sum(many for name, many in each.items() if name != "longest") in (100, 5) for each in found.values())
    assert {name for each in found.values() for name in each} <= {"read", "refused", "composes", "longest"}
    assert found["midi"]["read"] > 50 and found["zip"]["refused"] > 5


def test_what_is_neither_read_nor_refused_is_a_fault():
    def read(data):
        raise KeyError

    assert soak._damaged(b"data" * 100, 3, read) == {"fault: KeyError": 3, "longest": 0.0}


@pytest.mark.slow
def test_a_few_visitors_train_compose_and_listen_at_once_and_one_after_another(tmp_path):
    with served(tmp_path, tmp_path / "log") as address:
        server = soak._server()
        rounds, crowd = soak.rounds(address, server, 2, 1), soak.crowd(address, server, 2, 1)
        assert crowd["faults"] == rounds["faults"] == []
        assert 100 < crowd["server MB"] < crowd["all MB"] < 3000
        assert 0 < crowd["median"] < crowd["95 %"]
    assert "Traceback" not in (tmp_path / "log").read_text()
