"""Case mix: how many would be counted of these tickets if this team did as all teams did over the reference window?

Question asked: does a team look worse because it gets harder tickets? Indirect standardisation: each stratum
(category x channel x priority) has a reference rate, all teams pooled; a team's expected count is the sum of its own
tickets times those rates. A thin stratum leans on the one above it (without priority, then without channel, then
without category: the sign's overall rate) as if it had `weight` more tickets at that rate; one of under 20 tickets
leans on what a logistic model of the three says of it instead (metrics.thin). One never seen takes over whole what it
would lean on.

Shapes: counts are frames sign, category, channel, priority, x, n (other columns stay). Units: tickets; rates in [0, 1].
Errors: a sign with no tickets in the reference window has no rates (null), and nothing is expected of it.
Source: indirect standardisation (Breslow & Day 1987); z = (O - E) / sqrt(sum n p (1 - p)).
"""

from collections.abc import Mapping

import polars as pl

from metrics.measure import Key, variance_of
from metrics.thin import with_model

STRATUM = ("category", "channel", "priority")
LEVELS = (("sign",), ("sign", "category"), ("sign", "category", "channel"), ("sign", *STRATUM))
WEIGHT = 20.0


def reference_rates(counts: pl.DataFrame, weight: float = WEIGHT) -> list[pl.DataFrame]:
    """Rates of the reference window (all teams), one frame a level of LEVELS, from the overall rate to the strata.

    Each has the level's columns and `rate`. With `weight` 0 each stratum stands on its own tickets alone.
    """
    seen = counts.group_by(LEVELS[-1]).agg(pl.col("x", "n").sum()).filter(pl.col("n") > 0).sort(LEVELS[-1])
    rates: list[pl.DataFrame] = []
    for depth, level in enumerate(LEVELS):
        here = seen.group_by(level, maintain_order=True).agg(pl.col("x", "n").sum())  # in the same order each time
        own = pl.col("x") / pl.col("n")
        if depth:
            above = rates[-1].rename({"rate": "parent"})
            here = here.join(above, on=LEVELS[depth - 1], how="left", nulls_equal=True, maintain_order="left")
            if level == LEVELS[-1] and weight > 0:
                here = with_model(here)
            own = (pl.col("x") + weight * pl.col("parent")) / (pl.col("n") + weight)
        rates.append(here.select(*level, own.alias("rate")))
    return rates


def with_expected(
    counts: pl.DataFrame,
    rates: list[pl.DataFrame],
    measures: Mapping[str, Key] | None = None,
    season: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """`counts` with `expected` (events) and `variance` (events squared); null where the sign has no reference.

    A stratum that the reference window never saw takes the rate of the nearest level above that it saw. `measures`:
    by sign; those that are not named are shares. `season` (metrics.season.factors) multiplies the rates of its weeks.
    """
    found = counts.join(rates[-1], on=LEVELS[-1], how="left", nulls_equal=True, maintain_order="left")
    for level, above in zip(LEVELS[-2::-1], rates[-2::-1], strict=True):
        if not found["rate"].null_count():
            break
        parents = above.rename({"rate": "parent"})
        found = found.join(parents, on=level, how="left", nulls_equal=True, maintain_order="left")
        found = found.with_columns(pl.coalesce("rate", "parent").alias("rate")).drop("parent")
    if season is not None and season.height:
        keyed = season.with_columns(pl.col("sign").cast(found.schema["sign"]))
        found = found.join(keyed, on=["sign", "team_id", "week"], how="left", maintain_order="left")
        moved = pl.col("rate") * pl.col("factor").fill_null(1.0)
        rated = [name for name, key in (measures or {}).items() if key != "share"]
        shares = ~pl.col("sign").cast(pl.String).is_in(rated)
        found = found.with_columns(rate=pl.when(shares).then(pl.min_horizontal(moved, 0.999)).otherwise(moved))
        found = found.drop("factor")
    rate, n = pl.col("rate"), pl.col("n")
    variance = variance_of(n, rate, measures or {})
    return found.with_columns((n * rate).alias("expected"), variance.alias("variance")).drop("rate")
