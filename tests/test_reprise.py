import numpy as np
import pytest

from core.encoding.clock import SPANS, span_ids
from core.encoding.joint import GAP, PITCH, JointEncoding
from core.reprise import Reprise, Reprises

BAR = 96
END = JointEncoding.columns[GAP].boundary


def event(gap, pitch):
    return np.array([span_ids(gap), 0, pitch, 24, 10])


def played(form, new, bars=4):
    """Play `new` (gap, pitch) again and again, and what the form has back; return (onset, pitch)."""
    voice, onset, found, at = Reprise(form, BAR, 0), 0, [], 0
    while onset < bars * BAR:
        gap, pitch = (0 if onset == 0 and not found else new[at % len(new)][0]), new[at % len(new)][1]
        gap = max(gap, voice.wait)
        again = voice.event(int(span_ids(gap)))
        if again is None:
            at += 1
        now = event(gap, pitch) if again is None else again
        voice.hear(now)
        onset += int(SPANS[now[GAP]])
        found.append((onset, int(now[PITCH])))
    return found


def bar_of(found, bar):
    return [(onset % BAR, pitch) for onset, pitch in found if onset // BAR == bar]


NEW = [(24, pitch) for pitch in range(60, 90)]


def test_a_new_form_plays_nothing_again():
    assert [pitch for _, pitch in played((0, 1, 2, 3), NEW)] == list(range(60, 77))


@pytest.mark.parametrize("form", [(0, 0, 2, 2), (0, 1, 0, 1), (0, 0, 1, 2), (0, 1, 1, 3), (0, 1, 2, 1)])
@pytest.mark.parametrize(
    "new", [NEW, [(36, pitch) for pitch in range(60, 90)], [(0, 60), (30, 62), (42, 64), (24, 65)]]
)
def test_a_bar_comes_back_note_by_note(form, new):
    found = played(form, new)
    for bar, source in enumerate(form):
        if source != bar:
            assert bar_of(found, bar) == bar_of(found, source)
    assert [onset for onset, _ in found] == sorted(onset for onset, _ in found)


def test_a_voice_that_wants_to_end_plays_what_is_due_first():
    voice = Reprise((0, 0), BAR, 0)
    voice.hear(event(0, 60))
    voice.hear(event(24, 64))
    for gap, pitch in ((BAR - 24, 60), (24, 64)):
        again = voice.event(END)
        assert again.tolist() == event(gap, pitch).tolist()
        voice.hear(again)
    assert voice.event(END) is None


def test_silence_does_not_come_back():
    voice = Reprise((0, 0, 1, 2), BAR, 0)
    voice.hear(event(BAR - 1, 60))
    assert voice.event(int(span_ids(BAR))) is None
    assert voice.wait == 0


def test_after_a_passage_a_note_may_come_at_once():
    voice = Reprise((0, 0), BAR, -48)
    assert voice.wait == 0
    voice.hear(event(12, 60))
    assert voice.wait == 0


def test_where_no_gap_leads_the_run_is_given_up():
    voice = Reprise((0, 0), BAR, 0)
    voice.hear(event(0, 60))
    voice.hear(event(1, 62))
    assert BAR - 1 not in SPANS
    assert voice.event(END) is None
    assert voice.wait == 0


def test_each_voice_has_its_form():
    voices = Reprises([(0, 0), (0, 1)], BAR, 0)
    for pitch in (60, 64):
        voices.hear(np.stack([event(0, pitch), event(0, pitch + 1)]))
    gap = int(span_ids(BAR))
    ids = voices.replace(GAP, np.array([gap, gap]))
    assert ids.tolist() == [gap, gap]
    assert voices.replace(PITCH, np.array([70, 71])).tolist() == [60, 71]


def test_a_bar_that_came_back_is_not_added_to():
    voices = Reprises([(0, 0), (0, 1)], BAR, 0)
    everything = np.ones((2, END + 1), dtype=bool)
    assert voices.narrow(GAP, everything).all()
    for pitch in (60, 64):
        voices.hear(np.stack([event(0, pitch), event(0, pitch + 1)]))
    for gap in (BAR, 0):
        voices.replace(GAP, np.array([span_ids(gap)] * 2))
        voices.hear(np.stack([event(gap, 60), event(gap, 61)]))
    first, second = voices.narrow(GAP, everything)
    assert SPANS[first[:END]].min() == BAR
    assert first[END] and second.all()
    assert voices.narrow(PITCH, everything).all()
    short = everything & (np.arange(END + 1) < BAR // 4)
    assert (voices.narrow(GAP, short) == short).all()
