"""What the tests notice: change the code in one place, run the tests, and see whether one fails.

`python -m benchmarks.mutants [--sample 400] [--seed 0] [--only corpus/style ...]`; `make mutants` installs it first.

A mutant is one module of `PACKAGES` with one change, as mutmut makes them: a number one higher, an operator its
opposite, an argument left out or None, a value None, the other branch. All changes count but those of words (texts are
for people), of annotations and types, and of decorators. A sample is drawn by a seed from all mutants of all packages.
A mutant is killed if a fast test of its package, or of those that build on it, fails, or if they have not ended after
three times as long as all tests take; what no test notices has survived.

Nothing is written: every mutant lives in the memory of a process of its own, which imports it in place of its module,
and all run on a copy of the tree, so that the project may be edited meanwhile. The last line is JSON.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import difflib
import importlib
import importlib.util
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType

import libcst as cst
import pytest
from mutmut.mutation.mutators import mutation_operators, operator_string

ROOT = Path(__file__).parents[1]
PACKAGES = {
    "corpus": ("corpus", "composing", "training"),
    "composing": ("composing",),
    "ppm": ("ppm", "composing", "training"),
    "encoding": ("encoding", "ppm", "composing", "training"),
    "training": ("training",),
}
"""Each package with the folders whose tests may notice a change in it."""

COPIED = ("core", "tests", "assets", "pyproject.toml")
PRELOADED = (
    *("numpy.testing", "hypothesis.strategies", "music21.corpus", "music21.analysis.discrete", "cachetools"),
    *("_pytest.main", "_pytest.doctest", "_hypothesis_pytestplugin", "uuid", "xml.etree.ElementTree"),
)
"""What is imported once, before the mutants part; nothing of the project."""

OPTIONS = (
    *("-x", "-q", "-m", "not slow and not browser", "-p", "no:cacheprovider", "-p", "no:cov"),
    *("--hypothesis-profile", "mutants", "-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
SLOWER, SECONDS = 3, 10.0  # a mutant may take so many times as long as all tests do, and so many seconds more
MEMORY = 2 << 30

KEPT_CALLS = {"len", "isinstance", "TypeVar"}


@dataclass(frozen=True)
class Mutant:
    """One change of one module."""

    path: Path
    line: int
    code: str
    change: str

    @property
    def package(self) -> str:
        return self.path.parent.name

    @property
    def module(self) -> str:
        return module_name(self.path)


def module_name(path: Path) -> str:
    """Return the name that a path below the root is imported by."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


@dataclass(frozen=True, eq=False)
class Place:
    """A node of a module and what may stand in its place."""

    path: Path
    node: cst.CSTNode
    other: cst.CSTNode


class Places(cst.CSTVisitor):
    """Finds all places of a module that may be changed, and how."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.found: list[Place] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, (cst.Annotation, cst.Decorator, cst.Import, cst.ImportFrom)) or _is_type(node):
            return False
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value in KEPT_CALLS:
            return False
        for kind, operator in mutation_operators:
            if isinstance(node, kind) and operator is not operator_string:
                self.found += [Place(self.path, node, other) for other in operator(node)]
        return True


def _is_type(node: cst.CSTNode) -> bool:
    """Tell whether a node gives a type a name: `Ids = NDArray[np.int64]`."""
    if not isinstance(node, cst.Assign):
        return False
    name, value = node.targets[0].target, node.value
    typed = isinstance(value, (cst.Subscript, cst.BinaryOperation)) or (
        isinstance(value, cst.Call) and isinstance(value.func, cst.Name) and value.func.value == "TypeVar"
    )
    return typed and isinstance(name, cst.Name) and name.value[:1].isupper() and not name.value.isupper()


def places_of(root: Path, path: Path) -> tuple[cst.Module, list[Place]]:
    """Return a module and the places in it."""
    module = cst.parse_module((root / path).read_text(encoding="utf-8"))
    places = Places(path)
    module.visit(places)
    return module, places.found


def draw(root: Path, sample: int, seed: int, only: Sequence[str]) -> tuple[list[Mutant], int]:
    """Draw mutants by chance from all of the packages; return also how many there are."""
    paths = sorted(path.relative_to(root) for package in PACKAGES for path in (root / "core" / package).glob("*.py"))
    chosen = [path for path in paths if not only or any(each in path.as_posix() for each in only)]
    modules = {path: places_of(root, path) for path in chosen}
    places = [place for _, found in modules.values() for place in found]
    random.Random(seed).shuffle(places)
    mutants: list[Mutant] = []
    for place in places:
        if len(mutants) == sample:
            break
        if mutant := _mutant(modules[place.path][0], place):
            mutants.append(mutant)
    return mutants, len(places)


def _mutant(module: cst.Module, place: Place) -> Mutant | None:
    """Make the change; None where it says the same, or nothing that is Python."""
    changed = module.deep_replace(place.node, place.other)
    assert isinstance(changed, cst.Module)
    try:
        if ast.dump(ast.parse(changed.code)) == ast.dump(ast.parse(module.code)):
            return None
        compile(changed.code, str(place.path), "exec")
    except SyntaxError:
        return None
    before, after = module.code.splitlines(), changed.code.splitlines()
    lines = [line for line in difflib.unified_diff(before, after, n=0, lineterm="") if line[:3] not in ("---", "+++")]
    number = int(lines[0].split()[1].lstrip("-").split(",")[0])
    return Mutant(place.path, number, changed.code, "\n".join(lines[1:]))


class Loader(SourceFileLoader):
    """Loads a module from other code than that of its file."""

    def __init__(self, name: str, path: str, code: str) -> None:
        super().__init__(name, path)
        self.other = code

    def get_code(self, fullname: str) -> CodeType:
        """Return the code that is run when the module is imported."""
        return compile(self.other, self.path, "exec", dont_inherit=True)


class Finder:
    """Finds a mutant in place of its module."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Return where the module is, None for any other."""
        if name != self.mutant.module:
            return None
        file = Path.cwd() / self.mutant.path
        inside = [str(file.parent)] if file.name == "__init__.py" else None
        loader = Loader(name, str(file), self.mutant.code)
        return importlib.util.spec_from_file_location(name, file, loader=loader, submodule_search_locations=inside)


def tests_for(path: Path) -> list[str]:
    """Return what is run for a module: its own tests first, then those of its package and of what builds on it."""
    package = path.parent.name
    own = f"tests/{package}/test_{path.stem}.py"
    return [*([own] if Path(own).exists() else []), *(f"tests/{folder}" for folder in PACKAGES[package])]


def run_tests(arguments: Sequence[str], mutant: Mutant | None, seconds: float) -> None:
    """Run tests in this process, with a mutant in place of its module, and end the process."""
    if mutant:
        sys.meta_path.insert(0, Finder(mutant))
    signal.setitimer(signal.ITIMER_REAL, seconds)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    if mutant:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
    status = 3
    try:
        status = int(pytest.main([*OPTIONS, *arguments]))
    except BaseException as error:
        print(error)
    sys.stdout.flush()
    os._exit(status)


def fork(work: Callable[[], None]) -> int:
    """Do work in a copy of this process; return its id."""
    sys.stdout.flush()
    if process := os.fork():
        return process
    work()
    os._exit(3)


def survivors_of(mutants: Sequence[Mutant], seconds: float, jobs: int) -> Iterator[tuple[Mutant, bool]]:
    """Test mutants, `jobs` side by side; yield each with whether it survived, as they end."""
    waiting, running = list(reversed(mutants)), dict[int, Mutant]()
    while waiting or running:
        while waiting and len(running) < jobs:
            mutant = waiting.pop()
            running[fork(partial(run_tests, tests_for(mutant.path), mutant, seconds))] = mutant
        process, status = os.wait()
        yield running.pop(process), status == 0


@contextlib.contextmanager
def copied() -> Iterator[Path]:
    """Make a copy of what the tests need, and work there."""
    with tempfile.TemporaryDirectory() as name:
        for each in COPIED:
            source, target = ROOT / each, Path(name) / each
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)
        before = Path.cwd()
        os.chdir(name)
        sys.path[:] = [name, *(each for each in sys.path if each not in ("", str(ROOT), str(before)))]
        try:
            yield Path(name)
        finally:
            os.chdir(before)


def prepare() -> None:
    """Import what every mutant needs, and let hypothesis draw the same each time."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for name in PRELOADED:
        importlib.import_module(name)
    from hypothesis import HealthCheck, settings

    settings.register_profile(
        "mutants", deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )


def time_of_tests() -> float:
    """Run all tests once without a mutant and return the seconds; they must pass."""
    begun = time.monotonic()
    folders = [f"tests/{package}" for package in PACKAGES]
    _, status = os.waitpid(fork(partial(run_tests, folders, None, 3600.0)), 0)
    if status:
        sys.exit("the tests fail as they are")
    return time.monotonic() - begun


def table(counts: dict[str, list[int]]) -> Iterator[str]:
    """Yield a line for each package: killed, of how many, the share."""
    for package, (killed, mutants) in [*counts.items(), ("all", summed(counts))]:
        yield f"{package:10} {killed:5} of {mutants:5} {killed / max(mutants, 1):8.1%}"


def summed(counts: dict[str, list[int]]) -> list[int]:
    """Return (killed, mutants) of all packages."""
    return [sum(column) for column in zip(*counts.values(), strict=True)]


def main() -> None:
    """Draw, test and count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", nargs="*", default=[], metavar="PART", help="parts of paths, such as corpus/style")
    options = parser.parse_args()
    prepare()
    counts = {package: [0, 0] for package in PACKAGES}
    with copied() as root:
        mutants, total = draw(root, options.sample, options.seed, options.only)
        print(f"{len(mutants)} mutants of {total}", flush=True)
        seconds = SLOWER * time_of_tests() + SECONDS
        for mutant, survived in survivors_of(mutants, seconds, options.jobs):
            counts[mutant.package][0] += not survived
            counts[mutant.package][1] += 1
            if survived:
                print(f"\n{mutant.path}:{mutant.line}\n{mutant.change}", flush=True)
    print("", *table(counts), sep="\n")
    killed, tested = summed(counts)
    print(json.dumps({"mutants": tested, "killed": killed, "by_package": counts}))


if __name__ == "__main__":
    main()
