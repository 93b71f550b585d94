"""The project keeps its own rules: who may import what, what is pinned, what the documents promise."""

import ast
import json
import os
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
import yaml

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[1]
MUSIC = ROOT / "assets" / "music"
README = (ROOT / "README.md").read_text(encoding="utf-8")
LADDER = (
    *(
        "config",
        "notes",
        "bars",
        "midi",
        "encoding",
        "corpus",
        "comparison",
        "lstm",
        "ppm",
        "audio",
        "figures",
        "score",
    ),
    *("models", "listening", "training", "composing", "takes", "jobs", "__main__", "ui"),
)
"""What stands directly in `core`, each importing only from those before it."""

TENSORFLOW_OWNERS = {
    f"lstm.{name}" for name in ("dropout", "recurrence", "intervals", "network", "optimizer", "learner")
}
HEAVY = {"tensorflow", "keras"}


def module_name(path):
    return ".".join(path.relative_to(ROOT / "core").with_suffix("").parts).removesuffix(".__init__")


def core_modules():
    """Map the name below `core` to the path of each module."""
    paths = (path for path in (ROOT / "core").rglob("*.py") if path != ROOT / "core" / "__init__.py")
    return {module_name(path): path for path in paths}


MODULES = core_modules()


def imports(path):
    """List the full names that a file imports, wherever in the file; `from a import b` gives both a and a.b."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def imports_of_core(name):
    """List the modules of `core` that one of them imports."""
    return {each[5:] for each in imports(MODULES[name]) if each.startswith("core.")} & set(MODULES) - {name}


def packages(path):
    return {name.split(".")[0] for name in imports(path)}


def project_files():
    """Every file of the project: what git follows or would follow, or the whole folder of a plain download."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        names = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if ".venv" not in path.parts]
    return [path for name in names if (path := ROOT / name).is_file()]


def run_python(code):
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def loaded_after(modules):
    code = f"import importlib, sys\nfor name in {modules!r}: importlib.import_module('core.' + name)\n"
    return set(run_python(code + "print(*{name.split('.')[0] for name in sys.modules})").split())


def test_ladder_names_every_package_once():
    assert sorted(LADDER) == sorted({name.split(".")[0] for name in MODULES})


@pytest.mark.parametrize("name", sorted(MODULES))
def test_module_imports_only_from_its_own_package_and_those_above(name):
    own, used = name.split(".")[0], {each.split(".")[0] for each in imports_of_core(name)}
    assert used <= {*LADDER[: LADDER.index(own)], own}


@pytest.mark.parametrize("package", LADDER)
def test_no_package_has_a_circle(package):
    inside = {name: imports_of_core(name) for name in MODULES if name.split(".")[0] == package}
    own = {name: {each for each in used if each in inside and each != package} for name, used in inside.items()}
    assert list(TopologicalSorter(own).static_order())


def test_only_pages_and_ui_import_streamlit():
    assert {name.split(".")[0] for name, path in MODULES.items() if "streamlit" in packages(path)} == {"ui"}


def test_only_owners_import_tensorflow():
    assert {name for name, path in MODULES.items() if packages(path) & HEAVY} == TENSORFLOW_OWNERS


def test_pages_import_neither_tensorflow_nor_its_owners():
    banned = HEAVY | {f"core.{name}" for name in TENSORFLOW_OWNERS}
    pages = [ROOT / "streamlit_app.py", *(ROOT / "pages").glob("*.py"), *(ROOT / "core" / "ui").glob("*.py")]
    assert {page.name: found for page in pages if (found := imports(page) & banned)} == {}


def test_reading_midi_does_not_load_tensorflow():
    assert not loaded_after(["midi"]) & (HEAVY | {"streamlit"})


def test_nothing_but_its_owners_loads_tensorflow():
    lean = sorted(name for name in MODULES if name not in TENSORFLOW_OWNERS and name.split(".")[0] != "ui")
    assert not loaded_after(lean) & (HEAVY | {"streamlit"})


def test_serving_pages_does_not_load_dask_before_it_is_needed():
    assert not loaded_after(["jobs.queue", "composing.take", "models.store"]) & {"distributed", "dask"}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_has_both_bounds(name):
    lines = [line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if line[:1] not in ("", "#", "-")]
    assert lines
    assert [line for line in lines if not re.match(r"[a-z0-9-]+>=[\d.]+,<[\d.]+(;|$)", line)] == []


def test_system_packages_stand_alone_on_their_lines():
    lines = (ROOT / "packages.txt").read_text(encoding="utf-8").splitlines()
    assert lines
    assert all(re.fullmatch(r"[a-z0-9.+-]+", line) for line in lines)


def test_files_name_no_home_folder():
    home = re.compile(rb"(/home|/root|/Users|[A-Z]:\\Users)[/\\]\w")
    assert [str(path) for path in project_files() if home.search(path.read_bytes())] == []


def sets():
    return json.loads((MUSIC / "sets.json").read_text(encoding="utf-8"))["sets"]


def test_built_in_sets_have_distinct_ids_and_say_what_they_are():
    assert len({music["id"] for music in sets()}) == len(sets())
    assert all(music["name"] and music["about"] and music["licence"] == "Public Domain" for music in sets())


def test_built_in_sets_list_the_files_that_are_there():
    listed = [entry["file"] for music in sets() for entry in music["files"]]
    assert sorted(listed) == sorted(path.relative_to(MUSIC).as_posix() for path in MUSIC.rglob("*.mid"))
    assert all((MUSIC / file).read_bytes().startswith(b"MThd") for file in listed)


def test_built_in_pieces_are_attributed_in_both_places():
    readme = (MUSIC / "README.md").read_text(encoding="utf-8")
    for entry in (entry for music in sets() for entry in music["files"]):
        row = f"| `{Path(entry['file']).name}` | {entry['composer']} | {entry['title']} | {entry['typesetter']} |"
        assert f"{row} `{entry['source']}` |" in readme


def test_built_in_music_stays_small():
    assert sum(path.stat().st_size for path in MUSIC.rglob("*.mid")) < 1_500_000


def streamlit_config():
    return tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


def test_config_leaves_the_address_to_the_host():
    assert "address" not in streamlit_config()["server"]
    assert "--server.address" in (ROOT / "Makefile").read_text(encoding="utf-8")


def luminance(colour):
    """Relative luminance of '#rrggbb' (WCAG 2.1)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_theme_can_be_read(mode):
    theme = streamlit_config()["theme"][mode]
    for ground in (theme["backgroundColor"], theme["secondaryBackgroundColor"]):
        assert min(contrast(theme[name], ground) for name in ("textColor", "linkColor", "primaryColor")) >= 4.5
        assert min(contrast(colour, ground) for colour in theme["chartCategoricalColors"]) >= 3
    assert contrast(theme["codeTextColor"], theme["codeBackgroundColor"]) >= 4.5


def listed_files():
    """Return the paths that the tree in the README names, also those in the line of their folder."""
    tree = README.split("## The files", 1)[1].split("```")[1]
    folders, found = [], []
    for line in tree.strip("\n").splitlines():
        name, _, about = line.strip().partition(" ")
        depth = (len(line) - len(line.lstrip())) // 2
        folders[depth:] = [name]
        inside = [word for word in about.split() if re.fullmatch(r"\w+\.(py|js)", word)] if name.endswith("/") else []
        found += ["".join(folders), *("".join([*folders, each]) for each in inside)]
    return found


def test_the_tree_in_the_readme_is_true():
    listed = listed_files()
    assert [path for path in listed if not (ROOT / path).exists()] == []
    modules = {path.relative_to(ROOT).as_posix() for path in [*MODULES.values(), *(ROOT / "pages").glob("*.py")]}
    assert {path for path in modules if not path.endswith("__init__.py")} == {
        path for path in listed if path.startswith(("core/", "pages/")) and path.endswith(".py")
    }


def test_the_readme_names_the_two_commands():
    assert {"make run", "make test"} <= {line.split("#")[0].strip() for line in README.splitlines()}


def test_every_module_of_core_is_tested_beside_its_kind():
    """A test of a module lies where the module does."""
    for path in (ROOT / "tests").rglob("test_*.py"):
        folder = path.relative_to(ROOT / "tests").parts[0]
        assert folder in (*LADDER, "browser", "benchmarks") or path.parent == ROOT / "tests", path


def test_check_script_runs_the_test_command_of_the_readme():
    script = ROOT / ".ci" / "run"
    assert "make test" in script.read_text(encoding="utf-8").splitlines()
    assert os.access(script, os.X_OK)


def test_the_images_are_made_of_what_is_there_and_the_containers_of_the_images():
    dockerfile = (ROOT / "Dockerfile").read_text()
    copied = [name for names in re.findall(r"^COPY (.+) \S+$", dockerfile, re.M) for name in names.split()]
    assert copied and all((ROOT / name).exists() for name in copied)
    assert {f"!{name}" for name in copied} == set(re.findall("^!.+$", (ROOT / ".dockerignore").read_text(), re.M))
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert {each["build"]["target"] for each in services.values()} <= set(re.findall(r" AS (\w+)", dockerfile))
    for service in services.values():
        assert set(service["networks"]) <= {"default", "training"}
        assert set(service.get("depends_on", [])) <= set(services)
    assert all(port.startswith("127.0.0.1:") for port in services["app"]["ports"])
    assert not any("ports" in services[name] for name in ("scheduler", "worker"))


def test_the_documents_name_what_is_there():
    for document in ("SECURITY.md", "docs/cluster.md"):
        text = (ROOT / document).read_text()
        named = re.findall(r"`((?:core|tests|benchmarks|assets)/[\w/.-]+\.(?:py|md))`", text)
        assert named and all((ROOT / path).exists() for path in named)
