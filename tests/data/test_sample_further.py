"""What is planted of the six further signs shows in what they count, at about its size, and nowhere else."""

import json
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from data.sample.company import Sample, make
from data.sample.further import TURNS
from metrics import standards
from metrics.clocks import clocks_of
from metrics.counts import count
from metrics.facts import facts
from metrics.sign import counted_signs

SIX = {turn.sign.split(".")[0] for turn in TURNS}
FIRST_YEAR = date(2025, 10, 20)


def test_each_further_sign_has_a_planted_change_with_its_place_and_cause() -> None:
    sample = make(seed=3, scale=0.02)
    further = sample.planted["further"]
    assert json.loads(json.dumps(further)) == further
    assert len(SIX) == 6
    assert {one["sign"] for one in further} == {turn.sign for turn in TURNS}
    assert {one["sign"] for one in further} <= set(counted_signs())
    teams, branches = set(sample.tables["teams"]["team_id"]), set(sample.tables["teams"]["branch"])
    for one in further:
        assert (one["team"] in teams) != (one["branch"] in branches)
        assert one["cause"]
        assert one["unit"]
        assert FIRST_YEAR < date.fromisoformat(one["onset"]) < date(2026, 9, 1)
    befallen = [one["team"] for one in further if one["team"]]
    assert len(befallen) == len(set(befallen))


@pytest.fixture(scope="module")
def sample() -> Sample:
    return make(seed=1)


@pytest.fixture(scope="module")
def counts(sample: Sample) -> pl.DataFrame:
    """By sign, unit and week, as the product counts them."""
    of = sample.tables
    log = (of["tickets"], of["events"], of["teams"], of["absences"])
    derived = standards.derive(facts(*log).tickets, clocks_of(of["teams"]))
    more = {name: of[name] for name in ("customers", "orders", "surveys")}
    known = facts(*log, derived, **more)
    keys = sorted({turn.sign for turn in TURNS} | {"staff_discontent.pipeline"})
    every = pl.concat([count(counted_signs()[key], known) for key in keys])
    return every.group_by("sign", "team_id", "week").agg(pl.col("x", "n").sum())


def level(counts: pl.DataFrame, sign: str, unit: str, since: date, until: date) -> float:
    rows = counts.filter(pl.col("sign") == sign, pl.col("team_id") == unit, pl.col("week").is_between(since, until))
    return float(rows["x"].sum() / rows["n"].sum())


def around(sample: Sample, counts: pl.DataFrame, one: dict[str, Any]) -> tuple[float, float]:
    """The level in the first year, and from the onset on as far as it has matured."""
    unit, onset = one["team"] or one["branch"], date.fromisoformat(one["onset"])
    matures = counted_signs()[one["sign"]].matures
    assert isinstance(matures, timedelta)
    last = date.fromisoformat(sample.planted["last_day"]) - matures - timedelta(days=7)
    return (
        level(counts, one["sign"], unit, date(2024, 10, 21), FIRST_YEAR),
        level(counts, one["sign"], unit, onset + timedelta(days=7), last),
    )


@pytest.mark.slow
@pytest.mark.xdist_group("sample")
def test_every_planted_change_shows_at_about_its_size(sample: Sample, counts: pl.DataFrame) -> None:
    for one in sample.planted["further"]:
        before, after = around(sample, counts, one)
        said = (one["sign"], before, after)
        if one["sign"] == "late_escalation":
            assert (1 - after) / (1 - before) == pytest.approx(1 - one["size"], abs=0.2), said
        elif one["sign"] == "lost_customers":
            assert after - before == pytest.approx(one["size"], abs=0.035), said
        elif one["sign"] in ("repeat_business", "repeat_business.referral", "new_accounts"):
            assert after / before == pytest.approx(1 - one["size"], abs=0.2), said
        elif one["sign"] == "staff_discontent":
            assert after - before > 0.2, said
        else:
            assert after / before > 1.5, said


@pytest.mark.slow
@pytest.mark.xdist_group("sample")
def test_other_teams_and_branches_stay_as_they_are(sample: Sample, counts: pl.DataFrame) -> None:
    befallen = {(one["sign"], one["team"] or one["branch"]) for one in sample.planted["further"]}
    for sign in ("late_escalation", "lost_customers", "repeat_business", "uneven_treatment"):
        units = (
            counts.filter(pl.col("sign") == sign).group_by("team_id").agg(pl.col("n").sum()).filter(pl.col("n") > 300)
        )
        others = [unit for unit in units["team_id"] if (sign, unit) not in befallen]
        shifts = [
            level(counts, sign, unit, date(2026, 1, 12), date(2026, 7, 6))
            - level(counts, sign, unit, date(2025, 1, 13), date(2025, 7, 7))
            for unit in others
        ]
        spread = 0.15 if sign == "uneven_treatment" else 0.02
        assert abs(sum(shifts) / len(shifts)) < spread, sign


@pytest.mark.slow
@pytest.mark.xdist_group("sample")
def test_of_the_two_sales_teams_that_are_disheartened_one_has_an_empty_pipeline(
    sample: Sample, counts: pl.DataFrame
) -> None:
    dry, full = (one["team"] for one in sample.planted["further"] if one["sign"] == "staff_discontent")
    for team, least, most in ((dry, 0.2, 0.75), (full, 0.8, 1.25)):
        before = level(counts, "staff_discontent.pipeline", team, date(2025, 1, 20), FIRST_YEAR)
        after = level(counts, "staff_discontent.pipeline", team, date(2026, 9, 7), date(2026, 10, 5))
        assert least < after / before < most, team
