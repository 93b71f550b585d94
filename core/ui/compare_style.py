"""Owns the view of a take's style beside that of the music: sentences, then the figures behind them.

Knows nothing about how a take was made.
"""

from __future__ import annotations

from statistics import mean

import numpy as np
import pandas as pd
import streamlit as st

from core.comparison.distances import DistanceProfile
from core.comparison.histograms import histograms
from core.comparison.originality import Learned
from core.comparison.style import LAGS, compare_styles, likeness_curve, passages_like, sentences_of
from core.figures.comparison import draw_features, draw_likeness
from core.notes import Piece, content_hash, counted, is_performed
from core.takes.desk import KeptTake
from core.ui.learned_music import new_music

_QUIET = {"displayModeBar": False}
_MOST = 200  # comparisons kept for all visitors together
_LEAST_FEW = 4  # passages, to speak of a spread and of distances between them


def compare_style(learned: Learned, kept: KeptTake) -> None:
    """Show how the new music of a take lies beside the music learned from."""
    take = new_music(kept)
    sentences, features, curves, areas = _compared(learned.corpus.digest, content_hash(take), take, learned)
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences))
    if features:
        st.plotly_chart(draw_features(features), key="features", config=_QUIET)
        st.caption("The band holds most passages of your music that are as long as the take. The dot is the take.")
    if curves is not None:
        st.plotly_chart(draw_likeness(LAGS, *curves), key="likeness", config=_QUIET)
        st.caption("How alike a bar is to the one so many bars before. Peaks show the length of phrases and strains.")
    if areas:
        with st.expander("Distances as in research (Yang and Lerch 2018)"):
            st.dataframe(pd.DataFrame(areas), hide_index=True, width="content")
            st.caption(
                "Overlap: 1 if the take is as far from passages of your music as those are from each other, 0 if it is "
                "nowhere near. Divergence: 0 at best, in bits."
            )


Curves = tuple[list[float | None], list[float | None], list[float | None]]
Compared = tuple[list[str], list[tuple[str, float, float, float, float]], Curves | None, list[dict[str, object]]]


@st.cache_data(max_entries=_MOST, show_spinner="Comparing …")
def _compared(corpus: str, content: str, _take: Piece, _learned: Learned) -> Compared:
    passages = passages_like(_take, _learned.corpus.pieces)
    findings = compare_styles(_take, passages)
    sentences = sentences_of(_take, passages, findings)
    if len(passages) < _LEAST_FEW:
        return sentences, [], None, []
    features = [(each.feature.name, each.value, each.low, each.usual, each.high) for each in findings]
    curves = None if is_performed(_take) else _curves(_take, passages)
    return sentences, features, curves, _areas(counted(_take), passages)


def _curves(take: Piece, passages: list[Piece]) -> Curves:
    """Return the curve of the take and the band of the passages."""
    rows = [likeness_curve(passage) for passage in passages]
    columns = [[each for each in column if each is not None] for column in zip(*rows, strict=True)]
    low, high = ([float(np.percentile(column, share)) if column else None for column in columns] for share in (10, 90))
    return likeness_curve(take), low, high


def _areas(take: Piece, passages: list[Piece]) -> list[dict[str, object]]:
    """Return the overlapping area and the divergence for each histogram, and their means."""
    found = DistanceProfile([histograms([passage]) for passage in passages]).compare([histograms([take])])
    rows: list[dict[str, object]] = [
        {"of": name, "overlap": round(area, 2), "divergence (bits)": round(bits, 2)}
        for name, (area, bits) in found.items()
    ]
    areas, bits = zip(*found.values(), strict=True)
    return [*rows, {"of": "all, mean", "overlap": round(mean(areas), 2), "divergence (bits)": round(mean(bits), 2)}]
