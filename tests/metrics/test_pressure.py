"""Four ways to make a number look better: none improves a headline, and each is noticed."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from metrics import pressure
from metrics.counts import count
from metrics.facts import facts
from metrics.log import Logged
from metrics.panel import panel
from metrics.reading import read
from metrics.sign import all_signs
from tests.builders import START, standards, table, teams

WEEKS, EACH, GAMED = 40, 40, 34  # weeks, tickets a week of each team, the week in which the gaming begins
TOLD = Logged(replies=True, notes=True, reopens=True)
HOUR = timedelta(hours=1)
Life = list[tuple[timedelta, str, str, str]]


def plain(slow: bool) -> Life:
    """Answered after ten minutes, asked something, resolved: in time (of three hours), or not."""
    done = 5 * HOUR if slow else 2 * HOUR
    minutes = timedelta(minutes=1)
    return [
        (0 * HOUR, "opened", "A", "customer"),
        (10 * minutes, "replied", "A", "agent"),
        (11 * minutes, "on_hold", "A", "agent"),
        (40 * minutes, "customer_replied", "A", "customer"),
        (40 * minutes, "off_hold", "A", "system"),
        (done, "resolved", "A", "agent"),
    ]


def parked(life: Life) -> Life:
    """Put on hold again after the customer has answered, until it is done."""
    return [*life[:-1], (life[4][0] + HOUR / 10, "on_hold", "A", "agent"), life[-1]]


def closed_early(life: Life) -> Life:
    """Resolved just before the deadline, reopened a day later by the customer, and done then."""
    return [
        *life[:-1],
        (2.9 * HOUR, "resolved", "A", "agent"),
        (26 * HOUR, "reopened", "A", "customer"),
        (30 * HOUR, "resolved", "A", "agent"),
    ]


def closed_elsewhere(life: Life) -> Life:
    """Handed to another team that only closes it."""
    done = life[-1][0]
    return [*life[:-1], (done - HOUR / 6, "assigned", "B", "agent"), (done, "resolved", "B", "agent")]


def company(way: str | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """40 weeks of team A: a fifth of its tickets are slow, a fifth of the customers unhappy. In the last six weeks the
    slow ones (of `closed_elsewhere` those of the unhappy) are gamed."""
    rows: list[dict[str, Any]] = []
    log: list[dict[str, Any]] = []
    for number in range(WEEKS * EACH):
        week, place = divmod(number, EACH)
        ticket_id, slow, unhappy = f"t{number:05}", place % 5 == week % 5, place % 5 == (week + 1) % 5
        opened = START + timedelta(weeks=week, days=place % 5, hours=9, minutes=place)
        life, priority = plain(slow), "normal" if place % 4 else "low"
        if week >= GAMED and way is not None:
            if way == "filed_low":
                priority = "low" if slow else priority
            elif unhappy if way == "closed_elsewhere" else slow:
                life = {"parked": parked, "closed_early": closed_early, "closed_elsewhere": closed_elsewhere}[way](life)
        told = {"category": "x", "channel": "email", "customer_id": ticket_id, "priority": priority}
        rows.append({"ticket_id": ticket_id, "opened_at": opened, "csat": 1 if unhappy else 5, **told})
        for seq, (after, kind, team, actor) in enumerate(life):
            log.append(
                {
                    "ticket_id": ticket_id,
                    "at": opened + after,
                    "kind": kind,
                    "seq": seq,
                    "team_id": team,
                    "actor": actor,
                }
            )
    return table("tickets", rows), table("events", log)


def known(way: str | None):
    tickets, events = company(way)
    return facts(tickets, events, teams("A", "B"), None, standards(x=180), logged=TOLD), events


def headline(way: str | None, key: str) -> dict[str, Any]:
    of, _ = known(way)
    weeks = [date(2024, 1, 1) + timedelta(weeks=week) for week in range(WEEKS)]
    readings = read(panel(count(all_signs()[key], of), weeks, {key: "lower"}))
    return readings.filter(team_id="A").row(0, named=True)


HEADLINES = {
    "parked": "slow_simple",
    "filed_low": "slow_simple",
    "closed_early": "slow_simple",
    "closed_elsewhere": "small_complaints",
}


@pytest.mark.parametrize(("way", "key"), HEADLINES.items())
def test_gaming_does_not_improve_the_headline(way: str, key: str):
    honest, gamed = headline(None, key), headline(way, key)
    assert gamed["share"] >= honest["share"]
    assert gamed["n"] == honest["n"]
    # nor is more expected, against which the same would look better
    assert gamed["expected"] <= honest["expected"] + 1e-9
    assert gamed["mix_expected"] <= honest["mix_expected"] + 1e-9
    assert gamed["direction"] != "better"


@pytest.mark.parametrize("way", pressure.WAYS)
def test_each_way_is_noticed_and_no_other(way: str):
    of, events = known(way)
    weeks = [date(2024, 1, 1) + timedelta(weeks=week) for week in range(WEEKS)]
    found = pressure.noticed(pressure.ways(of, events.lazy()), weeks, weeks[-2])
    worse = found.filter(status="signal", direction="worse")
    assert worse.select("sign", "team_id").rows() == [(way, "A")]


def test_an_honest_team_is_noticed_for_nothing():
    of, events = known(None)
    weeks = [date(2024, 1, 1) + timedelta(weeks=week) for week in range(WEEKS)]
    found = pressure.noticed(pressure.ways(of, events.lazy()), weeks)
    assert found.filter(status="signal").is_empty()


def test_a_log_without_holds_or_priorities_says_nothing_of_them():
    tickets, events = company(None)
    bare = tickets.with_columns(priority=pl.lit(None, dtype=pl.String))
    of = facts(bare, events.filter(pl.col("kind") != "on_hold"), teams("A", "B"), None, standards(x=180), logged=TOLD)
    ways = pressure.ways(of, events.filter(pl.col("kind") != "on_hold").lazy())
    assert set(ways["sign"].cast(pl.String)) == {"closed_early", "closed_elsewhere"}
