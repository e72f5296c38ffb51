"""The actions as a file: whole, and no text in it is a formula."""

import io
from datetime import UTC, date, datetime

import polars as pl
import pytest

from dashboard.boards import export
from dashboard.boards.list import in_order
from tests.dashboard.boards.test_board_choice import CHOICES, EVERY, TODAY, action

FORMULA = '=HYPERLINK("http://x","y")'
ODD = [action(6, why=FORMULA, owner="@cmd", play="+1"), action(7, team_id="gone", why="<b>a</b>\nb", outcome="-2")]


@pytest.fixture
def frame(monkeypatch: pytest.MonkeyPatch) -> pl.DataFrame:
    monkeypatch.setenv("HEARTLINE_ADDRESS", "https://h.example.com")
    return export.frame([EVERY[1], *ODD], CHOICES, lambda one: f"verdict {one.id}", {}, TODAY)


def test_each_action_is_a_row(frame: pl.DataFrame) -> None:
    assert frame.row(0, named=True) == {
        "id": 2,
        "team": "Claims",
        "branch": "South",
        "play": "Our own",
        "sign": "buck_passing",
        "asks": "Is the customer passed on?",
        "state": "Due and overdue",
        "status": "under way",
        "starts_on": date(2026, 9, 1),
        "review_on": date(2026, 10, 12),
        "owner": "ben",
        "why": "x",
        "verdict": "verdict 2",
        "outcome": None,
        "last_touched": date(2026, 9, 1),
        "link": "https://h.example.com/coaching?action=2",
    }


def test_in_csv_no_cell_begins_as_a_formula(frame: pl.DataFrame) -> None:
    back = pl.read_csv(export.as_csv(frame))
    assert back["why"].to_list() == ["x", f"'{FORMULA}", "<b>a</b>\nb"]
    assert back["owner"].to_list() == ["ben", "'@cmd", "Ada"]
    assert back["outcome"].to_list() == [None, None, "'-2"]


def test_in_the_workbook_texts_are_texts_and_days_are_days(frame: pl.DataFrame) -> None:
    made = export.as_xlsx(frame)
    back = pl.read_excel(io.BytesIO(made))
    assert back["why"].to_list() == ["x", FORMULA, "<b>a</b>\nb"]
    assert back["review on"].to_list() == [date(2026, 10, 12), date(2026, 12, 1), date(2026, 12, 1)]
    assert back["id"].to_list() == [2, 6, 7]
    assert back["outcome"].to_list()[-1] == "-2"


def test_no_action_makes_a_file_with_its_head(frame: pl.DataFrame) -> None:
    none = frame.clear()
    assert export.as_csv(none).decode("utf-8-sig").startswith("id,team,branch,play")
    assert pl.read_excel(io.BytesIO(export.as_xlsx(none)), raise_if_empty=False).height == 0


def test_the_list_begins_with_what_is_open_and_ends_with_what_ended_first() -> None:
    ended = [
        action(number, status="done", closed_at=datetime(2026, month, 1, tzinfo=UTC))
        for number, month in ((11, 3), (12, 8))
    ]
    assert [one.id for one in sorted([*ended, *EVERY[:3], EVERY[4]], key=in_order)] == [5, 2, 1, 3, 12, 11]
