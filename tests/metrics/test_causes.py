"""What moved a sign: the split adds up, what is planted is named, an even spread is left alone."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.cause_groups import Group, groups_of, hours
from metrics.causes import cause_of, strata_of, without_people
from metrics.kitagawa import Counts, drawn, interval, split

CATEGORIES, CHANNELS = list("abcdef"), ["phone", "email", "chat"]


def world(seed: int, shift: float = 0.0, *, on: dict[str, Any] | None = None, odds: bool = False) -> pl.DataFrame:
    """2,500 tickets before and 400 after; in the tickets of `on` a share higher by so much that all rise by `shift`."""
    rng, n = np.random.default_rng(seed), 2900
    rows = pl.DataFrame(
        {
            "after": np.arange(n) >= 2500,
            "category": rng.choice(CATEGORIES, n, p=[0.3, 0.2, 0.2, 0.1, 0.1, 0.1]),
            "channel": rng.choice(CHANNELS, n, p=[0.5, 0.3, 0.2]),
            "priority": ["normal"] * n,
            "hour": rng.integers(8, 19, n).astype(np.int8),
            "newcomer": rng.random(n) < 0.25,
            "routed_from": rng.choice(["direct", "Desk"], n, p=[0.7, 0.3]),
        }
    )
    level = rows.select(-2 + 0.4 * (pl.col("category") == "a") + 0.3 * (pl.col("channel") == "email"))
    logit = level.to_series().to_numpy()
    after = rows["after"].to_numpy()
    if odds:
        chance = 1 / (1 + np.exp(-(logit + shift * after)))
    else:
        hit = (
            np.ones(n, dtype=bool) if on is None else np.all([(rows[k] == v).to_numpy() for k, v in on.items()], axis=0)
        )
        chance = 1 / (1 + np.exp(-logit)) + shift / hit.mean() * (hit & after)
    return rows.with_columns(counted=pl.Series(rng.random(n) < np.minimum(chance, 0.95)))


@given(
    st.lists(st.tuples(*[st.integers(0, 40)] * 4), min_size=1, max_size=6),
)
@settings(deadline=None, max_examples=60)
def test_mix_and_rate_add_up_to_the_change_as_counted_by_hand(groups: list[tuple[int, int, int, int]]) -> None:
    x0, m0, x1, m1 = (np.array(column, dtype=float) for column in zip(*groups, strict=True))
    of = Counts(x0, x0 + m0, x1, x1 + m1)
    parts = split(of)
    if not of.n0.sum() or not of.n1.sum():
        assert np.isnan(parts.change)
        return
    mix = rate = 0.0
    for a, n, b, k in zip(of.x0, of.n0, of.x1, of.n1, strict=True):  # Kitagawa 1955, term by term
        before, after = (a / n if n else b / k if k else 0.0), (b / k if k else a / n if n else 0.0)
        w0, w1 = n / of.n0.sum(), k / of.n1.sum()
        mix += (w1 - w0) * (before + after) / 2
        rate += (w0 + w1) / 2 * (after - before)
    assert parts.mix == pytest.approx(mix)
    assert parts.rate == pytest.approx(rate)
    assert parts.mix + parts.rate == pytest.approx(of.x1.sum() / of.n1.sum() - of.x0.sum() / of.n0.sum())


def test_other_tickets_alone_are_all_mix() -> None:
    before, after = np.array([800.0, 200.0]), np.array([100.0, 300.0])
    parts = split(Counts(before * [0.1, 0.5], before, after * [0.1, 0.5], after))
    assert (float(parts.mix), float(parts.rate)) == pytest.approx((0.22, 0.0))


def test_the_interval_of_the_rate_holds_the_truth_nineteen_times_of_twenty() -> None:
    rng, held = np.random.default_rng(7), 0
    n0, n1, p0, p1 = np.array([900, 600]), np.array([150, 250]), np.array([0.1, 0.2]), np.array([0.2, 0.3])
    truth = float(split(Counts(n0 * p0, n0 * 1.0, n1 * p1, n1 * 1.0)).rate)
    for _ in range(300):
        of = Counts(rng.binomial(n0, p0) * 1.0, n0 * 1.0, rng.binomial(n1, p1) * 1.0, n1 * 1.0)
        low, high = interval(split(drawn(of, draws=400)).rate)
        held += low <= truth <= high
    assert 0.91 <= held / 300 <= 0.98


@pytest.mark.parametrize(
    ("on", "named"),
    [
        ({"category": "b"}, ("category", "b")),
        ({"channel": "phone"}, ("channel", "phone")),
        ({"newcomer": True}, ("newcomers", "newcomers")),
        ({"routed_from": "Desk"}, ("routed_from", "Desk")),
    ],
)
def test_what_is_planted_in_one_group_is_named_first_with_all_of_the_change(
    on: dict[str, Any], named: tuple[str, str]
) -> None:
    first = cause_of(world(3, 0.12, on=on)).named[0]
    assert (first.dimension, first.value) == named
    assert first.share == pytest.approx(1, abs=0.4)
    assert first.low is not None
    assert first.low > 0.5


def test_two_kinds_of_tickets_at_once_are_both_named_and_never_count_a_ticket_twice() -> None:
    both = world(4, 0.07, on={"category": "b"})
    other = world(4, 0.07, on={"category": "c"})
    cause = cause_of(both.with_columns(counted=both["counted"] | (other["counted"] & (other["category"] == "c"))))
    assert {one.value for one in cause.named} == {"b", "c"}
    assert sum(one.share or 0 for one in cause.named) + (cause.evenly or 0) == pytest.approx(1)


@pytest.mark.parametrize("odds", [False, True])
def test_an_even_spread_is_called_one_in_nineteen_of_twenty(odds: bool) -> None:
    named = sum(bool(cause_of(world(seed, 0.8 if odds else 0.12, odds=odds)).named) for seed in range(100, 160))
    assert named <= 6


def test_a_change_for_the_better_is_looked_for_in_its_own_direction() -> None:
    worse = world(5, 0.15, on={"channel": "phone"})
    swapped = worse.with_columns(counted=~pl.col("counted"))
    assert [one.value for one in cause_of(swapped, direction="better").named] == ["phone"]
    assert cause_of(swapped, worse_is_up=False).named[0].value == "phone"


def test_too_few_tickets_say_why_and_nothing_else() -> None:
    cause = cause_of(world(1).filter(~pl.col("after") | (pl.int_range(pl.len()) < 2510)))
    assert cause.why == "too few tickets to say where the change lies"
    assert (cause.change, cause.named) == (None, ())


def test_thin_strata_stand_with_their_channel_then_their_category() -> None:
    big = [{"category": "a", "channel": "phone", "priority": p} for p in ("low", "high")] * 40
    rows = pl.DataFrame([*big, {"category": "a", "channel": "phone", "priority": "urgent"}]).with_columns(
        after=pl.int_range(pl.len()) % 3 == 0
    )
    label = strata_of(rows)
    assert len(set(label[:80])) == 2
    assert label[80] not in set(label[:80])


def test_fewer_than_five_newcomers_are_not_looked_at_and_agents_leave() -> None:
    rows = pl.DataFrame({"after": [True] * 9, "newcomer": [True] * 4 + [False] * 5, "agent_id": list("abcdefghi")})
    assert without_people(rows)["newcomer"].null_count() == 9
    assert "agent_id" not in without_people(rows).columns
    five = pl.concat([rows, pl.DataFrame({"after": [True], "newcomer": [True], "agent_id": ["z"]})])
    assert without_people(five)["newcomer"].null_count() == 0


def test_hours_are_told_as_people_say_them() -> None:
    assert [hours(0, 9), hours(9, 12), hours(15, 24)] == ["before 9:00", "9:00 to 12:00", "15:00 or later"]
    groups, members = groups_of(world(1).head(50))
    assert members[groups.index(Group("channel", "phone"))].sum() == (world(1).head(50)["channel"] == "phone").sum()
