import pytest

from core.figures.comparison import draw_features, draw_likeness


def test_a_feature_stands_where_it_lies_in_the_spread_of_the_music():
    rows = [("a", 2.0, 1.0, 2.0, 4.0), ("b", 4.0, 1.0, 2.0, 4.0), ("c", 1.5, 1.0, 2.0, 4.0), ("d", 99.0, 1.0, 2.0, 4.0)]
    chart = draw_features(rows)
    assert list(chart.data[1].x) == pytest.approx([0.0, 1.0, -0.5, 3.0])
    assert list(chart.data[1].y) == ["a", "b", "c", "d"]
    assert "99 (the music: 1 to 4)" in chart.data[1].customdata[3]


def test_a_feature_that_never_differs_has_a_place():
    chart = draw_features([("a", 2.0, 2.0, 2.0, 2.0), ("b", 2.1, 2.0, 2.0, 2.0)])
    assert list(chart.data[1].x) == [0.0, 3.0]


def test_the_band_of_likeness_goes_as_far_as_the_music():
    chart = draw_likeness((1, 2, 3), [0.5, 0.6, None], [0.1, 0.2, None], [0.8, 0.9, None])
    assert list(chart.data[0].x) == list(chart.data[1].x) == [1, 2]
    assert list(chart.data[2].y) == [0.5, 0.6, None]
