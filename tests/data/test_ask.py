"""What can be asked, by whom, and that no question gives away what another withholds."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from data import rebases, standards_store, surroundings
from data.ask import Company, sign_named
from data.database import open_database
from data.errors import Trouble
from data.filters import Filters
from data.freshness import weeks_of
from data.home import Home
from data.scope import Scope, local_scope, manager_scope
from metrics import needs
from metrics.disclosure import FEWEST_PEOPLE
from metrics.sign import all_signs
from tests.sample_home import copy_of

EVERYONE = local_scope("a tester")
MONDAY = date(2026, 1, 5)


@pytest.fixture(scope="module")
def company(sample: Home) -> Company:
    return Company(sample)


def a_team(company: Company) -> str:
    return str(company.teams(EVERYONE).filter(pl.col("read_together").is_null())["team_id"][0])


def a_small_team(company: Company) -> str:
    few = pl.col("size_band") == f"fewer than {FEWEST_PEOPLE}"
    return str(company.known_teams(EVERYONE).filter(few)["team_id"][0])


def test_an_empty_home_says_what_to_do_first(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="heartline import"):
        Company(Home(tmp_path))


def test_a_scope_without_teams_sees_nothing(company: Company) -> None:
    nobody = Scope("someone")
    assert company.teams(nobody).is_empty()
    assert company.readings(nobody, Filters()).is_empty()
    assert company.praise(nobody).is_empty()
    assert company.tickets(nobody).is_empty()
    assert company.choices(nobody).categories == ()


def test_a_scope_of_one_team_sees_that_team_alone(company: Company) -> None:
    mine, other = a_team(company), a_small_team(company)
    scope = manager_scope("its manager", frozenset({mine}))
    assert company.readings(scope, Filters())["team_id"].unique().to_list() == [mine]
    assert company.tickets(scope)["last_team_id"].unique().to_list() == [mine]
    for refused in (
        lambda: company.series_of_team(scope, Filters(), other),
        lambda: company.context(scope, other),
        lambda: company.tickets_behind(scope, Filters(), "buck_passing", other, MONDAY, MONDAY),
    ):
        with pytest.raises(Trouble, match="not yours to see"):
            refused()


def test_every_team_has_one_reading_of_every_sign(company: Company) -> None:
    readings = company.readings(EVERYONE, Filters())
    assert readings.height == company.teams(EVERYONE).height * len(all_signs())
    assert readings.select("sign", "team_id").is_unique().all()


def test_the_filters_narrow_what_is_shown_and_the_counts_add_up(company: Company) -> None:
    every = company.readings(EVERYONE, Filters()).filter(pl.col("n").is_not_null())
    apart = [
        company.readings(EVERYONE, Filters(channel=channel), row_week).filter(pl.col("n").is_not_null())
        for channel in company.choices(EVERYONE).channels
        for row_week in [None]
    ]
    together = pl.concat(apart).group_by("sign", "team_id").agg(pl.col("x", "n").sum())
    joined = every.join(together, on=["sign", "team_id"], suffix="_sum")
    some = {unit for channel in company.choices(EVERYONE).channels for unit in company.told.untold_units(channel, None)}
    whole = joined.filter(~pl.col("team_id").is_in(list(some)))
    assert 0 < whole.height < joined.height
    assert whole["n"].to_list() == whole["n_sum"].to_list()
    assert whole["x"].to_list() == whole["x_sum"].to_list()
    assert (joined["n"] >= joined["n_sum"]).all()
    branch = company.teams(EVERYONE)["branch"][0]
    of_branch = company.readings(EVERYONE, Filters(branch=branch)).join(company.teams(EVERYONE), on="team_id")
    assert of_branch["branch"].unique().to_list() == [branch]


@pytest.mark.parametrize("sign", [key for key, sign in all_signs().items() if not sign.whole])
def test_the_tickets_behind_a_reading_are_as_many_as_it_counts(company: Company, sign: str) -> None:
    readings = company.readings(EVERYONE, Filters()).filter(pl.col("sign") == sign, pl.col("n") > 20)
    for row in readings.head(5).iter_rows(named=True):
        first = row["week"] - timedelta(weeks=3)
        behind = company.tickets_behind(EVERYONE, Filters(), sign, row["team_id"], first, row["week"])
        listed = behind.height, int(behind["counted"].sum())
        if needs.SIMPLE in sign_named(sign).needs:  # where being listed tells of the category, some may be left out
            assert 0 < listed[0] <= row["n"]
            assert listed[1] <= row["x"]
        else:
            assert listed == (row["n"], row["x"])


def test_a_small_team_is_told_with_a_sibling_and_nowhere_by_itself(company: Company) -> None:
    small = a_small_team(company)
    unit = company.unit(small)
    assert unit != small
    assert small in company.told.teams_of(unit)
    [row] = company.teams(EVERYONE).filter(team_id=unit).to_dicts()
    assert row["size_band"] != f"fewer than {FEWEST_PEOPLE}"
    assert "read together" in row["name"]
    assert "fewer than five people" in row["read_together"]
    assert small not in company.teams(EVERYONE)["team_id"]
    assert company.readings(EVERYONE, Filters(team=small))["team_id"].unique().to_list() == [unit]
    assert_frame_equal(
        company.series_of_team(EVERYONE, Filters(), small), company.series_of_team(EVERYONE, Filters(), unit)
    )
    tickets = company.tickets(EVERYONE)
    named = [set(tickets[name].drop_nulls()) for name in tickets.columns if name.endswith("_team_id")]
    assert not any(small in teams for teams in named)
    assert any(unit in teams for teams in named)


def test_who_may_see_a_small_team_sees_what_is_told_of_its_unit(company: Company) -> None:
    small = a_small_team(company)
    scope = manager_scope("its manager", frozenset({small}))
    assert company.readings(scope, Filters())["team_id"].unique().to_list() == [company.unit(small)]
    assert company.known_teams(scope)["team_id"].to_list() == [small]


def test_the_load_and_absence_that_a_cause_is_sought_in_are_those_of_the_page(company: Company) -> None:
    of = company.lake, company.version, company.derived, company.told
    for team in (a_team(company), company.unit(a_small_team(company))):
        sought, shown = surroundings.pressure(*of, team), surroundings.of_team(*of, team)
        assert_frame_equal(sought, shown.select(sought.columns))
        assert {"tickets_per_fte_day", "absence_rate"} <= set(sought.columns)


def test_the_path_of_a_ticket_names_teams_and_never_an_agent(company: Company) -> None:
    ticket = company.tickets(EVERYONE)["ticket_id"][0]
    path = company.path(EVERYONE, ticket)
    assert path.columns == ["at", "kind", "team_id", "actor"]
    assert path["kind"][0] == "opened"
    with pytest.raises(Trouble, match="that you may see"):
        company.path(manager_scope("a stranger", frozenset({"another team"})), ticket)


def test_a_ticket_that_is_not_there_is_said_to_everybody_alike(company: Company) -> None:
    for scope in (EVERYONE, manager_scope("a stranger", frozenset({"another team"}))):
        with pytest.raises(Trouble, match="There is no ticket no-such that you may see"):
            company.path(scope, "no-such")


def test_tickets_hold_no_agent_and_no_customer(company: Company) -> None:
    assert not {"agent_id", "customer_id", "person_id"} & set(company.tickets(EVERYONE).columns)


def test_a_past_week_is_read_from_what_came_before_it(company: Company) -> None:
    week = date(2026, 3, 2)
    readings = company.readings(EVERYONE, Filters(), week)
    waves = pl.col("sign").is_in([key for key, sign in all_signs().items() if sign.rhythm == "wave"])
    assert readings.filter(~waves)["week"].drop_nulls().unique().to_list() == [week]
    assert readings.filter(waves)["week"].drop_nulls().max() <= week


def test_what_is_counted_of_the_whole_company_has_no_tickets_behind_it(company: Company) -> None:
    whole = [key for key, sign in all_signs().items() if sign.whole]
    for key in whole:
        behind = company.tickets_behind(EVERYONE, Filters(), key, a_team(company), MONDAY, date(2026, 10, 5))
        assert behind.is_empty()
        assert {"ticket_id", "at", "counted", "category"} <= set(behind.columns)
    few = pl.col("why").str.contains("five people")
    asked = company.readings(EVERYONE, Filters(channel="phone")).filter(pl.col("sign").is_in(whole), ~few)
    assert asked["status"].unique().to_list() == ["not measured"]
    assert "channel or category" in asked["why"][0]


def test_what_is_read_of_a_branch_is_the_same_at_each_of_its_teams(company: Company) -> None:
    readings = company.readings(EVERYONE, Filters()).filter(pl.col("sign") == "new_accounts", pl.col("n").is_not_null())
    by_branch = readings.join(company.teams(EVERYONE), on="team_id").group_by("branch").agg(pl.col("x", "n").n_unique())
    assert by_branch.height == 3
    assert by_branch.select("x", "n").unique().rows() == [(1, 1)]
    team = readings["team_id"][0]
    assert company.series(EVERYONE, Filters(), "new_accounts", team)["team_id"].unique().to_list() == [team]
    beside = company.companions(EVERYONE, Filters())
    assert beside["sign"].unique().sort().to_list() == ["repeat_business.referral", "staff_discontent.pipeline"]


def test_an_earlier_version_reads_as_it_did(sample: Home, company: Company, tmp_path: Path) -> None:
    home = Home(tmp_path / "copy")
    copy_of(sample, home.path)
    before = company.readings(EVERYONE, Filters())
    lake = company.lake.__class__(home)
    some = lake.scan("tickets").drop("part").head(500).with_columns(csat=pl.lit(1, pl.Int8)).collect()
    lake.write({"tickets": some}, "a correction", datetime(2026, 11, 1, tzinfo=UTC))
    assert Company(home).version.number == 2
    assert_frame_equal(Company(home, 1).readings(EVERYONE, Filters()), before)


def test_overruling_what_is_simple_changes_the_next_reading_and_says_its_version(
    sample: Home, company: Company, tmp_path: Path
) -> None:
    home = Home(tmp_path / "copy")
    copy_of(sample, home.path)
    simple = company.standards().filter("simple")["category"][0]
    with open_database(home) as database:
        version = standards_store.overrule(EVERYONE, database, simple, reason="a new form", simple=False)
    after = Company(home)
    assert after.freshness().standards_version == version
    seen = after.derived.counts.filter(pl.col("sign") == "slow_simple")["category"].unique().to_list()
    assert simple not in seen


def opened(*volumes: int) -> pl.DataFrame:
    weeks = [MONDAY + timedelta(weeks=k) for k in range(len(volumes))]
    return pl.DataFrame({"week": weeks, "tickets": volumes}).filter(pl.col("tickets") > 0)


def test_weeks_are_whole_and_without_gaps() -> None:
    end = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(weeks=3, days=2)
    weeks = weeks_of(opened(100, 0, 90, 80), end)
    assert weeks.calendar == tuple(MONDAY + timedelta(weeks=k) for k in range(3))
    assert (weeks.whole_to, weeks.thinned) == (end, False)


def test_a_log_that_thins_out_ends_where_it_was_last_full() -> None:
    horizon = datetime(2026, 6, 1, tzinfo=UTC)
    weeks = weeks_of(opened(100, 110, 90, 40, 3, 1, 0, 2), horizon)
    assert weeks.last == MONDAY + timedelta(weeks=3)
    assert weeks.whole_to == datetime(2026, 2, 2, tzinfo=UTC)
    assert weeks.thinned


def test_without_tickets_there_are_no_weeks() -> None:
    assert weeks_of(opened(), None).last is None


@pytest.fixture
def own(sample: Home, tmp_path: Path) -> Home:
    """The sample company in a home that a test may write to."""
    copy_of(sample, tmp_path / "own")
    return Home(tmp_path / "own")


def acknowledged(home: Home, row: dict[str, Any], week: date) -> int:
    with open_database(home) as database:
        told = {"team_id": row["team_id"], "sign": row["sign"], "week": week, "reason": "x"}
        return rebases.acknowledge(EVERYONE, database, **told).id


def a_signal(company: Company) -> dict[str, Any]:
    """The signal whose change began longest ago."""
    return company.readings(EVERYONE, Filters()).filter(status="signal").sort("since", "team_id").row(0, named=True)


def one(frame: pl.DataFrame, row: dict[str, Any]) -> dict[str, Any]:
    return frame.filter(team_id=row["team_id"], sign=row["sign"]).row(0, named=True)


def test_after_a_lasting_change_was_acknowledged_the_team_is_read_against_what_it_is_now(
    own: Home, company: Company
) -> None:
    row = a_signal(company)
    number = acknowledged(own, row, row["since"])
    after = Company(own).readings(EVERYONE, Filters())
    mine = one(after, row)
    assert (mine["rebased_on"], mine["direction"]) == (row["since"], None)
    assert mine["status"] in {"no change", "too few to say"}
    assert after.drop_nulls("rebased_on").height == 1
    with open_database(own) as database:
        rebases.undo(EVERYONE, database, number, "Too early")
    assert_frame_equal(Company(own).readings(EVERYONE, Filters()), company.readings(EVERYONE, Filters()))


def test_a_week_before_a_lasting_change_is_read_as_it_was(own: Home, company: Company) -> None:
    row = a_signal(company)
    acknowledged(own, row, row["week"])
    earlier = row["week"] - timedelta(weeks=1)
    assert_frame_equal(
        Company(own).readings(EVERYONE, Filters(), earlier), company.readings(EVERYONE, Filters(), earlier)
    )


def test_what_was_expected_before_the_lasting_change_stays_visible(own: Home, company: Company) -> None:
    row = a_signal(company)
    was = company.series(EVERYONE, Filters(), row["sign"], row["team_id"])
    assert was["before"].null_count() == was.height
    acknowledged(own, row, row["since"])
    told = Company(own).series_of_team(EVERYONE, Filters(), row["team_id"])
    mine = told.filter(sign=row["sign"])
    assert_frame_equal(mine.select("week", centre="before"), was.select("week", "centre"))
    assert mine.filter(pl.col("week") < row["since"])["centre"].null_count() == (mine["week"] < row["since"]).sum()
    assert told.filter(pl.col("sign") != row["sign"])["before"].null_count() == told.height - mine.height
