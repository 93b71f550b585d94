"""Everything but the pages. Only `core.ui` knows Streamlit.

The flow of data, the package below each arrow:

    MIDI bytes -> Piece -> events -> windows -> weights
            midi     encoding   training    lstm

    primer and settings -> logits -> ids -> Piece -> MIDI bytes, WAV, figures
                  lstm, ppm    composing encoding   midi, audio, figures

The packages, the lowest layer first; each imports only from those before it (`tests/test_project.py` checks it):

    config, notes, bars     settings with their ranges; notes and pieces; bar lines and passages
    midi, encoding          MIDI files; pieces as events
    corpus                  the person's music: where it comes from, what can be said of it
    comparison              what a take shares with the music learned from
    lstm, ppm               the LSTM; PPM models of the current piece, and their mixture with the LSTM
    audio, figures, score   sound; piano roll and curves; sheet music
    models                  trained models, the base model, the store
    listening               what a model expects of a piece, note by note
    training, composing     pieces -> model; model -> takes
    takes                   the takes that a visitor keeps
    jobs                    processes of their own that train and compose: where pages are served, TensorFlow is never
                            loaded and no take is drawn
    __main__, ui            the command line; what the pages share

To use from Python: `core.midi.read` and `write`, `core.corpus.corpus.Corpus`, `core.training.loop.train`,
`core.training.evaluation.evaluate`, `core.composing.take.compose`, `core.audio.render`, `core.models.file.save` and
`load`.
"""
