import pytest

from benchmarks import reading
from benchmarks.reading import measure, sample


def test_sample_takes_some_readable_files_of_each_folder(data, tunes):
    for name, content in (("odd/0.mid", None), ("more/0.mid", None), ("more/1.mid", b"nothing")):
        path = data / "midi" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes((data / "midi" / "tunes" / "0.mid").read_bytes() if content is None else content)
    found = sample(data / "midi")
    notes = len(tunes[0].notes)
    assert [count for _, count in found] == [notes] * 3
    assert len(sample(data / "midi" / "tunes")) == 2


def test_rates_are_notes_by_seconds(monkeypatch):
    monkeypatch.setattr(reading, "seconds", lambda task, data: 0.5 if task is reading.ours else 2.0)
    assert measure([(b"", 10), (b"", 30)]) == {"ours": pytest.approx(40.0), "music21": pytest.approx(10.0)}
