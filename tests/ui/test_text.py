import re

import pytest

from core.ui.text import literal, spoken


@pytest.mark.parametrize(
    "text", ["*a*", "_b_", "[c](d)", "# e", "`f`", "<g>", ":h:", "$i$", "~j~", "k|l", "1. m", "n!", "{o}", "&lt;"]
)
def test_every_sign_of_markdown_is_escaped(text):
    shown = literal(text)
    assert re.sub(r"\\(.)", r"\1", shown).replace("\u2060", "") == text
    assert not re.search(r"(?<!\\)[*_`\[\]<>#:$~|{}!]", shown)


@pytest.mark.parametrize(
    "text",
    ["www.example.org", "see WWW.a.b", "https://a.b", "HTTP://a.b/c?d", "a@b.cd", ":streamlit:", ":material/home:"],
)
def test_what_else_would_mean_something_is_parted(text):
    left = re.sub(r"\\(.)", r"\1", literal(text))  # what the parts of Markdown that know addresses and icons see
    assert not re.search(r"(?i)https?://|www\.|[-.\w+]@|:[\w/]+:", left)
    assert left.replace("\u2060", "") == text


def test_text_stays_on_its_line():
    assert literal("a\n\n    b\x1b[2Jc\ud800d\u202ee") == "a b \\[2Jc d e"


def test_letters_stay_as_they_are():
    assert literal("Für Elise, Nr 1 ♯") == "Für Elise, Nr 1 ♯"


def test_what_is_heard_alone_is_escaped_too():
    assert spoken("a](b)").startswith("![a\\]\\(b\\)](data:")
