import threading
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace

import pytest

from core.audio import AudioError, renderings, soundfont
from core.audio.renderings import Rendering, Renderings
from core.notes import Piece, as_notes

BEGINNING = Rendering(b"the beginning", "audio/flac", 8.0)
PATIENCE = 20  # seconds until a test that hangs fails


def piece(pitch=60):
    return Piece(as_notes([(0.0, 1.0, pitch, 80, 0)]))


def pitch_of(piece):
    return int(piece.notes["pitch"][0])


class Maker:
    """Makes sounds of `size` bytes once it may go on, and remembers which."""

    def __init__(self, size=10):
        self.size, self.made, self.begun = size, [], threading.Semaphore(0)
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def __call__(self, piece):
        self.made.append(pitch_of(piece))
        self.begun.release()
        assert self.may_go_on.wait(PATIENCE)
        if pitch_of(piece) == 0:
            raise AudioError("There are no notes to play.")
        return Rendering(bytes(self.size), "audio/flac", float(pitch_of(piece)))

    def await_begun(self, count):
        for _ in range(count):
            assert self.begun.acquire(timeout=PATIENCE)


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def maker():
    return Maker()


@pytest.fixture
def open_renderings(maker):
    opened = []

    def open_(**settings):
        opened.append(Renderings(maker, **settings))
        return opened[-1]

    yield open_
    maker.may_go_on.set()
    for each in opened:
        each.close()


@pytest.fixture
def busy(maker, open_renderings, monkeypatch):
    """Renderings with one worker, which makes a sound until it may go on; at most three more wait."""
    monkeypatch.setattr(renderings, "_WORKERS", 1)
    sounds = open_renderings(most_waiting=3)
    maker.may_go_on.clear()
    sounds.start(piece(100))
    maker.await_begun(1)
    return sounds


def result(coming):
    return coming.whole.result(PATIENCE)


def waits_on(coming):
    return not wait([coming.whole], 0.3).done


def test_a_sound_is_that_of_its_piece(open_renderings):
    assert result(open_renderings().start(piece(64))).seconds == 64


def test_equal_pieces_share_one_sound(open_renderings, maker):
    sounds = open_renderings()
    first = sounds.start(piece())
    assert result(first)
    assert sounds.start(replace(piece())) is first
    assert sounds.start(piece(61)) is not first
    assert maker.made.count(60) == 1


def test_get_starts_nothing(open_renderings, maker):
    sounds = open_renderings()
    assert sounds.get(piece()) is None
    future = sounds.start(piece())
    assert sounds.get(piece()) is future
    assert result(future)
    assert sounds.get(piece()) is future
    assert maker.made == [60]


def test_many_who_ask_at_once_share_one_sound(open_renderings, maker):
    sounds = open_renderings()
    with ThreadPoolExecutor(8) as pool:
        futures = list(pool.map(lambda _: sounds.start(piece()), range(200)))
    assert len(set(futures)) == 1
    assert result(futures[0])
    assert maker.made == [60]


def test_two_sounds_are_made_at_a_time(open_renderings, maker):
    sounds = open_renderings()
    maker.may_go_on.clear()
    futures = [sounds.start(piece(pitch)) for pitch in (1, 2, 3)]
    maker.await_begun(2)
    assert sorted(maker.made) == [1, 2]
    maker.may_go_on.set()
    assert [result(future).seconds for future in futures] == [1, 2, 3]


def test_sounds_are_made_in_the_order_of_asking(busy, maker):
    futures = [busy.start(piece(pitch)) for pitch in (1, 2, 3)]
    assert busy.start(piece(1)) is futures[0]
    maker.may_go_on.set()
    assert [result(future).seconds for future in futures] == [1, 2, 3]
    assert maker.made == [100, 1, 2, 3]


def test_what_is_wanted_passes_what_waits(busy, maker):
    futures = [busy.start(piece(1)), busy.start(piece(2)), busy.want(piece(3))]
    assert busy.want(piece(2)) is futures[1]
    maker.may_go_on.set()
    assert [result(future).seconds for future in futures] == [1, 2, 3]
    assert maker.made == [100, 2, 3, 1]


def test_of_what_is_wanted_the_beginning_comes_first(open_renderings, maker):
    sounds = open_renderings(make_beginning=lambda piece: BEGINNING)
    maker.may_go_on.clear()
    wanted, started = sounds.want(piece(1)), sounds.start(piece(2))
    assert wanted.beginning.result(PATIENCE) is BEGINNING
    assert started.beginning.result(PATIENCE) is None
    assert not wanted.whole.done()
    maker.may_go_on.set()
    assert result(wanted).seconds == 1
    assert wanted.beginning.result() is None  # what the whole stands for takes no room


def test_the_whole_of_what_is_wanted_passes_what_waits(busy, maker, monkeypatch):
    monkeypatch.setattr(busy, "_make_beginning", lambda piece: BEGINNING)
    futures = [busy.start(piece(1)), busy.start(piece(2)), busy.want(piece(3))]
    maker.may_go_on.set()
    assert [result(future).seconds for future in futures] == [1, 2, 3]
    assert maker.made == [100, 3, 1, 2]


def test_while_others_are_busy_only_what_is_wanted_is_made(open_renderings, maker):
    clock, is_busy = Clock(), threading.Event()
    is_busy.set()
    sounds = open_renderings(clock=clock, is_busy=is_busy.is_set)
    patient, wanted = sounds.start(piece(1)), sounds.want(piece(2))
    assert result(wanted).seconds == 2
    assert waits_on(patient)
    is_busy.clear()
    assert result(patient).seconds == 1
    assert maker.made == [2, 1]


def test_no_sound_waits_for_ever_while_others_are_busy(open_renderings):
    clock = Clock()
    patient = open_renderings(clock=clock, is_busy=lambda: True).start(piece(1))
    clock.now = renderings.PATIENCE - 0.1
    assert waits_on(patient)
    clock.now = renderings.PATIENCE
    assert result(patient).seconds == 1


def test_what_has_waited_for_long_passes_what_has_not(open_renderings, maker):
    clock = Clock()
    sounds = open_renderings(make_beginning=lambda piece: BEGINNING, clock=clock, is_busy=lambda: True)
    patient = sounds.start(piece(1))
    clock.now = renderings.PATIENCE - 1
    wanted = sounds.want(piece(2))
    assert wanted.beginning.result(PATIENCE) is BEGINNING
    clock.now = renderings.PATIENCE
    assert result(patient).seconds == 1
    assert waits_on(wanted)


def test_after_its_beginning_a_sound_lets_others_go_first(open_renderings, maker):
    is_busy = threading.Event()
    is_busy.set()
    sounds = open_renderings(make_beginning=lambda piece: BEGINNING, clock=Clock(), is_busy=is_busy.is_set)
    wanted = sounds.want(piece(1))
    assert wanted.beginning.result(PATIENCE) is BEGINNING
    assert sounds.want(piece(1)) is wanted  # who asks again is in no greater hurry
    assert waits_on(wanted)
    assert maker.made == []
    is_busy.clear()
    assert result(wanted).seconds == 1


def test_a_sound_with_a_beginning_gives_way_like_any_other(open_renderings):
    sounds = open_renderings(make_beginning=lambda piece: BEGINNING, clock=Clock(), is_busy=lambda: True)
    wanted = sounds.want(piece(1))
    assert wanted.beginning.result(PATIENCE) is BEGINNING
    sounds.close()
    with pytest.raises(AudioError):
        result(wanted)


def test_a_beginning_that_fails_leaves_the_whole_to_be_made(open_renderings):
    def fail(piece):
        raise AudioError("There are no notes to play.")

    wanted = open_renderings(make_beginning=fail).want(piece(1))
    assert wanted.beginning.result(PATIENCE) is None
    assert result(wanted).seconds == 1


def test_only_a_long_piece_has_a_beginning():
    assert renderings.make_beginning(piece()) is None


def test_the_sound_that_nobody_asks_about_gives_way(busy, maker):
    futures = [busy.start(piece(pitch)) for pitch in (1, 2, 3)]
    assert busy.get(piece(1)) is futures[0]
    newest = busy.start(piece(4))
    with pytest.raises(AudioError, match="Try again"):
        result(futures[1])
    assert busy.get(piece(2)) is None
    maker.may_go_on.set()
    assert [result(future).seconds for future in (futures[0], futures[2], newest)] == [1, 3, 4]
    assert 2 not in maker.made


def test_nobody_can_cancel_what_others_wait_for(busy):
    coming = busy.start(piece(1))
    assert not coming.whole.cancel()
    assert not coming.beginning.cancel()


def test_sounds_are_forgotten_when_there_are_too_many_bytes(open_renderings, maker):
    sounds = open_renderings(most_bytes=2 * maker.size)
    first, second = result_of(sounds, 1), result_of(sounds, 2)
    assert sounds.get(piece(1)) is first
    third = result_of(sounds, 3)
    assert [sounds.get(piece(pitch)) for pitch in (1, 2, 3)] == [first, None, third]
    assert second.whole.done()


def result_of(sounds, pitch):
    future = sounds.start(piece(pitch))
    assert result(future)
    return future


def test_a_sound_larger_than_all_room_is_kept_alone(open_renderings, maker):
    sounds = open_renderings(most_bytes=maker.size - 1)
    result_of(sounds, 1)
    large = result_of(sounds, 2)
    assert sounds.get(piece(1)) is None
    assert sounds.get(piece(2)) is large


def test_what_failed_is_tried_again_after_a_minute(open_renderings, maker):
    clock = Clock()
    sounds = open_renderings(clock=clock)
    failed = sounds.start(piece(0))
    with pytest.raises(AudioError, match="no notes"):
        result(failed)
    clock.now = 59.0
    assert sounds.start(piece(0)) is failed
    clock.now = 61.0
    assert sounds.start(piece(0)) is not failed


def test_any_other_error_reaches_who_waits_and_work_goes_on():
    def broken(piece):
        raise ZeroDivisionError

    sounds = Renderings(broken)
    for pitch in range(3):
        with pytest.raises(ZeroDivisionError):
            result(sounds.start(piece(pitch)))
    sounds.close()


def test_close_ends_what_waits_and_finishes_what_runs(busy, maker):
    waiting, running = busy.start(piece(1)), busy.get(piece(100))
    busy.close()
    with pytest.raises(AudioError, match="closing"):
        result(waiting)
    with pytest.raises(AudioError, match="closing"):
        busy.start(piece(2))
    maker.may_go_on.set()
    assert result(running)


def test_close_ends_the_threads(maker):
    before = set(threading.enumerate())
    sounds = Renderings(maker)
    workers = set(threading.enumerate()) - before
    assert len(workers) == 2
    sounds.close()
    for worker in workers:
        worker.join(PATIENCE)
        assert not worker.is_alive()


@pytest.mark.slow
def test_a_real_sound_is_flac(monkeypatch):
    monkeypatch.setenv(soundfont.VARIABLE, str(soundfont.SHIPPED))
    sound = renderings.make(piece())
    assert sound.data.startswith(b"fLaC")
    assert sound.mime == "audio/flac"
    assert 0.5 < sound.seconds <= 3.5
