"""Uneven treatment: how far apart the agents of a team are on complaints of the same category."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from math import log1p, sqrt
from typing import Any

import numpy as np
import polars as pl
import pytest

from metrics.counts import count
from metrics.facts import Facts, facts
from metrics.panel import panel
from metrics.reading import read
from metrics.sign import all_signs
from metrics.signs.uneven_treatment import statistic, sums
from tests.builders import START, events, table, teams, ticket, tickets, when
from tests.metrics.signs.tables import TOLD, counted

SIGN = all_signs()["uneven_treatment"]
ALWAYS = "24/7 @ UTC"


def logged(rng: np.random.Generator, weeks: int, agents: int, apart: float, a_week: int) -> tuple[Any, Any]:
    """Tickets and events of two teams, day and night: A's agents differ by `apart` in the log of time, B's do not."""
    own = np.linspace(-1, 1, agents) * apart
    rows, events_ = [], []
    for number in range(2 * weeks * a_week):
        team, who = "AB"[number % 2], int(rng.integers(agents))
        category = str(rng.choice(["x", "y"]))
        opened = START + timedelta(minutes=float(rng.integers(weeks * 7 * 24 * 60 - 3000)))
        minutes = 60 * np.exp(rng.normal(0, 0.8) + (own[who] if team == "A" else 0) + (category == "y"))
        told = {"ticket_id": f"t{number:05}", "seq": 0, "team_id": team, "agent_id": f"{team}{who}", "actor": "agent"}
        done = opened + timedelta(minutes=float(minutes))
        rows.append(ticket(f"t{number:05}", opened, category=category, is_complaint=True))
        replies = 1 + int(rng.random() < 0.4)
        events_ += [{**told, "at": done - timedelta(seconds=n + 1), "kind": "replied"} for n in range(replies)]
        events_.append({**told, "at": done, "kind": "resolved"})
    return tickets(*rows), table("events", events_)


def facts_of(rows: pl.DataFrame, log: pl.DataFrame, until: datetime) -> Facts:
    """As it stood at that instant."""
    known = rows.filter(pl.col("opened_at") <= until), log.filter(pl.col("at") <= until)
    always = {"calendar": ALWAYS}
    return facts(*known, teams(A=always, B=always), logged=TOLD, horizon=until)


def complaints(rng: np.random.Generator, weeks: int, agents: int = 6, apart: float = 0.0, a_week: int = 12) -> Facts:
    return facts_of(*logged(rng, weeks, agents, apart, a_week), START + timedelta(weeks=weeks))


@pytest.mark.parametrize("day", [60, 83, 84, 111, 140])
def test_cutting_the_data_changes_no_block_that_is_over(day: int):
    log, until = logged(np.random.default_rng(9), 24, 6, 0.7, 12), START + timedelta(days=day)
    whole, cut = (count(SIGN, facts_of(*log, at)) for at in (START + timedelta(weeks=24), until))
    over = pl.col("week") + timedelta(days=7) <= until.date()
    assert whole.filter(over).height >= 2
    assert whole.filter(over).equals(cut.filter(over))


def test_by_chance_alone_it_is_one():
    found = count(SIGN, complaints(np.random.default_rng(1), 56))
    assert found["x"].sum() / found["n"].sum() == pytest.approx(1, abs=0.12)
    scores = ((found["x"] - found["n"]) / (2 * found["n"]).sqrt()).to_numpy()
    assert scores.std() == pytest.approx(1, abs=0.3)


def test_agents_who_differ_show_and_the_other_team_does_not():
    found = count(SIGN, complaints(np.random.default_rng(2), 24, apart=1.0))
    by_team = {team: x / n for team, x, n in found.group_by("team_id").agg(pl.col("x", "n").sum()).iter_rows()}
    assert by_team["A"] > 2
    assert by_team["B"] < 1.5


def test_a_team_that_is_slow_as_one_is_not_uneven():
    rng = np.random.default_rng(3)
    rows = [
        (team, f"{team}{rng.integers(6)}", "x", START.date(), rng.normal(4 + (team == "A"), 0.5)) for team in "AB" * 200
    ]
    of_team = pl.DataFrame(rows, schema=["team_id", "agent_id", "category", "week", "log"], orient="row")
    gathered = of_team.group_by("team_id", "agent_id", "category", "week").agg(
        n=pl.len(), y=pl.col("log").sum(), yy=(pl.col("log") ** 2).sum(), asked=pl.lit(0), once=pl.lit(0)
    )
    found = statistic(gathered, whole_of(START + timedelta(weeks=9)))
    assert found["n"].to_list() == [5, 5]
    assert (found["x"] / found["n"]).max() < 2


def whole_of(horizon: datetime) -> Any:
    from metrics.sign import Whole

    return Whole(teams("A", "B"), START.date(), horizon)


def test_teams_of_fewer_than_five_agents_are_left_out():
    assert count(SIGN, complaints(np.random.default_rng(4), 12, agents=4)).is_empty()
    assert set(count(SIGN, complaints(np.random.default_rng(4), 12, agents=5))["team_id"]) == {"A", "B"}


def test_what_is_kept_names_no_agent_and_has_one_row_a_team_every_four_weeks():
    found = count(SIGN, complaints(np.random.default_rng(5), 24))
    assert "agent_id" not in found.columns
    assert found.select("team_id", "week").is_unique().all()
    gaps = found.filter(team_id="A")["week"].sort().diff().drop_nulls().dt.total_days().unique().to_list()
    assert gaps == [28]


def test_only_complaints_that_are_resolved_by_a_known_agent_count():
    plain = ticket("t1", category="x"), ticket("t2", category="x", is_complaint=True)
    lives = {"t1": "Mo 09:00 opened A ann; Mo 10:00 resolved A ann", "t2": "Mo 09:00 opened A ann"}
    nobody = ticket("t3", category="x", is_complaint=True)
    known = facts(
        tickets(*plain, nobody), events(**lives, t3="Mo 09:00 opened A; Mo 10:00 resolved A"), teams("A"), logged=TOLD
    )
    assert sums(known).collect().is_empty()
    assert counted("uneven_treatment", *plain, **lives) == []


def test_the_agent_is_who_resolved_it_or_was_named_last_before_and_later_replies_do_not_count():
    text = (
        "Mo 09:00 opened A ann; Mo 09:10 replied A bob agent; Mo 09:20 replied A cat agent; Mo 09:30 resolved A; "
        "Mo 09:40 replied A dan agent"
    )
    row = ticket(category="x", is_complaint=True)
    known = facts(tickets(row), events(t1=text), teams("A"), logged=TOLD)
    told = known.treated.select("agent_id", "minutes", "at_once", "at").collect().row(0)
    assert told == ("cat", 30, False, when("Mo 09:30"))


def test_of_a_summary_the_agent_is_its_own_and_how_often_was_answered_is_not_known():
    row = ticket(category="x", is_complaint=True, team_id="A", agent_id="ann", resolved_at=when("Mo 10:00"))
    known = facts(tickets(row), events(), teams("A"), logged=TOLD)
    assert known.treated.select("agent_id", "at_once", "team_id").collect().rows() == [("ann", None, "A")]


def naive(rows: list[tuple[str, str, str, date, int, bool]], block: int) -> dict[str, tuple[float, int]]:
    """The statistic of one block of four weeks, complaint by complaint in plain Python."""
    of = lambda day: ((day - date(1970, 1, 1)).days + 3) // 7 // 4  # noqa: E731
    known = defaultdict(list)
    for _, _, category, week, minutes, once in rows:
        if of(week) <= block:
            known[category].append((log1p(minutes), once))
    parts: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for team, agent, category, week, minutes, once in rows:
        seen = known[category]
        if of(week) != block or len(seen) < 20:
            continue
        mean = sum(y for y, _ in seen) / len(seen)
        spread = sqrt(sum((y - mean) ** 2 for y, _ in seen) / (len(seen) - 1))
        share = sum(o for _, o in seen) / len(seen)
        parts[team, "time"][agent].append((log1p(minutes) - mean) / spread)
        parts[team, "outcome"][agent].append((once - share) / sqrt(share * (1 - share)))
    found: dict[str, tuple[float, int]] = {}
    for (team, _), agents in parts.items():
        if len(agents) < 5:
            continue
        every = [off for offs in agents.values() for off in offs]
        middle = sum(every) / len(every)
        x = sum(len(offs) * (sum(offs) / len(offs) - middle) ** 2 for offs in agents.values())
        before = found.get(team, (0.0, 0))
        found[team] = (before[0] + x, before[1] + len(agents) - 1)
    return found


def test_it_is_what_going_through_the_complaints_one_by_one_gives():
    known = complaints(np.random.default_rng(6), 16, apart=0.5)
    treated = known.treated.select("team_id", "agent_id", "category", "at", "minutes", "at_once").collect()
    monday = pl.col("at").dt.truncate("1w").dt.date()
    rows = treated.select("team_id", "agent_id", "category", monday, "minutes", "at_once").rows()
    found = count(SIGN, known)
    assert found.height >= 6
    for team, week, x, n in found.select("team_id", "week", "x", "n").iter_rows():
        expected = naive(rows, ((week - date(1970, 1, 1)).days + 3) // 7 // 4)[team]
        assert (x, n) == (round(expected[0]), expected[1])


def test_a_rise_is_read_as_a_change_for_the_worse():
    rng = np.random.default_rng(8)
    blocks = [START.date() + timedelta(weeks=4 * k) for k in range(26)]
    rows = []
    for team in range(12):
        for number, week in enumerate(blocks):
            times = 2.5 if team == 3 and number >= 23 else 1.0
            rows.append((SIGN.key, f"t{team}", week, None, None, None, round(times * rng.chisquare(24)), 24))
    frame = pl.DataFrame(rows, schema=count(SIGN, complaints(rng, 4)).schema, orient="row")
    weeks = [START.date() + timedelta(weeks=k) for k in range(104)]
    found = read(panel(frame, weeks, {SIGN.key: "lower"}, how={SIGN.key: SIGN.how()}))
    assert found["status"].to_list() == ["signal" if team == "t3" else "no change" for team in found["team_id"]]
    row = found.filter(team_id="t3").row(0, named=True)
    assert row["direction"] == "worse"
    assert row["low"] < row["share"] < row["high"]
    assert row["expected"] == pytest.approx(1, abs=0.2)
    assert row["compared"] == "more than its mix explains"
