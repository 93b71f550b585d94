from core.midi.text import printable


def test_what_does_not_print_becomes_a_space_and_many_spaces_one():
    assert printable(" a\n\tb\x1b[2J\ud800c\u202e\u200fd ") == "a b [2J c d"


def test_letters_of_all_languages_stay():
    assert printable("Für Elise – Ноты 楽譜 ♯") == "Für Elise – Ноты 楽譜 ♯"
