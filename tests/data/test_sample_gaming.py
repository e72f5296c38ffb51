"""The planted games are noticed in their teams, and in no steady one."""

from datetime import date, timedelta

import polars as pl

from data.sample.company import make
from metrics import pressure
from metrics.facts import facts


def test_the_planted_games_are_noticed_where_they_are() -> None:
    sample = make(seed=1, scale=0.2)
    tables, games = sample.tables, sample.planted["gaming"]
    known = facts(tables["tickets"], tables["events"], tables["teams"], tables["absences"])
    begin, end = (date.fromisoformat(sample.planted[name]) for name in ("first_day", "last_day"))
    weeks = [begin + timedelta(weeks=k) for k in range((end - begin).days // 7)]
    found = pressure.noticed(pressure.ways(known, tables["events"].lazy()), weeks)
    called = set(found.filter(status="signal", direction="worse").select("sign", "team_id").rows())
    assert {(one["way"], one["team"]) for one in games} <= called
    of_games = pl.col("sign").is_in([one["way"] for one in games])
    assert len(found.filter(of_games, pl.col("status") == "signal")) <= len(games) + 1
