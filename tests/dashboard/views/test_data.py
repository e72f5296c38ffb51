"""What was set aside is shown with its reason and can be had as a file to mend."""

from pathlib import Path

from dashboard import set_aside
from data.home import Home
from data.intake import import_file
from data.scope import local_scope
from tests.dashboard.conftest import Open, text

TICKETS = """ticket_id,opened_at,channel,category
t1,2024-05-06 09:00,email,damaged
t2,no day at all,email,damaged
t3,2024-05-07 09:00,email,damaged
"""


def home_with_a_bad_row(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    path = tmp_path / "tickets.csv"
    path.write_text(TICKETS, encoding="utf-8")
    assert import_file(home, path).set_aside == 1
    return home


def test_a_row_set_aside_is_shown_with_why_and_offered_to_be_mended(shown: Open, tmp_path: Path) -> None:
    home = home_with_a_bad_row(tmp_path)
    app = shown(home, "data")
    assert "1 row could not be taken in." in text(app)
    rows = next(frame.value for frame in app.dataframe if "Why" in frame.value.columns)
    assert rows["Row"].to_list() == [3]
    assert rows["Value"].to_list() == ["no day at all"]
    assert "no day at all" in set_aside.export(local_scope("ada"), home).decode("utf-8-sig")


def test_a_home_without_a_team_says_what_is_missing(shown: Open, tmp_path: Path) -> None:
    home = home_with_a_bad_row(tmp_path)
    assert shown(home).title
    assert "No team is known yet" in text(shown(home, "team"))


def test_the_history_names_each_file(shown: Open, tmp_path: Path) -> None:
    home = home_with_a_bad_row(tmp_path)
    app = shown(home, "data")
    rows = next(frame.value for frame in app.dataframe if "From" in frame.value.columns)
    assert rows["From"].to_list() == ["tickets.csv"]
    assert rows["Tickets"].to_list() == [2]
