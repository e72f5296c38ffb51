"""The four signs counted from the sample's tables in the plainest way: no facts, no clock, no partitions.

Rough on purpose. Time is told by a nine-hour weekday where the product asks each team's calendar, and standards are
the pooled 80th percentile of the first year; it is close enough to see a planted shift of some points, and it shares
no code with what it checks.
"""

from datetime import date, timedelta

import polars as pl

from metrics.frames import CONTRACT

Tables = dict[str, pl.DataFrame]
ROUTING_SECONDS = 30 * 60
TOP_OF_A_DAY = 9 * 3600


def shares(tables: Tables) -> pl.DataFrame:
    """sign, team_id, week, x, n: summed over strata."""
    missing = set(CONTRACT) - set(tables)
    assert not missing, missing
    resolves = _resolves(tables)
    frames = {
        "slow_simple": _slow(tables, resolves),
        "small_complaints": _complaints(tables, resolves),
        "buck_passing": _passed(tables, resolves),
        "repeat_complaints": _repeats(tables, resolves),
    }
    return pl.concat(
        f.with_columns(week=pl.col("at").dt.date().dt.truncate("1w")).unique(
            ["ticket_id", "team_id", "week"], keep="any"
        )
        if sign == "never"
        else f.with_columns(week=pl.col("at").dt.date().dt.truncate("1w"))
        .group_by("ticket_id", "team_id", "week")
        .agg(pl.col("counted").any())
        .group_by("team_id", "week")
        .agg(x=pl.col("counted").sum(), n=pl.len())
        .select(pl.lit(sign).alias("sign"), "team_id", "week", "x", "n")
        for sign, f in frames.items()
    )


def share_between(counts: pl.DataFrame, sign: str, team: str, since: date, until: date) -> tuple[float, float]:
    """The share in percent, and tickets a week, of a team over the weeks from `since` to before `until`."""
    rows = counts.filter(sign=sign, team_id=team).filter(pl.col("week").is_between(since, until - timedelta(days=1)))
    n = rows["n"].sum()
    return 100 * rows["x"].sum() / n, n / max(rows["week"].n_unique(), 1)


def simple_categories(tables: Tables) -> pl.DataFrame:
    """category, one_touch, median working seconds, n; by the definition, over the first year."""
    first = tables["tickets"]["opened_at"].min()
    touched = (
        tables["events"]
        .group_by("ticket_id")
        .agg(
            replies=((pl.col("kind") == "replied") & (pl.col("actor") == "agent")).sum(),
            stopped=pl.col("kind").is_in(["on_hold", "reopened"]).any(),
            resolved=pl.col("at").filter(pl.col("kind") == "resolved").max(),
        )
    )
    return (
        tables["tickets"]
        .filter(pl.col("opened_at") < first + timedelta(weeks=52))
        .join(touched, on="ticket_id")
        .with_columns(taken=_working("opened_at", "resolved"))
        .group_by("category")
        .agg(
            one_touch=((pl.col("replies") <= 1) & ~pl.col("stopped") & pl.col("resolved").is_not_null()).mean(),
            median=pl.col("taken").median(),
            p80=pl.col("taken").quantile(0.8),
            n=pl.len(),
        )
    )


def _working(start: str, end: str) -> pl.Expr:
    """Working seconds between two instants, by a weekday from 8 to 17 UTC."""

    def position(at: pl.Expr) -> pl.Expr:
        day = at.dt.date()
        weekdays = pl.business_day_count(pl.date(2020, 1, 6), day)
        inside = (at - day.cast(pl.Datetime("us", "UTC"))).dt.total_seconds() - 8 * 3600
        return weekdays * TOP_OF_A_DAY + pl.when(day.dt.weekday() <= 5).then(inside.clip(0, TOP_OF_A_DAY)).otherwise(0)

    return position(pl.col(end)) - position(pl.col(start))


def _resolves(tables: Tables) -> pl.DataFrame:
    return (
        tables["events"]
        .filter(kind="resolved")
        .select("ticket_id", "team_id", "at")
        .join(tables["tickets"].select("ticket_id", "customer_id", "category", "opened_at"), on="ticket_id")
        .sort("ticket_id", "at")
    )


def _simple(tables: Tables) -> pl.DataFrame:
    found = simple_categories(tables)
    return found.filter(pl.col("one_touch") >= 0.6, pl.col("median") <= TOP_OF_A_DAY).select("category", "p80")


def _first_team(tables: Tables, resolves: pl.DataFrame) -> pl.DataFrame:
    """The team of the first resolve; the last that had it where there is none yet."""
    last = tables["events"].drop_nulls("team_id").group_by("ticket_id").agg(pl.col("team_id").last())
    first = resolves.group_by("ticket_id").agg(done=pl.col("at").first(), by=pl.col("team_id").first())
    return last.join(first, on="ticket_id", how="left").with_columns(team_id=pl.coalesce("by", "team_id"))


def _slow(tables: Tables, resolves: pl.DataFrame) -> pl.DataFrame:
    tickets = tables["tickets"].join(_simple(tables), on="category").drop("team_id")
    tickets = tickets.join(_first_team(tables, resolves), on="ticket_id")
    taken = _working("opened_at", "done")
    return tickets.select("ticket_id", "team_id", at="opened_at", counted=(taken > pl.col("p80")).fill_null(True))


def _complaints(tables: Tables, resolves: pl.DataFrame) -> pl.DataFrame:
    tickets = tables["tickets"].join(_simple(tables), on="category").drop("team_id")
    tickets = tickets.join(_first_team(tables, resolves), on="ticket_id")
    counted = pl.col("is_complaint") | (pl.col("csat") <= 2).fill_null(False)
    return tickets.select("ticket_id", "team_id", at="opened_at", counted=counted)


def _passed(tables: Tables, resolves: pl.DataFrame) -> pl.DataFrame:
    """Each station that ended in another team's, or in a resolve; counted where nothing was written during it."""
    work = pl.col("kind").is_in(["replied", "noted"]) & (pl.col("actor") == "agent")
    station = pl.struct("ticket_id", "team_id").rle_id()
    stations = (
        tables["events"]
        .drop_nulls("team_id")
        .with_columns(station=station, work=work)
        .group_by("station", maintain_order=True)
        .agg(pl.col("ticket_id", "team_id").first(), worked=pl.col("work").any())
        .join(
            tables["events"]
            .drop_nulls("team_id")
            .with_columns(station=station)
            .group_by("station")
            .agg(begun=pl.col("at").first()),
            on="station",
            maintain_order="left",
        )
    )
    same = pl.col("ticket_id").shift(-1) == pl.col("ticket_id")
    first = pl.col("ticket_id").shift(1, fill_value="") != pl.col("ticket_id")
    dispatch = tables["teams"].filter(function="dispatch")["team_id"].implode()
    passed = (
        stations.with_columns(at=pl.when(same).then(pl.col("begun").shift(-1)), first=first)
        .drop_nulls("at")
        .join(tables["tickets"].select("ticket_id", "opened_at"), on="ticket_id")
        .with_columns(taken=_working("opened_at", "at"))
    )
    routing = pl.col("team_id").is_in(dispatch) | (pl.col("first") & (pl.col("taken") < ROUTING_SECONDS))
    handed = passed.select("ticket_id", "team_id", "at", counted=~pl.col("worked") & ~routing)
    return pl.concat([handed, resolves.select("ticket_id", "team_id", "at", counted=pl.lit(False))])


def _repeats(tables: Tables, resolves: pl.DataFrame) -> pl.DataFrame:
    """A resolve followed by a reopen, or by the same customer's next ticket about the same."""
    reopened = tables["events"].filter(kind="reopened").select("ticket_id", back=pl.col("at")).sort("back")
    openings = (
        tables["tickets"]
        .filter(origin="customer")
        .drop_nulls("customer_id")
        .select("customer_id", "category", come=pl.col("opened_at") - timedelta(minutes=15), again="opened_at")
        .sort("come")
    )
    found = (
        resolves.sort("at")
        .join_asof(reopened, left_on="at", right_on="back", by="ticket_id", strategy="forward", check_sortedness=False)
        .join_asof(
            openings,
            left_on="at",
            right_on="come",
            by=["customer_id", "category"],
            strategy="forward",
            check_sortedness=False,
        )
    )
    late = pl.col("again") - pl.col("at") <= timedelta(days=14)
    counted = pl.col("back").is_not_null() | late.fill_null(False)
    return found.select("ticket_id", "team_id", "at", counted=counted)
