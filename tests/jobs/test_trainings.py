"""Trainings in the real process beside the server."""

import time
from dataclasses import replace
from types import SimpleNamespace

import psutil
import pytest

from core.config import TrainingSettings
from core.corpus.corpus import Corpus
from core.jobs import connection
from core.jobs.queue import TrainingQueue
from core.models.store import Store
from tests.conftest import TINY

pytestmark = pytest.mark.slow

LONG = TrainingSettings(**TINY | {"steps": None, "seconds": 120})
SHORT = TrainingSettings(**TINY)


@pytest.fixture(scope="module")
def queue(tmp_path_factory):
    queue = TrainingQueue(Store(tmp_path_factory.mktemp("models")))
    yield queue
    queue.close()


def wait_for(queue, key, *states, seconds=90):
    """Wait until a training is in one of the states; return its status."""
    until = time.monotonic() + seconds
    while (status := queue.status(key)).state not in states:
        assert time.monotonic() < until, status
        time.sleep(0.1)
    return status


def clusters():
    """Return the cluster processes that this process started; an app under test beside it has one of its own."""
    return [process for process in psutil.Process().children() if "core.jobs.cluster" in " ".join(process.cmdline())]


def test_a_training_runs_and_its_model_is_kept(queue, corpus):
    key = queue.start(corpus, SHORT)
    assert queue.status(key).active
    assert wait_for(queue, key, "done", "failed").state == "done"
    assert queue.model(key).settings == SHORT
    assert sorted(queue.model(key).record.learned + queue.model(key).record.held_out) == sorted(corpus.digests)


def test_the_same_music_is_trained_once(queue, corpus):
    key = queue.start(corpus, SHORT)
    wait_for(queue, key, "done")
    version = queue.store.entry(key).version
    assert queue.start(corpus.ordered(), SHORT) == key
    assert queue.status(key).state == "done"
    assert queue.store.get(key) and version <= queue.store.entry(key).version


def test_it_is_there_after_the_server_was_restarted(queue, corpus):
    key = queue.start(corpus, SHORT)
    wait_for(queue, key, "done")
    others = TrainingQueue(Store(queue.store.folder))
    assert others.start(corpus, SHORT) == key
    assert others.status(key).state == "done"
    others.close()


def test_progress_comes_while_it_runs_and_a_stop_keeps_the_best(queue, corpus):
    key = queue.start(corpus, LONG)
    status = wait_for(queue, key, "running")
    assert 0 < status.history[-1].done < 1
    assert queue.leave(key, "")
    wait_for(queue, key, "done")
    assert queue.model(key).record.stopped


def test_what_was_stopped_can_be_trained_again(queue, corpus):
    key = queue.start(corpus, LONG)
    assert wait_for(queue, key, "running", "done").state == "running"
    queue.leave(key, "")
    wait_for(queue, key, "done")


def test_the_second_waits_in_line_and_can_be_cancelled(queue, corpus):
    first = queue.start(corpus.select([0, 1, 2]), LONG)
    second = queue.start(corpus.select([1, 2, 3]), LONG)
    wait_for(queue, first, "running")
    assert wait_for(queue, second, "waiting").ahead == 1
    queue.leave(second, "")
    wait_for(queue, second, "unknown")
    queue.leave(first, "")
    wait_for(queue, first, "done")


def test_where_the_clock_jumps_all_trainings_are_done(queue, corpus, monkeypatch):
    clock = SimpleNamespace(time=iter([1e9, 5e9, 1.0]).__next__)
    monkeypatch.setattr(connection, "time", clock)  # in this module alone: Dask sets timers by the same clock
    keys = [queue.start(corpus, replace(SHORT, seed=seed)) for seed in (11, 12, 13)]
    for key in keys:
        assert wait_for(queue, key, "done", "failed").state == "done"


def test_a_dead_worker_is_reported_and_the_training_can_start_again(queue, corpus):
    two = corpus.select([0, 1])
    key = queue.start(two, LONG)
    wait_for(queue, key, "running")
    (cluster,) = clusters()
    max(cluster.children(recursive=True), key=lambda process: process.memory_info().rss).kill()
    assert "Start it again" in wait_for(queue, key, "failed").message
    assert queue.start(two, LONG) == key
    wait_for(queue, key, "running")
    queue.leave(key, "")
    assert wait_for(queue, key, "done", "failed").state == "done"


def test_when_the_whole_cluster_is_gone_it_is_reported_and_can_start_again(queue, corpus):
    first = queue.start(corpus.select([0, 2]), LONG)
    wait_for(queue, first, "running")
    second = queue.start(corpus.select([2, 3]), LONG)
    wait_for(queue, second, "waiting")
    for cluster in clusters():
        cluster.kill()
        cluster.wait()
    for key in (first, second):
        assert "Start it again" in wait_for(queue, key, "failed").message
    again = queue.start(corpus.select([2, 3]), SHORT)
    assert wait_for(queue, again, "done", "failed").state == "done"


def test_music_without_notes_is_refused_in_words(queue):
    key = queue.start(Corpus.of([]), SHORT)
    assert "no notes to learn from" in wait_for(queue, key, "failed").message
