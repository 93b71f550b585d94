from threading import Event, Thread

import pytest

from core.composing.infill import InfillError
from core.composing.take import ComposingError
from core.config import ComposingSettings
from core.jobs import composer as composers
from core.jobs.composer import Composer
from core.takes.desk import DeskFullError


def ends(composition, seconds=10):
    return composition.wait_until(lambda: composition.finished, seconds)


FOUR = ComposingSettings(bars=4, seed=3, variations=2)


@pytest.fixture(scope="module")
def composer():
    composer = Composer()
    yield composer
    composer.close()


def test_it_ends_when_it_is_asked_to(composer):
    def make(composition):
        while not composition.is_stopping():
            composition.report(0.5)

    composition = composer.start(make)
    assert not ends(composition, 0.01)
    composition.stop()
    assert ends(composition)
    assert (composition.done, composition.refusal) == (0.5, "")


@pytest.mark.parametrize("kind", [ComposingError, InfillError, DeskFullError])
def test_a_refusal_is_told_in_its_words(composer, kind):
    def make(composition):
        raise kind("no way")

    composition = composer.start(make)
    assert ends(composition)
    assert composition.refusal == "no way"


def test_any_other_error_is_raised_where_it_is_looked_at(composer):
    composition = composer.start(lambda composition: 1 / 0)
    assert ends(composition)
    with pytest.raises(ZeroDivisionError):
        composition.refusal  # noqa: B018


def test_who_waits_for_news_is_told(composer):
    seen, go_on = [], Event()

    def make(composition):
        seen.append("a take")
        composition.tell()
        go_on.wait(10)

    composition = composer.start(make)
    assert composition.wait_until(lambda: bool(seen), 10)
    assert not composition.finished
    go_on.set()
    assert ends(composition)


@pytest.fixture
def family():
    return "joint"


def test_two_compose_at_once_and_a_third_waits(composer, model):
    found = []
    each = [Thread(target=lambda: found.append(composer.compose(model, FOUR))) for _ in range(3)]
    for thread in each:
        thread.start()
    for thread in each:
        thread.join(60)
    assert [[take.seed for take in takes] for takes in found] == [[3, 4]] * 3


def test_a_process_that_ends_is_told_in_words_and_followed_by_another(composer, model):
    process = composer._free.get()
    process._process.kill()
    composer._free.put(process)
    with pytest.raises(ComposingError, match="broken off"):
        composer.compose(model, FOUR)
    assert composer.compose(model, FOUR)


def test_it_is_busy_until_a_page_can_show_what_was_composed(monkeypatch, model):
    monkeypatch.setattr(composers, "_SHOWN", 0.0)
    composer, seen = Composer(), []
    assert not composer.is_busy()
    composer.compose(model, FOUR, on_take=lambda take: seen.append(composer.is_busy()))
    assert seen == [True, True]
    assert not composer.is_busy()
    monkeypatch.setattr(composers, "_SHOWN", 60.0)
    assert composer.is_busy()
    composer.close()
