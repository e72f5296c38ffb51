"""Rows of teams -> rows of units: the one place where what may not be told is left out of what is read.

Every frame that tells of teams goes through here before anything is summed or shown (data.ask, and the modules beside
it that read facts): `place` gives each row the unit under which its team is told in its week and drops what is not told
at all; `masked` and `of_stratum` do the same for channels and categories.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from hashlib import sha256

import polars as pl

from data.disclosures import Pattern
from data.scope import Scope, Teams
from metrics.disclosure import FEWEST_PEOPLE
from metrics.merging import Unit
from metrics.suppression import WITHHELD, Point

Change = Callable[[pl.DataFrame], pl.DataFrame]
TOGETHER = "(read together)"
JOINED = "~"  # stands in an address as it is
LONGEST_ID = 60
NAMED = 3  # a unit of more teams is named after the first


@dataclass(frozen=True, eq=False)
class Told:
    """What may be told, week by week. `spans`: from which week on which pattern, oldest first.

    `sizes`: team_id, week, people; empty where the data knows of nobody at all. A unit is not told in a week in which
    it had fewer than five people.
    """

    spans: tuple[tuple[date, Pattern], ...]
    sizes: pl.DataFrame
    last: date | None = None

    @cached_property
    def starts(self) -> list[date]:
        return [since for since, _ in self.spans]

    @cached_property
    def names(self) -> dict[Unit, str]:
        """The id of each unit of any span: of one team its own."""
        teams = frozenset().union(*(pattern.partition.teams for _, pattern in self.spans))
        units = {unit for _, pattern in self.spans for unit in pattern.partition.units}
        return {unit: unit_id(unit, teams) for unit in units}

    @cached_property
    def members(self) -> dict[str, Unit]:
        """The teams of each unit of any span, by its id."""
        return {name: unit for unit, name in self.names.items()}

    @cached_property
    def several(self) -> dict[str, Unit]:
        """Those of `members` that are more than one team."""
        return {name: unit for name, unit in self.members.items() if len(unit) > 1}

    @property
    def tells_all(self) -> bool:
        """Is no team and no week left out?"""
        return self._thin.is_empty() and not any(pattern.partition.left_out for _, pattern in self.spans)

    def span_at(self, week: date | None) -> int:
        """The place of the span that holds this week; None: the last week of the data."""
        day = week or self.last or date.max
        return max(place for place, since in enumerate(self.starts) if place == 0 or since <= day)

    def pattern(self, week: date | None = None) -> Pattern:
        """What is told of this week (default: the last)."""
        return self.spans[self.span_at(week)][1]

    def units(self, week: date | None = None) -> dict[str, Unit]:
        """The units that are told of this week (default: the last), by id, each with its teams."""
        found = self.pattern(week).partition
        shown = ((unit, unit - found.left_out) for unit in found.units)
        return {self.names[unit]: inside for unit, inside in shown if inside}

    def unit_of(self, team: str, week: date | None = None) -> str:
        """Under which id a team, or a unit of another time, is told in this week (default: the last); else its own."""
        asked = self.members.get(team, frozenset({team}))
        if (team in (current := self.units(week))) and len(asked) == 1:
            return team
        found = sorted(name for name, unit in current.items() if unit & asked)
        return team if not found or team in found else found[0]

    def teams_of(self, unit: str) -> list[str]:
        """The teams that are told under this id at any time."""
        return sorted(self.members.get(unit, {unit}))

    def ids_of(self, unit: str) -> list[str]:
        """All ids under which something may be kept that belongs to what is told under this id now."""
        return sorted({unit, *(one for one in {*self.members, *self.teams_of(unit)} if self.unit_of(one) == unit)})

    def widened(self, scope: Scope) -> Scope:
        """The scope with the units of its teams: who may see one of them may see what is told of them together."""

        def wide(teams: Teams) -> Teams:
            return None if teams is None else teams | {name for unit, name in self.names.items() if unit & teams}

        within = tuple((right, wide(teams)) for right, teams in scope.within)
        return replace(scope, teams=wide(scope.teams), own=wide(scope.own) or scope.own, within=within)

    # Rows in, rows out.

    def place(self, rows: pl.DataFrame, team: str = "team_id", week: str = "week") -> pl.DataFrame:
        """`rows` with the unit in place of the team; rows that are not told are left out. A null team stays."""
        if self._changed.is_empty() and self._thin.is_empty():
            return rows
        of_teams = self._changed["team_id"].unique()
        touched = pl.col(team).cast(pl.String).is_in(of_teams.implode()).fill_null(value=False)
        plain, ours = rows.filter(~touched), rows.filter(touched)
        if ours.height:
            found = ours.with_columns(_span=self.span_of(week), _team=pl.col(team).cast(pl.String))
            units = self._changed.rename({"team_id": "_team", "span": "_span"})
            joined = found.join(units, on=["_team", "_span"], how="left", maintain_order="left")
            unit = pl.col("unit").cast(rows.schema[team])
            told = joined.filter(~pl.col("dropped").fill_null(value=True))
            told = told.with_columns(pl.coalesce(unit, team).alias(team)).select(rows.columns)
            plain = pl.concat([plain, told])
        if self._thin.is_empty():
            return plain
        thin = self._thin.select(pl.col("unit").alias(team), pl.col("week").alias(week))
        return plain.join(thin, on=[team, week], how="anti", maintain_order="left")

    def named(self, rows: pl.DataFrame, columns: Sequence[str], week: str = "week") -> pl.DataFrame:
        """`rows` with the units in place of the teams of several columns; null where a team is not told."""
        for column in columns:
            teams = pl.col(column).cast(pl.String)
            pairs = rows.select(team=teams, _week=week).drop_nulls().unique().with_columns(_unit="team")
            units = self.place(pairs, team="_unit", week="_week")
            keyed = rows.with_columns(teams.alias("_team"))
            joined = keyed.join(
                units, left_on=["_team", week], right_on=["team", "_week"], how="left", maintain_order="left"
            )
            rows = joined.with_columns(pl.col("_unit").alias(column)).drop("_unit", "_team")
        return rows

    def masked(self, rows: pl.DataFrame, *, only: str | None = None, week: str = "week") -> pl.DataFrame:
        """Rows of units with `WITHHELD` for a channel or category that is not told.

        Where a pair of both is not told its channel stays if that is. `only` ("channel" or "category"): rows for asking
        about this one alone; the other is withheld throughout the units of which something is.
        """
        if self._untold.is_empty():
            return rows
        channel, category = pl.col("channel"), pl.col("category")
        never = pl.lit(value=False)
        keep = {
            "channel": (pl.col("_channel"), never),
            "category": (never, pl.col("_category")),
            None: (pl.col("_channel"), pl.col("_pair")),
        }[only]
        changed = [
            pl.when(kept).then(column).otherwise(pl.lit(WITHHELD)).alias(name)
            for name, column, kept in zip(("channel", "category"), (channel, category), keep, strict=True)
        ]
        return self._with_flags(rows, week, lambda found: found.with_columns(changed))

    def of_stratum(
        self, rows: pl.DataFrame, channel: str | None, category: str | None, week: str = "week"
    ) -> pl.DataFrame:
        """The rows of this channel and category (None: all) of the units of which they are told, the rest masked."""
        if channel is None and category is None:
            return self.masked(rows, week=week)
        wanted = [pl.col(name) == value for name, value in (("channel", channel), ("category", category)) if value]
        asked = rows.filter(*wanted)
        if self._untold.is_empty():
            return asked
        told = "_pair" if channel and category else "_channel" if channel else "_category"
        other = "category" if channel else "channel"
        masks = pl.when(pl.col("_pair")).then(other).otherwise(pl.lit(WITHHELD)).alias(other)
        return self._with_flags(asked, week, lambda found: found.filter(told).with_columns(masks))

    def untold_units(self, channel: str | None, category: str | None, week: date | None = None) -> set[str]:
        """The units of which this channel and category are not told in this week."""
        pattern = self.pattern(week)
        return {
            self.names[unit] for unit, points in pattern.untold.items() if (channel, category) in points
        }  # fmt: skip

    def _with_flags(self, rows: pl.DataFrame, week: str, then: Change) -> pl.DataFrame:
        """`then` of the rows of units of which something is untold, with _channel, _category, _pair: is it told?"""
        ours = pl.col("team_id").is_in(self._untold["unit"].unique().implode()).fill_null(value=False)
        plain, mine = rows.filter(~ours), rows.filter(ours)
        found = mine.with_columns(
            pl.col("channel").fill_null("").alias("_c"), pl.col("category").fill_null("").alias("_g"),
            _span=self.span_of(week), _number=pl.int_range(pl.len()),
        )  # fmt: skip
        for flag, by in (("_channel", ["_c"]), ("_category", ["_g"]), ("_pair", ["_c", "_g"])):
            points = self._untold.filter(kind=flag).select("unit", "span", *by, untold=pl.lit(value=True))
            found = found.join(
                points, left_on=["team_id", "_span", *by], right_on=["unit", "span", *by], how="left",
                maintain_order="left",
            )  # fmt: skip
            found = found.with_columns(pl.col("untold").is_null().alias(flag)).drop("untold")
        return pl.concat([plain, then(found).select(rows.columns)])

    def span_of(self, week: str) -> pl.Expr:
        """The place of the span that holds the week in this column."""
        later = [(pl.col(week) >= since).cast(pl.Int32) for since in self.starts[1:]]
        return pl.sum_horizontal(pl.lit(0, dtype=pl.Int32), *later)

    @cached_property
    def _changed(self) -> pl.DataFrame:
        """team_id, span, unit, dropped: only of teams that in any span are not told as themselves."""
        rows: list[tuple[str, int, str | None, bool]] = []
        for place, (_, pattern) in enumerate(self.spans):
            for unit in pattern.partition.units:
                out = unit & pattern.partition.left_out
                rows += [(team, place, self.names[unit], team in out) for team in unit]
            placed = frozenset().union(*pattern.partition.units)
            rows += [(team, place, None, True) for team in pattern.partition.left_out - placed]
        schema = {"team_id": pl.String, "span": pl.Int32, "unit": pl.String, "dropped": pl.Boolean}
        every = pl.DataFrame(rows, schema=schema, orient="row")
        changed = every.filter((pl.col("unit") != pl.col("team_id")).fill_null(value=True) | pl.col("dropped"))
        # A team that a span does not know of is not told in it.
        return every.join(changed.select("team_id").unique(), on="team_id", how="semi")

    @cached_property
    def _thin(self) -> pl.DataFrame:
        """unit, week: in which a unit had fewer than five people."""
        if self.sizes.is_empty():
            return pl.DataFrame(schema={"unit": pl.String, "week": pl.Date})
        return self.people.filter(pl.col("people") < FEWEST_PEOPLE).select("unit", "week")

    @cached_property
    def people(self) -> pl.DataFrame:
        """unit, week, people: of each unit in the weeks in which it is told; 0 where nobody is known of."""
        weeks = self.sizes.select(pl.col("week").unique().sort())
        known = self.sizes.select("team_id", "week", "people")
        parts = []
        for place, (since, pattern) in enumerate(self.spans):
            until = self.starts[place + 1] if place + 1 < len(self.starts) else date.max
            own = weeks.filter(pl.col("week") >= since, pl.col("week") < until)
            pairs = [
                (self.names[unit], team) for unit in pattern.partition.units
                for team in unit - pattern.partition.left_out
            ]  # fmt: skip
            of = pl.DataFrame(pairs, schema={"unit": pl.String, "team_id": pl.String}, orient="row")
            every = of.join(own, how="cross").join(known, on=["team_id", "week"], how="left")
            parts.append(every.group_by("unit", "week").agg(pl.col("people").sum()))
        empty = pl.DataFrame(schema={"unit": pl.String, "week": pl.Date, "people": pl.Int64})
        return pl.concat([empty, *(part.cast(empty.schema) for part in parts)]).sort("unit", "week")

    @cached_property
    def _untold(self) -> pl.DataFrame:
        """unit, span, kind (_channel, _category, _pair), _c, _g: the points that are not told."""
        rows = [
            (self.names[unit], place, _kind(point), *point)
            for place, (_, pattern) in enumerate(self.spans)
            for unit, points in pattern.untold.items()
            for point in points
        ]
        schema = {"unit": pl.String, "span": pl.Int32, "kind": pl.String, "_c": pl.String, "_g": pl.String}
        return pl.DataFrame(rows, schema=schema, orient="row")

    @cached_property
    def untold_of_teams(self) -> pl.DataFrame:
        """team, _span, kind (_channel, _category, _pair), _c, _g: the points that are not told, by team."""
        pairs = [(name, team) for name, unit in self.members.items() for team in unit]
        inside = pl.DataFrame(pairs, schema={"unit": pl.String, "team": pl.String}, orient="row")
        return self._untold.join(inside, on="unit").select("team", "kind", "_c", "_g", _span="span")


def _kind(point: Point) -> str:
    channel, category = point
    if channel is not None and category is not None:
        return "_pair"
    return "_category" if channel is None else "_channel"


def unit_id(unit: Iterable[str], teams: Iterable[str] = ()) -> str:
    """The id of a unit: of one team its own, else one made of its teams' ids that is no team's own."""
    inside, taken = sorted(unit), set(teams)
    if len(inside) == 1:
        return inside[0]
    made = JOINED.join(inside)
    if len(made) > LONGEST_ID:
        made = f"{inside[0][:LONGEST_ID]}{JOINED}{len(inside) - 1}-others-{sha256(made.encode()).hexdigest()[:6]}"
    while made in taken:
        made += JOINED
    return made


def unit_name(names: Sequence[str]) -> str:
    """What a unit of several teams is called."""
    if len(names) <= NAMED:
        return f"{', '.join(names[:-1])} and {names[-1]} {TOGETHER}"
    return f"{names[0]} and {len(names) - 1} other teams {TOGETHER}"


def together(names: Mapping[str, str]) -> str:
    """Why teams are read together, in a sentence. `names`: of the teams, by id."""
    told = sorted(names.values())
    return (
        f"{', '.join(told[:-1])} and {told[-1]} are read together, because at least one of them has fewer than five "
        "people: a number of its own would be a number about them."
    )
