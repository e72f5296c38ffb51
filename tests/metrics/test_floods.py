"""A flood is a week in which far more tickets came than usual, of all kinds or of one."""

from datetime import date, timedelta
from statistics import median

import numpy as np
import polars as pl
from polars.testing import assert_frame_equal

from metrics.floods import AROUND, FOUND, floods

MONDAY = date(2026, 1, 5)


def opened(**tickets: list[int | None]) -> pl.DataFrame:
    """Tickets by week from 5 January 2026; None: no row for that week."""
    rows = [
        (MONDAY + timedelta(weeks=week), category, count)
        for category, counts in tickets.items()
        for week, count in enumerate(counts)
        if count is not None
    ]
    return pl.DataFrame(rows, schema={"week": pl.Date, "category": pl.String, "tickets": pl.UInt32}, orient="row")


def told(*rows: tuple[int, str | None, int, float]) -> pl.DataFrame:
    weeks = [(MONDAY + timedelta(weeks=week), *rest) for week, *rest in rows]
    return pl.DataFrame(weeks, schema=FOUND, orient="row")


def test_a_week_of_three_times_the_tickets_is_a_flood_of_its_category_and_of_all():
    calm, wave = [100] * 30, [100] * 30
    wave[20] = 300
    expected = told((20, None, 400, 200.0), (20, "wave", 300, 100.0))
    assert_frame_equal(floods(opened(calm=calm, wave=wave)), expected)


def test_a_flood_of_a_small_category_is_told_though_the_company_does_not_feel_it():
    small = [30] * 30
    small[10] = 90
    assert_frame_equal(floods(opened(calm=[5000] * 30, small=small)), told((10, "small", 90, 30.0)))


def test_what_chance_alone_brings_is_no_flood_nor_is_a_handful():
    rng = np.random.default_rng(1)
    calm = {f"c{place}": rng.poisson(160, 104).tolist() for place in range(20)}
    rare = [1] * 30
    rare[7] = 19
    assert floods(opened(**calm, rare=rare)).is_empty()


def test_a_lasting_rise_and_a_growing_company_are_no_floods():
    assert floods(opened(risen=[100] * 30 + [220] * 30, growing=[100 + 5 * week for week in range(60)])).is_empty()


def test_weeks_without_a_ticket_count_as_none():
    gaps: list[int | None] = [5, None, None, 5, None, None, None, 40, None, None, 5, None, None, 5]
    assert_frame_equal(floods(opened(gaps=gaps)), told((7, None, 40, 0.0), (7, "gaps", 40, 0.0)))


def test_of_too_few_weeks_nothing_is_usual():
    assert floods(opened(new=[10, 10, 10, 500, 10, 10, 10, 10])).is_empty()
    assert floods(opened()).is_empty()


def test_usual_and_spread_are_what_plain_python_finds():
    rng = np.random.default_rng(4)
    counts = rng.negative_binomial(3, 0.03, 80).tolist()
    around = [counts[max(0, week - AROUND // 2) : week + AROUND // 2 + 1] for week in range(80)]
    usual = [median(near) if len(near) >= 9 else None for near in around]
    off = [None if u is None else abs(c - u) for c, u in zip(counts, usual, strict=True)]
    near_off = [[v for v in off[max(0, w - AROUND // 2) : w + AROUND // 2 + 1] if v is not None] for w in range(80)]
    spread = [1.4826 * median(near) if len(near) >= 9 else None for near in near_off]
    wanted = [
        (week, counts[week], usual[week])
        for week in range(80)
        if usual[week] is not None and spread[week] is not None and counts[week] >= 20
        if counts[week] >= 1.5 * usual[week]
        if counts[week] - usual[week] >= 5 * max(spread[week], usual[week] ** 0.5, 1)
    ]
    found = floods(opened(one=counts)).filter(category="one")
    assert wanted
    assert [
        ((w - MONDAY).days // 7, n, u) for w, n, u in found.select("week", "tickets", "usual").iter_rows()
    ] == wanted


def test_tickets_without_a_week_or_a_category_are_no_trouble():
    rows = opened(one=[100] * 30).vstack(
        pl.DataFrame({"week": [None, MONDAY], "category": ["one", None], "tickets": [9, 9]}, schema=opened().schema)
    )
    assert floods(rows).is_empty()
