"""What may be told of one data version, put together from what was derived of it and what was decided before."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import polars as pl

from data.database import Database, open_database
from data.derived import Derived, state_of
from data.disclosures import Basis, decide, so_far, spans
from data.home import Home
from data.scope import Scope
from data.sizes import SEEN_WEEKS
from data.told import NAMED, Told, together, unit_name
from data.veil import team_columns, veiled, without_following
from data.versions import Version
from metrics.cells import COUNTS, KEY
from metrics.disclosure import FEWEST_PEOPLE
from metrics.merging import Team
from metrics.suppression import WITHHELD
from metrics.weeks import monday_of


def told_of(home: Home, version: Version, made: Derived, last: date | None) -> Told:
    """What may be told of this version. `made`: as derived, of teams; `last`: the last week that is read.

    Decided, and written down, when it is first asked for.
    """
    sizes = known_sizes(made.sizes, made.counts["week"].unique())
    simple = frozenset(made.standards.filter("simple")["category"].drop_nulls())
    basis = Basis(teams_of(made, sizes, last), made.workers, made.cells, _until(version, last), simple)
    with open_database(home) as database:
        decisions = decide(database, version.number, state_of(version), basis)
    return Told(tuple(spans(decisions)), sizes, last)


def _until(version: Version, last: date | None) -> date | None:
    """The last week of which anything is told: of a week that is not complete yet its tickets are."""
    begun = None if version.horizon is None else monday_of(version.horizon.date())
    return max((week for week in (begun, last) if week is not None), default=None)


def widened(scope: Scope, database: Database) -> Scope:
    """The scope with the units that its teams were ever told in: what is kept about one belongs to each of them."""
    decisions = so_far(database)
    nobody = pl.DataFrame(schema={"team_id": pl.String, "week": pl.Date, "people": pl.Int64})
    return Told(tuple(spans(decisions)), nobody).widened(scope) if decisions else scope


def known_sizes(sizes: pl.DataFrame, weeks: pl.Series) -> pl.DataFrame:
    """team_id, week, people: as many as were there, where the data tells.

    Before HR begins at all, as many as when it begins. Of agents in the log: of the thirteen weeks around a week, the
    most that were seen in any; the log's first weeks have seen few only because it began.
    """
    if sizes.is_empty():
        return sizes.select("team_id", "week", "people")
    listed, seen = sizes.filter(known_from="HR"), sizes.filter(pl.col("known_from") != "HR")
    begun = listed["week"].min()
    first = listed if begun is None else listed.filter(pl.col("week") == begun)
    early = weeks.filter(weeks < begun).to_frame("week") if isinstance(begun, date) else weeks.clear().to_frame("week")
    before = first.drop("week").join(early, how="cross").select(sizes.columns)
    around = (
        seen.sort("team_id", "week")
        .rolling("week", period=f"{SEEN_WEEKS}w", offset="0d", closed="left", group_by="team_id")
        .agg(pl.col("people").max())
    )
    parts = [frame.select("team_id", "week", pl.col("people").cast(pl.Int64)) for frame in (listed, before, around)]
    return pl.concat(parts).sort("team_id", "week")


def teams_of(made: Derived, sizes: pl.DataFrame, last: date | None) -> list[Team]:
    """Every team of which there is anything to tell, with its people in the last week in which it had any."""
    there = pl.concat([made.cells["team_id"], sizes["team_id"]]).unique().sort().drop_nulls()
    upto = sizes if last is None else sizes.filter(pl.col("week") <= last)
    now = upto.sort("week").group_by("team_id").agg(pl.col("people").last())
    people = dict(now.iter_rows())
    nobody = FEWEST_PEOPLE if sizes.is_empty() else None  # of whom nothing is known nobody can be singled out
    listed = {row["team_id"]: row for row in made.shared.teams.iter_rows(named=True)}
    return [_team(team, people.get(team, nobody), listed.get(team, {})) for team in there]


def _team(team: str, people: int | None, row: dict[str, object]) -> Team:
    branch = row.get("branch")
    kin = tuple(str(row.get(name) or "") for name in ("line", "function"))
    return Team(team, people, None if branch is None else str(branch), kin)


def added_up(counts: pl.DataFrame, told: Told) -> pl.DataFrame:
    """Counts of units, those of several teams summed, without what rests `on_few`. Takes and returns `COUNTS`."""
    placed = told.place(counts)
    if not told.several:
        return placed
    few = on_few(counts, told).cast({name: counts.schema[name] for name in ("sign", "team_id")})
    placed = placed.join(few, on=few.columns, how="anti", maintain_order="left")
    ours = pl.col("team_id").is_in(list(told.several))
    summed = placed.filter(ours).group_by(KEY).agg(pl.col("x", "n").sum()).select(COUNTS.names()).sort(KEY)
    return pl.concat([placed.filter(~ours), summed])


def on_few(counts: pl.DataFrame, told: Told) -> pl.DataFrame:
    """sign, team_id, week: of units of several teams, where those that ever had any of a sign are under five people.

    Only sales teams have a pipeline: read with a team that has none, a small one's would be told as it is. A team
    counts from the first week on in which it had any, so that nothing earlier is told later. `counts`: of teams.
    """
    teams = sorted(frozenset().union(*told.several.values()))
    schema = {"sign": pl.String, "team_id": pl.String, "week": pl.Date}
    if told.sizes.is_empty():
        return pl.DataFrame(schema=schema)
    named = counts.select(pl.col("sign", "team_id").cast(pl.String), "week", "n")
    mine = named.filter(pl.col("team_id").is_in(teams), pl.col("n") > 0)
    began = mine.group_by("sign", team="team_id").agg(began=pl.col("week").min())
    there = mine.select("week").unique().join(pl.DataFrame({"team": teams}, schema={"team": pl.String}), how="cross")
    units = told.place(there.with_columns(team_id="team"))
    people = told.sizes.select("week", "people", team="team_id")
    had = units.join(began, on="team").filter(pl.col("began") <= pl.col("week"))
    sized = had.join(people, on=["team", "week"], how="left")
    summed = sized.group_by(list(schema)).agg(pl.col("people").sum())
    few = summed.filter(pl.col("people") < FEWEST_PEOPLE, pl.col("team_id").is_in(list(told.several)))
    return few.select(list(schema)).cast(schema)  # type: ignore[arg-type]  # the kinds of columns, by name


def offered(unmasked: pl.DataFrame, told: Told) -> pl.DataFrame:
    """team_id, of ("channel" or "category"), value, week (the first): what may be asked of each unit; null the rest.

    `unmasked`: counts of units.
    """
    cells = unmasked.group_by("team_id", "channel", "category", told.span_of("week").alias("_span")).agg(
        pl.col("week").min()
    )
    parts = [
        told.masked(cells, only=name).select(
            "team_id", "week", of=pl.lit(name), value=pl.col(name).cast(pl.String).replace(WITHHELD, None)
        )
        for name in ("channel", "category")
    ]
    every = pl.concat(parts).group_by("team_id", "of", "value").agg(pl.col("week").min())
    return every.sort("team_id", "of", "value")


def of_units(made: Derived, told: Told, unmasked: pl.DataFrame) -> Derived:
    """What was derived, of units as far as it may be told. `unmasked`: its counts of units.

    Its facts stay as they are, of teams: who reads them gives each row its unit (`told.place`).
    """
    runs = told.place(made.runs)
    sizes = told.people.rename({"unit": "team_id"}).with_columns(known_from=pl.lit("people"))
    calendars = made.shared.teams.select("team_id", "calendar")
    more = [(name, _calendar(made.shared.teams, told.teams_of(name))) for name in sorted(told.several)]
    teams = pl.concat([made.shared.teams, pl.DataFrame(more, schema=calendars.schema, orient="row")], how="diagonal")
    return replace(
        made,
        counts=told.masked(unmasked),
        traits=told.masked(told.place(made.traits)),
        sizes=sizes if made.sizes.height else made.sizes,
        runs=runs.filter(~pl.col("team_id").is_in(list(told.several))),  # medians of agents do not add up
        workers=made.workers.clear(),
        cells=made.cells.clear(),
        shared=replace(made.shared, teams=teams),
    )


def _calendar(teams: pl.DataFrame, inside: list[str]) -> str | None:
    known = teams.filter(pl.col("team_id").is_in(inside))["calendar"].drop_nulls()
    return str(known[0]) if len(known) else None


def facts_of(made: Derived, told: Told, veil: pl.DataFrame) -> pl.DataFrame:
    """One row a ticket with all its facts, of units; no customer. Tickets of a team that is not told are left out.

    A channel or category, and what follows from it, is withheld where one of the units that had the ticket does not
    tell of it. `veil`: as from data.veil.
    """
    found = veiled(_told_tickets(made.facts().tickets.drop("customer_id").collect(), told), veil)
    for name in team_columns(found):
        found = told.masked(found.with_columns(team_id=pl.col(name))).drop("team_id")
    return without_following(found.drop("week"))


def rows_of(version: Version, made: Derived, told: Told) -> dict[str, int]:
    """How many rows each table has.

    Where a team is left out, of tickets those that are told, and of the rest the first digit alone: else the difference
    would be a small team's.
    """
    if "tickets" not in version.rows or told.tells_all:
        return version.rows
    tickets = made.facts().tickets
    asked = tickets.select("opened_at", *team_columns(tickets)).collect()
    about = {name: _first_digit(rows) for name, rows in version.rows.items()}
    return about | {"tickets": _told_tickets(asked, told).height}


def _first_digit(number: int) -> int:
    """The number with noughts after its first digit: 4,821 is 4,000."""
    return number - number % int(10 ** (len(str(number)) - 1))


def _told_tickets(tickets: pl.DataFrame, told: Told) -> pl.DataFrame:
    """Tickets with their units and the week in which they were opened; without those of a team that is not told."""
    columns = team_columns(tickets)
    dated = tickets.with_columns(week=pl.col("opened_at").dt.date().dt.truncate("1w"))
    found = told.named(dated, columns)
    gone = [pl.col(name).is_null() & dated[name].is_not_null() for name in columns]
    return found.filter(~pl.any_horizontal(gone))


def notes(told: Told, teams: pl.DataFrame) -> Iterator[str]:
    """What whoever reads this should know of who is read together, and who is not read at all."""
    names = dict(teams.select("team_id", pl.coalesce("name", "team_id")).iter_rows())
    for unit in told.units().values():
        if len(unit) > 1:
            yield together({team: names.get(team, team) for team in unit})
    if out := sorted(names.get(team, team) for team in told.pattern().partition.left_out):
        said = f"{', '.join(out[:NAMED])}{f' and {len(out) - NAMED} more' if len(out) > NAMED else ''}"
        yield (
            f"Left out of every number, totals too: {said}. There are fewer than five people, or it is not known how "
            "many there are, and no other team of the branch to read them with."
        )


def notes_without_names(told: Told) -> Iterator[str]:
    """The same for a review, which names no team."""
    if together := sum(len(unit) for unit in told.units().values() if len(unit) > 1):
        yield f"{together} teams are read with a sibling, because one or the other has fewer than five people."
    if out := len(told.pattern().partition.left_out):
        teams = "1 team is" if out == 1 else f"{out} teams are"
        yield f"{teams} left out of every number, because nobody can be read with so few people."


def listed(teams: pl.DataFrame, told: Told, week: date | None = None) -> pl.DataFrame:
    """The teams as they are told in this week: units in place of their teams.

    With `read_together` (null, or why) and `known_as` (null, or the ids and names of its teams, in small letters).
    `teams`: one row a team, as in the contract. Those that are left out of everything are there under their own name.
    """
    units = told.units(week)
    inside = {team for unit in units.values() for team in unit if len(unit) > 1}
    merged = [_unit_row(name, teams.filter(pl.col("team_id").is_in(list(unit)))) for name, unit in sorted(units.items())
              if len(unit) > 1]  # fmt: skip
    alone = teams.filter(~pl.col("team_id").is_in(list(inside))).with_columns(
        read_together=pl.lit(None, dtype=pl.String), known_as=pl.lit(None, dtype=pl.List(pl.String))
    )
    rows = pl.DataFrame(merged, schema=alone.schema) if merged else alone.clear()
    return pl.concat([alone, rows]).sort("team_id")


def _unit_row(name: str, teams: pl.DataFrame) -> dict[str, object]:
    """What its teams have in common; who leads them is told of all."""
    rows = teams.sort("name").to_dicts()
    alike = {
        column: rows[0].get(column) if len({row.get(column) for row in rows}) == 1 else None
        for column in teams.columns
        if column not in ("team_id", "name", "manager", "calendar")
    }
    managers = list(dict.fromkeys(row["manager"] for row in rows if row.get("manager")))
    calendars = [row["calendar"] for row in rows if row.get("calendar")]
    names = {row["team_id"]: row["name"] or row["team_id"] for row in rows}
    return alike | {
        "team_id": name,
        "name": unit_name(list(names.values())),
        "manager": ", ".join(managers) or None,
        "calendar": calendars[0] if calendars else None,
        "read_together": together(names),
        "known_as": sorted({text.lower() for pair in names.items() for text in pair}),
    }
