import sys

import pytest

from core.jobs import cluster
from core.jobs.cluster import Cluster, ClusterError

ANSWER = '{"address": "tls://here", "credentials": {"tls_ca_file": "a"}}'


def child(monkeypatch, code):
    monkeypatch.setattr(cluster, "_COMMAND", (sys.executable, "-c", code))


def test_a_child_that_hangs_is_ended_and_reported(monkeypatch):
    child(monkeypatch, "import time; time.sleep(600)")
    monkeypatch.setattr(cluster, "_START_SECONDS", 0.5)
    with pytest.raises(ClusterError, match="did not start"):
        Cluster()


def test_a_child_that_fails_is_reported(monkeypatch):
    child(monkeypatch, "raise SystemExit(1)")
    with pytest.raises(ClusterError, match="did not start"):
        Cluster()


def test_it_ends_with_its_input(monkeypatch):
    child(monkeypatch, f"import sys; print({ANSWER!r}, flush=True); sys.stdin.read()")
    started = Cluster()
    assert (started.address, started.credentials, started.alive) == ("tls://here", {"tls_ca_file": "a"}, True)
    started.close()
    assert not started.alive


def test_a_child_that_does_not_end_is_ended_by_force(monkeypatch):
    child(monkeypatch, f"import time; print({ANSWER!r}, flush=True); time.sleep(600)")
    monkeypatch.setattr(cluster, "_END_SECONDS", 0.2)
    started = Cluster()
    started.close()
    assert not started.alive
