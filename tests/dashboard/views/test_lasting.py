"""A lasting change on the pages: acknowledged on the Team page, counted on the Overview, undone with a reason."""

import re
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from data import rebases
from data.ask import Company
from data.database import open_database
from data.filters import Filters
from data.home import Home
from data.rebases import Rebase
from data.scope import local_scope
from metrics.sign import all_signs
from tests.dashboard.conftest import Open, text, well

ADA = local_scope("Ada")


@pytest.fixture
def row(own: Home) -> dict[str, Any]:
    """The concern of one team that began longest ago."""
    of_teams = [key for key, sign in all_signs().items() if sign.unit == "team"]
    every = Company(own).readings(ADA, Filters())
    found = every.filter(pl.col("sign").is_in(of_teams), status="signal", direction="worse")
    return found.sort("since", "team_id").row(0, named=True)


def kept(home: Home) -> list[Rebase]:
    with open_database(home) as database:
        return rebases.list_(ADA, database)


def concerns(overview: AppTest) -> int:
    """How many readings the Overview says to need a look."""
    found = re.search(r"Needs a look \((\d+)\)", text(overview))
    assert found is not None
    return int(found[1])


def test_a_lasting_change_is_acknowledged_and_undone(shown: Open, own: Home, row: dict[str, Any]) -> None:
    cell, before = f"{row['team_id']}-{row['sign']}", concerns(shown(own))
    app = shown(own, "team", team=row["team_id"], sign=row["sign"])
    assert app.date_input(key=f"lasting-week-{cell}").value == row["since"]
    app.text_area(key=f"lasting-why-{cell}").set_value("A new *tool*")
    well(app.button(key=f"lasting-go-{cell}").click().run())
    [made] = kept(own)
    assert (made.week, made.reason, made.by, made.stands) == (row["since"], "A new *tool*", "Ada", True)
    assert "Ada acknowledged on" in text(app)
    assert "“A new *tool*.” What is expected rests on the weeks since then." in text(app)
    assert not [button for button in app.button if button.key == f"lasting-go-{cell}"]

    assert concerns(shown(own)) < before

    app.text_input(key=f"undo-lasting-why-{made.id}").set_value("The tool went again")
    well(app.button(key=f"undo-lasting-go-{made.id}").click().run())
    assert [one.undone_reason for one in kept(own)] == ["The tool went again"]
    assert "Ada acknowledged on" not in text(app)
    assert app.date_input(key=f"lasting-week-{cell}").value == row["since"]
    assert concerns(shown(own)) == before


def test_without_a_reason_nothing_is_acknowledged_and_it_says_so(shown: Open, own: Home, row: dict[str, Any]) -> None:
    app = shown(own, "team", team=row["team_id"], sign=row["sign"])
    well(app.button(key=f"lasting-go-{row['team_id']}-{row['sign']}").click().run())
    assert "Please fill in the reason: it is empty." in text(app)
    assert kept(own) == []


def test_what_another_process_acknowledged_is_seen_at_once(shown: Open, own: Home, row: dict[str, Any]) -> None:
    app = shown(own)
    with open_database(own) as database:
        told = {"team_id": row["team_id"], "sign": row["sign"], "week": row["since"], "reason": "x"}
        rebases.acknowledge(ADA, database, **told)
    well(app.run())
    assert [expander.label for expander in app.expander if "lasting change" in expander.label] == [
        "1 lasting change was acknowledged and is read against a new baseline"
    ]


def test_a_calm_sign_has_nothing_to_acknowledge(shown: Open, sample: Home) -> None:
    calm = Company(sample).readings(ADA, Filters()).filter(status="no change").row(0, named=True)
    app = shown(sample, "team", team=calm["team_id"], sign=calm["sign"])
    assert not [button for button in app.button if str(button.key).startswith("lasting-go")]
