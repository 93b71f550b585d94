from benchmarks.musicality import measure_music
from tests.benchmarks.conftest import line

HOME = [60, 62, 64, 65, 67, 69, 71, 72]


def test_ends_are_those_of_the_whole_pieces():
    passage, whole = line([*HOME, 62]), line([*HOME, 67, 60])
    assert measure_music([passage])["on the tonic"] == 0
    assert measure_music([passage], [whole])["on the tonic"] == 1


def test_measures_are_means_over_the_pieces():
    found = measure_music([line(HOME * 4), line([*HOME[:4] * 4])])
    assert (found["returns 8"], found["notes"], found["sounding"]) == (0, 4, 1)
    assert found["alike 2"] == 1
    assert found["alike 1"] == 0.5


def test_where_nothing_can_be_measured_there_is_nothing():
    found = measure_music([line(HOME[:3])])
    assert (found["parallels"], found["key distance"], found["alike 32"]) == (0, 0, 0)
