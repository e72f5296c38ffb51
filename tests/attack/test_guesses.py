"""Codes and links cannot be guessed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.database import open_database
from data.errors import Trouble
from data.guesses import CODES, LINKS, MOST, WITHIN, Guesses
from data.home import Home
from data.retro import seats
from data.talks import agenda


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    for kind in (CODES, LINKS):
        kind.forget()
    yield
    for kind in (CODES, LINKS):
        kind.forget()


def test_after_many_wrong_codes_in_a_minute_none_is_taken_until_it_is_over() -> None:
    now = [0.0]
    guesses = Guesses(lambda: now[0])
    for _ in range(MOST):
        guesses.refuse_flood()
        guesses.was_wrong()
    with pytest.raises(Trouble, match="Too many wrong codes"):
        guesses.refuse_flood()
    now[0] = WITHIN
    guesses.refuse_flood()


def test_neither_join_codes_nor_links_of_agendas_can_be_tried_one_after_the_other(tmp_path: Path) -> None:
    with open_database(Home(tmp_path)) as database:
        for _ in range(MOST):
            with pytest.raises(Trouble, match="There is no retrospective"):
                seats.ended(database, "BCDFGH")
            with pytest.raises(Trouble, match="This link opens nothing"):
                agenda.seen_by_guest(database, "x' OR '1'='1")
        for tried in (lambda: seats.ended(database, "BCDFGH"), lambda: agenda.seen_by_guest(database, "x")):
            with pytest.raises(Trouble, match="Too many wrong codes"):
                tried()
