"""Two networks side by side, and the blind test."""

from dataclasses import replace

import pytest

from core.models.file import write_file
from core.notes import Track
from core.training.evaluation import Evaluation
from core.ui.blind_test import Round
from core.ui.compare_models import in_words
from core.ui.server import queue
from core.ui.session import Session
from tests.ui.test_pages import open_page, read, texts, tune, write

PAGE = "pages/4_Compare.py"
NETWORKS, BLIND = "Two networks", "Blind test"


def opened(what, model=None):
    """Open a part of the page with two tunes in the visit and a network at hand."""
    mine = Session()
    mine.add([read(write(tune(first, bars=12, title=f"tune {first}")), f"*tune* {first}.mid") for first in (55, 62)])
    if model is not None:
        mine.model_key = f"beside{model.encoding.family}"
        queue().store.put(mine.model_key, write_file(model))
    app = open_page(PAGE, mine)
    app.segmented_control(key="compare-what").set_value(what).run()
    assert not app.exception
    return app


def costs(bits, **fields):
    fields = {"gap": bits - 1.0, "pitch": 1.0} | fields
    return Evaluation(1, 10, sum(fields.values()), fields, fields, {})


@pytest.mark.parametrize("family", ["joint"], indirect=True)
def test_two_networks_are_held_against_music_that_neither_has_learned_from(model):
    app = opened(NETWORKS, model)
    assert "the built-in network, before any training" in texts(app)
    assert "knows this music better than network 1" in texts(app)
    table = app.dataframe[0].value
    assert len(table) == 2
    assert table.loc["the built-in network, before any training", "all"] < table["all"].max()
    assert "network alone" in table


@pytest.mark.parametrize("family", ["classic"], indirect=True)
def test_two_networks_apart_can_be_held_against_one(model):
    app = opened(NETWORKS, model)
    assert "two networks apart" in texts(app)


def test_a_network_alone_is_told_how_to_have_another():
    app = opened(NETWORKS)
    assert "Choose two different networks" in app.info[0].value


@pytest.mark.parametrize("family", ["joint"], indirect=True)
def test_music_that_was_learned_is_not_measured(model):
    app = opened(NETWORKS, model)
    mine = app.session_state["encore"]
    learned = replace(model, record=replace(model.record, learned=tuple(item.digest for item in mine.items.values())))
    queue().store.put(mine.model_key, write_file(learned))
    app.run()
    assert not app.exception
    assert "no music in this visit" in app.info[0].value


@pytest.mark.parametrize("what", [NETWORKS, BLIND])
def test_without_music_it_is_said_what_to_do(what):
    app = open_page(PAGE)
    app.segmented_control(key="compare-what").set_value(what).run()
    assert not app.exception
    assert "choose the music" in app.info[0].value


@pytest.mark.parametrize(
    ("costs_of", "words"),
    [
        ({"one": costs(2.0), "other": costs(3.0)}, "**one** knows this music better than other: 2.00 against 3.00"),
        ({"one": costs(4.0), "other": costs(3.0)}, "**other** knows this music better than one"),
        ({"one": costs(2.0), "other": costs(2.01)}, "equally well"),
        ({"one": costs(2.0, duration=3.0), "other": costs(2.0)}, "equally well"),
    ],
)
def test_the_sentence_agrees_with_the_figures(costs_of, words):
    assert words in in_words(costs_of)


def test_a_bit_less_is_twice_the_chance():
    assert "2.0 times the chance" in in_words({"one": costs(2.0), "other": costs(3.0)})
    assert "7 % more chance" in in_words({"one": costs(2.0), "other": costs(2.1)})


@pytest.mark.parametrize("family", ["joint"], indirect=True)
def test_the_blind_test_hides_who_made_what_until_it_is_answered(model):
    app = opened(BLIND, model)
    app.button(key="blind-begin").click().run()
    assert not app.exception
    current: Round = app.session_state["blind-test"]
    assert len(current.pieces) == 3
    assert current.makers[current.real].startswith("a person")
    assert [piece.tracks for piece in current.pieces] == [(Track(),)] * 3
    assert "is by" not in texts(app)
    app.radio(key="blind-answer").set_value("ABC"[current.real]).run()
    assert not app.exception
    assert "Right." in texts(app)
    assert "You were right 1 of 1 times" in texts(app)
    wrong = "ABC"[(current.real + 1) % 3]
    app.radio(key="blind-answer").set_value(wrong).run()
    assert "You were right 1 of 1 times" in texts(app)  # the first answer counts


def test_the_real_passage_is_music_of_the_visit():
    app = opened(BLIND)
    app.button(key="blind-begin").click().run()
    assert not app.exception
    current = app.session_state["blind-test"]
    assert len(current.pieces) == 2
    own = {int(pitch) for first in (55, 62) for pitch in tune(first, bars=12).notes["pitch"]}
    assert {int(pitch) for pitch in current.pieces[current.real].notes["pitch"]} <= own
