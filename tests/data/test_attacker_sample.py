"""The attacker before the sample company: two versions with late tickets, a small team that grows and one that shrinks.

Restricted, so that it ends: to the branch of a small team (what other branches tell is told of whole units, and can be
taken out of what is told of the company), to the last weeks, and by filters to the channels and categories on which the
fewest agents work; all others are asked for by lists, exports and handoffs alone.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product

import polars as pl
import pytest

from data.ask import Company
from data.filters import Filters
from data.home import Home
from data.lake import Lake
from metrics.disclosure import FEWEST_PEOPLE
from tests.data.attacker import EVERYONE, KEY, Cells, Told, of_sign, of_tickets
from tests.data.attacker_files import of_lists
from tests.data.test_attacker import tickets_of
from tests.sample_home import copy_of

pytestmark = pytest.mark.slow
SIGN, SMALL, GROWS_BY = "buck_passing", "harbour-lost-and-found", 4
SELLS, PIPELINE = "south-business-sales", "staff_discontent.pipeline"  # few who sell, read with a team that does not
SHRINKS, LEFT = "harbour-claims", 3
WEEKS, MORE, FEWEST_CELLS = 3, 14, 2  # of the first version; days of the second; cells asked for by filters


@pytest.fixture(scope="module")
def versions(sample: Home, tmp_path_factory: pytest.TempPathFactory) -> list[Company]:
    """The sample as it is first read, and as it is two weeks later, when some of the weeks before came late."""
    home = copy_of(sample, tmp_path_factory.mktemp("attacked") / "sample")
    first = Company(home)
    assert first.told.units()
    Lake(home).write(_more(first), "two weeks more", datetime(2026, 11, 2, tzinfo=UTC))
    second = Company(home)
    assert second.told.units()
    return [first, second]


def _more(company: Company) -> dict[str, pl.DataFrame]:
    """The last two weeks once more, two weeks later; a part of them late; people who come to a team and who leave."""
    tickets, events, people = (
        company.lake.scan(name, company.version).drop("part").collect() for name in ("tickets", "events", "people")
    )
    end = company.version.horizon
    assert end is not None
    again = tickets.filter(pl.col("opened_at") > end - timedelta(days=MORE))
    late = again.sort("ticket_id").gather_every(20)
    moved = [_moved(frame, MORE, "again") for frame in (again, events.join(again, on="ticket_id", how="semi"))]
    behind = [_moved(frame, 0, "late") for frame in (late, events.join(late, on="ticket_id", how="semi"))]
    return {
        "tickets": pl.concat([moved[0], behind[0]]),
        "events": pl.concat([moved[1], behind[1]]),
        "people": _come_and_gone(people, end.date() + timedelta(days=1)),
    }


def _moved(frame: pl.DataFrame, days: int, name: str) -> pl.DataFrame:
    when = [column for column, kind in frame.schema.items() if kind == pl.Datetime]
    return frame.with_columns(
        pl.col("ticket_id") + f"-{name}", *(pl.col(column) + timedelta(days=days) for column in when)
    )


def _come_and_gone(people: pl.DataFrame, on: date) -> pl.DataFrame:
    there = people.filter(pl.col("valid_to").is_null() | (pl.col("valid_to") > on)).sort("person_id")
    new = there.filter(pl.col("team_id") != SMALL).head(GROWS_BY)
    come = new.with_columns(
        pl.col("person_id") + "0", team_id=pl.lit(SMALL), valid_from=pl.lit(on), hired_on=pl.lit(on)
    )
    gone = there.filter(pl.col("team_id") == SHRINKS).slice(LEFT).with_columns(valid_to=pl.lit(on))
    return pl.concat([come, gone])


def weeks_of(company: Company) -> list[date]:
    """The last weeks that were read."""
    last = company.freshness().week
    assert last is not None
    return [last - timedelta(weeks=back) for back in reversed(range(WEEKS))]


def near(versions: list[Company], counts: Iterable[pl.DataFrame]) -> Cells:
    """The cells of the branch of the small team, in the last weeks of both versions."""
    weeks = sorted({week for one in versions for week in weeks_of(one)})
    teams = branch_of(versions[0])
    named = [one.with_columns(pl.col("team_id").cast(pl.String)) for one in counts]
    return Cells.of([one.filter(pl.col("team_id").is_in(list(teams))) for one in named], KEY, weeks)


def branch_of(company: Company) -> frozenset[str]:
    listed = company.made.shared.teams
    branch = listed.filter(team_id=SMALL)["branch"][0]
    return frozenset(listed.filter(branch=branch)["team_id"])


def targets(versions: list[Company], cells: Cells) -> Iterator[tuple[Told, int]]:
    """What rests on fewer than five: small teams, and of the branch's others what few agents work on."""
    weeks = sorted(cells.frame["week"].unique())
    spans = [*([week] for week in weeks), weeks]
    for version, company in enumerate(versions):
        agents = agents_of(company)
        sizes = company.made.sizes.filter(pl.col("week").is_in(weeks))
        people = {(team, week): n for team, week, n in sizes.select("team_id", "week", "people").iter_rows()}
        strata = cells.frame.select("channel", "category").unique().rows()
        points = {(None, None), *strata, *((one, None) for one, _ in strata), *((None, one) for _, one in strata)}
        for team, (channel, category), span in product(sorted(branch_of(company)), sorted(points, key=str), spans):
            few = (channel, category) != (None, None) and agents.get(
                (team, channel, category), FEWEST_PEOPLE
            ) < FEWEST_PEOPLE
            if few or all(people[team, week] < FEWEST_PEOPLE for week in span):
                yield Told(frozenset({team}), frozenset(span), channel, category, 0.0), version


def agents_of(company: Company) -> dict[tuple[str, str | None, str | None], int]:
    """How many agents work for a team on a channel and category, in the year in which they are fewest."""
    found: dict[tuple[str, str | None, str | None], int] = {}
    for names in (["channel", "category"], ["channel"], ["category"]):
        by_year = company.made.workers.group_by("team_id", *names, "year").agg(n=pl.col("agent").n_unique())
        for row in by_year.group_by("team_id", *names).agg(pl.col("n").min()).iter_rows(named=True):
            found[row["team_id"], row.get("channel"), row.get("category")] = row["n"]
    return found


def about(cells: Cells, told: Iterable[Told]) -> Iterator[Told]:
    """Without what is told of other weeks and other branches alone."""
    weeks, teams = set(cells.frame["week"]), set(cells.frame["team_id"])
    return (one for one in told if not one.weeks.isdisjoint(weeks) and not one.teams.isdisjoint(teams))


def units_of(company: Company) -> list[str]:
    """The units of the branch, those of several teams first."""
    teams = branch_of(company)
    mine = {unit: inside for unit, inside in company.told.units().items() if inside & teams}
    return sorted(mine, key=lambda unit: (-len(mine[unit]), unit))


def test_no_cell_of_a_sign_is_recovered_of_the_sample(versions: list[Company]) -> None:
    cells = near(versions, [one.made.counts.filter(pl.col("sign") == SIGN) for one in versions])
    by = [(None, None), *_fewest(versions[0])]
    for version, company in enumerate(versions):
        units = units_of(company)
        told = [*of_sign(company, SIGN, units[:3], by), *of_lists(company, SIGN, units[:3], [(None, None)])]
        assert cells.learn(about(cells, told), version) > 50
    assert cells.recovered(list(targets(versions, cells))) == []


def _fewest(company: Company) -> list[tuple[str | None, str | None]]:
    """The categories on which the fewest agents of a unit of the branch work, of those that are told of some unit."""
    teams, offered = branch_of(company), set(company.choices(EVERYONE).categories)
    found = {category: n for (team, channel, category), n in sorted(agents_of(company).items(), key=lambda one: -one[1])
             if team in teams and channel is None and category in offered}  # fmt: skip
    return [(None, category) for category in sorted(found, key=lambda one: (found[one], one))[:FEWEST_CELLS]]


def test_no_cell_is_recovered_from_the_export_of_the_sample(versions: list[Company]) -> None:
    cells = near(versions, [tickets_of(one, "last_team_id") for one in versions])
    for version, company in enumerate(versions):
        assert cells.learn(about(cells, of_tickets(company, "last_team_id")), version) > 50
    assert cells.recovered(list(targets(versions, cells))) == []


def test_what_only_a_small_team_of_a_unit_has_is_not_told_under_the_units_name(versions: list[Company]) -> None:
    for company in versions:
        assert company.made.counts.filter(sign=PIPELINE, team_id=SELLS)["n"].sum() > 0
        assert len(company.told.members[company.unit(SELLS)]) > 1
        told = company.companions(EVERYONE, Filters(team=SELLS)).filter(sign=PIPELINE)
        assert told.select(pl.sum_horizontal(pl.col("x", "n").fill_null(0))).sum().item() == 0
        assert company.derived.counts.filter(sign=PIPELINE, team_id=company.unit(SELLS)).is_empty()


def test_without_suppression_the_export_of_the_sample_gives_most_away(
    versions: list[Company], switched_off: None
) -> None:
    first = [Company(versions[0].home, versions[0].version.number)]
    cells = near(first, [tickets_of(one, "last_team_id") for one in first])
    cells.learn(about(cells, of_tickets(first[0], "last_team_id")), 0)
    truth = cells.frame["n"].to_numpy()
    asked = [one for one in targets(first, cells) if cells.mask(*one) @ truth]  # of what is not there nothing is told
    assert len(cells.recovered(asked)) > len(asked) / 2 > 50
