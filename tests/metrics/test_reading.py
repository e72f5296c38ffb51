from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from metrics.panel import panel
from metrics.reading import Reading, read
from metrics.series import series
from tests.metrics.weekly import START, calendar, counts

LOWER = {"s": "lower"}


def steady(teams: int = 6, weeks: int = 70, n: int = 60, share: float = 0.15, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).binomial(n, share, (teams, weeks))


def readings(x, n=60, better=LOWER, weeks=None, week=None, missing=None, **more) -> pl.DataFrame:
    frame = x if isinstance(x, pl.DataFrame) else counts(x, n)
    weeks = weeks or calendar(70 if isinstance(x, pl.DataFrame) else np.shape(x)[1])
    return read(panel(frame, weeks, better, **more), week, missing=missing)


def test_a_team_that_got_worse_is_a_signal_since_about_then_and_the_others_are_calm():
    x = steady()
    x[2, 64:] += 12
    found = readings(x)
    assert found["status"].to_list() == ["no change"] * 2 + ["signal"] + ["no change"] * 3
    row = found.row(2, named=True)
    assert row["direction"] == "worse"
    assert abs((row["since"] - calendar(70)[64]).days) <= 21
    assert (row["x"], row["n"]) == (int(x[2, -4:].sum()), 240)
    assert row["low"] < row["share"] < row["high"]
    assert row["expected"] == pytest.approx(0.15, abs=0.03)
    assert row["compared"] == "more than its mix explains"
    assert row["q"] <= 0.1
    assert row["why"] is None
    assert row["baseline_weeks"] == 52


def test_where_higher_is_better_the_same_rise_is_good_news():
    x = steady()
    x[2, 64:] += 12
    assert readings(x, better={"s": "higher"}).row(2, named=True)["direction"] == "better"


def test_a_team_that_came_back_is_calm_again():
    x = steady(weeks=80)
    x[2, 60:66] += 12
    assert readings(x).row(2, named=True)["status"] == "no change"


def test_a_whole_company_that_moved_has_changed_but_no_team_can_be_told_apart():
    x = steady(teams=12)
    x[:, 60:] += 15
    found = readings(x)
    assert set(found["status"]) == {"signal"}
    assert (found["compared"] == "cannot be told apart").sum() >= 10


def test_a_team_that_always_differed_has_not_changed_but_is_told_apart():
    x = steady(teams=20)
    x[3] = np.random.default_rng(2).binomial(60, 0.4, 70)
    row = readings(x).row(3, named=True)
    assert (row["status"], row["compared"]) == ("no change", "more than its mix explains")
    assert row["mix_expected"] < 0.2 < row["expected"]


@pytest.mark.parametrize(("x", "share"), [(0, 0.0), (60, 1.0)])
def test_all_zeros_and_all_ones_are_no_change(x, share):
    found = readings(np.full((4, 70), x))
    assert found["status"].to_list() == ["no change"] * 4
    assert found["share"].to_list() == [share] * 4
    assert found["p"].is_not_null().all()


def test_after_years_of_nothing_a_few_are_a_signal():
    x = np.zeros((4, 80), dtype=int)
    x[1, 77:] = 3
    found = readings(x)
    assert found["status"].to_list() == ["no change", "signal", "no change", "no change"]


def test_one_team_alone_is_judged_but_not_compared():
    found = readings(steady(teams=1))
    assert found["status"].to_list() == ["no change"]
    assert found["compared"].to_list() == [None]


def test_one_week_is_too_few_and_says_when_there_is_enough():
    row = readings(steady(teams=3, weeks=1)).row(0, named=True)
    assert (row["status"], row["why"]) == ("too few to say", "only 0 earlier weeks to compare with; it takes 8")
    assert row["enough_on"] == START + timedelta(weeks=9)
    assert (row["p"], row["q"]) == (None, None)


def test_a_short_history_is_on_trial_and_a_shorter_one_only_compared():
    trial, short = readings(steady(weeks=14)), readings(steady(weeks=9, n=200), 200)
    assert trial["trial"].all()
    assert trial["baseline_weeks"].to_list() == [10] * 6
    assert short["status"].to_list() == ["too few to say"] * 6
    assert short["compared"].null_count() == 0


def test_a_small_team_has_too_few_and_no_date_where_it_never_would():
    row = readings(steady(n=2), 2).row(0, named=True)
    assert (row["status"], row["enough_on"]) == ("too few to say", None)
    assert row["why"] == "only 8 such tickets in the last four weeks; it takes 10"


def test_a_team_without_such_tickets_is_not_measured_and_one_that_ended_has_too_few():
    n = np.full((3, 70), 60)
    n[1, 50:] = 0
    x = np.minimum(steady(3), n)
    found = readings(counts(x, n), teams=["t00", "t01", "t02", "none"])
    by_team = {row["team_id"]: row for row in found.iter_rows(named=True)}
    assert (by_team["none"]["status"], by_team["none"]["why"]) == ("not measured", "this team has had no such tickets")
    assert by_team["t01"]["why"] == "no such tickets in the last four weeks"
    assert (by_team["t01"]["share"], by_team["t01"]["x"]) == (None, 0)
    assert by_team["t00"]["status"] == "no change"


def test_a_team_that_begins_late_is_judged_by_its_own_weeks():
    n = np.full((3, 70), 60)
    n[1, :50] = 0
    found = readings(counts(np.minimum(steady(3), n), n))
    assert found["baseline_weeks"].to_list() == [52, 16, 52]
    assert found["status"].to_list() == ["no change"] * 3


def test_gaps_of_weeks_and_rows_out_of_order_change_nothing_else():
    n = np.full((3, 70), 60)
    n[:, 20:24] = 0
    frame = counts(np.minimum(steady(3), n), n)
    assert_frame_equal(readings(frame), readings(frame.sample(fraction=1, shuffle=True, seed=3)))
    assert readings(frame)["status"].to_list() == ["no change"] * 3


def test_a_sign_that_lacks_its_data_says_which():
    found = readings(steady(), missing={"s": "it needs who complained (tickets.is_complaint)"})
    assert set(found["status"]) == {"not measured"}
    assert set(found["why"]) == {"it needs who complained (tickets.is_complaint)"}
    assert found["share"].null_count() == len(found)


def test_a_week_that_has_not_matured_says_when_and_takes_no_part():
    x, weeks = steady(), calendar(70)
    x[2, 68:] = 60
    at = [datetime(w.year, w.month, w.day, tzinfo=UTC) + timedelta(days=21) for w in weeks]
    maturity = pl.DataFrame({"sign": ["s"] * 70, "week": weeks, "matures_at": at})
    horizon = datetime(2025, 5, 5, tzinfo=UTC)  # the last week ends here; the last two have not matured
    found = readings(x, maturity=maturity, horizon=horizon)
    assert set(found["week"]) == {weeks[67]}
    assert found["status"].to_list() == ["no change"] * 6
    asked = readings(x, maturity=maturity, horizon=horizon, week=weeks[69])
    assert set(asked["status"]) == {"not matured"}
    assert set(asked["matures_on"]) == {at[69].date()}
    shown = series(panel(counts(x, 60), weeks, LOWER, maturity=maturity, horizon=horizon), "s", "t02")
    assert shown["mature"].to_list() == [True] * 68 + [False] * 2
    assert shown["share"][-1] == 1.0
    assert shown["upper"][-1] is None


def test_what_is_read_of_a_week_does_not_depend_on_later_ones():
    x = steady(weeks=90)
    x[4, 70:] += 20
    weeks = calendar(90)
    full, cut = counts(x, 60), counts(x[:, :66], 60)
    for week in (weeks[30], weeks[65]):
        assert_frame_equal(read(panel(full, weeks, LOWER, until=week)), read(panel(cut, weeks[:66], LOWER, until=week)))


def test_an_acknowledged_change_is_the_new_baseline():
    x = steady(weeks=100)
    x[2, 60:] += 12
    rebased = pl.DataFrame({"sign": ["s"], "team_id": ["t02"], "week": [calendar(100)[62]]})
    before, after = readings(x), readings(x, rebased=rebased)
    assert before["status"][2] == "signal"
    assert (after["status"][2], after["baseline_weeks"][2]) == ("no change", 26)
    assert_frame_equal(
        before.filter(pl.col("team_id") != "t02").drop("q"), after.filter(pl.col("team_id") != "t02").drop("q")
    )


def test_harder_tickets_are_no_signal_where_the_mix_explains_them():
    rng = np.random.default_rng(5)
    hard = np.full((8, 80), 20)
    hard[0, 60:] = 48
    easy = 60 - hard
    frame = pl.concat(
        [
            counts(rng.binomial(hard, 0.4), hard, category="hard"),
            counts(rng.binomial(easy, 0.05), easy, category="easy"),
        ]
    )
    found = readings(frame, weeks=calendar(80))
    assert found["status"].to_list() == ["no change"] * 8
    assert found["mix_expected"][0] > 0.28


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="impossible counts"):
        readings(np.full((1, 3), 61))


def test_nothing_at_all_is_an_empty_frame():
    assert_frame_equal(read(panel(counts([[0]], 0), [], LOWER)), Reading.create_empty())
    assert len(read(panel(counts([[0]], 0), calendar(3), LOWER))) == 0


def test_a_week_outside_the_data_is_not_measured():
    assert set(readings(steady(), week=date(2020, 1, 6))["why"]) == {"that week is not in the data"}


def test_the_series_shows_limits_that_the_weeks_of_a_steady_team_keep():
    shown = series(panel(counts(steady(), 60), calendar(70), LOWER), "s", "t03")
    assert shown["outside"].sum() <= 1
    assert (shown["lower"] <= shown["centre"]).all()
    assert (shown["centre"] <= shown["upper"]).all()
    assert shown["baseline"].sum() == 52


def test_limits_of_rare_things_are_exact():
    x = np.zeros((3, 70), dtype=int)
    x[:, ::10] = 1
    shown = series(panel(counts(x, 30), calendar(70), LOWER), "s", "t00")
    assert not shown["outside"].any()
    assert shown["upper"][5] == pytest.approx(2 / 30)  # three spreads would have called two of thirty


def test_a_series_of_nobody_is_a_key_error():
    with pytest.raises(KeyError, match="no series"):
        series(panel(counts(steady(), 60), calendar(70), LOWER), "s", "who")


@settings(deadline=None, max_examples=40)
@given(
    st.integers(1, 5).flatmap(
        lambda teams: st.lists(
            st.lists(
                st.sampled_from([(0, 0), (0, 1), (1, 1), (0, 12), (5, 12), (12, 12), (400, 900), (0, 9000)]),
                min_size=teams,
                max_size=teams,
            ),
            min_size=1,
            max_size=70,
        )
    )
)
def test_whatever_the_counts_there_is_an_answer_or_a_reason(weeks):
    x, n = (np.array([[pair[part] for pair in week] for week in weeks]).T for part in (0, 1))
    frame, days = counts(x, n), calendar(len(weeks))
    laid = panel(frame, days, {"s": "lower", "empty": "higher"})
    found = read(laid)
    judged = pl.col("status").is_in(["signal", "no change"])
    assert found.filter(judged)["p"].null_count() == 0
    assert found.filter(judged)["why"].null_count() == found.filter(judged).height
    assert found.filter(~judged)["why"].null_count() == 0
    assert found.filter(~judged)["p"].null_count() == found.filter(~judged).height
    for team in frame["team_id"].unique():
        assert len(series(laid, "s", team)) == len(days)


def test_the_sum_of_parts_reads_as_the_whole():
    """Counts are additive: rows may come in as many pieces as there are partitions."""
    x, first = steady(), steady(n=60, share=0.05, seed=2)
    whole = counts(x + first, 120)
    assert_frame_equal(readings(pl.concat([counts(x, 60), counts(first, 60)])), readings(whole))
