"""What is planted in the whole sample shows in the shares that the signs count, and nowhere else."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from data.sample.company import Sample, make
from tests.data.sample_shares import share_between, shares, simple_categories

YEAR = (date(2024, 10, 28), date(2025, 12, 8))  # nothing is planted before
MATURE = date(2026, 9, 28)

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("sample")]


@pytest.fixture(scope="module")
def sample() -> Sample:
    return make(seed=1)


@pytest.fixture(scope="module")
def counts(sample: Sample) -> pl.DataFrame:
    return shares(sample.tables)


def _span(sample: Sample, trouble: dict[str, Any]) -> tuple[date, date]:
    """From the onset until it is over, or until somebody does something about it."""
    acted = [
        date.fromisoformat(a["starts_on"])
        for a in sample.planted["actions"]
        if (a["team_id"], a["sign"]) == (trouble["team"], trouble["sign"])
    ]
    onset = date.fromisoformat(trouble["onset"])
    over = [date.fromisoformat(trouble["until"])] if trouble["until"] else []
    return onset, min([MATURE, *over, *(a for a in acted if a > onset)])


def test_it_is_as_large_as_it_is_said_to_be(sample: Sample) -> None:
    assert 285_000 <= sample.tables["tickets"].height <= 315_000
    assert 1_450_000 <= sample.tables["events"].height <= 1_800_000


def test_several_categories_are_simple_and_several_are_not(sample: Sample) -> None:
    found = simple_categories(sample.tables)
    assert (found["n"] >= 200).all()
    simple = (pl.col("one_touch") >= 0.6) & (pl.col("median") <= 9 * 60)
    assert found.filter(simple).height >= 6
    assert found.filter(~simple).height >= 6
    # Quick but not settled at once; settled at once but not quick.
    assert found.filter(pl.col("one_touch") < 0.6, pl.col("median") <= 9 * 60)["category"].to_list() == [
        "Quote request"
    ]
    assert found.filter(pl.col("one_touch") >= 0.6, pl.col("median") > 9 * 60)["category"].to_list() == [
        "Number transfer"
    ]


def test_base_rates_are_sane(counts: pl.DataFrame) -> None:
    early = counts.filter(pl.col("week") < YEAR[1]).group_by("sign").agg(share=pl.col("x").sum() / pl.col("n").sum())
    share = dict(early.iter_rows())
    assert 0.15 < share["slow_simple"] < 0.21
    assert 0.06 < share["small_complaints"] < 0.11
    assert 0.06 < share["buck_passing"] < 0.12
    assert 0.08 < share["repeat_complaints"] < 0.13


def test_fifteen_teams_have_sixty_simple_tickets_a_week(counts: pl.DataFrame) -> None:
    weekly = counts.filter(sign="slow_simple").group_by("team_id").agg(pl.col("n").sum() / 104)
    assert weekly.filter(pl.col("n") >= 60).height >= 15


def test_every_planted_trouble_shows_at_about_its_size(sample: Sample, counts: pl.DataFrame) -> None:
    seen = 0
    for trouble in (t for t in sample.planted["troubles"] if not (t["outage"] or t["too_small_to_see"])):
        sign, team = trouble["sign"], trouble["team"]
        before, _ = share_between(counts, sign, team, *YEAR)
        after, weekly = share_between(counts, sign, team, *_span(sample, trouble))
        # Beside chance (three standard errors of so few weeks), seasons and load leave some points of play.
        chance = 3 * 100 * (0.25 * 0.75 / (weekly * 8)) ** 0.5
        assert abs(after - before - trouble["points"]) < 2.5 + chance, (trouble, before, after)
        assert abs(after - before) > 0.5 * abs(trouble["points"])
        seen += 1
    assert seen == 13


def test_the_tiny_team_is_too_small_to_tell(sample: Sample, counts: pl.DataFrame) -> None:
    [trouble] = [t for t in sample.planted["troubles"] if t["too_small_to_see"]]
    _, weekly = share_between(counts, trouble["sign"], trouble["team"], *_span(sample, trouble))
    assert weekly < 10


def test_the_outage_moves_many_teams_for_one_week(sample: Sample, counts: pl.DataFrame) -> None:
    hit = [t for t in sample.planted["troubles"] if t["outage"]]
    teams = pl.col("team_id").is_in([t["team"] for t in hit])
    onset = date.fromisoformat(hit[0]["onset"])
    slow = counts.filter(pl.col("sign") == "slow_simple", teams)

    def share(week: date) -> tuple[float, int]:
        rows = slow.filter(pl.col("week") == week)
        return 100 * rows["x"].sum() / rows["n"].sum(), rows["n"].sum()

    before, during, after = (share(onset + timedelta(weeks=w)) for w in (-1, 0, 1))
    assert during[0] > before[0] + 8
    assert during[1] > 1.4 * before[1]
    assert abs(after[0] - before[0]) < 5


def test_teams_without_a_planted_change_stay_as_they_are(sample: Sample, counts: pl.DataFrame) -> None:
    moved = {(t["sign"], t["team"]) for t in sample.planted["troubles"] if not t["outage"]}
    moved |= {(a["sign"], a["team_id"]) for a in sample.planted["actions"]}
    moved |= {(sign, game["team"]) for game in sample.planted["gaming"] for sign in game["moves"]}
    last = (date(2026, 1, 5), MATURE)
    shifts = []
    for sign, team in counts.select("sign", "team_id").unique().sort("sign", "team_id").iter_rows():
        if (sign, team) in moved or counts.filter(sign=sign, team_id=team)["n"].sum() < 104 * 60:
            continue
        shifts.append(share_between(counts, sign, team, *last)[0] - share_between(counts, sign, team, *YEAR)[0])
    assert len(shifts) > 60
    assert abs(pl.Series(shifts).mean()) < 1.0  # type: ignore[operator]
    assert max(abs(s) for s in shifts) < 6
