"""What staff are told: all of it recorded or said to be lacking, in sections; and the same on paper."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from dashboard.staff import paper, told
from dashboard.staff.told import Looks
from data.purpose import MADE_UP
from data.record_reading import LOOKS

TODAY = date(2026, 10, 19)


def looks(*rows: tuple[date, str, str, str]) -> Looks:
    return Looks("North", pl.DataFrame(rows, schema=LOOKS, orient="row"))


def lines(found: list[told.Section], title: str) -> str:
    return "\n".join(next(one.lines for one in found if one.title.startswith(title)))


def test_what_nobody_recorded_is_said_to_be_lacking() -> None:
    found = told.sections(None, {}, None, local=True, today=TODAY)
    assert "Nobody has recorded it yet" in lines(found, "Why")
    assert "nothing is dropped by itself" in lines(found, "How long")
    assert "without sign-in" in lines(found, "Who may look")


def test_what_was_recorded_is_told() -> None:
    found = told.sections(MADE_UP, {"manager": 1, "admin": 2}, None, local=False, today=TODAY)
    assert MADE_UP.purpose in lines(found, "Why")
    assert "36 months" in lines(found, "How long")
    assert lines(found, "Who may look").splitlines() == [
        "1 manager: their teams' readings, and what was agreed there.",
        "2 people who run it: no team's readings: they give access and keep it running.",
    ]


def test_who_looked_is_told_by_name_role_and_days() -> None:
    ada = [(date(2026, 10, day), "ada", "manager", "Team") for day in (5, 12)]
    found = told.sections(MADE_UP, {}, looks(*ada), local=False, today=TODAY)
    assert lines(found, "Who looked at North").splitlines() == [
        "In the last 13 weeks: ada, manager: on 2 days, last on 12 Oct.",
        "Days are told, and no times.",
    ]
    assert "Nobody did" in lines(told.sections(MADE_UP, {}, looks(), local=False, today=TODAY), "Who looked")


@pytest.mark.parametrize("name", ["ada", "= #strong[x] $x$ <b>", "\u4f60\u597d"])
def test_on_paper_nothing_typed_is_markup(name: str) -> None:
    found = told.sections(MADE_UP, {}, looks((TODAY, name, "manager", "Team")), local=False, today=TODAY)
    at = datetime(2026, 10, 19, 9, 0, 0, 123, tzinfo=UTC)
    made = paper.render(found, at, "maria")
    assert made.startswith(b"%PDF")
    assert paper.render(found, at, "maria") == made
