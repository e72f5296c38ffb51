"""Of whom a sign is read: of teams, or of branches; what is read of a branch is shown at each of its teams."""

from collections.abc import Collection, Mapping

import polars as pl

from metrics.disclosure import WHY_STRATUM, withhold
from metrics.panel import How
from metrics.sign import Sign, counted_signs

NO_BRANCH = "this team belongs to no branch"
NOT_BY_TICKET = "it is not counted of tickets, so that it cannot be told by channel or category"


def of_branches() -> list[str]:
    """The keys of all that is read of branches."""
    return [key for key, sign in counted_signs().items() if sign.unit == "branch"]


def how_read(teams: pl.DataFrame) -> dict[str, How]:
    """How each sign is read, by key: see metrics.panel.How. `teams`: team_id, branch."""
    branches = tuple(teams["branch"].drop_nulls().unique().sort())
    return {key: sign.how(branches if sign.unit == "branch" else None) for key, sign in counted_signs().items()}


def unit_of(sign: Sign, teams: pl.DataFrame, team_id: str) -> str | None:
    """The name under which a team's reading is counted: its own, or its branch's; None where it has no branch."""
    if sign.unit == "team":
        return team_id
    found = teams.filter(pl.col("team_id") == team_id)["branch"].drop_nulls()
    return str(found[0]) if len(found) else None


def disclosed(
    readings: pl.DataFrame, heads: pl.DataFrame, teams: pl.DataFrame, missing: Mapping[str, str]
) -> pl.DataFrame:
    """Readings of teams and of branches -> readings of teams, each withheld by the people of its unit and its team.

    `heads`: team_id, people. `teams`: team_id, branch: those that are to have a row of every sign.
    """
    branch_signs = of_branches()
    branched = pl.col("sign").is_in(branch_signs)
    in_branch = heads.join(teams.select("team_id", "branch"), on="team_id").drop_nulls("branch")
    of_branch = in_branch.group_by(team_id="branch").agg(pl.col("people").sum())
    own = withhold(readings.filter(~branched), heads)
    shared = withhold(readings.filter(branched), of_branch)
    spread = _spread(shared, teams, branch_signs, missing).select(own.columns).cast(own.schema)
    # On the page of a team that is too small nothing is said at all, not even of its branch.
    return pl.concat([own, withhold(spread, heads)])


def without_strata(
    readings: pl.DataFrame, teams: pl.DataFrame, untold: Collection[str], branches: Collection[str]
) -> pl.DataFrame:
    """Readings of a channel or category, withheld of the units (`untold`) and `branches` of which it is not told.

    `teams`: team_id, branch. Rows stay in their order.
    """
    if not untold:
        return readings
    of_branch = teams.filter(pl.col("branch").is_in(list(branches)))["team_id"]
    branched = pl.col("sign").is_in(of_branches()) & pl.col("team_id").is_in(of_branch.implode())
    hidden = (pl.col("team_id").is_in(list(untold)) | branched) & (pl.col("status") != "not measured")
    placed = readings.with_row_index("_place")
    nobody = pl.DataFrame(schema={"team_id": pl.String, "people": pl.Int64})
    both = [placed.filter(~hidden), withhold(placed.filter(hidden), nobody, WHY_STRATUM)]
    return pl.concat(both).sort("_place").drop("_place")


def _spread(readings: pl.DataFrame, teams: pl.DataFrame, signs: list[str], missing: Mapping[str, str]) -> pl.DataFrame:
    """One row a team and sign; a team without a branch, or of a sign that is not measured, has none and is told why."""
    measure = {key: counted_signs()[key].measure for key in signs}
    wanted = teams.select("team_id", "branch").join(
        pl.DataFrame({"sign": signs}, schema={"sign": pl.String}), how="cross"
    )
    told = readings.rename({"team_id": "branch"})
    why = pl.col("sign").replace_strict(dict(missing), default=NO_BRANCH, return_dtype=pl.String)
    return wanted.join(told, on=["sign", "branch"], how="left", maintain_order="left").with_columns(
        pl.col("measure").fill_null(pl.col("sign").replace_strict(measure, return_dtype=pl.String)),
        pl.when(pl.col("status").is_null()).then(why).otherwise("why").alias("why"),
        pl.col("status").fill_null("not measured"),
        pl.col("trial").fill_null(False),
        pl.col("baseline_weeks").fill_null(0),
    )
