"""Owns the view of two models side by side: what music that neither has learned from costs each.

Knows nothing about how they were trained.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from core.config import BASE, NOTHING
from core.corpus.corpus import Corpus
from core.figures.models import draw_costs
from core.models.base import base_model
from core.models.model import Model
from core.training.evaluation import NOT_COUNTED, Evaluation, evaluate, total
from core.ui.server import model
from core.ui.session import session
from core.ui.text import literal

_BASE = "the built-in network, before any training"
_FIELDS = {"gap": "gaps", "pitch": "notes", "chord": "chords", "duration": "lengths", "spelling": "unknown chords"}
_MOST = 32  # measures kept for all visitors together
_MOST_PIECES = 4
_ALIKE = 0.02  # bits


def models_of_the_visit() -> dict[str, Model]:
    """Return the models that this visit has at hand, by a name that tells them apart; the one at hand comes first."""
    mine = session()
    keys = [mine.model_key, *(kept.origin.fingerprint for kept in mine.desk.now.takes)]
    found = {key: trained for key in dict.fromkeys(keys) if key and (trained := model(key)) is not None}
    named: dict[str, Model] = {}
    for trained in found.values():
        if trained.digest not in {each.digest for each in named.values()}:
            named[_name(trained, len(named) + 1)] = trained
    return {**named, _BASE: base_model()}


def _name(trained: Model, number: int) -> str:
    start = {BASE: "from the head start", NOTHING: "from nothing"}.get(trained.settings.start, "from another network")
    kind = "" if trained.settings.family == "joint" else "two networks apart, "
    return f"network {number}: {kind}{trained.record.seconds:.0f} s {start}"


def compare_models(named: Mapping[str, Model]) -> None:
    """Ask for two models, and show what they cost."""
    left, right = st.columns(2)
    names = list(named)
    one = str(left.selectbox("One network", names, 0, key="model-one"))
    other = str(right.selectbox("Another", names, len(names) - 1, key="model-other"))
    if one == other:
        st.info(
            "Choose two different networks. Train again with other settings to have more.", icon=":material/signpost:"
        )
        return
    unseen = _unseen(session().corpus, named[one], named[other])
    if not len(unseen):
        st.info("There is no music in this visit that neither has learned from.", icon=":material/signpost:")
        return
    found = {name: _measured(named[name].digest, unseen.digest, named[name], unseen) for name in (one, other)}
    st.markdown(in_words(found))
    shares = {name: _by_field(each) for name, each in found.items()}
    st.plotly_chart(draw_costs(shares), key="model-costs", config={"displayModeBar": False})
    table = _table(found)
    st.dataframe(table, width="content")
    st.download_button(
        "These figures as CSV", table.to_csv().encode(), "networks.csv", "text/csv",
        key="model-csv", on_click="ignore", icon=":material/download:", type="tertiary",
    )  # fmt: skip
    music = ", ".join(f"“{literal(name)}”" for name in unseen.names)
    st.caption(
        f"Measured on {music}, which neither has learned from. A bit less means that a right guess has twice the "
        "chance. *Its own past* is the second predictor, which knows this piece only. Lengths do not count where only "
        "one of the two learns them."
    )


def in_words(found: Mapping[str, Evaluation]) -> str:
    """Say which of two models knows the music better, and by how much."""
    (one, cost), (other, other_cost) = ((name, _comparable(found)[name]) for name in found)
    difference = other_cost - cost
    if abs(difference) < _ALIKE:
        return f"Both know this music equally well: {cost:.2f} and {other_cost:.2f} bits a note."
    better, worse = (one, other) if difference > 0 else (other, one)
    return (
        f"**{better}** knows this music better than {worse}: {min(cost, other_cost):.2f} against "
        f"{max(cost, other_cost):.2f} bits a note. On average it gives each note that came {_more(abs(difference))}."
    )


def _more(bits: float) -> str:
    """Say how much more chance so many bits less are."""
    times: float = 2.0**bits
    return f"{times:.1f} times the chance" if times >= 2 else f"{100 * (times - 1):.0f} % more chance"


def _comparable(found: Mapping[str, Evaluation]) -> dict[str, float]:
    """Return the bits a note of what both models learn."""
    kinds = [set(each.fields) for each in found.values()]
    left_out = {"duration"} if kinds[0] != kinds[1] else set()
    return {
        name: total({field: bits for field, bits in each.fields.items() if field not in left_out})
        for name, each in found.items()
    }


def _unseen(corpus: Corpus, *models: Model) -> Corpus:
    """Return the first pieces of the visit that none has learned from."""
    learned = {each for trained in models for each in trained.record.learned}
    places = [place for place, each in enumerate(corpus.digests) if each not in learned]
    return corpus.select(places[:_MOST_PIECES])


@st.cache_resource(max_entries=_MOST, show_spinner="Both networks listen …")
def _measured(digest: str, music: str, _model: Model, _music: Corpus) -> Evaluation:
    return evaluate(_model, _music.pieces)


def _by_field(found: Evaluation) -> dict[str, float]:
    return {_FIELDS.get(name, name): bits for name, bits in found.fields.items() if name not in NOT_COUNTED}


def _table(found: Mapping[str, Evaluation]) -> pd.DataFrame:
    rows = {
        name: {
            **_by_field(each),
            "all": each.bits_per_note,
            "network alone": total(each.network_only),
            "its own past alone": total(each.ppm_only) if each.ppm_only else None,
        }
        for name, each in found.items()
    }
    return pd.DataFrame(rows).T.round(3)
