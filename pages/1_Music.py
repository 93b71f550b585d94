"""Choose the music to learn from: one's own files, or built-in sets."""

import streamlit as st

from core.corpus.library import music_sets
from core.corpus.uploads import SUFFIXES, read_all
from core.ui.frame import page
from core.ui.piece_table import piece_table, show_description, track_choice
from core.ui.player import player
from core.ui.press import press_button
from core.ui.server import built_in
from core.ui.session import session
from core.ui.text import literal

page("Music", "Choose what the new music should sound like. Ten pieces of one kind teach more than a hundred mixed.")
mine = session()

own, ready = st.tabs(["Your MIDI files", "Built-in music"])
with own:
    files = st.file_uploader(
        "Drop MIDI files here, or a zip archive of them",
        type=[*(suffix[1:] for suffix in SUFFIXES), "zip"],
        accept_multiple_files=True,
        key=f"files-{mine.batches}",
        help="They stay on this server while you visit it, and nobody else sees them.",
    )
    if files:
        bar = st.progress(0.0, "Reading …")
        uploads = [(file.name, file.getvalue()) for file in files]
        mine.add(read_all(uploads, lambda done, total: bar.progress(done / total, "Reading …") and None))
        st.rerun()
with ready:
    for chosen in music_sets():
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            about = f"**{chosen.name}** · {len(chosen.sources)} pieces  \n{chosen.about}  \n:small[{chosen.rights}]"
            st.markdown(about, width="stretch")
            if press_button("Add", f"add-{chosen.id}", icon=":material/add:"):
                mine.add(built_in(chosen.id))
                st.rerun()

for refusal in mine.refusals:
    st.warning(literal(refusal.message), icon=":material/block:")
if not mine.items:
    st.info("Nothing chosen yet. Drop some files above, or add built-in music.", icon=":material/signpost:")
    st.stop()

st.subheader("Your pieces", anchor=False)
piece_table(mine.items)
if any(item.reading.pedalled is not None for item in mine.items.values()):
    words = "In performances, notes sound on while the pedal is down. Switched off, they end with their keys."
    mine.hold(st.toggle("The pedal holds notes", mine.pedal, key="pedal", help=words))
with st.container(horizontal=True, vertical_alignment="center"):
    corpus = mine.corpus
    pieces, are = ("One piece", "is") if len(corpus) == 1 else (f"{len(corpus)} pieces", "are")
    st.markdown(f"**{pieces} with {corpus.notes:,} notes** {are} in use.", width="stretch")
    st.button("Remove all", icon=":material/delete:", on_click=mine.clear)
    if press_button(
        "Train on them", "to-train", type="primary", icon=":material/arrow_forward:", disabled=not len(corpus)
    ):
        st.switch_page("pages/2_Train.py")

st.subheader("Look and listen", anchor=False)
chosen = st.selectbox("Piece", list(mine.items), format_func=lambda key: mine.items[key].name, key="piece")
item, about = mine.items[chosen], mine.items[chosen].description
show_description(chosen, item)
track_choice(chosen, item)
if item.tracks:
    player(item.piece, "piece", file_stem=about.title or item.name, axis="seconds" if about.performed else "bars")
