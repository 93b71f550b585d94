"""Owns what PPM takes for a context, and how far it trusts what followed one.

Knows nothing about how contexts are counted. For events of the joint family.

Music comes back as it was, or in another key. So a piece is read in two ways, which differ in one token of an event:
its pitch, or the interval from the pitch before. A *motif* is the gap, this token and the duration of a note.

A column has a context of each of these, from the shortest to the longest: none; its last token, with the gap of the
event itself where that comes first; the same with the position in the bar; and, with the motif columns of the event
itself that come first, the last 1, 2, 4, 8 and 16 motifs. What the tokens that followed a context so far say is blended
with what the shorter ones say (prediction by partial matching, PPM, Cleary and Witten 1984; blended by interpolation):

    p_k(x) = (count_k(x) + e_k p_{k-1}(x)) / (count_k + e_k),   p_{-1} uniform;  a context not met changes nothing.

e_k is the *escape*: the number of different tokens that followed a short context ('method C', Moffat 1990), and a small
constant for a long one, which was met once as a rule, and is right. The *order* of a prediction is how many of the
contexts with motifs were met before, 0..5.
"""

from __future__ import annotations

from core.encoding.joint import DURATION, GAP, PITCH

MOTIF = (GAP, PITCH, DURATION)
LENGTHS = (1, 2, 4, 8, 16)
"""Motifs of the longer contexts, each twice as many as the one before."""
SHORT = 3
"""How many shorter contexts come before those."""
ESCAPES = (*[None] * SHORT, None, 0.5, 0.3, 0.2, 0.1)
"""The escape of each context; None where the different tokens are counted."""
UNISON = 128
"""The token of an interval of nothing: it is added to each, so that none is below 0."""
WAYS = (False, True)
"""Whether the music is read by its intervals."""
GENERATION = 5_000
"""Notes of which the last two generations are remembered: more would fill the memory."""
