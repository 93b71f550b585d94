import numpy as np
import pytest

from core.config import TrainingSettings
from core.encoding.columns import Column
from core.lstm.inference import Lstm, nll
from core.lstm.parameters import Architecture, initial, shapes
from core.models.model import Model

tf = pytest.importorskip("tensorflow")

from core.lstm.dropout import Dropout  # noqa: E402, after the guard
from core.lstm.network import Network, zero_state  # noqa: E402
from core.lstm.recurrence import embedding_bag, lstm  # noqa: E402

PITCHES = 6
COLUMNS = (Column("gap", 6, ends=True), Column("place", 5, drawn=False), Column("pitch", 9, unseen=0.1))


@pytest.fixture(params=[1, 2])
def pair(request):
    """An architecture of one or two layers and its first weights, boldened so that the outputs differ."""
    settings = TrainingSettings(units=16, layers=request.param, embedding=8, head_units=8)
    architecture = Architecture(COLUMNS, PITCHES + 24, 3, (2,), settings.units, settings.layers, 8, 8, 2, 2, 4)
    parameters = initial(architecture, np.random.default_rng(3))
    return architecture, {name: values * 3 for name, values in parameters.items()}


@pytest.fixture
def events():
    rng = np.random.default_rng(5)
    events = np.stack([rng.integers(0, column.size - 1, (13, 4)) for column in COLUMNS], axis=-1).astype(np.int32)
    events[0] = events[6, 2] = events[12, 1] = [column.boundary for column in COLUMNS]
    codes = rng.choice(4, (13, 4, PITCHES), p=[0.91, 0.03, 0.03, 0.03])
    shares = rng.integers(0, 256, (13, 4, 24))
    return np.concatenate([events, codes, shares], axis=-1).astype(np.int32)


def network(architecture, parameters):
    return Network(architecture, {name: tf.Variable(values) for name, values in parameters.items()}, Dropout())


def test_numpy_and_tensorflow_agree_on_logits(pair, events):
    architecture, parameters = pair
    theirs, _ = network(architecture, parameters).logits(tf.constant(events), zero_state(architecture, 4))
    ours = Lstm(architecture, parameters, 4)
    for step in range(12):
        ours.update(events[step, :, :3])
        ours.set_context(events[step + 1, :, 3:])
        for scores, place in zip(theirs, architecture.drawn, strict=True):
            assert np.abs(ours.logits(place, events[step + 1]) - scores[step].numpy()).max() < 1e-4


def test_numpy_and_tensorflow_agree_on_the_cost(pair, events):
    architecture, parameters = pair
    theirs, _ = network(architecture, parameters).nll(tf.constant(events), zero_state(architecture, 4))
    assert np.abs(nll(architecture, parameters, events) - theirs.numpy()).max() < 1e-4


def test_cost_does_not_depend_on_where_a_stream_is_cut(pair, events):
    architecture, parameters = pair
    both, state = network(architecture, parameters), zero_state(architecture, 4)
    whole, _ = both.nll(tf.constant(events), state)
    first, state = both.nll(tf.constant(events[:6]), state)
    second, _ = both.nll(tf.constant(events[5:]), state)
    assert np.abs(np.concatenate([first, second], axis=1) - whole.numpy()).max() < 1e-5


def test_a_boundary_clears_the_memory(pair, events):
    architecture, parameters = pair
    changed = events.copy()
    changed[1:6, 2] = 0
    same = nll(architecture, parameters, events)[:, 6:, 2] == nll(architecture, parameters, changed)[:, 6:, 2]
    assert same.all()


def test_what_may_follow_sums_to_one(pair, events):
    architecture, parameters = pair
    window = np.repeat(events[:2, :1], 6, axis=1)
    window[1, :, 0] = np.arange(6)
    assert np.exp(-nll(architecture, parameters, window)[0, 0]).sum() == pytest.approx(1)


def test_hand_written_gradient_is_that_of_the_plain_loop():
    rng = np.random.default_rng(0)
    gates, recurrent, h, c = (
        tf.constant(rng.normal(size=shape), tf.float32) for shape in [(7, 3, 16), (4, 16), (3, 4), (3, 4)]
    )
    keep = tf.constant(rng.integers(0, 2, (7, 3, 1)), tf.float32)

    def plain(gates, recurrent):
        state, rows = (h, c), []
        for t in range(7):
            hidden, cell = (part * keep[t] for part in state)
            i, f, o, g = tf.split(gates[t] + hidden @ recurrent, 4, axis=1)
            cell = tf.sigmoid(f) * cell + tf.sigmoid(i) * tf.tanh(g)
            state = (tf.sigmoid(o) * tf.tanh(cell), cell)
            rows.append(state[0])
        return tf.stack(rows)

    weights = tf.constant(rng.normal(size=(7, 3, 4)), tf.float32)
    found = []
    for run in (plain, lambda gates, recurrent: lstm(gates, keep, recurrent, h, c)[0]):
        with tf.GradientTape() as tape:
            tape.watch([gates, recurrent])
            loss = tf.reduce_sum(run(gates, recurrent) * weights)
        found.append([loss, *tape.gradient(loss, [gates, recurrent])])
    for expected, ours in zip(*found, strict=True):
        assert np.abs(expected - ours).max() < 1e-4


def test_rows_looked_up_have_the_gradient_of_the_plain_sum():
    rng = np.random.default_rng(1)
    table, ids = tf.constant(rng.normal(size=(9, 4)), tf.float32), tf.constant(rng.integers(0, 9, (5, 3, 2)))
    weights = tf.constant(rng.normal(size=(5, 3, 4)), tf.float32)
    found = []
    for run in (lambda: tf.reduce_sum(tf.gather(table, ids), axis=2), lambda: embedding_bag(table, ids)):
        with tf.GradientTape() as tape:
            tape.watch(table)
            loss = tf.reduce_sum(run() * weights)
        found.append([loss, tf.convert_to_tensor(tape.gradient(loss, table))])
    for expected, ours in zip(*found, strict=True):
        assert np.abs(expected - ours).max() < 1e-5


def test_the_same_seed_leaves_out_the_same(pair, events):
    architecture, parameters = pair
    weights = {name: tf.Variable(values) for name, values in parameters.items()}

    def cost(seed):
        dropped = Network(architecture, weights, Dropout(0.5, 0.5, (seed, 0)))
        return dropped.nll(tf.constant(events), zero_state(architecture, 4))[0].numpy()

    assert (cost(1) == cost(1)).all()
    assert (cost(1) != cost(2)).any()


def test_every_parameter_has_its_shape(model: Model):
    for architecture, parameters in zip(model.architectures, model.parameters, strict=True):
        assert {name: values.shape for name, values in parameters.items()} == shapes(architecture)


def test_the_forget_gate_begins_open(pair):
    architecture, _ = pair
    bias = initial(architecture, np.random.default_rng(0))["layer0/bias"]
    assert bias.reshape(4, -1).sum(axis=1).tolist() == [0, architecture.units, 0, 0]
