"""The four signs counted from the sample's tables in the plainest way: no facts, no counts, no partitions.

Rough on purpose: weeks are told in UTC, a handoff for cover is not told apart, and the deadline of a ticket is asked of
the team that resolved it. It is close enough to see a planted shift of some points, and of the product it shares only
the clock with what it checks.
"""

from datetime import date, timedelta

import polars as pl

from metrics.clock import business_minutes, parse_calendar

Tables = dict[str, pl.DataFrame]
ROUTING_MINUTES = 30
WORKING_DAY = 9 * 60


def shares(tables: Tables) -> pl.DataFrame:
    """sign, team_id, week, x, n."""
    resolves = _resolves(tables)
    simple = _simple_tickets(tables, resolves)
    complaint = pl.col("is_complaint") | (pl.col("csat") <= 2).fill_null(False)
    late = (pl.col("minutes") > pl.col("p80")).fill_null(True)
    rows = {
        "slow_simple": simple.select("ticket_id", "team_id", at="opened_at", counted=late),
        "small_complaints": simple.select("ticket_id", "team_id", at="opened_at", counted=complaint),
        "buck_passing": _passed(tables, resolves),
        "repeat_complaints": _repeats(tables, resolves),
    }
    return pl.concat([_weekly(sign, frame) for sign, frame in rows.items()])


def _weekly(sign: str, rows: pl.DataFrame) -> pl.DataFrame:
    return (
        rows.with_columns(week=pl.col("at").dt.date().dt.truncate("1w"))
        .group_by("ticket_id", "team_id", "week")
        .agg(pl.col("counted").any())
        .group_by("team_id", "week")
        .agg(x=pl.col("counted").sum(), n=pl.len())
        .select(pl.lit(sign).alias("sign"), "team_id", "week", "x", "n")
    )


def share_between(counts: pl.DataFrame, sign: str, team: str, since: date, until: date) -> tuple[float, float]:
    """The share in percent, and tickets a week, of a team over the weeks from `since` to before `until`."""
    rows = counts.filter(sign=sign, team_id=team).filter(pl.col("week") >= since, pl.col("week") < until)
    return 100 * rows["x"].sum() / rows["n"].sum(), rows["n"].sum() / rows["week"].n_unique()


def simple_categories(tables: Tables) -> pl.DataFrame:
    """category, one_touch, median and p80 (business minutes), n: by the definition, over the first year."""
    first = tables["tickets"]["opened_at"].min()
    touched = tables["events"].group_by("ticket_id").agg(
        replies=((pl.col("kind") == "replied") & (pl.col("actor") == "agent")).sum(),
        stopped=pl.col("kind").is_in(["on_hold", "reopened"]).any(),
        resolved=pl.col("at").filter(pl.col("kind") == "resolved").max(),
        team_id=pl.col("team_id").drop_nulls().last(),
    )  # fmt: skip
    tickets = tables["tickets"].filter(pl.col("opened_at") < first + timedelta(weeks=52)).drop("team_id")
    rows = _with_minutes(tickets.join(touched, on="ticket_id"), "opened_at", "resolved", tables["teams"])
    return rows.group_by("category").agg(
        one_touch=((pl.col("replies") <= 1) & ~pl.col("stopped") & pl.col("resolved").is_not_null()).mean(),
        median=pl.col("minutes").median(),
        p80=pl.col("minutes").quantile(0.8),
        n=pl.len(),
    )


def _with_minutes(frame: pl.DataFrame, start: str, end: str, teams: pl.DataFrame) -> pl.DataFrame:
    """`minutes`: business minutes between two columns by the calendar of the row's team."""
    rows = frame.join(teams.select("team_id", "calendar"), on="team_id", how="left")
    return pl.concat(
        part.with_columns(minutes=business_minutes(parse_calendar(text), part[start], part[end]))
        for (text,), part in rows.group_by("calendar", maintain_order=True)
    )


def _resolves(tables: Tables) -> pl.DataFrame:
    about = tables["tickets"].select("ticket_id", "customer_id", "category", "opened_at")
    found = tables["events"].filter(kind="resolved").select("ticket_id", "team_id", "at")
    return found.join(about, on="ticket_id").sort("ticket_id", "at")


def _simple_tickets(tables: Tables, resolves: pl.DataFrame) -> pl.DataFrame:
    """Simple tickets with the team of their first resolve (else the last that had them) and how long that took."""
    found = simple_categories(tables)
    simple = found.filter(pl.col("one_touch") >= 0.6, pl.col("median") <= WORKING_DAY).select("category", "p80")
    last = tables["events"].drop_nulls("team_id").group_by("ticket_id").agg(pl.col("team_id").last())
    first = resolves.group_by("ticket_id").agg(done=pl.col("at").first(), by=pl.col("team_id").first())
    held = last.join(first, on="ticket_id", how="left").select("ticket_id", pl.coalesce("by", "team_id"), "done")
    tickets = tables["tickets"].drop("team_id").join(simple, on="category").join(held, on="ticket_id")
    return _with_minutes(tickets.rename({"by": "team_id"}), "opened_at", "done", tables["teams"])


def _passed(tables: Tables, resolves: pl.DataFrame) -> pl.DataFrame:
    """Each handoff and each resolve; counted where the team wrote nothing while it held the ticket."""
    held = tables["events"].drop_nulls("team_id").with_columns(station=pl.struct("ticket_id", "team_id").rle_id())
    work = pl.col("kind").is_in(["replied", "noted"]) & (pl.col("actor") == "agent")
    stations = held.group_by("station", maintain_order=True).agg(
        pl.col("ticket_id", "team_id").first(), begun=pl.col("at").first(), worked=work.any()
    )
    onward = pl.col("ticket_id").shift(-1) == pl.col("ticket_id")
    first = pl.col("ticket_id").shift(1, fill_value="") != pl.col("ticket_id")
    passed = (
        stations.with_columns(at=pl.when(onward).then(pl.col("begun").shift(-1)), first=first)
        .drop_nulls("at")
        .join(tables["tickets"].select("ticket_id", "opened_at"), on="ticket_id")
        .join(tables["teams"].select("team_id", "function"), on="team_id")
    )
    timed = _with_minutes(passed, "opened_at", "at", tables["teams"])
    routing = (pl.col("function") == "dispatch") | (pl.col("first") & (pl.col("minutes") <= ROUTING_MINUTES))
    handed = timed.select("ticket_id", "team_id", "at", counted=~pl.col("worked") & ~routing)
    return pl.concat([handed, resolves.select("ticket_id", "team_id", "at", counted=pl.lit(False))])


def _repeats(tables: Tables, resolves: pl.DataFrame) -> pl.DataFrame:
    """Each resolve; counted where a reopen follows, or the same customer's next ticket about the same."""
    reopened = tables["events"].filter(kind="reopened").select("ticket_id", back="at").sort("ticket_id", "back")
    openings = tables["tickets"].filter(origin="customer").drop_nulls("customer_id")
    openings = openings.select(
        "customer_id", "category", come=pl.col("opened_at") - timedelta(minutes=15), again="opened_at"
    )
    found = resolves.sort("at").join_asof(
        reopened.sort("back"), left_on="at", right_on="back", by="ticket_id", strategy="forward", check_sortedness=False
    )
    found = found.join_asof(
        openings.sort("come"), left_on="at", right_on="come", by=["customer_id", "category"], strategy="forward",
        check_sortedness=False,
    )  # fmt: skip
    soon = (pl.col("again") - pl.col("at") <= timedelta(days=14)).fill_null(False)
    return found.select("ticket_id", "team_id", "at", counted=pl.col("back").is_not_null() | soon)
