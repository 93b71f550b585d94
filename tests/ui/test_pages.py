"""Every page opens empty, opens with data, and its button works. Streamlit runs each without a browser."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.midi import Reading, read
from core.models.model import dump
from core.notes import Metre, Piece, Track, as_notes
from core.ui.server import queue
from core.ui.session import Session
from tests.conftest import tune

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


def opened(app):
    """Return the take that is open on the page Compose."""
    return app.session_state["encore"].desk.now.open_take.take


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
    assert opened(app).piece.end <= 16
    assert app.get("audio")
    assert [each.label for each in app.get("download_button")] == ["MIDI", "WAV"]


def test_again_differently_takes_another_seed(key):
    app = open_page("pages/3_Compose.py", model=key)
    app.button(key="compose").click().run()
    first = opened(app)
    app.button(key="again").click().run()
    second = opened(app)
    assert second.seed == first.seed + 4  # four at once have had a seed each
    assert first.piece.notes.tolist() != second.piece.notes.tolist()


def test_a_take_can_start_from_a_passage(key, visitor):
    app = open_page("pages/3_Compose.py", visitor, model=key)
    app.selectbox(key="start").set_value(visitor.corpus.digests[0]).run()
    app.button(key="compose").click().run()
    assert not app.exception
    assert opened(app).primer_end == 8


def test_a_take_of_another_model_is_shown_with_its_own_axis_and_said_to_be_of_another(key, model):
    app = open_page("pages/3_Compose.py", model=key)
    app.button(key="compose").click().run()
    own = opened(app)
    assert not [each for each in app.caption if "another model" in each.value]
    other = replace(model, style=replace(model.style, grid=not model.style.grid))
    queue().store.put("other", *dump(other))
    again = open_page("pages/3_Compose.py", app.session_state["encore"], model="other")
    assert [each for each in again.caption if "another model" in each.value]
    assert opened(again) is own
    (chosen,) = [each.value for each in again.segmented_control if each.key.startswith("time-take")]
    assert chosen == ("bars" if own.grid else "seconds")


def test_two_pieces_of_one_name_can_both_be_started_from(key):
    mine = Session()
    mine.add([Reading("01.mid", tune(55)), Reading("01.mid", tune(67))])
    for digest, piece in zip(mine.corpus.digests, mine.corpus.pieces, strict=True):
        app = open_page("pages/3_Compose.py", mine, model=key)
        app.selectbox(key="start").set_value(digest).run()
        app.button(key="compose").click().run()
        assert not app.exception
        notes = opened(app).piece.notes
        assert set(piece.notes["pitch"][:3]) <= set(notes["pitch"][notes["onset"] < 8])


def test_a_bar_of_the_slider_is_the_bar_of_the_roll(key):
    rows = [(onset * 2.0, 1.0, 60 + onset % 12, 80, 0) for onset in range(160)]
    changing = Piece(as_notes(rows), metres=(Metre(0.0, 2, 4), Metre(80.0, 4, 4)))
    mine = Session()
    mine.add([Reading("changing.mid", changing)])
    app = open_page("pages/3_Compose.py", mine, model=key)
    app.selectbox(key="start").set_value(mine.corpus.digests[0]).run()
    slider = app.slider(key=f"passage-{mine.corpus.digests[0]}")
    assert (slider.min, slider.max) == (1, 100)
    slider.set_value((100, 100)).run()
    app.button(key="compose").click().run()
    assert not app.exception
    assert opened(app).primer_end == 4


@pytest.mark.parametrize("damage", ["npz", "json", "format"])
def test_a_model_that_cannot_be_read_is_said_and_can_be_trained_again(key, damage):
    folder = queue().store.folder
    if damage == "npz":
        (folder / f"{key}.npz").write_bytes(b"gone")
    else:
        (folder / f"{key}.json").write_text("{}" if damage == "json" else '{"format": 4}')
    app = open_page("pages/2_Train.py", model=key)
    assert not app.exception
    words = [each.value for each in (*app.info, *app.warning)]
    assert any("Train it again" in each for each in words)


def test_a_record_shows_the_names_of_the_visit_and_no_others(model, visitor):
    (digest,) = visitor.corpus.digests
    record = replace(model.record, learned=(digest, "f" * 64), curve=((1.0, 5.0, None),))
    queue().store.put("named", *dump(replace(model, record=record)))
    mine = open_page("pages/2_Train.py", visitor, model="named")
    assert RAG.name in mine.text[0].value
    assert "one piece that is not in this visit" in mine.text[0].value
    others = open_page("pages/2_Train.py", model="named")
    assert RAG.name not in " ".join(each.value for each in others.text)
    assert "2 pieces that are not in this visit" in others.text[0].value


def test_the_same_notes_and_file_name_tell_nobody_the_titles_of_another():
    def reading(secret):
        piece = tune(bars=12)
        tracks = (Track(f"{secret} voice", 0), Track(f"{secret} hands", 52))
        return Reading("same.mid", replace(piece, title=f"{secret} title", tracks=tracks), (f"{secret} lost",))

    def shown(name):
        mine = Session()
        mine.add([reading(name)])
        app = open_page("pages/1_Music.py", mine)
        assert not app.exception
        table = app.get("arrow_data_frame")
        texts = [str(each.proto) for each in (*app.main, *table)]
        return " ".join(texts)

    first, second = shown("alpha"), shown("beta")
    assert "alpha title" in first
    assert "beta title" in second
    assert "alpha" not in second


def test_one_of_two_who_wait_leaves_and_the_other_goes_on(monkeypatch, visitor):
    app = open_page("pages/2_Train.py", visitor)
    app.number_input(key="setting-steps").set_value(1_000_000).run()
    app.button(key="train").click().run()
    key = "".join(app.query_params["model"])
    queue().join(key, "somebody else")
    app.run()
    assert "Someone else waits" in " ".join(each.value for each in app.caption)
    app.button(key="end-training").click().run()
    assert queue().status(key).active
    assert app.session_state["encore"].model_key is None
    queue().leave(key, "somebody else")


def numbers(app):
    return [kept.number for kept in app.session_state["encore"].desk.now.takes]


def test_four_takes_come_at_once_and_are_never_lost_by_composing_again(key):
    app = open_page("pages/3_Compose.py", model=key)
    app.slider(key="bars").set_value(4).run()
    app.button(key="compose").click().run()
    assert numbers(app) == [1, 2, 3, 4]
    assert len(app.get("image")) == 4
    app.slider(key="variations").set_value(1).run()
    app.button(key="again").click().run()
    assert numbers(app) == [5, 1, 2, 3, 4]
    assert not app.exception


def test_takes_are_opened_starred_deleted_and_brought_back(key):
    app = open_page("pages/3_Compose.py", model=key)
    app.slider(key="bars").set_value(4).run()
    app.button(key="compose").click().run()
    app.button(key="open-3").click().run()
    assert opened(app).seed == 3
    app.button(key="star-3").click().run()
    app.button(key="delete-3").click().run()
    assert numbers(app) == [1, 2, 4]
    app.button(key="undo").click().run()
    assert numbers(app) == [1, 2, 3, 4]
    assert app.session_state["encore"].desk.now.takes[2].starred
    app.button(key="redo").click().run()
    assert numbers(app) == [1, 2, 4]
    assert not app.exception


def test_a_take_is_named_and_noted(key):
    app = open_page("pages/3_Compose.py", model=key)
    app.button(key="compose").click().run()
    app.text_input(key="name-1-Take 1").set_value("*Sunday*").run()
    app.text_input(key="note-1-").set_value("the end is good").run()
    kept = app.session_state["encore"].desk.now.open_take
    assert (kept.name, kept.note) == ("*Sunday*", "the end is good")
    assert "Sunday" in app.subheader[0].value
    assert not app.exception


def test_a_take_is_trimmed_to_bars_as_a_take_of_its_own(key):
    app = open_page("pages/3_Compose.py", model=key)
    app.slider(key="bars").set_value(8).run()
    app.button(key="compose").click().run()
    whole = opened(app).piece
    app.slider(key="keep-1").set_value((3, 6)).run()
    app.button(key="trim").click().run()
    assert not app.exception
    kept = app.session_state["encore"].desk.now.open_take
    assert (kept.number, kept.parent) == (5, 1)
    inside = whole.notes[(whole.notes["onset"] >= 8) & (whole.notes["onset"] < 24)]
    assert kept.take.piece.notes["pitch"].tolist() == inside["pitch"].tolist()
    assert "from take 1" in " ".join(each.value for each in app.caption)


def test_bars_are_done_anew_and_all_others_stay(key, model):
    app = open_page("pages/3_Compose.py", model=key)
    app.slider(key="bars").set_value(8).run()
    app.button(key="compose").click().run()
    if model.encoding.family == "classic":
        assert not [each for each in app.button if each.key == "anew"]
        return
    whole = opened(app).piece.notes
    app.slider(key="anew-bars-1").set_value((3, 4)).run()
    app.button(key="anew").click().run()
    assert not app.exception
    assert numbers(app) == [5, 6, 7, 1, 2, 3, 4]
    for kept in app.session_state["encore"].desk.now.takes[:3]:
        notes = kept.take.piece.notes
        outside = [each[(each["onset"] < 8) | (each["onset"] >= 16)].tolist() for each in (whole, notes)]
        assert outside[0] == outside[1]
        assert kept.parent == 1


def test_one_goes_on_from_a_bar_of_a_take(key):
    app = open_page("pages/3_Compose.py", model=key)
    app.slider(key="bars").set_value(8).run()
    app.button(key="compose").click().run()
    whole = opened(app).piece
    app.slider(key="keep-1").set_value((1, 2)).run()
    app.segmented_control(key="more-True").set_value(4).run()
    app.button(key="go-on").click().run()
    assert not app.exception
    assert numbers(app) == [5, 6, 7, 8, 1, 2, 3, 4]
    assert {kept.parent for kept in app.session_state["encore"].desk.now.takes[:4]} == {1}
    take = opened(app)
    given = take.piece.notes[take.piece.notes["onset"] < 8]
    assert given["pitch"].tolist() == whole.notes["pitch"][whole.notes["onset"] < 8].tolist()
    assert take.primer_end <= 8
    assert 8 < take.piece.end <= 24
    app.button(key="undo").click().run()
    assert numbers(app) == [1, 2, 3, 4]


def test_a_take_can_start_from_another_take(key):
    app = open_page("pages/3_Compose.py", model=key)
    app.button(key="compose").click().run()
    app.selectbox(key="start").set_value("take-2").run()
    app.button(key="compose").click().run()
    assert not app.exception
    assert opened(app).primer_end > 0


def test_all_takes_can_go_and_come_back(key):
    app = open_page("pages/3_Compose.py", model=key)
    app.slider(key="variations").set_value(1).run()
    app.button(key="compose").click().run()
    app.button(key="delete-1").click().run()
    assert not app.exception
    app.button(key="undo").click().run()
    assert numbers(app) == [1]


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
