"""An error that nobody foresaw is one sentence with a reference on the page; its words are nowhere."""

import re

from streamlit.testing.v1 import AppTest


def failing() -> None:
    from dashboard.server import watch

    watch.error(ValueError("customer 4711 said hunter2"))


def troubled() -> None:
    from dashboard.server import watch
    from data.errors import Trouble

    watch.error(Trouble("The disk is full: make room and try again."))


def test_an_error_shows_a_reference_and_no_word_of_it() -> None:
    app = AppTest.from_function(failing).run()
    (said,) = app.error
    assert re.search(r"in its log as [2-9B-Z]{4}-[2-9B-Z]{4}\.", said.value)
    assert "hunter2" not in said.value
    assert not app.exception


def test_trouble_is_shown_as_its_sentence() -> None:
    app = AppTest.from_function(troubled).run()
    assert [one.value.replace("\\", "") for one in app.warning] == ["The disk is full: make room and try again."]
    assert not app.error
