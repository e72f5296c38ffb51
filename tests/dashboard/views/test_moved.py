"""What moved a signal, on the pages: told with the sign, the manager's own finding kept and shown with an action."""

from datetime import date
from typing import Any

import pytest

from data import causes, found_causes
from data.ask import Company
from data.coaching import actions
from data.database import open_database
from data.filters import Filters
from data.home import Home
from data.scope import local_scope, manager_scope
from metrics.disclosure import may_show
from metrics.sign import all_signs
from tests.dashboard.conftest import Open, text, well

ADA = local_scope("Ada")


@pytest.fixture
def row(own: Home) -> dict[str, Any]:
    """A concern of a sign that is counted of single tickets."""
    of_tickets = [key for key, sign in all_signs().items() if sign.whole is None]
    found = Company(own).readings(ADA, Filters()).filter(status="signal", direction="worse")
    return next(row for row in found.sort("since", "team_id").iter_rows(named=True) if row["sign"] in of_tickets)


def test_a_cause_is_told_recorded_shown_with_an_action_and_taken_back(
    shown: Open, own: Home, row: dict[str, Any]
) -> None:
    app = shown(own, "team", team=row["team_id"], sign=row["sign"])
    assert "What moved it." in text(app)
    cell = f"{row['team_id']}-{row['sign']}"
    app.text_area(key=f"cause-what-{cell}").set_value("A *new* form")
    app.text_area(key=f"cause-not-{cell}").set_value("Illness")
    well(app.button(key=f"cause-go-{cell}").click().run())
    assert "Found by a manager." in text(app)
    assert "Ruled out: Illness" in text(app)
    with open_database(own) as database:
        [kept] = found_causes.list_(ADA, database)
        assert (kept.cause, kept.week, kept.by) == ("A *new* form", row["week"], "Ada")
        days = {"starts_on": date(2026, 10, 19), "review_on": date(2026, 12, 1)}
        told = {"team_id": row["team_id"], "sign": row["sign"], "play": "ownership", "why": "w", "owner": "Ada"}
        made = actions.create(ADA, database, **told, **days)  # type: ignore[arg-type]
    assert "Found by a manager." in text(shown(own, "coaching", action=str(made.id)))
    app = shown(own, "team", team=row["team_id"], sign=row["sign"])
    well(app.button(key=f"undo-cause-go-{kept.id}").click().run())
    assert "Found by a manager." not in text(app)


def test_causes_are_of_signals_alone_and_of_teams_that_one_may_see(own: Home, row: dict[str, Any]) -> None:
    company = Company(own)
    every = causes.causes(ADA, company, Filters())
    signals = company.readings(ADA, Filters()).filter(status="signal").select("sign", "team_id").rows()
    assert sorted(every) == sorted(signals)
    assert {team for _, team in every} <= may_show(company.heads())
    assert causes.causes(manager_scope("eve", frozenset()), company, Filters()) == {}
    other = manager_scope("eve", frozenset({row["team_id"]}))
    assert {team for _, team in causes.causes(other, company, Filters())} == {row["team_id"]}
