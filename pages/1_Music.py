"""Choose the music to learn from: one's own files, or built-in sets."""

import streamlit as st

from core.library import music_sets
from core.ui.frame import literal, page
from core.ui.player import player
from core.ui.server import built_in
from core.ui.session import session
from core.ui.table import described, piece_table
from core.uploads import SUFFIXES, read_all

page("Music", "Choose what the new music should sound like. Ten pieces of one kind teach more than a hundred mixed ones.")
mine = session()

own, ready = st.tabs(["Your MIDI files", "Built-in music"])
with own:
    files = st.file_uploader(
        "Drop MIDI files here, or a zip archive of them",
        type=[*(suffix[1:] for suffix in SUFFIXES), "zip"],
        accept_multiple_files=True,
        key=f"files-{mine.uploads}",
        help="They stay on this server while you visit it, and nobody else sees them.",
    )
    if files:
        bar = st.progress(0.0, "Reading …")
        results = read_all([(file.name, file.getvalue()) for file in files], lambda k, n: bar.progress(k / n))
        mine.uploads += 1
        mine.add(results)
        st.rerun()
with ready:
    for chosen in music_sets():
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{chosen.name}** · {len(chosen.sources)} pieces  \n{chosen.about}  \n:small[{chosen.rights}]")
            if st.button("Add", key=f"add-{chosen.id}", icon=":material/add:"):
                mine.add(built_in(chosen.id))
                mine.uploads += 1
                st.rerun()

for refusal in mine.refusals:
    st.warning(literal(refusal.message), icon=":material/block:")
if not mine.items:
    st.info("Nothing chosen yet. Drop some files above, or add built-in music.", icon=":material/signpost:")
    st.stop()

st.subheader("Your pieces", anchor=False)
piece_table(mine.items)
notes = sum(len(piece.notes) for _, piece in mine.corpus)
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.markdown(f"**{len(mine.corpus)} pieces with {notes:,} notes** are in use.")
    if st.button("Remove all", icon=":material/delete:"):
        mine.items.clear()
        mine.refusals.clear()
        st.rerun()
    st.page_link("pages/2_Train.py", label="**Train on them**", icon=":material/arrow_forward:")

st.subheader("Look and listen", anchor=False)
names = list(mine.items)
name = st.selectbox("Piece", names, format_func=lambda name: mine.items[name].reading.name, key="piece")
item = mine.items[name]
about, key = described(name, item)
tempo = "performed freely, no steady beat" if about.performed else f"{about.qpm:.0f} quarter notes per minute, {about.metre}"
st.markdown(f"{literal(about.title)}  \n{key} · {tempo} · {about.bars} bars" if about.title else f"{key} · {tempo}")
if len(about.parts) > 1:
    labels = [f"{part.name or part.instrument} · {part.instrument} · {part.notes:,} notes" for part in about.parts]
    item.tracks = st.pills(
        "Tracks in use", range(len(labels)), selection_mode="multi", default=item.tracks,
        format_func=lambda track: literal(labels[track]), key=f"tracks-{name}",
    )  # fmt: skip
for remark in about.remarks:
    st.caption(literal(remark))
if item.tracks:
    player(item.piece, "piece", file_stem=about.name, axis="seconds" if about.performed else "bars")
