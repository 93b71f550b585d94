import json
import sys
from pathlib import Path

import pytest

from benchmarks import report, tables
from benchmarks.report import BENCHMARKS, Benchmark


@pytest.fixture
def apart(monkeypatch, tmp_path):
    """Write results and figures elsewhere."""
    monkeypatch.setattr(report, "RESULTS", tmp_path / "RESULTS.md")
    monkeypatch.setattr(report, "KEPT", tmp_path / "results")
    monkeypatch.setattr(tables, "FIGURES", tmp_path)
    return tmp_path


def test_the_results_are_those_that_are_kept(apart, monkeypatch):
    monkeypatch.setattr(report, "KEPT", report.HERE / "results")
    report.write()
    assert (apart / "RESULTS.md").read_text(encoding="utf-8") == (report.HERE / "RESULTS.md").read_text(
        encoding="utf-8"
    )


def test_every_benchmark_has_a_section_and_every_section_a_benchmark():
    sections = report.ABOUT.read_text(encoding="utf-8").split("\n## ")[1:]
    assert [section.split("\n")[0] for section in sections] == list(BENCHMARKS)


def test_every_benchmark_is_a_module_and_every_result_that_of_a_benchmark():
    assert all((report.HERE / f"{each.module}.py").exists() for each in BENCHMARKS.values())
    assert {path.stem for path in (report.HERE / "results").glob("*.json")} <= set(BENCHMARKS)


def test_results_that_do_not_exist_are_left_out(apart):
    report.keep("jsb", {"part": "valid", "frames": 9, "nats_per_frame": 5.2}, 150.0)
    report.write()
    written = (apart / "RESULTS.md").read_text(encoding="utf-8")
    assert [line for line in written.splitlines() if line.startswith("## ")] == [f"## {BENCHMARKS['jsb'].title}"]
    assert "`python -m benchmarks.jsb --data DIR --part valid --seconds 150`" in written
    assert "5.20 (missed)" in written


def test_commands_name_the_data_folder_where_they_need_one():
    assert BENCHMARKS["ablation"].command("DIR") == ["python", "-m", "benchmarks.ablation", "--data", "DIR"]
    assert BENCHMARKS["sampling"].command("DIR") == ["python", "-m", "benchmarks.sampling"]


def test_no_path_outside_the_project_is_written():
    written = [report.HERE / "RESULTS.md", report.ABOUT, *report.HERE.glob("*.py")]
    assert [path.name for path in written if "../" in path.read_text(encoding="utf-8")] == []


def test_data_folder_is_asked_for_where_it_is_needed(data, monkeypatch):
    monkeypatch.delenv("ENCORE_DATA", raising=False)
    assert report.needed_data(["sampling", "long"], None) is None
    assert report.needed_data(["sampling", "primers"], data) == str(data)
    with pytest.raises(SystemExit, match="ENCORE_DATA"):
        report.needed_data(["primers"], None)


@pytest.fixture
def two(monkeypatch, apart):
    """Two benchmarks, of which one fails."""
    (apart / "benchmarks").mkdir()
    for name, code in (("good", "print('first'); print('{\"x\": 1}')"), ("bad", "raise SystemExit('no')")):
        (apart / "benchmarks" / f"{name}.py").write_text(code)
    monkeypatch.setattr(report, "ROOT", apart)
    monkeypatch.setattr(report, "ABOUT", apart / "ABOUT.md")
    (apart / "ABOUT.md").write_text("# What\n\n## bad\n\nBad.\n\n## good\n\nGood.\n")
    benchmarks = {
        name: Benchmark(name.title(), name, (), lambda found: iter([str(found["x"])]), data=False)
        for name in ("bad", "good")
    }
    monkeypatch.setattr(report, "BENCHMARKS", benchmarks)
    monkeypatch.setenv("PYTHONPATH", str(apart))
    return apart


def test_one_that_fails_costs_the_others_nothing(two, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["report"])
    with pytest.raises(SystemExit, match="bad"):
        report.main()
    assert [path.name for path in (two / "results").iterdir()] == ["good.json"]
    assert json.loads((two / "results" / "good.json").read_text())["found"] == {"x": 1}
    assert (two / "RESULTS.md").read_text().endswith("\nGood.\n\n1\n")


def test_only_write_runs_nothing(two, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["report", "--only-write"])
    report.main()
    assert Path(two / "RESULTS.md").read_text() == "# What\n"
    assert not (two / "results").exists()
