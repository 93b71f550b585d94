from core.figures.curves import draw_curves


def test_what_was_not_measured_is_not_drawn():
    chart = draw_curves([(1, 9.0, None), (2, None, 5.0), (3, 7.0, 4.0)], 10)
    assert list(chart.data[0].y) == [9.0, 7.0]
    assert list(chart.data[1].x) == [2, 3]


def test_the_axis_reaches_to_the_end_of_the_budget():
    assert list(draw_curves([], 60).layout.xaxis.range) == [0, 60]
