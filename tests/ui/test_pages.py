"""Every page opens empty, opens with data, and its button works. Streamlit runs each without a browser."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.midi import read
from core.models.model import dump
from core.ui.server import queue
from core.ui.session import Session

ROOT = Path(__file__).parents[2]
RAG = ROOT / "assets" / "music" / "ragtime" / "joplin-maple-leaf-rag.mid"
PAGES = ["streamlit_app.py", "pages/1_Music.py", "pages/2_Train.py", "pages/3_Compose.py"]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def server(tmp_path_factory):
    """Let the pages keep their models in a folder of the tests, and end their trainings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ENCORE_HOME", str(tmp_path_factory.mktemp("home")))
        yield
        queue().close()
        queue.clear()


@pytest.fixture
def visitor():
    """A visitor who has read one rag."""
    mine = Session()
    mine.add([read(RAG.read_bytes(), RAG.name)])
    return mine


def open_page(path, mine=None, **parameters):
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).switch_page(path)
    if mine is not None:
        app.session_state["encore"] = mine
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.run()


def button(app, label):
    return next(each for each in app.button if each.label == label)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_alone_and_empty(path):
    app = open_page(path)
    assert not app.exception
    assert app.title


@pytest.mark.parametrize(("path", "words"), [("pages/2_Train.py", "choose the music"), ("pages/3_Compose.py", "train")])
def test_a_page_says_what_to_do_first(path, words):
    assert words in open_page(path).info[0].value


def test_built_in_music_can_be_added():
    app = open_page("pages/1_Music.py")
    app.button(key="add-miniatures").click().run()
    assert not app.exception
    assert len(app.session_state["encore"].items) == 16
    assert "16 pieces" in " ".join(each.value for each in app.markdown)


def test_uploads_are_read_and_a_bad_one_costs_no_other():
    app = open_page("pages/1_Music.py")
    app.file_uploader[0].upload(RAG.name, RAG.read_bytes(), "audio/midi")
    app.file_uploader[0].upload("*broken*.mid", b"no music", "audio/midi")
    app.run()
    assert not app.exception
    assert [item.reading.name for item in app.session_state["encore"].items.values()] == [RAG.name]
    assert "broken" in app.warning[0].value


def test_a_piece_is_shown_with_its_tracks(visitor):
    app = open_page("pages/1_Music.py", visitor)
    assert not app.exception
    assert "major" in " ".join(each.value for each in app.markdown)
    assert len(app.pills[0].options) == 2


def test_a_track_can_be_taken_out(visitor):
    app = open_page("pages/1_Music.py", visitor)
    app.pills[0].set_value([0]).run()
    (piece,) = app.session_state["encore"].corpus.pieces
    assert set(piece.notes["track"]) == {0}


def test_all_pieces_can_be_put_away(visitor):
    app = open_page("pages/1_Music.py", visitor)
    button(app, "Remove all").click().run()
    assert not app.session_state["encore"].items


def test_train_starts_a_training_that_its_address_leads_back_to(visitor):
    app = open_page("pages/2_Train.py", visitor)
    app.number_input(key="setting-steps").set_value(2).run()
    app.select_slider(key="setting-units").set_value(64).run()
    app.button(key="train").click().run()
    assert not app.exception
    key = "".join(app.query_params["model"])  # a list in some versions
    again = open_page("pages/2_Train.py", model=key)
    assert not again.exception
    assert queue().status(key).state != "unknown"


def test_an_unknown_address_is_told_so():
    assert "No training is known" in open_page("pages/2_Train.py", model="abc").info[0].value


@pytest.fixture
def key(model):
    queue().store.put("ready", *dump(model))
    return "ready"


def test_compose_makes_a_take_to_hear_and_keep(key):
    app = open_page("pages/3_Compose.py", model=key)
    app.slider(key="bars").set_value(4).run()
    app.button(key="compose").click().run()
    assert not app.exception
    assert app.session_state["encore"].take.piece.end <= 16
    assert app.get("audio")
    assert [each.label for each in app.get("download_button")] == ["MIDI", "WAV"]


def test_again_differently_takes_another_seed(key):
    app = open_page("pages/3_Compose.py", model=key)
    app.button(key="compose").click().run()
    first = app.session_state["encore"].take
    app.button(key="again").click().run()
    second = app.session_state["encore"].take
    assert second.seed == first.seed + 1
    assert first.piece.notes.tolist() != second.piece.notes.tolist()


def test_a_take_can_start_from_a_passage(key, visitor):
    app = open_page("pages/3_Compose.py", visitor, model=key)
    app.selectbox(key="start").select(RAG.name).run()
    app.button(key="compose").click().run()
    assert not app.exception
    assert app.session_state["encore"].take.primer_end == 8


def test_a_finished_model_shows_its_curves(key):
    app = open_page("pages/2_Train.py", model=key)
    assert not app.exception
    assert "finished" in app.success[0].value


def test_welcome_plays_something_at_once():
    app = open_page("streamlit_app.py")
    app.button(key="demo-miniatures").click().run()
    assert not app.exception
    assert app.get("audio")
    assert len(app.session_state["encore"].welcome.piece.notes) > 20


def test_welcome_leads_to_training_with_ragtime():
    app = open_page("streamlit_app.py")
    app.button(key="try").click().run()
    assert not app.exception
    assert len(app.session_state["encore"].items) == 12
