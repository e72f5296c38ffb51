"""What surrounds a team's signs, put together from the tables: its people by size band, load, absence, newcomers."""

from datetime import date

import polars as pl

from data.derived import Derived
from data.lake import Lake
from data.scope import Right, Scope
from data.told import Told
from data.versions import Version
from metrics import context
from metrics.clock import Calendar, is_open, parse_calendar
from metrics.clock import week as local_week
from metrics.disclosure import FEWEST_PEOPLE

# Bands, not heads: in a small team the coming and going of one person would show.
BANDS = ((FEWEST_PEOPLE, f"fewer than {FEWEST_PEOPLE}"), (10, "5 to 9"), (20, "10 to 19"), (50, "20 to 49"))
LARGEST = "50 or more"
# Shares of people are told of four weeks that begin together, never of four that overlap: of those the difference would
# be one week's, and one person's week is nobody's business.
SMOOTH_WEEKS = 4
FIRST_MONDAY = 4  # in days since 1970
SHARES = (
    "absence_rate",
    "newcomer_share",
    "trained_experiential_share",
    "trained_classroom_share",
    "wastage",
    "wastage_by_choice",
)
# Known only where it is known how many are there to do the work.
BY_HEADS = ("tickets_per_fte_day", "complaints_per_fte_day", "complaint_run")


def teams(lake: Lake, version: Version, derived: Derived, week: date | None) -> pl.DataFrame:
    """One row a team that is listed or has tickets: as in the table teams, its people as a band, as at `week`."""
    listed = lake.scan("teams", version).drop("part").collect()
    seen = derived.counts.select("team_id").unique().join(listed, on="team_id", how="anti")
    unlisted = seen.with_columns(name=pl.col("team_id"))
    both = pl.concat([listed, unlisted], how="diagonal").sort("team_id")
    last = derived.sizes.filter(pl.col("week") == pl.lit(week, dtype=pl.Date)).select("team_id", "people")
    return both.join(last, on="team_id", how="left").with_columns(size_band=band()).drop("people")


def every_team(scope: Scope, lake: Lake) -> dict[str, str]:
    """What every listed team is called, by id: for whoever gives access to them. Nothing is read of any."""
    scope.require(Right.RUN)
    listed = lake.scan("teams").select("team_id", "name").collect()
    return {team: name or team for team, name in listed.iter_rows()}


def team_names(lake: Lake, scope: Scope) -> dict[str, str]:
    """What the listed teams are called, by id; quick, for it asks for nothing that has to be worked out."""
    listed = dict(lake.scan("teams").select("team_id", "name").collect().iter_rows())
    return {team: name for team, name in listed.items() if scope.may_see(team)}


def band(people_in: str = "people") -> pl.Expr:
    """How many people there are, as a band: a single one who comes or goes does not show."""
    people = pl.col(people_in)
    band: pl.Expr = pl.when(people.is_not_null()).then(pl.lit(LARGEST))
    for limit, words in reversed(BANDS):
        band = pl.when(people < limit).then(pl.lit(words)).otherwise(band)
    return band


def band_of(people: float) -> str:
    """The same of one number."""
    return next((words for limit, words in BANDS if people < limit), LARGEST)


def of_team(lake: Lake, version: Version, derived: Derived, told: Told, team_id: str) -> pl.DataFrame:
    """week, tickets, out_of_hours_share, complaint_run, and where HR is known what is told BY_HEADS and the SHARES.

    Empty where it is withheld, and without the weeks in which the team had fewer than five people.
    """
    handled = _handled(derived, told, team_id)
    weeks = derived.counts["week"].unique().sort()
    absences, training = (_table(lake, version, name) for name in ("absences", "training"))
    stays = _stays(lake, version, told, team_id)
    heads = context.headcount(stays, weeks)
    runs = derived.runs.filter(pl.col("team_id") == team_id).select("team_id", "week", "complaint_run")
    frame = context.load(handled, heads)
    for one in (_complaints(handled), _out_of_hours(derived, told, team_id), runs):
        frame = frame.join(one, on=["team_id", "week"], how="left")
    by_heads = pl.col("tickets_per_fte_day") * pl.col("complaint_share")
    frame = frame.with_columns(complaints_per_fte_day=by_heads).drop("complaint_share")
    if heads.is_empty():
        return frame.drop("team_id").sort("week")
    about = [
        heads.select("team_id", "week", "people", "newcomer_share"),
        context.absence(stays, absences, weeks),
        context.trained(stays, training, weeks).rename(
            {"experiential_share": "trained_experiential_share", "classroom_share": "trained_classroom_share"}
        ),
        context.wastage(stays, weeks),
    ]
    for one in about:
        frame = frame.join(one, on=["team_id", "week"], how="left")
    return _disclosed(frame.sort("week")).drop("team_id", "people")


def pressure(lake: Lake, version: Version, derived: Derived, told: Told, team_id: str) -> pl.DataFrame:
    """Of `of_team` only what a cause may lie in, which is quick: week, tickets, tickets_per_fte_day, absence_rate."""
    weeks = derived.counts["week"].unique().sort()
    stays, absences = _stays(lake, version, told, team_id), _table(lake, version, "absences")
    heads = context.headcount(stays, weeks)
    frame = context.load(_handled(derived, told, team_id), heads)
    if heads.is_empty():
        return frame.drop("team_id")
    for one in (heads.select("team_id", "week", "people"), context.absence(stays, absences, weeks)):
        frame = frame.join(one, on=["team_id", "week"], how="left")
    return _disclosed(frame.sort("week")).drop("team_id", "people")


def _disclosed(frame: pl.DataFrame) -> pl.DataFrame:
    """Shares in whole percents of whole blocks of weeks, the last whole one where there is none; rates to two digits.

    Both so that how many people there are is not computed from them at once.
    """
    shares, by_heads = ([name for name in names if name in frame.columns] for names in (SHARES, BY_HEADS))
    enough = pl.col("people") >= FEWEST_PEOPLE
    block = (pl.col("week").cast(pl.Int32) - FIRST_MONDAY) // (7 * SMOOTH_WEEKS)
    smooth = []
    for name in shares:
        whole = (enough & pl.col(name).is_not_null()).sum().over(block) == SMOOTH_WEEKS
        smooth.append(pl.when(whole).then(pl.col(name).mean().over(block)).round(2).forward_fill().alias(name))
    rounded = [pl.col(name).round_sig_figs(2) for name in by_heads if frame.schema[name].is_float()]
    told = [pl.when(enough).then(pl.col(name)).alias(name) for name in (*shares, *by_heads)]
    return frame.with_columns(*smooth, *rounded).with_columns(told)


def _stays(lake: Lake, version: Version, told: Told, team_id: str) -> pl.DataFrame:
    """The people of a unit's teams as people of the unit."""
    people = _table(lake, version, "people").filter(pl.col("team_id").is_in(told.teams_of(team_id)))
    return people.with_columns(team_id=pl.lit(team_id))


def _handled(derived: Derived, told: Told, team_id: str) -> pl.DataFrame:
    """Each time the team let a ticket go: ticket_id, team_id, at, week, is_complaint."""
    known = derived.facts()
    own = pl.col("team_id").is_in(told.teams_of(team_id))
    let_gos = known.let_gos.filter(own).select("ticket_id", "team_id", "at")
    marked = let_gos.join(known.tickets.select("ticket_id", "is_complaint"), on="ticket_id", how="left")
    return _told_of(told, team_id, _with_week(derived, marked.collect()))


def _told_of(told: Told, team_id: str, rows: pl.DataFrame) -> pl.DataFrame:
    return told.place(rows).filter(pl.col("team_id") == team_id)


def _complaints(handled: pl.DataFrame) -> pl.DataFrame:
    """Of the tickets of a week, the share that are complaints; null where nobody marks complaints at all."""
    ticket = pl.col("ticket_id")
    share = ticket.filter(pl.col("is_complaint").fill_null(False)).n_unique() / ticket.n_unique()
    known = handled["is_complaint"].count() > 0
    return handled.group_by("team_id", "week").agg(complaint_share=share if known else pl.lit(None, dtype=pl.Float64))


def _table(lake: Lake, version: Version, name: str) -> pl.DataFrame:
    return lake.scan(name, version).drop("part").collect()


def _with_week(derived: Derived, rows: pl.DataFrame) -> pl.DataFrame:
    """Each row's week, by its own team's clock."""
    parts = [
        part.with_columns(week=local_week(_calendar(derived, part).zone, part["at"]))
        for part in rows.partition_by("team_id", maintain_order=True)
    ]
    return pl.concat(parts) if parts else rows.with_columns(week=pl.lit(None, dtype=pl.Date))


def _out_of_hours(derived: Derived, told: Told, team_id: str) -> pl.DataFrame:
    """Of the tickets that came to this team first, the share opened while it was not at work: team_id, week, share."""
    first = derived.facts().tickets.filter(pl.col("first_team_id").is_in(told.teams_of(team_id)))
    opened = first.select(pl.col("first_team_id").alias("team_id"), at="opened_at").collect()
    parts = [
        part.with_columns(closed=~is_open(_calendar(derived, part), part["at"]))
        for part in opened.partition_by("team_id", maintain_order=True)
    ]
    marked = pl.concat(parts) if parts else opened.with_columns(closed=pl.lit(value=False))
    rows = _told_of(told, team_id, _with_week(derived, marked))
    return rows.group_by("team_id", "week").agg(out_of_hours_share=pl.col("closed").mean())


def _calendar(derived: Derived, rows: pl.DataFrame) -> Calendar:
    """The calendar of the one team of these rows; the default where it has none."""
    return parse_calendar(calendar_text(derived, rows["team_id"].first()) if rows.height else None)


def calendar_text(derived: Derived, team_id: object) -> str | None:
    """What the table teams says of a team's calendar; None where it says nothing."""
    known = derived.shared.teams.filter(pl.col("team_id") == team_id)["calendar"]
    return known[0] if len(known) else None
