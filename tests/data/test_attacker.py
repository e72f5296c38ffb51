"""No number of a few people can be computed from all that is told, in two versions; without suppression most can."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product

import polars as pl
import pytest

from data.ask import Company
from metrics.disclosure import FEWEST_PEOPLE
from tests.data import attacked
from tests.data.attacker import Cells, Told, of_handoffs, of_sign, of_tickets, of_traits

SIGNS = ("buck_passing", "repeat_complaints")


pytestmark = pytest.mark.xdist_group("attacked")  # one company for all of them


def targets(companies: list[Company], cells: Cells) -> Iterator[tuple[Told, int]]:
    """Every cell of each version that rests on fewer than five people: of a small team, or of few agents of a team."""
    weeks = sorted(cells.frame["week"].unique())
    for version, company in enumerate(companies):
        agents = agents_of(company)
        for team in attacked.TEAMS:
            for channel, category in product((None, *attacked.CHANNELS), (None, *attacked.CATEGORIES)):
                few = (channel, category) != (None, None) and agents[team, channel, category] < FEWEST_PEOPLE
                people = {week: attacked.people_of(team, version, week) for week in weeks}
                small = [week for week, many in people.items() if many and (few or many < FEWEST_PEOPLE)]
                for span in [*([week] for week in small), small]:
                    if span:
                        yield Told(frozenset({team}), frozenset(span), channel, category, 0.0), version


def agents_of(company: Company) -> Counter[tuple[str, str | None, str | None]]:
    """How many agents worked for a team on a channel and category."""
    log = company.lake.scan("events", company.version).drop_nulls("agent_id").select("ticket_id", "team_id", "agent_id")
    seen = log.join(company.lake.scan("tickets", company.version), on="ticket_id")
    rows = seen.select("team_id", "agent_id", "channel", "category").unique().collect()
    who = {
        (team, agent, channel if one else None, category if other else None)
        for team, agent, channel, category in rows.iter_rows()
        for one, other in product((True, False), repeat=2)
    }
    return Counter((team, channel, category) for team, _, channel, category in who)


def attack(
    companies: list[Company], cells: Cells, told: Iterable[Iterable[Told]]
) -> tuple[int, list[tuple[Told, int]]]:
    """How many numbers were of use, and what was recovered of what rests on too few people."""
    learned = sum(cells.learn(numbers, version) for version, numbers in enumerate(told))
    return learned, cells.recovered(list(targets(companies, cells)))


def of_counts(companies: list[Company], sign: str) -> Cells:
    return Cells.of(
        [one.made.counts.filter(pl.col("sign") == sign) for one in companies],
        ("team_id", "week", "channel", "category"),
    )


@pytest.mark.parametrize("sign", SIGNS)
def test_no_cell_of_a_sign_is_recovered(in_two_versions: list[Company], sign: str) -> None:
    learned, recovered = attack(
        in_two_versions, of_counts(in_two_versions, sign), [of_sign(one, sign) for one in in_two_versions]
    )
    assert learned > 500
    assert recovered == []


def test_without_suppression_the_same_attacker_recovers_most(undisclosed: list[Company]) -> None:
    sign, first, some = SIGNS[0], undisclosed[:1], {"desk", "letters", "claims"}
    cells = of_counts(first, sign)
    _, recovered = attack(first, cells, [of_sign(one, sign, some) for one in first])
    asked = [one for one in targets(first, cells) if one[0].teams <= some and cells.mask(*one).any()]
    assert len(recovered) > len(asked) / 2 > 100


def test_no_cell_of_what_tickets_show_of_a_trait_is_recovered(in_two_versions: list[Company]) -> None:
    trait = in_two_versions[0].made.traits["trait"].unique().sort()[0]
    cells = Cells.of(
        [one.made.traits.filter(pl.col("trait") == trait) for one in in_two_versions],
        ("team_id", "week", "channel", "category"),
    )
    learned, recovered = attack(in_two_versions, cells, [of_traits(one, trait) for one in in_two_versions])
    assert learned > 100
    assert recovered == []


@pytest.mark.parametrize("column", ["last_team_id", "first_team_id"])
def test_no_cell_is_recovered_from_the_export_of_tickets(in_two_versions: list[Company], column: str) -> None:
    cells = Cells.of([tickets_of(one, column) for one in in_two_versions], ("team_id", "week", "channel", "category"))
    learned, recovered = attack(in_two_versions, cells, [of_tickets(one, column) for one in in_two_versions])
    assert learned > 100
    assert recovered == []


def test_no_cell_is_recovered_from_who_passed_to_whom(in_two_versions: list[Company]) -> None:
    cells = Cells.of([_handoffs(one) for one in in_two_versions], ("team_id", "other", "week", "channel", "category"))
    learned, recovered = attack(in_two_versions, cells, [of_handoffs(one) for one in in_two_versions])
    assert learned > 200
    assert recovered == []


def tickets_of(company: Company, column: str) -> pl.DataFrame:
    rows = company.made.facts().tickets.select(
        pl.col(column).alias("team_id"), "channel", "category", week=pl.col("opened_at").dt.date().dt.truncate("1w")
    )
    return rows.drop_nulls("team_id").with_columns(n=pl.lit(1)).collect()


def _handoffs(company: Company) -> pl.DataFrame:
    rows = company.made.facts().let_gos.filter(pl.col("how") == "handoff")
    week = pl.col("at").dt.date().dt.truncate("1w")
    return (
        rows.select("team_id", "channel", "category", other="to_team_id", week=week).with_columns(n=pl.lit(1)).collect()
    )
