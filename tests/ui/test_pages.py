"""Every page opens empty, opens with data, and its button works. Streamlit runs each without a browser."""

import time
import uuid
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.audio.renderings import Rendering
from core.audio.waveform import encode
from core.bars import passage
from core.composing.take import Take
from core.config import TrainingSettings
from core.corpus.corpus import digest
from core.corpus.description import key_of
from core.corpus.library import sets_of
from core.figures.box import Box
from core.jobs.composer import Composer
from core.jobs.ledger import Begun, Ledger
from core.midi import Reading, read, write
from core.models.file import write_file
from core.models.model import Sketch
from core.models.store import fingerprint
from core.notes import Metre, Piece, Track, as_notes, seconds_at, transpose
from core.takes import desk as desks
from core.takes.desk import Origin
from core.ui.server import built_in, makings, queue, renderings, take_store
from core.ui.session import Session
from tests.conftest import tune
from tests.midi.test_pedal import FREE, played

ROOT = Path(__file__).parents[2]
RAG = ROOT / "assets" / "music" / "ragtime" / "joplin-maple-leaf-rag.mid"
SILENCE = Rendering(encode(np.zeros((44100, 2), np.float32), 44100), "audio/wav", 1.0)
PAGES = [
    "streamlit_app.py",
    "pages/1_Music.py",
    "pages/2_Train.py",
    "pages/3_Compose.py",
    "pages/4_Compare.py",
    "pages/5_How_it_works.py",
]

pytestmark = pytest.mark.slow


each_family = pytest.mark.parametrize("family", ["joint", "classic"], indirect=True)


@pytest.fixture(scope="module", autouse=True)
def server():
    """Let the pages play silence, and end their trainings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(renderings(), "_make", lambda piece: SILENCE)
        patch.setattr(renderings(), "_make_beginning", lambda piece: None)
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
    if mine is None:
        mine = Session()
        mine.composing = replace(mine.composing, bars=4)
    app.session_state["encore"] = mine
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.run()


def opened(app):
    """Return the take that is open on the page Compose."""
    return app.session_state["encore"].desk.now.open_take.take


def compose(app, key="compose"):
    """Press a button that makes takes, and wait until they are there."""
    app.button(key=key).click().run()
    return finish(app)


def ended(making):
    return making.composition.wait_until(lambda: making.composition.finished, 60)


def finish(app):
    """Wait until the takes on their way are there."""
    while (way := makings().get(app.session_state["encore"].kept)) is not None:
        assert ended(way)
        app.run()
    return app


def tool(app, name):
    """Choose what to do with the open take."""
    app.segmented_control(key="take-tool").set_value(name).run()


def button(app, label):
    return next(each for each in app.button if each.label == label)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_alone_and_empty(path):
    app = open_page(path)
    assert not app.exception
    assert app.title


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("pages/2_Train.py", "choose the music"),
        ("pages/3_Compose.py", "train"),
        ("pages/4_Compare.py", "compose a take"),
    ],
)
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


def test_one_piece_is_one(visitor):
    app = open_page("pages/1_Music.py", visitor)
    assert any("One piece with" in each.value and "is in use" in each.value for each in app.markdown)


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


def lost(corpus, settings, sets=()):
    """Note a training down that another server had begun; return its key."""
    key = fingerprint(corpus, settings)
    Ledger(queue().store.folder / "begun").note(key, Begun(settings, sets))
    return key


def test_a_training_that_was_lost_with_its_server_is_offered_again_where_the_music_is_there(visitor):
    settings = replace(TrainingSettings(), units=64, steps=3)
    key = lost(visitor.corpus, settings)
    stranger = open_page("pages/2_Train.py", model=key)
    assert "started anew" in stranger.warning[0].value
    assert not [button for button in stranger.button if button.key == "train-again"]
    assert stranger.session_state["encore"].training == settings
    own = open_page("pages/2_Train.py", visitor, model=key)
    own.button(key="train-again").click().run()
    assert not own.exception
    assert queue().status(key).active


def test_a_lost_training_on_a_built_in_set_opens_the_set_again(visitor):
    music = Session()
    music.add(built_in("solos"))
    settings = replace(TrainingSettings(), units=64, steps=3)
    key = lost(music.corpus, settings, sets_of(music.corpus.names))
    app = open_page("pages/2_Train.py", model=key)
    app.button(key="train-again").click().run()
    assert not app.exception
    assert app.session_state["encore"].model_key == key
    assert queue().status(key).active


def test_an_unknown_address_is_told_so():
    assert "No training is known" in open_page("pages/2_Train.py", model="abc").info[0].value


@pytest.fixture
def family(request):
    """The joint family, where a test does not ask for both."""
    return getattr(request, "param", "joint")


@pytest.fixture
def key(model):
    queue().store.put("ready", write_file(model))
    return "ready"


@each_family
def test_compose_makes_a_take_to_hear_and_keep(key):
    app = open_page("pages/3_Compose.py", model=key)
    app.slider(key="bars").set_value(4).run()
    compose(app)
    assert not app.exception
    assert opened(app).piece.end <= 20  # it may take a bar more to come to its end
    assert renderings().start(opened(app).piece).whole.result(60)
    app.run()
    assert app.get("audio")
    assert [each.label for each in app.get("download_button")][:3] == ["MIDI", "WAV", "MP3"]


def test_again_differently_takes_another_seed(key):
    app = open_page("pages/3_Compose.py", model=key)
    compose(app)
    compose(app, "again")
    takes = [kept.take for kept in app.session_state["encore"].desk.now.takes]
    assert [sorted(take.seed for take in each) for each in (takes[4:], takes[:4])] == [[1, 2, 3, 4], [5, 6, 7, 8]]
    assert len({take.piece.notes.tobytes() for take in takes}) == 8


def test_a_take_can_start_from_a_passage(key, visitor):
    app = open_page("pages/3_Compose.py", visitor, model=key)
    app.selectbox(key="start").set_value(visitor.corpus.digests[0]).run()
    compose(app)
    assert not app.exception
    assert opened(app).primer_end == 8


def test_a_take_of_another_model_is_shown_with_its_own_axis_and_said_to_be_of_another(key, model):
    app = open_page("pages/3_Compose.py", model=key)
    compose(app)
    own = opened(app)
    assert not [each for each in app.caption if "another model" in each.value]
    other = replace(model, style=replace(model.style, grid=not model.style.grid))
    queue().store.put("other", write_file(other))
    again = open_page("pages/3_Compose.py", app.session_state["encore"], model="other")
    assert [each for each in again.caption if "another model" in each.value]
    assert opened(again) is own
    (chosen,) = [each.value for each in again.segmented_control if each.key.startswith("time-take")]
    assert chosen == ("bars" if own.grid else "seconds")


def test_two_pieces_of_one_name_can_both_be_started_from(key):
    mine = Session()
    mine.add([Reading("01.mid", tune(55)), Reading("01.mid", tune(67))])
    for key_of_piece, piece in zip(mine.corpus.digests, mine.corpus.pieces, strict=True):
        app = open_page("pages/3_Compose.py", mine, model=key)
        app.selectbox(key="start").set_value(key_of_piece).run()
        compose(app)
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
    compose(app)
    assert not app.exception
    assert opened(app).primer_end == 4


@pytest.mark.parametrize("damage", ["damaged", "outdated"])
def test_a_model_that_cannot_be_read_is_said_and_can_be_trained_again(key, damage):
    folder = queue().store.folder
    (folder / f"{key}.encore").write_bytes(b"gone")
    if damage == "outdated":
        (folder / f"{key}.encore").rename(folder / f"{key}.json")
    app = open_page("pages/2_Train.py", model=key)
    assert not app.exception
    words = [each.value for each in (*app.info, *app.warning)]
    assert any("Train it again" in each for each in words)


def test_a_record_shows_the_names_of_the_visit_and_no_others(model, visitor):
    (digest,) = visitor.corpus.digests
    record = replace(model.record, learned=(digest, "f" * 64), curve=((1.0, 5.0, None),))
    queue().store.put("named", write_file(replace(model, record=record)))
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
    compose(app)
    assert numbers(app) == [1, 2, 3, 4]
    assert len(app.get("image")) == 4
    app.slider(key="variations").set_value(1).run()
    compose(app, "again")
    assert numbers(app) == [5, 1, 2, 3, 4]
    assert not app.exception


def test_takes_are_opened_starred_deleted_and_brought_back(key):
    app = open_page("pages/3_Compose.py", model=key)
    app.slider(key="bars").set_value(4).run()
    compose(app)
    app.button(key="open-3").click().run()
    assert app.session_state["encore"].desk.now.opened == 3
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
    compose(app)
    tool(app, "Name and note")
    app.text_input(key="name-1-Take 1").set_value("*Sunday*").run()
    app.text_input(key="note-1-").set_value("the end is good").run()
    kept = app.session_state["encore"].desk.now.open_take
    assert (kept.name, kept.note) == ("*Sunday*", "the end is good")
    assert "Sunday" in app.subheader[0].value
    assert not app.exception


def test_a_take_is_trimmed_to_bars_as_a_take_of_its_own(key):
    app = open_page("pages/3_Compose.py", model=key)
    app.slider(key="bars").set_value(8).run()
    compose(app)
    whole = opened(app).piece
    tool(app, "Go on or trim")
    app.slider(key="keep-1").set_value((3, 6)).run()
    app.button(key="trim").click().run()
    assert not app.exception
    kept = app.session_state["encore"].desk.now.open_take
    assert (kept.number, kept.origin.parent) == (5, 1)
    inside = whole.notes[(whole.notes["onset"] >= 8) & (whole.notes["onset"] < 24)]
    assert kept.take.piece.notes["pitch"].tolist() == inside["pitch"].tolist()
    assert "from take 1" in " ".join(each.value for each in app.caption)


@each_family
def test_bars_are_done_anew_and_all_others_stay(key, model):
    app = open_page("pages/3_Compose.py", model=key)
    app.slider(key="bars").set_value(8).run()
    compose(app)
    if model.encoding.family == "classic":
        assert not [each for each in app.button if each.key == "anew"]
        return
    whole = opened(app).piece.notes
    app.session_state["encore"].boxes[1] = Box(8.0, 16.0)
    app.run()
    compose(app, "anew")
    assert not app.exception
    assert numbers(app) == [5, 6, 7, 1, 2, 3, 4]
    for kept in app.session_state["encore"].desk.now.takes[:3]:
        notes = kept.take.piece.notes
        outside = [each[(each["onset"] < 8) | (each["onset"] >= 16)].tolist() for each in (whole, notes)]
        assert outside[0] == outside[1]
        assert kept.origin.parent == 1


def test_it_is_said_when_a_passage_comes_back_as_it_was(key, monkeypatch):
    app = open_page("pages/3_Compose.py", model=key)
    compose(app)
    monkeypatch.setattr(Composer, "infill", lambda *given, **more: [])
    compose(app, "anew")
    assert "came back to the notes that are there already" in app.warning[0].value
    assert numbers(app) == [1, 2, 3, 4]


def test_a_passage_that_is_stopped_says_that_it_leaves_all_as_it_is(key, monkeypatch):
    def wait(*given, should_stop, **more):
        while not should_stop():
            time.sleep(0.01)
        return []

    app = open_page("pages/3_Compose.py", model=key)
    compose(app)
    monkeypatch.setattr(Composer, "infill", wait)
    app.button(key="anew").click().run()
    assert app.button(key="stop-composing").label == "Stop and leave it as it is"
    app.button(key="stop-composing").click().run()
    finish(app)
    assert not app.exception and not app.warning
    assert numbers(app) == [1, 2, 3, 4]


def test_it_is_said_when_composing_is_stopped_before_anything_is_there(key, monkeypatch):
    monkeypatch.setattr(Composer, "compose", lambda *given, **more: [])
    app = open_page("pages/3_Compose.py", model=key)
    compose(app)
    assert "nothing to keep" in app.warning[0].value


def test_going_on_again_gives_other_takes(key):
    app = open_page("pages/3_Compose.py", model=key)
    app.slider(key="bars").set_value(4).run()
    compose(app)
    tool(app, "Go on or trim")
    compose(app, "go-on")
    app.button(key="open-1").click().run()
    compose(app, "go-on")
    takes = [kept.take for kept in app.session_state["encore"].desk.now.takes if kept.origin.parent == 1]
    assert len({take.piece.notes.tobytes() for take in takes}) == len(takes) == 8
    assert sorted(take.seed for take in takes) == list(range(1, 9))


@each_family
def test_one_goes_on_from_a_bar_of_a_take(key):
    app = open_page("pages/3_Compose.py", model=key)
    app.slider(key="bars").set_value(8).run()
    compose(app)
    whole = opened(app).piece
    tool(app, "Go on or trim")
    app.slider(key="keep-1").set_value((1, 2)).run()
    app.segmented_control(key="more-True").set_value(4).run()
    compose(app, "go-on")
    assert not app.exception
    assert numbers(app) == [5, 6, 7, 8, 1, 2, 3, 4]
    assert {kept.origin.parent for kept in app.session_state["encore"].desk.now.takes[:4]} == {1}
    take = opened(app)
    given = take.piece.notes[take.piece.notes["onset"] < 8]
    assert given["pitch"].tolist() == whole.notes["pitch"][whole.notes["onset"] < 8].tolist()
    assert take.primer_end <= 8
    assert 8 < take.piece.end <= 28  # it may take a bar more to come to its end
    app.button(key="undo").click().run()
    assert numbers(app) == [1, 2, 3, 4]


def test_going_on_keeps_the_instruments_of_the_take(key):
    app = open_page("pages/3_Compose.py", model=key)
    app.slider(key="bars").set_value(4).run()
    compose(app)
    tool(app, "Instruments")
    next(each for each in app.selectbox if each.key.startswith("program-1-")).set_value(73).run()
    app.selectbox(key="instrument").set_value("Violin").run()
    tool(app, "Go on or trim")
    compose(app, "go-on")
    assert [track.program for track in opened(app).piece.tracks] == [73, 0]
    app.selectbox(key="start").set_value("take-1").run()
    compose(app)
    assert [track.program for track in opened(app).piece.tracks] == [73, 0, 40]
    tool(app, "Instruments")
    parts = [each.label for each in app.selectbox if each.key.startswith("program-")]
    assert parts == ["New notes 1", "New notes 2", "New notes"]


def free_tune(seconds=40):
    rows = [(0.371 * note + 0.013 * (note % 3), 0.3, 55 + note * 5 % 13, 80, 0) for note in range(seconds * 5)]
    return Piece(as_notes(rows), title="free")


def test_free_music_is_gone_on_from_and_trimmed_by_seconds(model):
    queue().store.put("free", write_file(replace(model, style=replace(model.style, grid=False))))
    mine = Session()
    mine.add([Reading("free.mid", free_tune())])
    app = open_page("pages/3_Compose.py", mine, model="free")
    app.selectbox(key="start").set_value(mine.corpus.digests[0]).run()
    passage = app.slider(key=f"passage-{mine.corpus.digests[0]}")
    assert (passage.label, passage.value) == ("Seconds of the passage", (0.0, 10.0))
    app.segmented_control(key="go-on-play-seconds").set_value(20).run()
    assert app.slider(key="play-seconds").value == 20
    compose(app)
    assert not app.exception
    whole = opened(app).piece
    tool(app, "Go on or trim")
    assert app.slider(key="keep-1").label == "Seconds to keep"
    app.slider(key="keep-1").set_value((2.0, 8.5)).run()
    assert button(app, "Go on after second 8.5")
    app.button(key="trim").click().run()
    assert not app.exception
    kept = app.session_state["encore"].desk.now.open_take
    assert kept.origin.how == "seconds 2.0 to 8.5 of take 1"
    seconds = seconds_at(whole, whole.notes["onset"])
    inside = whole.notes[(seconds >= 2) & (seconds < 8.5)]
    assert kept.take.piece.notes["pitch"].tolist() == inside["pitch"].tolist()
    compose(app, "go-on")
    assert not app.exception
    assert "gone on after second" in app.session_state["encore"].desk.now.open_take.origin.how


def test_a_piece_is_gone_on_from_by_a_length_one_press_away(key, visitor):
    app = open_page("pages/3_Compose.py", visitor, model=key)
    assert not [each for each in app.segmented_control if each.key == "go-on-bars"]
    app.selectbox(key="start").set_value(visitor.corpus.digests[0]).run()
    assert app.segmented_control(key="go-on-bars").value == 16
    app.segmented_control(key="go-on-bars").set_value(4).run()
    assert app.slider(key="bars").value == 4
    app.slider(key="bars").set_value(5).run()
    assert app.segmented_control(key="go-on-bars").value is None
    app.segmented_control(key="go-on-bars").set_value(8).run()
    assert (app.slider(key="bars").value, visitor.composing.bars) == (8, 8)
    assert not app.exception and not app.warning


def test_the_key_of_the_music_or_of_the_start_is_guessed(key, visitor):
    def box():
        return next(each for each in app.selectbox if each.label == "Key")

    app = open_page("pages/3_Compose.py", visitor, model=key)
    (of_music,) = [each for each in box().options if each.startswith("that of your music: ")]
    box().set_value("guess").run()
    assert visitor.composing.key == of_music.split(": ")[1] == key_of(visitor.corpus.pieces[0])
    app.selectbox(key="start").set_value(visitor.corpus.digests[0]).run()
    app.slider(key=f"passage-{visitor.corpus.digests[0]}").set_value((5, 6)).run()
    assert visitor.composing.key == key_of(passage(visitor.corpus.pieces[0], 5, 2))
    assert any(each.startswith("that of the start: ") for each in box().options)
    visitor.clear()
    app = open_page("pages/3_Compose.py", visitor, model=key)
    assert len(box().options) == 25
    assert not app.exception


def test_drums_of_what_a_take_starts_from_are_said_to_stay_out(key):
    mine = Session()
    drums = as_notes([(float(beat), 0.5, 36, 90, 9) for beat in range(8)])
    mine.add([Reading("drums.mid", replace(tune(), drums=drums)), Reading("none.mid", tune(62))])
    app = open_page("pages/3_Compose.py", mine, model=key)
    for key_of_piece, said in zip(mine.corpus.digests, (True, False), strict=True):
        app.selectbox(key="start").set_value(key_of_piece).run()
        assert any("drums of this piece stay out" in each.value for each in app.caption) is said


def test_a_take_can_start_from_another_take(key):
    app = open_page("pages/3_Compose.py", model=key)
    compose(app)
    app.selectbox(key="start").set_value("take-2").run()
    compose(app)
    assert not app.exception
    assert opened(app).primer_end > 0


def test_all_takes_can_go_and_come_back(key):
    app = open_page("pages/3_Compose.py", model=key)
    app.slider(key="variations").set_value(1).run()
    compose(app)
    app.button(key="delete-1").click().run()
    assert not app.exception
    app.button(key="undo").click().run()
    assert numbers(app) == [1]


@each_family
def test_a_finished_model_shows_its_curves(key):
    app = open_page("pages/2_Train.py", model=key)
    assert not app.exception
    assert "finished" in app.success[0].value


@pytest.mark.parametrize(
    ("share", "words"), [(1.0, None), (0.5, "kept 50% of what it learned"), (0.0, "kept as it was")]
)
def test_a_model_says_how_much_of_what_it_learned_it_kept(model, share, words):
    record = replace(model.record, network_only=3.0, trained_share=share)
    queue().store.put(f"share{share * 10:.0f}", write_file(replace(model, record=record)))
    said = open_page("pages/2_Train.py", model=f"share{share * 10:.0f}").success[0].value
    assert "3.00 bits per note" in said
    assert (words in said) if words else ("kept" not in said)


def test_welcome_plays_something_at_once():
    app = open_page("streamlit_app.py")
    app.button(key="demo-miniatures").click().run()
    assert not app.exception
    assert renderings().start(app.session_state["encore"].welcome.piece).whole.result(60)
    app.run()
    assert app.get("audio")
    assert len(app.session_state["encore"].welcome.piece.notes) > 20


def test_welcome_leads_to_training_with_ragtime():
    app = open_page("streamlit_app.py")
    app.button(key="try").click().run()
    assert not app.exception
    assert len(app.session_state["encore"].items) == 12


def test_the_open_take_follows_the_tempo_at_once(key):
    app = open_page("pages/3_Compose.py", model=key)
    compose(app)
    before = opened(app)
    app.slider(key="tempo").set_value(2.0).run()
    assert not app.exception
    after = opened(app)
    assert after.piece.qpm == pytest.approx(2 * before.piece.qpm)
    assert after.piece.notes.tolist() == before.piece.notes.tolist()
    app.button(key="open-2").click().run()
    assert app.slider(key="tempo").value == 1.0
    app.button(key="undo").click().run()
    assert app.session_state["encore"].desk.now.opened == 1
    assert app.slider(key="tempo").value == 1.0


def test_a_slider_that_moves_on_is_one_step_to_undo(key):
    app = open_page("pages/3_Compose.py", model=key)
    compose(app)
    for tempo in (1.1, 1.2, 1.3):
        app.slider(key="tempo").set_value(tempo).run()
    assert len(app.session_state["encore"].desk.before) == 2
    app.button(key="undo").click().run()
    assert app.slider(key="tempo").value == 1.0
    assert numbers(app) == [1, 2, 3, 4]


def test_it_is_said_when_takes_of_earlier_visits_are_gone(key):
    mine = Session()
    mine.kept.lost = 2
    assert "2 of your takes are no longer" in open_page("pages/3_Compose.py", mine, model=key).warning[0].value


def test_the_tempo_goes_from_the_slowest_to_the_fastest(key, model):
    queue().store.put("free", write_file(replace(model, style=replace(model.style, grid=False))))
    for model_key in (key, "free"):
        app = open_page("pages/3_Compose.py", model=model_key)
        app.slider(key="tempo").set_value(0.25).run()
        if model_key == "free":
            app.slider(key="play-seconds").set_value(10).run()
        compose(app)
        before = opened(app).piece
        app.slider(key="tempo").set_value(4.0).run()
        assert not app.exception
        assert opened(app).piece.qpm == pytest.approx(16 * before.qpm)


def test_another_instrument_plays_a_part_and_nothing_is_composed_again(key):
    app = open_page("pages/3_Compose.py", model=key)
    compose(app)
    before = opened(app)
    tool(app, "Instruments")
    part, other = [each for each in app.selectbox if each.key.startswith("program-1-")]
    part.set_value(73).run()
    assert not app.exception
    assert [track.program for track in opened(app).piece.tracks] == [73, other.value]
    assert opened(app).piece.notes.tolist() == before.piece.notes.tolist()


def test_new_takes_are_played_by_the_instrument_that_was_chosen(key):
    app = open_page("pages/3_Compose.py", model=key)
    app.selectbox(key="instrument").set_value("Violin").run()
    compose(app)
    assert {kept.take.piece.program for kept in app.session_state["encore"].desk.now.takes} == {40}


def test_sliders_compose_nothing(key):
    app = open_page("pages/3_Compose.py", model=key)
    app.slider(key="bars").set_value(4).run()
    app.slider(key="temperature").set_value(0.5).run()
    app.toggle(key="temperature-apart").set_value(True).run()
    app.slider(key="rhythm-temperature").set_value(0.7).run()
    app.selectbox(key="key").set_value("G minor").run()
    assert not app.exception
    mine = app.session_state["encore"]
    assert not mine.desk.now.takes and mine.kept not in makings()
    assert (mine.composing.temperature, mine.composing.rhythm_temperature) == (0.5, 0.7)
    assert mine.composing.key == "G minor"


@pytest.mark.parametrize(
    ("wish", "lowest", "highest", "then"),
    [
        ({"lowest": 85}, 40, 80, (69, None)),
        ({"highest": 45}, 60, 100, (None, 71)),
        ({"lowest": 116}, 80, 127, (116, None)),
    ],
)
def test_a_range_that_another_model_does_not_reach_is_brought_within_its_own(model, wish, lowest, highest, then):
    queue().store.put(
        "elsewhere", write_file(replace(model, style=replace(model.style, lowest=lowest, highest=highest)))
    )
    mine = Session()
    mine.composing = replace(mine.composing, **wish)
    app = open_page("pages/3_Compose.py", mine, model="elsewhere")
    assert not app.exception
    assert (mine.composing.lowest, mine.composing.highest) == then


def test_the_address_of_a_take_opens_it_for_another_visitor(key):
    app = open_page("pages/3_Compose.py", model=key)
    compose(app)
    own = opened(app)
    (address,) = [each.value for each in app.code]
    other = open_page("pages/3_Compose.py", take=address.split("take=")[1])
    assert not other.exception
    assert opened(other).piece.notes.tolist() == own.piece.notes.tolist()
    name = address.split("take=")[1]
    again = open_page("pages/3_Compose.py", other.session_state["encore"], take=name)
    assert numbers(again) == [1]
    own_page = open_page("pages/3_Compose.py", app.session_state["encore"], take=name)
    assert numbers(own_page) == [1, 2, 3, 4]
    lost = open_page("pages/3_Compose.py", take="0" * 24)
    assert "not on this server" in lost.warning[0].value


def test_takes_come_back_with_the_key_of_the_browser(key):
    app = open_page("pages/3_Compose.py", model=key)
    mine = app.session_state["encore"]
    browser = uuid.uuid4().hex
    mine.arrive(browser, take_store())
    compose(app)
    app.button(key="star-2").click().run()
    again = Session()
    again.arrive(browser, take_store())
    assert again.desk.now is mine.desk.now
    take_store.clear()
    restarted = Session()
    restarted.arrive(browser, take_store())
    app = open_page("pages/3_Compose.py", restarted, model=key)
    assert not app.exception
    assert numbers(app) == [1, 2, 3, 4]
    assert restarted.desk.now.find(2).starred


def test_takes_on_their_way_reach_the_desk_of_one_who_has_left(key):
    app = open_page("pages/3_Compose.py", model=key)
    mine, browser = app.session_state["encore"], uuid.uuid4().hex
    mine.arrive(browser, take_store())
    app.button(key="compose").click().run()
    again = Session()
    again.arrive(browser, take_store())
    assert ended(makings()[mine.kept])
    assert numbers(app) == [1, 2, 3, 4]
    assert again.desk.now is mine.desk.now
    take_store.clear()
    restarted = Session()
    restarted.arrive(browser, take_store())
    assert len(restarted.desk.now.takes) == 4


def test_another_window_of_the_visitor_shows_what_is_on_its_way(key, monkeypatch):
    whole = Composer.compose

    def until_stopped(*given, should_stop, **more):
        found = whole(*given, should_stop=should_stop, **more)
        while not should_stop():
            time.sleep(0.05)
        return found

    monkeypatch.setattr(Composer, "compose", until_stopped)
    app = open_page("pages/3_Compose.py", model=key)
    mine, browser = app.session_state["encore"], uuid.uuid4().hex
    mine.arrive(browser, take_store())
    app.button(key="compose").click().run()
    again = Session()
    again.arrive(browser, take_store())
    window = open_page("pages/3_Compose.py", again, model=key)
    window.button(key="stop-composing").click().run()
    finish(window)
    finish(app)
    assert not app.exception and not window.exception
    assert numbers(app) == numbers(window)


def test_it_is_said_when_old_takes_make_room_and_when_there_is_none(key, monkeypatch):
    monkeypatch.setattr(desks, "MOST_TAKES", 5)
    app = open_page("pages/3_Compose.py", model=key)
    app.slider(key="bars").set_value(4).run()
    compose(app)
    assert not app.toast
    compose(app)
    assert any("3 old takes without a star made room" in each.value for each in app.toast)
    app.session_state["encore"].change(lambda desk: [desk := desk.star(kept.number) for kept in desk.takes][-1])
    app.run()
    whole = numbers(app)
    app.button(key="compose").click().run()
    assert "no room for another take" in app.warning[0].value
    tool(app, "Go on or trim")
    app.slider(key=f"keep-{whole[0]}").set_value((1, 2)).run()
    app.button(key="trim").click().run()
    assert not app.exception
    assert "no room for another take" in app.warning[0].value
    assert numbers(app) == whole
    app.button(key=f"star-{whole[0]}").click().run()
    app.button(key="trim").click().run()
    assert not app.warning
    assert any("One old take without a star made room" in each.value for each in app.toast)


def test_takes_of_earlier_visits_can_be_heard_without_a_model(key):
    app = open_page("pages/3_Compose.py", model=key)
    compose(app)
    mine = Session()
    mine.kept = app.session_state["encore"].kept
    later = open_page("pages/3_Compose.py", mine)
    assert not later.exception
    assert "train a network" in later.info[0].value
    tool(later, "Go on or trim")
    assert [each.key for each in later.button if each.key == "trim"]
    assert not [each for each in later.button if each.key in ("compose", "anew", "go-on")]


@pytest.mark.parametrize(("lesson", "page"), [("ragtime", "train"), ("miniatures", "music")])
def test_a_lesson_opens_a_prepared_visit(lesson, page):
    app = open_page("streamlit_app.py", lesson=lesson, page=page, seconds="20", seed="7")
    assert not app.exception
    mine = app.session_state["encore"]
    assert len(mine.items) >= 12
    assert (mine.training.seconds, mine.training.seed) == (20, 7)
    assert app.title[0].value == page.capitalize()


def test_an_unknown_lesson_or_a_wrong_number_is_said():
    assert "no lesson of this name" in open_page("streamlit_app.py", lesson="x").warning[0].value
    app = open_page("streamlit_app.py", lesson="ragtime", seconds="-5")
    assert not app.exception
    assert app.session_state["encore"].training.seconds == 60


def test_a_model_file_is_opened_and_composes(model):
    app = open_page("pages/3_Compose.py")
    app.file_uploader[0].upload("mine.encore", write_file(model), "application/octet-stream").run()
    assert not app.exception
    assert app.title[0].value == "Compose"
    compose(app)
    assert opened(app).model == model.digest


def test_a_strange_model_file_is_refused_in_words():
    app = open_page("pages/2_Train.py")
    app.file_uploader[0].upload("mine.encore", b"no model", "application/octet-stream").run()
    assert not app.exception
    assert "not a model of Encore" in app.warning[0].value


def test_a_press_that_another_rerun_broke_off_is_answered_by_the_next_run(visitor):
    visitor.turn_to("Music")
    visitor.presses.add(("to-train", "None"))
    app = open_page("pages/1_Music.py", visitor)
    assert app.title[0].value == "Train"
    assert not visitor.presses


def test_what_was_pressed_on_another_page_is_forgotten(visitor):
    visitor.turn_to("Train")
    visitor.presses.add(("to-train", "None"))
    assert open_page("pages/1_Music.py", visitor).title[0].value == "Music"


def captions(app):
    return " ".join(each.value for each in app.caption)


def test_a_take_says_what_it_shares_with_the_music_learned_from(model):
    visitor = Session()
    visitor.add([read(write(tune(57)), "mine.mid")])
    (item,) = visitor.items.values()
    queue().store.put("mine", write_file(replace(model, record=replace(model.record, learned=(item.digest,)))))
    visitor.composing = replace(visitor.composing, bars=4)
    app = compose(open_page("pages/3_Compose.py", visitor, model="mine"))
    assert not app.exception
    assert captions(app).count(" % as in your music") == captions(app).count("Style: ") == 4
    assert "of its runs of eight notes" in captions(app)
    item.tracks = [0]  # no longer what was learned
    app.run()
    assert "as in your music" not in captions(app)
    assert "cannot be said" in captions(app)


def test_the_pedal_of_performances_can_be_switched_off():
    mine = Session()
    mine.add([played(FREE)])
    (item,) = mine.items.values()
    app = open_page("pages/1_Music.py", mine)
    assert item.piece.notes.tolist() == item.reading.pedalled.notes.tolist()
    app.toggle(key="pedal").set_value(False).run()
    assert not app.exception
    assert item.piece.notes.tolist() == item.reading.piece.notes.tolist()
    assert mine.corpus.digests == (item.digest,)


def test_no_switch_for_the_pedal_where_there_is_none(visitor):
    assert not open_page("pages/1_Music.py", visitor).toggle


def test_of_many_takes_the_newest_are_shown_and_more_at_a_press(model):
    mine, takes = Session(), [Take(tune(50 + number), number, model.digest) for number in range(30)]
    mine.keep(takes, Origin(mine.composing))
    app = open_page("pages/3_Compose.py", mine)

    def shown():
        return sorted(int(each.key.removeprefix("star-")) for each in app.button if each.key.startswith("star-"))

    assert len(shown()) == 12
    app.button(key="more-takes").click().run()
    assert len(shown()) == 24
    assert button(app, "Show 6 of 6 older takes").click().run()
    assert shown() == list(range(1, 31))
    assert not any(each.key == "more-takes" for each in app.button)


def test_it_is_said_what_one_piece_alone_can_teach_and_that_another_kind_begins_from_nothing(visitor):
    app = open_page("pages/2_Train.py", visitor)
    assert "From one piece alone" in captions(app)
    assert "begins from nothing" not in captions(app)
    app.radio(key="family").set_value("classic").run()
    assert not app.exception
    assert "begins from nothing" in captions(app)


def compared(model, take, **more):
    """Open the page Compare with a take by a model that has learned from three tunes, which are in the visit."""
    mine, tunes = Session(), [tune(first, bars=20, title=f"tune {first}") for first in (55, 60, 63)]
    mine.add([read(write(piece), f"tune {number}.mid") for number, piece in enumerate(tunes)])
    learned = replace(model, record=replace(model.record, learned=tuple(item.digest for item in mine.items.values())))
    queue().store.put("tunes", write_file(learned))
    (made,) = mine.desk.now.add([Take(take, 1, learned.digest)], Origin(mine.composing, "tunes")).takes
    mine.keep([made.take], made.origin)
    app = open_page("pages/4_Compare.py", mine)
    assert not app.exception
    return app


def texts(app):
    return " ".join(each.value for each in (*app.markdown, *app.caption, *app.info))


def test_a_copied_piece_is_found_out_with_its_place(model):
    app = compared(model, transpose(tune(60, bars=20), 1))
    assert "100 % of its runs of eight notes" in texts(app)
    assert "bar 1 of Take 1, bar 1 of" in texts(app)
    assert "Notes as long as in your music" in texts(app)
    assert app.table[0].value["this take"].tolist() == ["100.0%"] * 3


def test_a_take_that_strays_is_told_how(model):
    notes = tune(60, bars=16).notes.copy()
    notes["duration"] /= 4
    app = compared(model, Piece(as_notes(notes)))
    assert "Shorter notes than in your music" in texts(app)
    assert "No run of eight notes or more" in texts(app)


def test_without_the_music_learned_from_nothing_is_guessed(model):
    app = compared(model, tune(60, bars=16))
    mine = app.session_state["encore"]
    next(iter(mine.items.values())).tracks = [0]
    app.run()
    assert not app.exception
    assert "Nothing can be said about Take 1: not all of the music" in texts(app)


def test_what_a_network_composed_on_the_way_is_shown_and_can_be_heard(model):
    sketches = tuple(Sketch(done, 60 * done, 120.0, 0, ((0.0, 1.0, 60, 80),)) for done in (0.0, 0.5, 1.0))
    silent = replace(sketches[0], rows=())
    learned = replace(model, record=replace(model.record, sketches=(silent, *sketches)))
    queue().store.put("sketched", write_file(learned))
    app = open_page("pages/2_Train.py", model="sketched")
    assert not app.exception
    words = captions(app)
    assert "at the start: silence" in words
    assert "after 30 s" in words and "at the end" in words


def test_a_model_that_cannot_be_stored_is_kept_and_said_to_be_in_danger(model):
    queue().store._unsaved["unstored"] = write_file(model)
    app = open_page("pages/2_Train.py", model="unstored")
    assert not app.exception
    assert "cannot store models now" in app.warning[0].value


def everything(app):
    """Return all that a page sends to the browser, as text; what it sends as bytes is looked into too."""
    return " ".join(str(node.proto) for node in nodes(app._tree) if getattr(node, "proto", None) is not None)


def nodes(block):
    yield block
    for child in getattr(block, "children", {}).values():
        yield from nodes(child)


def who_has(secret, learned):
    """Return a visitor whose files, titles, tracks, takes and notes hold a word; the music is always the same."""
    piece = tune(bars=12)
    named = replace(piece, title=f"{secret} title", tracks=(Track(f"{secret} voice", 0), Track(f"{secret} hands", 52)))
    mine = Session()
    mine.add([Reading("same.mid", named, (f"{secret} lost",)), Reading(f"{secret} file.mid", tune(67), ())])
    mine.composing = replace(mine.composing, bars=4)
    mine.model_key = learned
    return mine


def test_nothing_of_a_visitor_is_seen_by_another_with_the_same_music_and_model(model, monkeypatch):
    record = replace(model.record, learned=(digest(tune(bars=12)),), curve=((1.0, 5.0, 5.1), (2.0, 4.0, 4.5)))
    queue().store.put("both", write_file(replace(model, record=record)))
    seen = {}
    visitors = {secret: who_has(secret, "both") for secret in ("alphasecret", "betasecret")}
    for secret, mine in visitors.items():
        app = compose(open_page("pages/3_Compose.py", mine, model="both"))
        name_take(mine, f"{secret} take", f"{secret} note")
        assert not app.run().exception
    for secret, mine in visitors.items():
        seen[secret] = " ".join(everything(open_page(path, mine, model="both")) for path in PAGES)
    for secret in visitors:
        for kind in ("title", "voice", "take", "file.mid"):
            assert f"{secret} {kind}" in seen[secret], kind
    assert "betasecret" not in seen["alphasecret"]
    assert "alphasecret" not in seen["betasecret"]


def name_take(mine, name, note):
    number = mine.desk.now.opened
    mine.change(lambda desk: desk.rename(number, name).annotate(number, note))
