"""The notebook: it runs from its first cell to its last, in a process of its own, as it does for a reader."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "examples" / "encore.ipynb"


def cells():
    return json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]


@pytest.mark.slow
def test_the_notebook_does_the_whole_way(tmp_path):
    program = "\n".join("".join(cell["source"]) for cell in cells() if cell["cell_type"] == "code")
    assert "SECONDS = 20" in program
    program = program.replace("SECONDS = 20", "SECONDS = 1").replace("Path.cwd()", f"Path({str(ROOT)!r})")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    lines = done.stdout.splitlines()
    assert any("bits per note" in line for line in lines)
    assert any("Sound(seconds=" in line for line in lines)
    assert lines[-1] == "True"


def test_the_notebook_holds_no_output():
    assert all(cell["outputs"] == [] for cell in cells() if cell["cell_type"] == "code")
