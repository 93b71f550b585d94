"""Attack and load, in short; `python -m benchmarks.soak` does it at length."""

from benchmarks import soak


def test_damaged_files_are_read_or_refused():
    found = soak.damage(100)
    assert all(sum(many for name, many in each.items() if name != "longest") in (100, 5) for each in found.values())
    assert {name for each in found.values() for name in each} <= {"read", "refused", "composes", "longest"}
    assert found["midi"]["read"] > 50 and found["zip"]["refused"] > 5


def test_what_is_neither_read_nor_refused_is_a_fault():
    def read(data):
        raise KeyError

    assert soak._damaged(b"data" * 100, 3, read) == {"fault: KeyError": 3, "longest": 0.0}
