"""Owns the address of a take: it opens the same take for anyone on this server.

Knows nothing about how a take is stored.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from core.takes.desk import KeptTake
from core.ui.making import refused
from core.ui.server import queue, take_store
from core.ui.session import session

_PARAMETER = "take"


def share(kept: KeptTake) -> None:
    """Offer the address of a take."""
    with st.popover("Share", icon=":material/share:"):
        st.markdown("This address opens the take for anyone on this server:")
        if (address := _address(kept)) is None:
            st.warning("The server cannot store takes now, so there is no address.", icon=":material/save:")
        else:
            st.code(address, language=None, wrap_lines=True)
            st.caption("Whoever has it may listen, download and go on from the take.")


def _address(kept: KeptTake) -> str | None:
    try:
        name = take_store().put(kept)
    except OSError:
        return None
    here = urlsplit(st.context.url or "")
    return f"{here.scheme}://{here.netloc}{here.path}?{_PARAMETER}={name}" if here.netloc else f"?{_PARAMETER}={name}"


def open_shared_take() -> None:
    """Open the take that the address names as one of the visitor's own, which it may be already."""
    name = st.query_params.get(_PARAMETER)
    if name is None:
        return
    kept = take_store().get(name)
    if kept is None:
        st.warning(
            "The take of this address is not on this server. It may have been made on another one, or long ago.",
            icon=":material/link_off:",
        )
        return
    mine = session()
    if (same := mine.desk.now.same(kept.take)) is not None:
        mine.look(lambda desk: desk.open(same.number))
    else:
        with refused():
            mine.keep([kept.take], kept.origin)
    if mine.model_key is None and kept.origin.fingerprint and queue().store.entry(kept.origin.fingerprint):
        mine.model_key = kept.origin.fingerprint
    del st.query_params[_PARAMETER]
