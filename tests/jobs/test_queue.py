"""The queue by itself, with a stand-in for Dask; `test_trainings` has the real one."""

import time
from dataclasses import asdict, replace

import pytest

from core.config import TrainingSettings
from core.corpus.corpus import Corpus
from core.jobs import queue as queues
from core.jobs.connection import LOST, reason
from core.jobs.queue import TrainingQueue
from core.models.file import write_file
from core.models.model import Sketch
from core.models.store import Store, fingerprint
from core.training.loop import CorpusError
from tests.conftest import TINY

SETTINGS = TrainingSettings(**TINY)


class Connection:
    """Sends trainings nowhere, and keeps what it would have sent: (run, corpus, start, settings, on_end)."""

    def __init__(self, on_report):
        self.on_report, self.alive, self.sent, self.stopped = on_report, True, [], []

    def open(self):
        self.alive = True

    def submit(self, *data):
        self.sent.append(data)

    def stop(self, run, begun):
        self.stopped.append((run, begun))
        if not begun:
            self.end(next(number for number, data in enumerate(self.sent) if data[0] == run), None)

    def close(self):
        self.alive = False

    def report(self, number=-1, **progress):
        """Let a run say something."""
        more = {"progress": {"done": 0.1, "seconds": 1.0, "steps": 1} | progress} if progress else {}
        self.on_report({"run": self.sent[number][0]} | more)

    def end(self, number, files, failure=""):
        """Let a run end."""
        self.sent[number][-1](files, failure)


class Queue(TrainingQueue):
    """A queue with such a connection, which can wait for its thread."""

    def __init__(self, folder, **more):
        super().__init__(Store(folder), connect=Connection, **more)
        self.connection = self._connection

    def settle(self):
        self._executor.submit(lambda: None).result(10)


@pytest.fixture
def family():
    return "joint"


@pytest.fixture
def queue(tmp_path, monkeypatch):
    monkeypatch.setattr(queues, "_MONITOR_SECONDS", 0.02)
    queue = Queue(tmp_path)
    yield queue
    queue.close()


def begun(queue, corpus, visitor="", settings=SETTINGS):
    key = queue.start(corpus, settings, visitor)
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
    queue.connection.report()
    assert queue.status(key).state == "warming"
    queue.connection.report(done=0.2)
    assert queue.status(key).state == "running"
    queue.connection.end(0, write_file(model))
    assert queue.status(key).state == "done"
    assert queue.model(key).settings == model.settings


def test_a_long_training_goes_on_running_with_its_curve(queue, corpus):
    key = begun(queue, corpus)
    queue.connection.report()
    for step in range(2500):
        queue.connection.report(steps=step)
    status = queue.status(key)
    assert status.state == "running"
    assert (status.history[0].steps, status.history[-1].steps) == (0, 2499)


def test_a_second_run_hears_nothing_of_the_first(queue, corpus):
    key = begun(queue, corpus)
    queue.connection.report(steps=7)
    queue.connection.end(0, None, "out of luck")
    assert begun(queue, corpus) == key
    queue.connection.report(0, steps=8)
    assert queue.status(key).state == "warming"
    queue.connection.report(1, steps=9)
    assert [report.steps for report in queue.status(key).history] == [9]


def test_looking_changes_nothing(queue, corpus):
    key = begun(queue, corpus)
    queue.connection.alive = False
    before = {name: value for name, value in vars(queue._jobs[key]).items() if name != "done"}
    queue.status(key)
    assert {name: value for name, value in vars(queue._jobs[key]).items() if name != "done"} == before


def test_a_lost_training_process_is_noticed(queue, corpus):
    key = begun(queue, corpus)
    queue.connection.alive = False
    wait_until(lambda: queue.status(key).state == "failed")
    assert "ended before it was finished" in queue.status(key).message
    queue.connection.end(0, None)
    assert queue.status(key).state == "failed"


def test_what_fails_is_told(queue, corpus):
    key = begun(queue, corpus)
    queue.connection.end(0, None, "out of luck")
    assert queue.status(key).message == "out of luck"


def test_a_failure_to_send_is_told_and_the_pieces_are_given_up(queue, corpus, monkeypatch):
    monkeypatch.setattr(queue.connection, "submit", lambda *data: 1 / 0)
    key = begun(queue, corpus)
    assert queue.status(key).message == LOST  # nothing of what only a programmer understands
    assert queue._jobs[key].corpus is None


def test_why_a_training_failed_is_said_where_it_is_meant_for_people_and_logged_where_not(caplog):
    assert "no notes" in reason(CorpusError("There are no notes to learn from."))
    assert not caplog.records
    assert reason(ConnectionError("tcp://127.0.0.1:40000 timed out")) == LOST
    assert "tcp://" in caplog.text


def test_the_pieces_are_given_up_once_they_are_sent(queue, corpus):
    assert queue._jobs[begun(queue, corpus)].corpus is None


def test_what_is_sent_names_nothing(queue, corpus):
    begun(queue, corpus)
    _, sent, *_ = queue.connection.sent[0]
    assert set(sent.names) == {""}
    assert {piece.title for piece in sent.pieces} == {""}
    assert sent.digests == corpus.digests


def test_the_same_music_is_one_training(queue, corpus):
    first = begun(queue, corpus, "a")
    assert begun(queue, corpus.ordered(), "b") == first
    assert len(queue.connection.sent) == 1


def test_the_second_waits_in_line(queue, corpus):
    first, second = begun(queue, corpus), begun(queue, corpus.select([0]))
    assert (queue.status(second).state, queue.status(second).ahead) == ("waiting", 1)
    queue.connection.end(0, None, "out of luck")
    assert queue.status(second).state == "warming"
    assert queue.status(first).state == "failed"


def test_how_long_the_wait_is_follows_from_what_is_ahead(queue, corpus):
    *_, third = (
        begun(queue, corpus.select(chosen), settings=replace(SETTINGS, steps=None, seconds=60.0))
        for chosen in ([0], [1], [2])
    )
    assert (queue.status(third).ahead, queue.status(third).wait) == (2, 120.0)
    queue.connection.report(0, done=0.25, seconds=15.0)
    assert queue.status(third).wait == 45.0 + 60.0
    queue.connection.report(1, done=0.5, seconds=30.0)
    assert queue.status(third).wait == (45.0 + 30.0) / 2  # two are trained side by side
    in_steps = begun(queue, corpus.select([3]))
    begun(queue, corpus.select([0, 3]))
    assert queue.status(in_steps).wait is not None
    assert queue.status(fingerprint(corpus.select([0, 3]), SETTINGS)).wait is None


def test_who_starts_another_training_gives_up_the_place_in_line_of_the_one_that_waits(queue, corpus):
    running = begun(queue, corpus.select([0]), "a")
    queue.connection.report(0, done=0.1)
    waiting = begun(queue, corpus.select([1]), "a")
    others = begun(queue, corpus.select([2]), "b")
    latest = begun(queue, corpus.select([3]), "a")
    queue.settle()
    assert [queue.status(key).state for key in (running, waiting)] == ["running", "unknown"]
    assert [queue.status(key).ahead for key in (others, latest)] == [1, 2]
    assert begun(queue, corpus.select([3]), "a") == latest
    queue.settle()
    assert queue.status(latest).active


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
    queue = Queue(tmp_path, is_present=lambda visitor: visitor != "gone")
    key = begun(queue, corpus, "gone")
    queue.join(key, "here")
    assert queue.others(key, "here") == 0
    assert queue.leave(key, "here")
    queue.close()


def test_a_training_that_runs_is_asked_to_stop_and_keeps_its_result(queue, corpus, model):
    key = begun(queue, corpus)
    queue.connection.report(steps=3)
    assert queue.leave(key, "")
    queue.settle()
    assert queue.status(key).state == "running"
    queue.connection.end(0, write_file(model))
    assert queue.status(key).state == "done"


def test_a_finished_training_cannot_be_ended(queue, corpus, model):
    key = begun(queue, corpus)
    queue.connection.end(0, write_file(model))
    assert not queue.leave(key, "a")


def test_nobody_knows_a_made_up_key(queue):
    assert queue.status("abc").state == "unknown"
    assert queue.others("abc", "a") == 0
    assert not queue.leave("abc", "a")


def test_a_model_of_another_version_is_said_to_be_outdated(queue, corpus):
    key = fingerprint(corpus, SETTINGS)
    (queue.store.folder / f"{key}.json").write_text("{}")
    assert queue.status(key).state == "outdated"
    assert begun(queue, corpus) == key
    assert queue.status(key).state == "warming"


def test_one_corpus_of_two_names_is_one_training(queue, corpus):
    renamed = Corpus(tuple(f"my {name}" for name in corpus.names), corpus.pieces, corpus.digests)
    assert begun(queue, corpus) == begun(queue, renamed)


def test_sketches_are_told_while_it_runs(queue, corpus):
    key = begun(queue, corpus)
    queue.connection.report()
    queue.connection.report(done=0.1)
    sketch = Sketch(0.0, 0.0, 120.0, 0, ((0.0, 1.0, 60, 80),))
    queue.connection.on_report({"run": queue.connection.sent[0][0], "sketch": asdict(sketch)})
    assert queue.status(key).sketches == (sketch,)


def test_a_training_that_ran_when_the_server_ended_is_known_to_the_next_one(queue, corpus, tmp_path):
    key = queue.start(corpus, SETTINGS, sets=("ragtime",))
    queue.settle()
    queue.connection.report(steps=5)
    later = Queue(tmp_path)
    assert later.status(key) == queues.Status("lost", SETTINGS, sets=("ragtime",))
    assert not later.status(key).active
    assert later.start(corpus, SETTINGS) == key
    assert later.status(key).active
    later.close()


@pytest.mark.parametrize("failure", ["", "it went wrong"])
def test_a_training_that_has_ended_is_not_lost(queue, corpus, tmp_path, failure):
    key = begun(queue, corpus)
    queue.connection.end(0, None, failure)
    later = Queue(tmp_path)
    assert later.status(key).state == "unknown"
    later.close()
