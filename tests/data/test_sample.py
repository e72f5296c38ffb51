"""The sample company at a twentieth of its tickets: valid, repeatable, and what a real company's data looks like."""

import json
from datetime import UTC, date, datetime

import polars as pl
import pytest

from data.sample.company import Sample, make
from metrics.frames import CONTRACT, EVENT_KINDS, RELATIONS
from metrics.sign import all_signs

HORIZON = datetime(2026, 10, 18, 18, tzinfo=UTC)

pytestmark = pytest.mark.xdist_group("sample")


@pytest.fixture(scope="module")
def sample() -> Sample:
    return make(seed=1, scale=0.05)


def _stays(sample: Sample) -> pl.DataFrame:
    return sample.tables["people"].select(
        "person_id", "team_id", "valid_from", last=pl.col("valid_to").fill_null(date(2099, 1, 1))
    )


@pytest.mark.parametrize("table", CONTRACT)
def test_every_table_keeps_the_contract(sample: Sample, table: str) -> None:
    frame = sample.tables[table]
    assert frame.height > 0
    assert CONTRACT[table].validate(frame).equals(frame)


@pytest.mark.parametrize(("table", "column", "of"), RELATIONS)
def test_no_row_points_to_what_is_not_there(sample: Sample, table: str, column: str, of: str) -> None:
    assert sample.tables[table].join(sample.tables[of], on=column, how="anti").is_empty()


def test_customers_teams_and_people_that_are_named_exist(sample: Sample) -> None:
    tables = sample.tables
    for table in ("tickets", "orders"):
        assert set(tables[table]["customer_id"].drop_nulls()) <= set(tables["customers"]["customer_id"])
    for table in ("events", "people", "surveys", "orders", "praise"):
        assert set(tables[table]["team_id"].drop_nulls()) <= set(tables["teams"]["team_id"])
    for table in ("absences", "training"):
        assert set(tables[table]["person_id"]) <= set(tables["people"]["person_id"])
    assert set(tables["events"]["agent_id"].drop_nulls()) <= set(tables["people"]["person_id"])


def test_the_same_seed_gives_the_same_company(sample: Sample) -> None:
    again = make(seed=1, scale=0.05)
    assert again.planted == sample.planted
    for table, frame in sample.tables.items():
        assert again.tables[table].equals(frame), table


def test_another_seed_gives_another_company(sample: Sample) -> None:
    other = make(seed=2, scale=0.05)
    assert not other.tables["events"].equals(sample.tables["events"])
    assert [t["team"] for t in other.planted["troubles"]] != [t["team"] for t in sample.planted["troubles"]]


def test_forty_teams_of_three_to_thirty_people_in_three_branches(sample: Sample) -> None:
    teams = sample.tables["teams"]
    assert teams.height == 40
    assert set(teams["branch"]) == {"North", "South", "Harbour"}
    assert teams["calendar"].n_unique() >= 6
    on = pl.lit(date(2025, 11, 5))
    size = (
        _stays(sample).filter(on.is_between("valid_from", "last")).group_by("team_id").agg(n=pl.col("person_id").len())
    )
    assert size.height == 40
    assert size["n"].min() >= 2
    assert size["n"].max() in range(24, 33)


def test_nothing_is_known_of_what_comes_after_the_last_instant(sample: Sample) -> None:
    assert sample.tables["tickets"]["opened_at"].max() <= HORIZON
    assert sample.tables["events"]["at"].max() <= HORIZON
    assert sample.tables["praise"]["at"].max() <= HORIZON
    assert sample.tables["tickets"]["promise_kept_at"].max() <= HORIZON
    assert sample.tables["orders"]["closed_at"].max() <= HORIZON


def test_a_log_begins_with_its_opening_and_tells_who_did_what(sample: Sample) -> None:
    events = sample.tables["events"]
    assert events.equals(events.sort("ticket_id", "at", "seq"))
    assert set(events["kind"]) == set(EVENT_KINDS)
    first = events.group_by("ticket_id", maintain_order=True).first().join(sample.tables["tickets"], on="ticket_id")
    assert (first["kind"] == "opened").all()
    assert (first["at"] == first["opened_at"]).all()
    assert (
        events.filter(pl.col("actor") != "agent")["agent_id"].null_count()
        == events.filter(pl.col("actor") != "agent").height
    )
    resolved = events.filter(kind="resolved")
    assert resolved["team_id"].null_count() == 0
    assert resolved["agent_id"].null_count() == 0


def test_agents_are_people_of_the_team_who_are_there_that_day(sample: Sample) -> None:
    acts = (
        sample.tables["events"]
        .drop_nulls("agent_id")
        .join(sample.tables["teams"].select("team_id", "branch"), on="team_id")
        .filter(pl.col("at").dt.hour().is_between(3, 20))  # by then it is the same day in every branch
        .select("team_id", person_id="agent_id", day=pl.col("at").dt.date())
        .unique()
        .with_row_index()
    )
    on_the_day = pl.col("day").is_between("valid_from", "last")
    belongs = acts.join(_stays(sample), on=["person_id", "team_id"]).filter(on_the_day)
    assert set(belongs["index"]) == set(acts["index"])
    away = acts.join(sample.tables["absences"], on="person_id").filter(pl.col("day").is_between("from_on", "to_on"))
    assert away.is_empty()


def test_some_tickets_are_still_open_at_the_end(sample: Sample) -> None:
    resolved = sample.tables["events"].filter(kind="resolved")["ticket_id"].unique()
    share = 1 - len(resolved) / sample.tables["tickets"].height
    assert 0.002 < share < 0.03


def test_a_quarter_answers_the_survey(sample: Sample) -> None:
    answered = sample.tables["tickets"]["csat"].is_not_null().mean()
    assert answered is not None
    assert 0.2 < answered < 0.3


def test_no_absence_overlaps_another_of_the_same_person(sample: Sample) -> None:
    spells = sample.tables["absences"].sort("person_id", "from_on")
    same = pl.col("person_id") == pl.col("person_id").shift(1)
    assert spells.filter(same & (pl.col("from_on") <= pl.col("to_on").shift(1))).is_empty()


def test_surveys_and_praise_name_nobody(sample: Sample) -> None:
    people = set(sample.tables["people"]["person_id"])
    managers = {name for full in sample.tables["teams"]["manager"] for name in full.split()}
    for table in ("surveys", "praise"):
        frame = sample.tables[table]
        assert not {"person_id", "agent_id", "customer_id"} & set(frame.columns)
        texts = {
            word.strip(".,!?:")
            for column in frame.select(pl.col(pl.String)).columns
            for text in frame[column].drop_nulls().unique()
            for word in text.split()
        }
        assert not texts & (people | managers)
    assert sample.tables["praise"]["words"].n_unique() > 20


def test_the_truth_is_plain_json_with_every_sign(sample: Sample) -> None:
    planted = json.loads(json.dumps(sample.planted))
    assert planted == sample.planted
    people = [t for t in planted["troubles"] if not t["outage"]]
    teams = set(sample.tables["teams"]["team_id"])
    for sign in ("slow_simple", "small_complaints", "buck_passing", "repeat_complaints"):
        assert sign in all_signs()
        assert sum(t["sign"] == sign and t["direction"] == "worse" for t in people) >= 3
    assert {t["team"] for t in planted["troubles"]} <= teams
    assert all(8 <= abs(t["points"]) <= 20 for t in people)
    assert all("2025-12-15" <= t["onset"] <= "2026-08-24" for t in people)
    assert {t["kind"] for t in people} == {"people", "system"}
    assert any(t["until"] for t in people)
    assert sum(t["outage"] for t in planted["troubles"]) >= 15
    assert len(planted["actions"]) >= 10
    assert {a["team_id"] for a in planted["actions"]} <= teams
    assert {a["truth"]["helps"] for a in planted["actions"]} == {True, False}
