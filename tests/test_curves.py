from core.curves import figure


def test_what_was_not_measured_is_not_drawn():
    chart = figure([(1, 9.0, None), (2, None, 5.0), (3, 7.0, 4.0)], 10)
    assert list(chart.data[0].y) == [9.0, 7.0]
    assert list(chart.data[1].x) == [2, 3]


def test_the_axis_reaches_to_the_end_of_the_budget():
    assert list(figure([], 60).layout.xaxis.range) == [0, 60]
