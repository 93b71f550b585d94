import os
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from threading import Thread, get_native_id

import pytest

from core.composing.infill import InfillError, Passage, infill
from core.composing.take import ComposingError, compose, compose_after
from core.config import ComposingSettings
from core.jobs import composing_worker
from core.jobs.composing_process import ComposingProcess, ModelCache, ProcessEndedError
from core.notes import Piece, as_notes
from core.takes.desk import DeskFullError

ONLY_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has no priority of its own")
FOUR = ComposingSettings(bars=4, seed=3, variations=2)


@pytest.fixture(scope="module")
def process():
    process = ComposingProcess()
    yield process
    process.close()


@pytest.fixture
def family():
    return "joint"


def notes_of(takes):
    return [take.piece.notes.tolist() for take in takes]


def test_it_makes_the_same_takes_as_are_made_here(process, model, tunes):
    assert notes_of(process.run("compose", model, FOUR)) == notes_of(compose(model, FOUR))
    one = replace(FOUR, variations=1)
    after = process.run("compose_after", model, tunes[0], one, 4)
    assert notes_of([after]) == notes_of([compose_after(model, tunes[0], one, 4)])
    passage = Passage(4.0, 8.0)
    versions = process.run("infill", model, tunes[0], passage, choices=2, seed=1, candidates=24)
    here = infill(model, tunes[0], passage, choices=2, seed=1, candidates=24)
    assert [each.notes.tolist() for each in versions] == [each.notes.tolist() for each in here]


def test_each_take_is_told_and_how_far_it_is(process, model):
    told, heard = [], []
    takes = process.run("compose", model, FOUR, tell={"on_take": told.append, "on_progress": heard.append})
    assert sorted(take.seed for take in told) == [take.seed for take in takes] == [3, 4]
    assert heard and all(0 <= done <= 1 for done in heard)


@ONLY_LINUX
def test_others_go_first_once_a_take_is_told():
    def work():
        for name in ("on_progress", "on_take", "on_take"):
            composing_worker._teller(name, BytesIO())(None)
            found.append(os.getpriority(os.PRIO_PROCESS, get_native_id()))

    found = []
    thread = Thread(target=work)
    thread.start()
    thread.join()
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert found == [own, min(own + 5, 19), min(own + 5, 19)]


@ONLY_LINUX
def test_the_next_request_has_the_priority_of_the_first(process, model, tunes):
    def look(done):
        threads = [int(each.name) for each in Path("/proc", str(process._process.pid), "task").iterdir()]
        seen.append(os.getpriority(os.PRIO_PROCESS, max(threads)))  # the newest; one before it may be about to end

    seen = []
    process.run("compose", model, FOUR, tell={"on_take": lambda take: None})
    passage = Passage(4.0, 8.0)
    process.run("infill", model, tunes[0], passage, choices=2, seed=1, candidates=24, tell={"on_progress": look})
    assert set(seen) == {os.getpriority(os.PRIO_PROCESS, 0)}


def test_one_that_is_stopped_returns_what_is_there(process, model):
    endless = replace(FOUR, bars=128, returns=False, ending=False)
    steps = iter(range(10_000))
    takes = process.run(
        "compose", model, endless, tell={"on_progress": lambda done: None}, should_stop=lambda: next(steps) >= 0
    )
    whole = process.run("compose", model, endless)  # the request to stop is not for the next one
    assert sum(len(take.piece.notes) for take in takes) < sum(len(take.piece.notes) for take in whole)


def test_a_refusal_is_raised_as_it_is(process, model, tunes):
    with pytest.raises(ComposingError, match="no notes"):
        process.run("compose", model, FOUR, Piece(as_notes([])))
    with pytest.raises(InfillError, match="no length"):
        process.run("infill", model, tunes[0], Passage(4.0, 4.0))


def test_anything_else_is_raised_with_where_it_happened(process, model):
    with pytest.raises(RuntimeError, match=r"(?s)Traceback.*unexpected"):
        process.run("compose", model, FOUR, unexpected=1)
    assert process.run("compose", model, FOUR)


def test_one_who_is_told_may_end_the_work_and_the_next_request_has_answers_of_its_own(process, model):
    def full(take):
        raise DeskFullError("no room")

    with pytest.raises(DeskFullError):
        process.run("compose", model, replace(FOUR, variations=8), tell={"on_take": full})
    assert [take.seed for take in process.run("compose", model, replace(FOUR, seed=9))] == [9, 10]


def test_a_process_that_ends_is_no_riddle(model):
    process = ComposingProcess()
    process._process.kill()
    with pytest.raises(ProcessEndedError):
        process.run("compose", model, FOUR)
    process.close()


def test_models_that_were_let_go_are_sent_again(process, model):
    others = [replace(model, style=replace(model.style, qpm=100.0 + number)) for number in range(5)]
    for each in (model, *others, model):
        (take, *_) = process.run("compose", each, FOUR)
        assert take.model == each.digest


def test_the_model_used_longest_ago_is_let_go(model):
    cache = ModelCache()
    for digest in ("a", "b", "c", "d"):
        cache.add(digest, model)
    cache.add("a", None)
    cache.add("e", model)
    assert [digest in cache for digest in "abcde"] == [True, False, True, True, True]


def test_a_process_that_nobody_holds_ends():
    process = ComposingProcess()
    running = process._process
    del process
    assert running.poll() is not None
