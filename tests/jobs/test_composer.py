import pytest

from core.composing.infill import InfillError
from core.composing.take import ComposingError
from core.jobs.composer import Composer
from core.takes.desk import DeskFullError


@pytest.fixture
def composer():
    composer = Composer()
    yield composer
    composer.close()


def test_it_ends_when_it_is_asked_to(composer):
    def make(composition):
        while not composition.is_stopping():
            composition.report(0.5)

    composition = composer.start(make)
    assert not composition.wait(0.01)
    composition.stop()
    assert composition.wait(10)
    assert (composition.done, composition.refusal) == (0.5, "")


@pytest.mark.parametrize("kind", [ComposingError, InfillError, DeskFullError])
def test_a_refusal_is_told_in_its_words(composer, kind):
    def make(composition):
        raise kind("no way")

    composition = composer.start(make)
    assert composition.wait(10)
    assert composition.refusal == "no way"


def test_any_other_error_is_raised_where_it_is_looked_at(composer):
    composition = composer.start(lambda composition: 1 / 0)
    assert composition.wait(10)
    with pytest.raises(ZeroDivisionError):
        composition.refusal  # noqa: B018
