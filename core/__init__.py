"""Encore without the pages: everything musical. Only `core.ui` knows Streamlit.

The way of the data, one package an arrow:

    MIDI bytes -> Piece -> events -> windows -> [LSTM] -> logits -> ids -> Piece -> MIDI bytes
          midi     encoding  training   lstm       composing      encoding   midi
                                                                       Piece -> WAV (audio), figures (figures)

The packages from the ground up, each importing only from those before it (`tests/test_project.py` holds the order):

    config, notes, bars     settings with their ranges; notes and pieces; bar lines and passages
    midi, encoding          MIDI files; pieces as events
    corpus                  the person's music: where it comes from, what can be said of it
    lstm, ppm               the two predictors: the network, and the piece so far; and their mixture
    audio, figures          sound; piano roll and curves
    models                  trained models, the base model, the store
    training, composing     pieces -> model; model -> takes
    jobs                    trainings in a process of their own: TensorFlow is never loaded where pages are served
    __main__, ui            the command line; what the pages share

To use from Python: `core.midi.read` and `write`, `core.corpus.corpus.Corpus`, `core.training.loop.train`,
`core.training.evaluation.evaluate`, `core.composing.take.compose`, `core.audio.render`, `core.models.model.save` and
`load`.
"""
