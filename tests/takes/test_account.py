import shlex
from dataclasses import fields, replace

import pytest

from core.composing.take import Take
from core.config import ComposingSettings
from core.notes import Metre
from core.takes.account import account, command_line
from core.takes.desk import Desk, Origin
from tests.conftest import tune

SETTINGS = ComposingSettings(bars=8, temperature=0.7, top_p=0.9, seed=5, rhythm=False)
OTHER = {
    "bars": 9,
    "temperature": 0.8,
    "rhythm_temperature": 0.25,
    "top_p": 0.55,
    "density": -0.4,
    "key": "F♯ minor",
    "lowest": 40,
    "highest": 90,
    "tempo_scale": 1.25,
    "rhythm": True,
    "returns": False,
    "ending": False,
    "seed": 77,
}


def kept(settings=SETTINGS, take=None, **origin):
    made = take or Take(tune(), settings.seed, "0123abcd")
    return Desk().add([made], Origin(settings, **origin)).takes[0]


def test_it_tells_what_there_is_to_say_of_a_take():
    told = account([replace(kept(), name="Sunday", note="the end\nis good", starred=True)], ["Sunday (2)"])
    for line in (
        "Sunday (2)\n----------",
        "take: 1, with a star",
        "name: Sunday",
        "note: the end is good",
        "music: 8 bars of 4/4, 0 min 16 s, 80 notes, 120 quarter notes per minute, ",
        "made: composed from the beginning",
        "model: 0123abcd",
        "length asked for: 8 bars",
        "temperature: 0.7",
        "rhythm: even",
        "seed: 5",
    ):
        assert f"\n{line}" in told


@pytest.mark.parametrize("name", [each.name for each in fields(ComposingSettings)])
def test_every_setting_is_told_and_is_in_the_command(name):
    usual, other = kept(), kept(replace(SETTINGS, **{name: OTHER[name]}) if name in OTHER else SETTINGS)
    assert (account([usual], ["x"]) != account([other], ["x"])) == (name in OTHER)
    assert (command_line(usual) != command_line(other)) == (name in OTHER)
    assert name in OTHER or name in ("play_seconds", "variations")


def test_a_length_in_seconds_is_told_where_there_are_no_bars():
    free = replace(kept(replace(SETTINGS, play_seconds=40.5)).take, grid=False)
    told = account([kept(replace(SETTINGS, play_seconds=40.5), free)], ["x"])
    assert "length asked for: 40.5 seconds" in told
    assert " bars" not in told.split("x\n-")[1].split("to compose")[0]


def test_a_change_of_metre_is_told():
    changing = replace(tune(), metres=(Metre(0.0, 4, 4), Metre(16.0, 3, 4)))
    assert "bars in changing metres" in account([kept(take=Take(changing, 5, "m"))], ["x"])


def test_a_command_says_numbers_to_the_last_digit():
    words = shlex.split(command_line(kept(replace(SETTINGS, temperature=0.1 + 0.2, key="F♯ minor"))))
    assert words[:4] == ["python", "-m", "core", "compose"]
    assert words[words.index("--temperature") + 1] == repr(0.1 + 0.2)
    assert words[words.index("--key") + 1] == "F♯ minor"
    assert "--no-rhythm" in words and "--returns" in words and "--lowest" not in words


@pytest.mark.parametrize(
    ("origin", "primer_end", "words"),
    [
        ({"how": "bars 1 to 2 of take 4", "parent": 4}, 0.0, "made: from take 4: bars 1 to 2 of take 4"),
        ({"parent": 4}, 0.0, "made: from take 4: composed"),
        ({}, 8.0, "made: composed, going on from music that ends at 8 quarter notes"),
        ({"how": "opened from an address"}, 0.0, "made: opened from an address"),
    ],
)
def test_what_was_made_from_something_has_no_command(origin, primer_end, words):
    made = kept(take=Take(tune(), 5, "m", primer_end=primer_end), **origin)
    assert command_line(made) is None
    told = account([made], ["x"])
    assert words in told
    assert "to compose it again" not in told
