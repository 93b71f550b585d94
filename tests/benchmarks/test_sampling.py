from benchmarks.sampling import ours


def test_every_lane_draws_an_event_a_step():
    assert ours(3, 4)() == 12
