import pytest

from benchmarks import tables


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (1234.4, "1,234"), (-1234.4, "-1,234"), (123.45, "123"), (12.345, "12.3"), (0.01234, "0.0123")],
)
def test_numbers_have_three_digits(value, text):
    assert tables.number(value) == text


@pytest.mark.parametrize(
    ("value", "at_most", "text"),
    [(2.0, False, "2 (met)"), (1.9, False, "1.9 (missed)"), (2.0, True, "2 (met)"), (2.1, True, "2.1 (missed)")],
)
def test_a_missed_target_says_so_beside_the_result(value, at_most, text):
    assert tables.verdict(value, 2.0, at_most=at_most) == text


def test_tables_are_markdown():
    assert list(tables.table(("a", "b"), [("x", 1.5)])) == ["| a | b |", "|---|---|", "| x | 1.5 |", ""]


def test_training_compares_each_way_with_its_target():
    small = {"limit": 100, "ours": 59, "joint_limit": 80, "joint": 48, "eager": 7}
    large = {"limit_512": 100, "ours_512": 60, "joint_limit_512": 80, "joint_512": 40, "eager_512": 8}
    lines = list(tables.training(small | large))
    assert "| at least 8 times Keras in an eager loop | 8.43 (met) | 7.5 (missed) |" in lines
    assert lines[-3].endswith("| 59% (missed) | 60% (met) |")
    assert lines[-2].endswith("| 60% (met) | 50% (missed) |")
    assert not any("PyTorch" in line for line in lines)


def test_sampling_compares_each_way_with_its_target():
    rates = {"ours": 400, "ours_batch8": 1000, "eager": 2.0, "takes": 5000, "takes_batch8": 19999}
    lines = list(tables.sampling(rates))
    assert "| at least 200 times Keras in an eager loop | 200 (met) |" in lines
    assert "| eight lanes at least 2.5 times one | 2.5 (met) |" in lines
    assert "| a take | 5,000 | at least 5,000 (met) |" in lines
    assert "| eight takes side by side | 19,999 | at least 20,000 (missed) |" in lines


def test_ablation_counts_from_the_first_choice():
    found = {"seconds": 12.0, "choices": {"as it is": {"jsb": 3.0}, "other": {"jsb": 3.5}}}
    assert "| other | 3.50 (+0.50) |" in list(tables.ablation(found))


def test_primers_leave_out_ways_without_results():
    found = {"jsb": {"mixture": {"empty": 0.5}, "network_only": {"empty": 0.25}}, "solo": {"mixture": {}}}
    assert list(tables.primers(found))[2:-1] == ["| jsb | mixture | 0.5 |", "| jsb | network only | 0.25 |"]


@pytest.mark.parametrize(("killed", "verdict"), [(17, "85.0% (met)"), (16, "80.0% (missed)")])
def test_mutants_are_listed_by_package_and_in_all(killed, verdict):
    found = {"mutants": 20, "killed": killed, "by_package": {"ppm": [9, 10], "corpus": [killed - 9, 10]}}
    lines = list(tables.mutants(found))
    assert lines[2] == "| ppm | 9 | 10 | 90% |"
    assert lines[-2] == f"| all | {killed} | 20 | {verdict} |"


def test_generation_shows_a_style_whose_takes_are_all_empty(monkeypatch, tmp_path):
    monkeypatch.setattr(tables, "FIGURES", tmp_path)
    row = {"OA": 0.5, "KLD": 0.1, "OA gap": 0.5}
    ways = {"corpus": {"known 4": 0.5}, "real": row, "temperature 1.0": row, "from nothing": {"empty": 1.0}}
    lines = list(tables.generation({"jsb": ways}))
    assert "| jsb, from nothing |  |  |  |" in lines
    assert (tmp_path / "generation.svg").exists()


def test_what_a_musician_hears_is_held_to_real_passages(monkeypatch, tmp_path):
    monkeypatch.setattr(tables, "FIGURES", tmp_path)
    row = {"OA": 0.5, "KLD": 0.1, "OA gap": 0.5}
    takes, real = (dict.fromkeys(tables.HEARD, value) for value in (0.9, 1.0))
    takes["outside"] = 1.4
    ways = {"corpus": real, "real": row | real, "temperature 1.0": row | takes, "from nothing": row}
    lines = list(tables.generation({"jsb": ways}))
    assert "- last note, takes against real, target 0.7 to 1.4: jsb 0.9 (met)" in lines
    assert any(line.startswith("- outside") and line.endswith("jsb 1.4 (missed)") for line in lines)


def test_what_a_musician_hears_is_held_to_the_nearer_of_two_samples_of_real_music():
    def style(takes, real, corpus):
        return {
            name: dict.fromkeys(tables.HEARD, value) for name, value in zip(ways, (takes, real, corpus), strict=True)
        }

    ways = ("takes", "real", "corpus")
    found = {
        "between": style(2.0, 1.0, 3.0),
        "near": style(1.2, 1.0, 0.1),
        "far": style(6.0, 3.0, 4.0),
        "none": style(0.1, 0.0, 0.0),
    }
    lines = list(tables.listening(found))
    assert "| near, takes | 1.2 |" in lines[5][:21]
    assert "- outside, target 0.667 to 1.3: met in 3 of 4 styles, missed in far 1.5" in lines
    assert "- on the tonic, target 0.8 to 10: met in 4 of 4 styles" in lines


def test_attack_and_load_are_listed_with_the_memory_beside_its_target():
    each = {"median": 0.1, "95 %": 1.0, "faults": [], "server MB": 500, "all MB": 2100}
    found = {
        "files": {"midi": {"read": 90, "refused": 10, "longest": 0.5, "memory": 12}},
        "start": 2.44,
        "limit": 2_700_000_000,
        "crowd": {**each, "visitors": 30, "server MB": 650},
        "rounds": {**each, "rounds": 100, "grown": 3, "faults": ["OSError: gone"]},
        "long": {"pieces": 10, "median": 12.0, "faults": [], "server MB": 600, "all MB": 1900},
        "tracebacks": 2,
    }
    text = "\n".join(tables.soak(found))
    assert "90 read, 10 refused" in text
    assert "server MB 650 (met), all MB 2,100 (missed)" in text
    assert "| 100 one after another | 1 |" in text
    assert "2 tracebacks" in text
    assert "limited to 2.7 GB" in text
    assert "could not be limited" in "\n".join(tables.soak(found | {"limit": None}))


def test_a_cluster_is_listed_by_its_workers():
    assert "| 3 | 12.3 |" in list(tables.cluster({"steps": 100, "a minute": {"1": 8.0, "3": 12.34}}))
