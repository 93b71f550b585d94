"""Encore without the pages: everything musical. Only `core.ui` knows Streamlit.

The path of the data, one module an arrow:

    MIDI bytes -> Piece -> events -> windows -> [LSTM] -> logits -> ids -> Piece -> MIDI bytes -> WAV
          midi     encoding   batches    lstm     sampling  composing  midi        audio

`training` turns pieces into a `model`; `jobs` runs trainings in a process of their own (`cluster`), so that TensorFlow
is never loaded where pages are served; there `lstm.inference` plays the same network in NumPy. `store` keeps models,
`base` is what a training begins from, `library` is the built-in music, `evaluation` measures, `pianoroll` and `curves`
draw.

No module imports one that stands further down this path; `tests/test_project.py` holds the order.
"""
