import time

import psutil
import pytest

from core.config import TrainingSettings
from core.jobs import Jobs
from core.store import Store

from .conftest import TINY

pytestmark = pytest.mark.slow

LONG = TrainingSettings(**TINY | {"steps": None, "seconds": 120})
SHORT = TrainingSettings(**TINY)


@pytest.fixture(scope="module")
def jobs(tmp_path_factory):
    jobs = Jobs(Store(tmp_path_factory.mktemp("models")))
    yield jobs
    jobs.close()


def wait_for(jobs, key, *states, seconds=90):
    """Wait until a training is in one of the states; return its status."""
    until = time.monotonic() + seconds
    while (status := jobs.status(key)).state not in states:
        assert time.monotonic() < until, status
        time.sleep(0.1)
    return status


def clusters():
    """Return the cluster processes that this process started; an app under test beside it has one of its own."""
    return [process for process in psutil.Process().children() if "core.cluster" in " ".join(process.cmdline())]


def test_a_training_runs_and_its_model_is_kept(jobs, named):
    key = jobs.start(named, SHORT)
    assert jobs.status(key).active
    assert wait_for(jobs, key, "done", "failed").state == "done"
    assert jobs.model(key).settings == SHORT


def test_the_same_music_is_trained_once(jobs, named):
    key = jobs.start(named, SHORT)
    wait_for(jobs, key, "done")
    begun = time.monotonic()
    assert jobs.start(list(reversed(named)), SHORT) == key
    assert jobs.status(key).state == "done"
    assert time.monotonic() - begun < 1


def test_it_is_there_after_the_server_was_restarted(jobs, named):
    key = jobs.start(named, SHORT)
    wait_for(jobs, key, "done")
    others = Jobs(Store(jobs.store.folder))
    assert others.start(named, SHORT) == key
    assert others.status(key).state == "done"
    others.close()


def test_progress_comes_while_it_runs_and_a_stop_keeps_the_best(jobs, named):
    key = jobs.start(named, LONG)
    status = wait_for(jobs, key, "running")
    assert status.names == tuple(name for name, _ in named)
    assert 0 < status.history[-1].done < 1
    jobs.stop(key)
    wait_for(jobs, key, "done", seconds=10)
    assert jobs.model(key).record.stopped


def test_what_was_stopped_can_be_trained_to_the_end(jobs, named):
    key = jobs.start(named, LONG)
    assert wait_for(jobs, key, "running", "done").state == "running"
    jobs.stop(key)
    wait_for(jobs, key, "done")


def test_the_second_waits_in_line_and_can_be_taken_back(jobs, named):
    first = jobs.start(named[:3], LONG)
    second = jobs.start(named[1:], LONG)
    wait_for(jobs, first, "running")
    assert wait_for(jobs, second, "waiting").ahead == 1
    jobs.stop(second)
    wait_for(jobs, second, "unknown")
    jobs.stop(first)
    wait_for(jobs, first, "done")


def test_a_dead_worker_is_reported_and_the_training_can_start_again(jobs, named):
    key = jobs.start(named[:2], LONG)
    wait_for(jobs, key, "running")
    (cluster,) = clusters()
    max(cluster.children(recursive=True), key=lambda process: process.memory_info().rss).kill()
    assert "Start it again" in wait_for(jobs, key, "failed").message
    assert jobs.start(named[:2], LONG) == key
    wait_for(jobs, key, "running")
    jobs.stop(key)
    assert wait_for(jobs, key, "done", "failed").state == "done"


def test_when_the_whole_cluster_is_gone_it_is_reported_and_can_start_again(jobs, named):
    key = jobs.start(named[:3], LONG)
    wait_for(jobs, key, "running", "done")
    again = jobs.start(named[2:], LONG)
    wait_for(jobs, again, "running", "waiting", "warming")
    for cluster in clusters():
        cluster.kill()
        cluster.wait()
    assert wait_for(jobs, again, "failed").message
    assert jobs.start(named[2:], SHORT)
    assert wait_for(jobs, jobs.start(named[2:], SHORT), "done", "failed").state == "done"


def test_what_fails_in_the_worker_is_told(jobs):
    key = jobs.start([], SHORT)
    assert "could not be done" in wait_for(jobs, key, "failed").message


def test_nobody_knows_a_made_up_key(jobs):
    assert jobs.status("abc").state == "unknown"
