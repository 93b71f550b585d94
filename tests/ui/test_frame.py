import re

import pytest
from streamlit.testing.v1 import AppTest

from core.ui.frame import literal, spoken


@pytest.mark.parametrize(
    "text", ["*a*", "_b_", "[c](d)", "# e", "`f`", "<g>", ":h:", "$i$", "~j~", "k|l", "1. m", "n!", "{o}"]
)
def test_every_sign_of_markdown_is_escaped(text):
    shown = literal(text)
    assert re.sub(r"\\(.)", r"\1", shown) == text
    assert not re.search(r"(?<!\\)[*_`\[\]<>#:$~|{}!]", shown)


def test_letters_stay_as_they_are():
    assert literal("Für Elise, Nr 1 ♯") == "Für Elise, Nr 1 ♯"


def test_what_is_heard_alone_is_escaped_too():
    assert spoken("a](b)").startswith("![a\\]\\(b\\)](data:")


def test_a_signpost_ends_the_page():
    def page():
        from core.ui.frame import signpost

        signpost("First this.", "streamlit_app.py", "There")
        raise AssertionError("the page went on")

    shown = AppTest.from_function(page).run()
    assert shown.info[0].value == "First this."
    assert not [error for error in shown.exception if "went on" in error.message]
