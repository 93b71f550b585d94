"""The queue by itself, with a stand-in for Dask; `test_trainings` has the real one."""

import time

import pytest

from core.config import TrainingSettings
from core.corpus.corpus import Corpus
from core.jobs import queue as queues
from core.jobs.queue import TrainingQueue
from core.models.model import dump
from core.models.store import Store, fingerprint
from tests.conftest import TINY

SETTINGS = TrainingSettings(**TINY)


class Future:
    """What Dask would return: it ends when it is told to."""

    def __init__(self, *data):
        self.data, self.status, self.callbacks = data, "pending", []

    def add_done_callback(self, callback):
        self.callbacks.append(callback)

    def end(self, status, result=None):
        self.status, self._result = status, result
        for callback in self.callbacks:
            callback(self)

    def cancel(self):
        self.end("cancelled")

    def result(self):
        return self._result

    def exception(self):
        return self._result


class Queue(TrainingQueue):
    """A queue that sends its trainings nowhere, and keeps what it would have sent."""

    def __init__(self, store, **more):
        self.sent, self.alive = [], True
        super().__init__(store, **more)

    def _connect(self):
        self._client = self

    def _disconnect(self):
        pass

    def _connected(self):
        return self.alive and self._client is not None

    def submit(self, function, *data, key, priority):
        self.sent.append(Future(*data))
        return self.sent[-1]

    def report(self, job=-1, **progress):
        """Let a run say something."""
        more = {"progress": {"done": 0.1, "seconds": 1.0, "steps": 1} | progress} if progress else {}
        self._take_report((0.0, {"run": self.sent[job].data[0]} | more))

    def settle(self):
        """Wait until the clerk has done what it was told."""
        self._executor.submit(lambda: None).result(10)


@pytest.fixture
def family():
    return "joint"


@pytest.fixture
def queue(tmp_path, monkeypatch):
    monkeypatch.setattr(queues, "_MONITOR_SECONDS", 0.02)
    queue = Queue(Store(tmp_path))
    monkeypatch.setattr("distributed.Event", lambda name, client: Event())
    yield queue
    queue.close()


class Event:
    def set(self):
        pass


def begun(queue, corpus, visitor="a"):
    key = queue.start(corpus, SETTINGS, visitor)
    queue.settle()
    return key


def wait_until(condition):
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_training_goes_through_its_states(queue, corpus, model):
    key = begun(queue, corpus)
    assert queue.status(key).state == "warming"
    queue.report()
    assert queue.status(key).state == "warming"
    queue.report(done=0.2)
    assert queue.status(key).state == "running"
    queue.sent[0].end("finished", dump(model))
    assert queue.status(key).state == "done"
    assert queue.model(key).settings == model.settings


def test_a_long_training_goes_on_running_with_its_curve(queue, corpus):
    key = begun(queue, corpus)
    queue.report()
    for step in range(2500):
        queue.report(steps=step)
    status = queue.status(key)
    assert status.state == "running"
    assert (status.history[0].steps, status.history[-1].steps) == (0, 2499)


def test_a_second_run_hears_nothing_of_the_first(queue, corpus):
    key = begun(queue, corpus)
    queue.report(steps=7)
    queue.sent[0].end("error", RuntimeError("out of luck"))
    assert begun(queue, corpus) == key
    queue.report(job=0, steps=8)
    assert queue.status(key).state == "warming"
    queue.report(job=1, steps=9)
    assert [report.steps for report in queue.status(key).history] == [9]


def test_looking_changes_nothing(queue, corpus):
    key = begun(queue, corpus)
    queue.alive = False
    before = {name: value for name, value in vars(queue._jobs[key]).items() if name != "done"}
    queue.status(key)
    assert {name: value for name, value in vars(queue._jobs[key]).items() if name != "done"} == before


def test_a_lost_training_process_is_noticed(queue, corpus):
    key = begun(queue, corpus)
    queue.alive = False
    wait_until(lambda: queue.status(key).state == "failed")
    assert "ended before it was finished" in queue.status(key).message
    queue.sent[0].end("finished", None)
    assert queue.status(key).state == "failed"


def test_what_fails_is_told(queue, corpus):
    key = begun(queue, corpus)
    queue.sent[0].end("error", RuntimeError("out of luck"))
    assert queue.status(key).message == "The training could not be done: out of luck"


def test_a_failure_to_send_is_told_and_the_pieces_are_given_up(queue, corpus, monkeypatch):
    monkeypatch.setattr(queue, "submit", lambda *data, **more: 1 / 0)
    key = begun(queue, corpus)
    assert "division by zero" in queue.status(key).message
    assert queue._jobs[key].corpus is None


def test_the_pieces_are_given_up_once_they_are_sent(queue, corpus):
    assert queue._jobs[begun(queue, corpus)].corpus is None


def test_what_is_sent_names_nothing(queue, corpus):
    begun(queue, corpus)
    _, sent, *_ = queue.sent[0].data
    assert set(sent.names) == {""}
    assert {piece.title for piece in sent.pieces} == {""}
    assert sent.digests == corpus.digests


def test_the_same_music_is_one_training(queue, corpus):
    first = begun(queue, corpus, "a")
    assert begun(queue, corpus.ordered(), "b") == first
    assert len(queue.sent) == 1


def test_the_second_waits_in_line(queue, corpus):
    first, second = begun(queue, corpus), begun(queue, corpus.select([0]))
    assert (queue.status(second).state, queue.status(second).ahead) == ("waiting", 1)
    queue.sent[0].end("error", RuntimeError())
    assert queue.status(second).state == "warming"
    assert queue.status(first).state == "failed"


def test_only_the_last_who_waits_ends_a_training(queue, corpus):
    key = begun(queue, corpus, "a")
    queue.join(key, "b")
    assert queue.others(key, "a") == queue.others(key, "b") == 1
    assert not queue.leave(key, "b")
    queue.settle()
    assert queue.status(key).active
    assert queue.others(key, "a") == 0
    assert queue.leave(key, "a")
    queue.settle()
    assert queue.status(key).state == "unknown"


def test_who_has_gone_does_not_wait(tmp_path, corpus):
    queue = Queue(Store(tmp_path), is_present=lambda visitor: visitor != "gone")
    key = begun(queue, corpus, "gone")
    queue.join(key, "here")
    assert queue.others(key, "here") == 0
    assert queue.leave(key, "here")
    queue.close()


def test_a_training_that_runs_is_asked_to_stop_and_keeps_its_result(queue, corpus, model):
    key = begun(queue, corpus)
    queue.report(steps=3)
    assert queue.leave(key, "a")
    queue.settle()
    assert queue.status(key).state == "running"
    queue.sent[0].end("finished", dump(model))
    assert queue.status(key).state == "done"


def test_a_finished_training_cannot_be_ended(queue, corpus, model):
    key = begun(queue, corpus)
    queue.sent[0].end("finished", dump(model))
    assert not queue.leave(key, "a")


def test_nobody_knows_a_made_up_key(queue):
    assert queue.status("abc").state == "unknown"
    assert queue.others("abc", "a") == 0
    assert not queue.leave("abc", "a")


def test_a_model_of_another_version_is_said_to_be_outdated(queue, corpus, model):
    key = fingerprint(corpus, SETTINGS)
    npz, words = dump(model)
    (queue.store.folder / f"{key}.npz").write_bytes(npz)
    (queue.store.folder / f"{key}.json").write_text(words.replace('"format": 6', '"format": 4'))
    assert queue.status(key).state == "outdated"
    assert begun(queue, corpus) == key
    assert queue.status(key).state == "warming"


def test_one_corpus_of_two_names_is_one_training(queue, corpus):
    renamed = Corpus(tuple(f"my {name}" for name in corpus.names), corpus.pieces, corpus.digests)
    assert begun(queue, corpus) == begun(queue, renamed)
