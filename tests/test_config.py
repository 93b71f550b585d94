import pytest

from core.config import RANGES, ComposingSettings, SettingsError, TrainingSettings


@pytest.mark.parametrize("name", ["units", "seconds", "batch", "learning_rate", "dropout", "transposition"])
def test_training_settings_refuse_what_lies_outside(name):
    with pytest.raises(SettingsError, match=name.replace("_", " ")):
        TrainingSettings(**{name: RANGES[name][1] + 1})


@pytest.mark.parametrize("name", ["bars", "temperature", "tempo_scale", "top_p", "seed"])
def test_composing_settings_refuse_what_lies_outside(name):
    with pytest.raises(SettingsError, match=name.replace("_", " ")):
        ComposingSettings(**{name: RANGES[name][0] - 1})


def test_family_must_be_known():
    with pytest.raises(SettingsError, match="joint, classic"):
        TrainingSettings(family="jazz")
