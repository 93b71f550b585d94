"""The connection to Dask: a cluster of our own that nobody else can use, and one of several processes that is named."""

from contextlib import ExitStack

import pytest
from distributed import Client
from distributed.security import Security

from benchmarks.cluster import cluster as cluster_of
from core.config import TrainingSettings
from core.corpus.corpus import Corpus
from core.jobs.cluster import Cluster, ClusterError
from core.jobs.connection import Connection, _check_versions
from core.jobs.queue import TrainingQueue
from core.models.store import Store
from tests.conftest import TINY, tune
from tests.jobs.test_trainings import wait_for

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster():
    cluster = Cluster()
    yield cluster
    cluster.close()


@pytest.mark.parametrize("kind", ["nothing", "another key"])
def test_others_on_the_same_computer_cannot_give_work_to_our_cluster(cluster, kind):
    foreign = Security.temporary() if kind == "another key" else Security()
    address = cluster.address if kind == "another key" else cluster.address.replace("tls://", "tcp://")
    with pytest.raises((OSError, RuntimeError)):
        Client(address, security=foreign, timeout=3, set_as_default=False)


def test_who_has_its_key_can(cluster):
    security = Security(require_encryption=True, **cluster.credentials)
    with Client(cluster.address, security=security, set_as_default=False) as client:
        assert client.submit(lambda: 6 * 7).result(30) == 42


def test_workers_of_another_version_are_told_in_words():
    _check_versions({}, "1")
    _check_versions({"a": "1", "b": "1"}, "1")
    with pytest.raises(ClusterError, match="1 of the 2 computers"):
        _check_versions({"a": "1", "b": "2"}, "1")


def test_trainings_run_side_by_side_on_workers_elsewhere_and_a_worker_that_dies_costs_none(tmp_path, monkeypatch):
    with cluster_of(tmp_path, 3) as (address, workers), ExitStack() as stack:
        monkeypatch.setenv("ENCORE_SCHEDULER", address)
        queue = TrainingQueue(Store(tmp_path / "models"))
        stack.callback(queue.close)
        long = TrainingSettings(**TINY | {"steps": None, "seconds": 5})
        keys = [queue.start(corpus_of(number), long) for number in (1, 2)]
        for key in keys:
            wait_for(queue, key, "running", seconds=120)
        assert {queue.status(key).state for key in keys} == {"running"}
        queue.leave(keys[0], "")
        wait_for(queue, keys[0], "done")
        workers[busy_worker(queue)].kill()
        assert wait_for(queue, keys[1], "done", "failed", seconds=150).state == "done"
        assert queue.model(keys[1]).record.learned


def busy_worker(queue):
    """Return the number of the worker that trains."""
    client = queue._connection._client
    (address,) = [worker for worker, keys in client.processing().items() if any("train" in str(key) for key in keys)]
    return int(client.scheduler_info()["workers"][address]["name"])


def corpus_of(number):
    return Corpus.of((f"{number} {first}", tune(first + number)) for first in (55, 60, 62, 65))


def test_a_connection_that_is_refused_is_closed_and_tried_again(monkeypatch):
    class Client:
        status = "running"

        def close(self):
            self.status = "closed"

    client, connection = Client(), Connection(lambda report: None)

    def refuse():
        connection._client = client
        raise ClusterError("another version")

    monkeypatch.setattr(connection, "_open", refuse)
    for _ in range(2):
        with pytest.raises(ClusterError, match="another version"):
            connection.open()
        assert client.status == "closed" and not connection.alive
