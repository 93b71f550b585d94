"""Owns the command line: `python -m core read | train | evaluate | compose | compare | render`.

Knows nothing that the modules behind it do not; each command imports what it needs when it runs.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, fields, replace
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING

from core.config import BASE, FAMILIES, NOTHING, ComposingSettings, SettingsError, TrainingSettings

if TYPE_CHECKING:
    from core.composing.take import Take
    from core.corpus.uploads import Refusal
    from core.midi import Reading
    from core.models.model import Model
    from core.notes import Piece
    from core.training.progress import Progress

_SIDE_BY_SIDE = 8  # takes
_RECORDED = ("steps", "seconds", "notes", "notes_per_second", "held_out", "bits_per_note")
_COLUMNS = ("status", "notes", "drum_hits", "tracks", "quarters", "seconds", "message")


class InputError(ValueError):
    """What the person handed in cannot be used."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit status: 0, or 1 for bad input (argparse leaves with 2 for bad usage)."""
    from core.audio import AudioError
    from core.composing.take import ComposingError
    from core.lstm.inference import limit_blas_threads
    from core.midi import MidiError
    from core.models.model import ModelError, StartError
    from core.training.loop import CorpusError

    options = _parser().parse_args(arguments)
    refusals = (InputError, SettingsError, MidiError, ModelError, StartError, CorpusError, ComposingError, AudioError)
    limit_blas_threads()
    try:
        return int(options.run(options))
    except (*refusals, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def read(options: argparse.Namespace) -> int:
    """Print one JSON line a file."""
    results = _read_all(options.files)
    for result in results:
        row = {"file": result.name} | {column: getattr(result, column) for column in _COLUMNS}
        print(json.dumps(row, ensure_ascii=False))
    refused = sum(result.status == "rejected" for result in results)
    if refused:
        print(f"error: {refused} of {len(results)} files could not be used", file=sys.stderr)
    return 1 if refused else 0


def train(options: argparse.Namespace) -> int:
    """Train in this process and save the model."""
    from core.corpus.corpus import Corpus
    from core.lstm.learner import Learners, configure_threads
    from core.models.base import base_model
    from core.models.file import load, save
    from core.training import loop

    corpus = Corpus.of((reading.name, _music(reading, options)) for reading in _readings(options.music))
    own = None if options.start in (None, BASE, NOTHING) else load(Path(options.start))
    settings = _training_settings(options, own)
    configure_threads()
    start = base_model() if settings.start == BASE else own
    model = loop.train(corpus, settings, Learners(), start, on_progress=_print_progress)
    written = save(model, options.out, options.title)
    names = dict(zip(corpus.digests, corpus.names, strict=True))
    record = {key: getattr(model.record, key) for key in _RECORDED}
    record["held_out"] = [names[digest] for digest in model.record.held_out]
    print(json.dumps({"model": str(written)} | record, ensure_ascii=False))
    return 0


def _training_settings(options: argparse.Namespace, own: Model | None) -> TrainingSettings:
    """Return the settings; a model of one's own to start from stands there as its digest, not as where it lies."""
    from core.models.base import with_possible_start

    chosen = {setting.name: getattr(options, setting.name) for setting in fields(TrainingSettings)}
    chosen["start"] = own.digest if own else options.start or BASE
    settings = TrainingSettings(**chosen)
    return settings if options.start else with_possible_start(settings)


def evaluate(options: argparse.Namespace) -> int:
    """Print what held-out music costs a model, as one JSON object."""
    from core.models.file import load
    from core.training import evaluation

    model = load(options.model)
    pieces = [_music(reading, options) for reading in _readings(options.music)]
    print(json.dumps(asdict(evaluation.evaluate(model, pieces))))
    return 0


def _music(reading: Reading, options: argparse.Namespace) -> Piece:
    return reading.sounding if options.pedal else reading.piece


def compose(options: argparse.Namespace) -> int:
    """Write one take as a MIDI file, or several into a folder."""
    from core import midi
    from core.bars import passage
    from core.models.file import load

    model = load(options.model)
    chosen = {
        setting.name: getattr(options, setting.name)
        for setting in fields(ComposingSettings)
        if setting.name in options and setting.name != "variations"
    }
    primer = None
    if options.primer:
        whole = midi.read(options.primer.read_bytes(), options.primer.name).sounding
        primer = passage(whole, options.primer_from, options.primer_bars)
    files = [options.out]
    if options.variations is not None:
        options.out.mkdir(parents=True, exist_ok=True)
        digits = max(len(str(options.variations)), 2)
        files = [options.out / f"{number:0{digits}}.mid" for number in range(1, options.variations + 1)]
    for file, composed in zip(files, _takes(model, ComposingSettings(**chosen), primer, len(files)), strict=True):
        file.write_bytes(midi.write(composed.piece))
        report = {"file": str(file), "notes": len(composed.piece.notes), "quarters": composed.piece.end}
        print(json.dumps(report | {"seconds": composed.piece.seconds, "seed": composed.seed, "model": composed.model}))
    return 0


def _takes(model: Model, settings: ComposingSettings, primer: Piece | None, count: int) -> Iterator[Take]:
    """Yield so many takes; the seeds go up, and those of empty takes are left out."""
    from core.composing.take import compose

    seed, found = settings.seed, 0
    while found < count:
        many = min(count - found, _SIDE_BY_SIDE)
        batch = compose(model, replace(settings, seed=seed, variations=many), primer)
        yield from batch
        found, seed = found + len(batch), seed + many


def compare(options: argparse.Namespace) -> int:
    """Print what a take shares with the music learned from, and how its style lies beside it, as one JSON object."""
    from core import midi
    from core.comparison.originality import LENGTHS, Learned, in_words
    from core.comparison.style import style_sentences
    from core.corpus.corpus import Corpus

    take = midi.read(options.take.read_bytes(), options.take.name).sounding
    learned = Learned(Corpus.of((Path(reading.name).name, reading.sounding) for reading in _readings(options.music)))
    found = learned.originality(take)
    place = None if found.longest is None else learned.place(take, found.longest)
    print(
        json.dumps(
            {
                "shared": {str(length): round(found.shared[length], 4) for length in LENGTHS},
                "corpus": {str(length): round(mean(found.among[length]), 4) for length in LENGTHS},
                "longest": None
                if place is None
                else {name: getattr(place, name) for name in ("notes", "piece", "bar", "take_bar")},
                "originality": in_words(found),
                "style": style_sentences(take, learned.corpus.pieces),
            },
            ensure_ascii=False,
        )
    )
    return 0


def render(options: argparse.Namespace) -> int:
    """Write a MIDI file as sound."""
    from core import audio, midi

    wav = audio.render(midi.read(options.midi.read_bytes(), options.midi.name).piece)
    options.wav.write_bytes(wav)
    print(json.dumps({"file": str(options.wav)} | asdict(audio.measure(wav))))
    return 0


def _read_all(paths: Iterable[Path]) -> list[Reading | Refusal]:
    """Read files, the MIDI files inside folders, and those inside archives."""
    from core.corpus.uploads import Refusal, read_all

    results: list[Reading | Refusal] = []
    for path in _files(paths):
        try:
            results += read_all([(str(path), path.read_bytes())])
        except OSError as error:
            results.append(Refusal(str(path), f"“{path}” cannot be opened: {error.strerror}."))
    return results


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    from core.corpus.uploads import SUFFIXES

    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.suffix.lower() in (*SUFFIXES, ".zip"))
        else:
            yield path


def _readings(paths: Iterable[Path]) -> list[Reading]:
    """Return what can be read; say on standard error what cannot."""
    from core.corpus.uploads import Refusal

    results = _read_all(paths)
    for result in results:
        if isinstance(result, Refusal):
            print(f"left out: {result.message}", file=sys.stderr)
    readings = [result for result in results if not isinstance(result, Refusal)]
    if not readings:
        raise InputError("no MIDI files that can be read are there")
    return readings


def _print_progress(progress: Progress) -> None:
    held = "" if progress.held_out_bits is None else f", held out {progress.held_out_bits:.3f} bits/note"
    print(
        f"\r{progress.done:4.0%}  {progress.seconds:6.1f} s  {progress.notes_per_second:,.0f} notes/s{held}   ",
        end="\n" if progress.done >= 1 else "",
        file=sys.stderr,
        flush=True,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core", description="Encore without the browser.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = _command(commands, "read", read)
    command.add_argument("files", nargs="+", type=Path, metavar="FILE")
    command = _command(commands, "train", train)
    command.add_argument("music", nargs="+", type=Path, metavar="DIR", help="folders, MIDI files or zip archives")
    command.add_argument("--out", type=Path, required=True, metavar="MODEL", help="writes MODEL.encore")
    command.add_argument("--title", default="", help="of the model, for those who open its file")
    command.add_argument("--from", dest="start", metavar="base|nothing|MODEL", help="the weights to start from")
    _add_pedal(command)
    _add_settings(command, TrainingSettings, leave_out=("start",))
    command = _command(commands, "evaluate", evaluate)
    command.add_argument("model", type=Path)
    command.add_argument("music", nargs="+", type=Path, metavar="DIR")
    _add_pedal(command)
    command = _command(commands, "compose", compose)
    command.add_argument("model", type=Path)
    command.add_argument("--out", type=Path, required=True, metavar="FILE.mid", help="or a folder, with --variations")
    command.add_argument("--variations", type=_count, metavar="N", help="writes N takes, 01.mid and so on")
    command.add_argument("--primer", type=Path, metavar="FILE", help="a MIDI file to go on from")
    command.add_argument("--primer-from", type=int, default=1, metavar="BAR", help="first bar of the passage (1)")
    command.add_argument("--primer-bars", type=int, default=4, metavar="N", help="length of the passage (4 bars)")
    _add_settings(command, ComposingSettings, leave_out=("variations",))
    command = _command(commands, "compare", compare)
    command.add_argument("take", type=Path, metavar="TAKE.mid")
    command.add_argument("music", nargs="+", type=Path, metavar="DIR", help="folders, MIDI files or zip archives")
    command = _command(commands, "render", render)
    command.add_argument("midi", type=Path, metavar="FILE.mid")
    command.add_argument("wav", type=Path, metavar="FILE.wav")
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=run.__doc__)
    command.set_defaults(run=run)
    return command


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return count


def _add_pedal(command: argparse.ArgumentParser) -> None:
    words = "whether the sustain pedal holds the notes of performances"
    command.add_argument("--pedal", action=argparse.BooleanOptionalAction, default=True, help=words)


def _add_settings(command: argparse.ArgumentParser, kind: type, leave_out: tuple[str, ...] = ()) -> None:
    """Offer every setting of a dataclass as an option with its default."""
    for setting in fields(kind):
        option = f"--{setting.name.replace('_', '-')}"
        if setting.name in leave_out:
            continue
        if setting.name == "family":
            command.add_argument(option, choices=FAMILIES, default=setting.default)
        elif setting.name == "key":
            command.add_argument(option, type=_key, default=setting.default, help="such as 'C major', 'F# minor'")
        elif isinstance(setting.default, bool):
            command.add_argument(option, action=argparse.BooleanOptionalAction, default=setting.default)
        else:
            number = int if setting.type.startswith("int") else float
            command.add_argument(option, type=number, default=setting.default, help=f"default {setting.default}")


def _key(words: str) -> str:
    """Return a key with the signs of its name as music has them, so that it can be typed without."""
    return words.replace("#", "♯").replace("b ", "♭ ")


if __name__ == "__main__":
    sys.exit(main())
