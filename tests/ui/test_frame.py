from streamlit.testing.v1 import AppTest


def test_a_signpost_ends_the_page():
    def page():
        from core.ui.frame import signpost

        signpost("First this.", "streamlit_app.py", "There")
        raise AssertionError("the page went on")

    shown = AppTest.from_function(page).run()
    assert shown.info[0].value == "First this."
    assert not [error for error in shown.exception if "went on" in error.message]
