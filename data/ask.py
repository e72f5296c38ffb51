"""What can be asked of a company's data. Every question takes a Scope first: without one there is nothing to read.

The way of an answer: one data version -> the counts made at import -> what may be told of them (data.told: units of
five people or more, in place of teams) -> the filters -> readings -> the units that the asker may see. Peers are always
the whole company, whatever is shown of it. Wherever a team is asked for, its unit may be asked for, and the other way
round.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from threading import RLock
from typing import Any

import polars as pl

from data import answered, clock, praise, rebases, replies, surroundings, telling, units
from data.database import open_database
from data.derived import Derived, derive
from data.errors import Trouble
from data.filters import Filters, Offered, asked_weeks
from data.freshness import Freshness, Weeks, weeks_of
from data.home import Home
from data.lake import Lake
from data.replies import Reply
from data.scope import Right, Scope
from data.told import Told
from data.veil import veil_of, veiled, without_following
from data.versions import Version
from metrics import needs, reading
from metrics.clock import week as local_week
from metrics.comparison import downstream
from metrics.disclosure import FEWEST_PEOPLE, may_show
from metrics.facts import Facts
from metrics.floods import floods
from metrics.flows import OUTSIDE, SMALL
from metrics.panel import Panel, panel
from metrics.series import series
from metrics.sign import STRATUM, Sign, all_signs, counted_signs
from metrics.suppression import WITHHELD

NONE_REBASED = pl.DataFrame(schema=rebases.STANDING)
# Of a ticket's facts, what is shown beside it. Never an agent, never a customer.
SHOWN = (
    "basis",
    "handoffs",
    "bounce_backs",
    "ping_pong",
    "reopens",
    "first_reply_minutes_business",
    "full_resolution_minutes_business",
    "full_resolution_minutes_calendar",
    "one_touch",
    "standard_minutes",
    "in_standard",
)


class Company:
    """One company's data as of one version (default: the newest)."""

    def __init__(self, home: Home, version: int | None = None) -> None:
        self.home = home
        self.lake = Lake(home)
        self.version: Version = self.lake.current() if version is None else self.lake.at(version)
        if not self.version.number:
            raise Trouble("There is no data yet: import a file with `heartline import FILE`, or run `heartline demo`.")
        self._kept: dict[object, Any] = {}
        self._lock = RLock()

    @cached_property
    def made(self) -> Derived:
        """What was made of this version, of teams as they are: nothing of it may be shown as it is."""
        return derive(self.home, self.version)

    @cached_property
    def told(self) -> Told:
        """What may be told of this version."""
        return telling.told_of(self.home, self.version, self.made, self._weeks.last)

    @cached_property
    def derived(self) -> Derived:
        """The same of units instead of teams, with channels and categories that are not told withheld."""
        return telling.of_units(self.made, self.told, self._unmasked_of_all)

    @cached_property
    def veil(self) -> pl.DataFrame:
        """The tickets whose channel or category is withheld wherever they are named: see data.veil."""
        return veil_of(self.made, self.told)

    @property
    def is_counted(self) -> bool:
        """Was what rests on this version looked at already, so that questions are quick?"""
        return "derived" in vars(self)

    def unit(self, team_id: str, week: date | None = None) -> str:
        """The id under which a team is told (in the week asked for, else now): its own, or that of its unit."""
        return self.told.unit_of(team_id, week)

    def now(self) -> dict[str, str]:
        """Under which id each team, or unit of another time, is told now; those that go by their own are left out."""
        ids = {*self.told.members, *(team for unit in self.told.members.values() for team in unit)}
        return {one: unit for one in sorted(ids) if (unit := self.unit(one)) != one}

    def wide(self, scope: Scope) -> Scope:
        """The scope with the units of its teams."""
        return self.told.widened(scope)

    def freshness(self) -> Freshness:
        """How far the data goes, and the week that is read."""
        weeks = self._weeks
        return Freshness(
            version=self.version.number,
            at=self.version.at,
            horizon=self.version.horizon,
            rows=self._remember(("rows",), lambda: telling.rows_of(self.version, self.made, self.told)),
            standards_version=self.derived.standards_version,
            provisional=self.derived.provisional,
            week=weeks.last,
            whole_to=weeks.whole_to,
            thinned=weeks.thinned,
            notes=tuple(self._notes()),
        )

    def _notes(self) -> Iterator[str]:
        """What whoever reads this data should know of it, in sentences."""
        weeks = self._weeks
        if weeks.thinned and weeks.whole_to:
            last = weeks.whole_to - timedelta(days=1)
            yield (
                f"The log thins out after {last.day} {last:%B %Y}: readings end there, "
                "because the few tickets that came later would look like a change."
            )
        if self.derived.provisional:
            yield "What counts as simple is provisional: it may change until there are 52 weeks of data."
        if self.made.sizes.is_empty():
            yield "How many people a team has is not known: import the table people, so that small teams are withheld."

    def merging(self, scope: Scope) -> tuple[str, ...]:
        """Which teams are read together or not at all, in sentences that name them: for who may see all by name."""
        if scope.teams is not None or scope.signed_in:
            return ()
        return tuple(telling.notes(self.told, self._listed))

    def merging_counted(self) -> tuple[str, ...]:
        """How many teams that is, in sentences that name none."""
        return tuple(telling.notes_without_names(self.told))

    def standards(self) -> pl.DataFrame:
        """The standards that the readings use: see data.standards_store."""
        return self.derived.standards

    def lacking(self) -> dict[str, str]:
        """What data each sign lacks, by sign; no entry where it lacks nothing."""
        return self.derived.lacking

    def choices(self, scope: Scope) -> Offered:
        """What the filters can be set to, for this asker: what is told of some team of theirs."""
        every = self._remember(("offered",), lambda: telling.offered(self._unmasked_of_all, self.told))
        seen = self._mine(scope, every, Filters())
        channels, categories = (
            seen.filter(pl.col("of") == name)["value"].drop_nulls().unique().sort() for name in ("channel", "category")
        )
        return Offered(
            channels=tuple(channels),
            categories=tuple(categories),
            first_week=seen["week"].min(),  # type: ignore[arg-type]  # a column of days
        )

    def teams(self, scope: Scope) -> pl.DataFrame:
        """The teams as they are told: team_id, name, branch, function, line, manager, calendar, size_band.

        And read_together: teams of fewer than five people are there as the unit in which they are read (it says why),
        those that can be read with no other under their own name.
        """
        return self._mine(scope, self._teams, Filters())

    def known_teams(self, scope: Scope) -> pl.DataFrame:
        """Every team as the company knows it, small ones too: team_id, name, branch and what else is listed."""
        mine = self._listed
        return mine if scope.teams is None else mine.filter(pl.col("team_id").is_in(list(scope.teams)))

    def readings(self, scope: Scope, filters: Filters, week: date | None = None) -> pl.DataFrame:
        """One reading a sign and team: the columns of metrics.reading.Reading, rebased_on, those of data.answered.

        `week`: the Monday asked for; without it each sign is read at its own last week that is final.
        """
        kept = self._all_readings(filters.stratum, week)
        return self._mine(scope, kept.filter(pl.col("sign").is_in(list(all_signs()))), filters)

    def companions(self, scope: Scope, filters: Filters, week: date | None = None) -> pl.DataFrame:
        """The same of what is read beside the signs (metrics.sign: `companions`), by their own keys."""
        kept = self._all_readings(filters.stratum, week)
        return self._mine(scope, kept.filter(~pl.col("sign").is_in(list(all_signs()))), filters)

    def series_of_team(self, scope: Scope, filters: Filters, team_id: str) -> pl.DataFrame:
        """Week by week, all signs of one team: the columns of metrics.reading.Series. Empty where it is withheld."""
        team_id = self._require(scope, team_id)
        return asked_weeks(self._series(filters.stratum, team_id, list(counted_signs())), filters)

    def series(self, scope: Scope, filters: Filters, sign: str, team_id: str) -> pl.DataFrame:
        """Week by week, one sign of one team."""
        team_id = self._require(scope, team_id)
        return asked_weeks(self._series(filters.stratum, team_id, [sign]), filters)

    def tickets_behind(
        self, scope: Scope, filters: Filters, sign: str, team_id: str, first: date, last: date
    ) -> pl.DataFrame:
        """The tickets in a sign's denominator of the weeks `first` to `last`, those that count first.

        ticket_id, at, category, channel, priority, counted, what is `SHOWN` of its facts, and taken_out: an accepted
        answer takes it out of the reading. Empty where withheld. Where being on a list tells of a ticket's category
        (simple ones), those of which it is withheld are not on it.
        """
        team_id = self._require(scope, team_id, first)
        behind = self._behind(sign, team_id, first, last)
        found = self.told.of_stratum(veiled(behind, self.veil), filters.channel, filters.category)
        found = without_following(found)
        if needs.SIMPLE in sign_named(sign).needs:
            found = found.filter((pl.col("category") != WITHHELD).fill_null(value=True))
        found = answered.marked(found.drop("team_id", "week"), self.derived, self._accepted, sign, team_id)
        found = _when(found)
        found = found.sort(["counted", "at", "ticket_id"], descending=[True, True, False])
        return found.clear() if self.series_of_team(scope, filters, team_id).is_empty() else found

    def tickets(self, scope: Scope) -> pl.DataFrame:
        """One row a ticket with all its facts, of the teams that the asker may see. No agent and no customer."""
        scope, every = self.wide(scope.only(Right.EXPORT)), telling.facts_of(self.made, self.told, self.veil)
        if scope.teams is not None:
            mine = list(scope.teams)
            every = every.filter(pl.col("last_team_id").is_in(mine))
            ends = [name for name in ("first_team_id", "last_team_id") if name in every.columns]
            every = every.with_columns(
                pl.when(pl.col(one).is_in([*mine, SMALL]) | pl.col(one).is_null())
                .then(pl.col(one).cast(pl.String))
                .otherwise(pl.lit(OUTSIDE))
                .alias(one)
                for one in ends
            )
        return every.sort("ticket_id")

    def path(self, scope: Scope, ticket_id: str) -> pl.DataFrame:
        """What happened to a ticket: at, kind, team_id, actor, no agent.

        Trouble unless a team of theirs held it, and where no team of which anything is told ever did: the same as for a
        ticket that is not there.
        """
        log = self.lake.scan("events", self.version).filter(pl.col("ticket_id") == ticket_id)
        path = log.sort("at", "seq").with_columns(pl.col("team_id").forward_fill()).collect()
        held = path["team_id"] if path.height else self._summary(ticket_id)["team_id"]
        if not self._may_follow(scope, held):
            raise Trouble(f"There is no ticket {ticket_id} that you may see.")
        path = path.with_columns(week=pl.col("at").dt.date().dt.truncate("1w"))
        known = pl.when(pl.col("team_id").is_not_null()).then(pl.lit(SMALL))
        told = self.told.named(path, ["team_id"])["team_id"]
        path = path.with_columns(team_id=pl.coalesce(told, known))
        if (seen := self.wide(scope).teams) is not None:  # where else it was is told without a name
            hidden = pl.col("team_id").is_in([*seen, SMALL]).not_()
            path = path.with_columns(team_id=pl.when(hidden).then(pl.lit(OUTSIDE)).otherwise("team_id"))
        return path.select("at", "kind", "team_id", "actor")

    def context(self, scope: Scope, team_id: str) -> pl.DataFrame:
        """What surrounds the signs, week by week: the columns of data.surroundings. Empty where it is withheld."""
        team_id = self._require(scope, team_id)
        found: pl.DataFrame = self._remember(
            ("context", team_id),
            lambda: surroundings.of_team(self.lake, self.version, self.derived, self.told, team_id),
        )
        last = self._weeks.last
        return found.filter(pl.col("week") <= last) if last else found.clear()

    def praise(self, scope: Scope, team_id: str | None = None, weeks: int = 26) -> pl.DataFrame:
        """Customers' kind words of the last `weeks` of data and since, imported or typed, newest first.

        The columns of data.praise.MERGED: key, team_id, at, words, source, typed_by, and when it was passed on and how.
        """
        since = (self.version.horizon or clock.now()) - timedelta(weeks=weeks)
        imported = self._mine(scope, self._praise.filter(pl.col("at") > since), Filters(team=team_id))
        with open_database(self.home) as database:
            every = praise.merged(self.wide(scope), database, imported, since)
        return self._mine(scope, self._now(every), Filters(team=team_id))

    # For the modules of this folder that compare teams: what they tell of it is checked against a Scope there.

    def as_first_read(self, sign: str) -> Panel:
        """One sign's counts of all teams by week, whatever was acknowledged or answered: what actions are judged by."""
        made: Panel = self._remember(
            ("first read", sign),
            lambda: panel(
                self.derived.counts.filter(pl.col("sign") == sign),
                self._weeks.calendar,
                {sign: sign_named(sign).better},
                maturity=self.derived.matures,
                horizon=self._weeks.whole_to,
                how=units.how_read(self._teams),
            ),
        )
        return made

    def kept(self, key: object, make: Callable[[], Any]) -> Any:
        """What a module beside this one worked out for this version; it tells of it to a Scope there."""
        return self._remember(key, make)

    def but_answered(self, rows: pl.DataFrame, sign: str, team_id: str) -> pl.DataFrame:
        """Rows behind a sign (ticket_id, at) without the tickets that accepted answers take out of it."""
        return answered.marked(rows, self.derived, self._accepted, sign, team_id).filter(~pl.col("taken_out"))

    def as_read(self, filters: Filters, week: date | None = None) -> Panel:
        """The counts that the readings of `week` rest on, all signs and teams."""
        until = min(week, self._weeks.last) if week and self._weeks.last else self._weeks.last
        return self._panel(filters.stratum, until)

    def counts_of(self, sign: str, since: date, before: date, *, answered: bool = False) -> pl.DataFrame:
        """One sign's counts of the weeks from `since` to before `before`: team_id, week, the stratum, x, n.

        `answered`: as they are read, without the tickets that accepted answers take out.
        """
        within = pl.col("week").is_between(since, before, closed="left")
        return (self._counts if answered else self.derived.counts).filter(within, pl.col("sign") == sign)

    def counts_by_category(self, sign: str, team_id: str, since: date, before: date) -> pl.DataFrame:
        """The same of one team, as they are read, for telling its categories apart: those that are not told together
        under `WITHHELD`."""
        within = pl.col("week").is_between(since, before, closed="left")
        mine = self._unmasked.filter(within, pl.col("sign") == sign, pl.col("team_id") == self.unit(team_id))
        return self.told.masked(mine, only="category")

    def traits_of(self, channel: str | None, category: str | None) -> pl.DataFrame:
        """What the tickets show of each trait (metrics.trait_counts), of units, as far as it may be told."""
        return self.told.of_stratum(self._traits, channel, category)

    def downstream(self, team_ids: Collection[str], since: date, before: date) -> list[str]:
        """The teams that live on what these pass on: see metrics.comparison."""
        let_gos = self._remember(("let gos by week",), self._let_gos_by_week)
        within = let_gos.filter(pl.col("week").is_between(since, before, closed="left"))
        passed = within.drop_nulls("to_team_id").group_by("team_id", "to_team_id").agg(pl.col("tickets").sum())
        held = within.group_by("team_id").agg(pl.col("tickets").sum())
        return downstream(passed, held, team_ids)

    def heads(self, week: date | None = None) -> pl.DataFrame:
        """How many people each team rests on now, or the fewer of now and `week`: team_id, people."""
        return self._heads(week)

    def stays(self) -> pl.DataFrame:
        """The table people, without who they are, of units: team_id, role, valid_from, valid_to."""
        return self._remember(("stays",), self._stays)  # type: ignore[no-any-return]

    def floods(self) -> pl.DataFrame:
        """Weeks in which far more tickets reached the company than usual: see metrics.floods."""
        return self._remember(("floods",), self._floods)  # type: ignore[no-any-return]

    def final_on(self, sign: str, week: date) -> date | None:
        """The day on which a sign's week is final; None for a week that the data does not reach yet."""
        known = self.derived.matures.filter(pl.col("sign") == sign, pl.col("week") == week)["matures_at"]
        return known[0].date() if len(known) else None

    # What follows serves the questions above.

    def _stays(self) -> pl.DataFrame:
        people = self.lake.scan("people", self.version)
        return self._now(people.select("team_id", "role", "valid_from", "valid_to").collect())

    def _floods(self) -> pl.DataFrame:
        """Of what may be told: a flood of a category is no way to its tickets at one team."""
        week = pl.col("opened_at").dt.truncate("1w").dt.date()
        by = self.made.facts().tickets.group_by(
            week=week, team_id="first_team_id", category=pl.col("category").cast(pl.String), channel=pl.lit("")
        )
        told = self.told.masked(self.told.place(by.agg(tickets=pl.len()).collect()), only="category")
        summed = told.filter(pl.col("category") != WITHHELD).group_by("week", "category").agg(pl.col("tickets").sum())
        return floods(summed)

    def _let_gos_by_week(self) -> pl.DataFrame:
        week = pl.col("at").dt.truncate("1w").dt.date()
        by = self.made.facts().let_gos.group_by(pl.col("team_id", "to_team_id").cast(pl.String), week=week)
        return self.told.named(by.agg(tickets=pl.len()).collect(), ["team_id", "to_team_id"]).drop_nulls("team_id")

    def _now(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows that are no readings (kind words, who is on whose team) under the ids that are told now."""
        ids = {team: self.unit(team) for team in rows["team_id"].drop_nulls().unique()}
        return rows.with_columns(pl.col("team_id").replace(ids))

    @cached_property
    def _listed(self) -> pl.DataFrame:
        return surroundings.teams(self.lake, self.version, self.made, self._weeks.last)

    @cached_property
    def _teams(self) -> pl.DataFrame:
        people = self._heads(None).rename({"people": "now"})
        told = telling.listed(self._listed, self.told).join(people, on="team_id", how="left", maintain_order="left")
        merged = pl.when(pl.col("read_together").is_not_null()).then(surroundings.band("now")).otherwise("size_band")
        return told.with_columns(size_band=merged).drop("now")

    @cached_property
    def _ever(self) -> pl.DataFrame:
        """team_id, branch: of all that is told at any time."""
        parts = [telling.listed(self._listed, self.told, since) for since in reversed(self.told.starts)]
        every = pl.concat([part.select("team_id", "branch") for part in (self._teams, *parts)])
        return every.unique("team_id", keep="first", maintain_order=True)

    @cached_property
    def _praise(self) -> pl.DataFrame:
        return self._now(self.lake.scan("praise", self.version).select("team_id", "at", "words").collect())

    @cached_property
    def _weeks(self) -> Weeks:
        return weeks_of(self.made.opened, self.version.horizon)

    def _panel(
        self, stratum: Filters, until: date | None, but: pl.DataFrame = NONE_REBASED, *, everything: bool = False
    ) -> Panel:
        """`but`: lasting changes (sign, team_id, week) that are passed over: how it would be read without them.

        `everything`: also the tickets that accepted answers take out.
        """
        counts = self._told_counts(stratum, everything=everything)
        made: Panel = self._remember(
            ("panel", stratum, until, tuple(but.rows()), everything),
            lambda: panel(
                counts,
                self._weeks.calendar,
                {key: sign.better for key, sign in counted_signs().items()},
                teams=self.derived.counts["team_id"].unique().sort().to_list(),
                maturity=self.derived.matures,
                horizon=self._weeks.whole_to,
                until=until,
                how=units.how_read(self._teams),
                rebased=self._begun(until).join(but, on=list(rebases.STANDING), how="anti"),
            ),
        )
        return made

    def _told_counts(self, stratum: Filters, *, everything: bool) -> pl.DataFrame:
        """The counts of a channel and category that may be told, of units and of branches."""
        if stratum == Filters():
            return pl.concat([self.derived.counts if everything else self._counts, self.derived.of_branches])
        unmasked = self._unmasked_of_all if everything else self._unmasked
        untold = self._untold_branches(stratum)
        branches = self.derived.of_branches.filter(~pl.col("team_id").is_in(list(untold)))
        for column in ("channel", "category"):
            wanted = getattr(stratum, column)
            branches = branches if wanted is None else branches.filter(pl.col(column) == wanted)
        return pl.concat([self.told.of_stratum(unmasked, stratum.channel, stratum.category), branches])

    def _untold_branches(self, stratum: Filters) -> set[str]:
        """The branches of a unit of which this channel and category are not told: nor are they of the branch."""
        untold = self.told.untold_units(stratum.channel, stratum.category)
        return set(self._teams.filter(pl.col("team_id").is_in(list(untold)))["branch"].drop_nulls())

    @cached_property
    def _accepted(self) -> list[Reply]:
        """The accepted answers of all teams, under the ids that are told now. Read once."""
        with open_database(self.home) as database:
            return [replace(one, team_id=self.unit(one.team_id)) for one in replies.standing(database)]

    @cached_property
    def _counts(self) -> pl.DataFrame:
        """The counts of units that are read: without the tickets that accepted answers take out."""
        unmasked = self._unmasked
        return self.derived.counts if unmasked is self._unmasked_of_all else self.told.masked(unmasked)

    @cached_property
    def _unmasked(self) -> pl.DataFrame:
        """The same with every channel and category by name: only `told.of_stratum` and `masked` may tell of it."""
        if not any(one.tickets for one in self._accepted):
            return self._unmasked_of_all
        of_teams = [replace(one, team_id=team) for one in self._accepted for team in self.told.teams_of(one.team_id)]
        return telling.added_up(answered.counts(self.made, self._facts(), of_teams), self.told)

    @cached_property
    def _unmasked_of_all(self) -> pl.DataFrame:
        return telling.added_up(self.made.counts, self.told)

    @cached_property
    def _traits(self) -> pl.DataFrame:
        return self.told.place(self.made.traits)

    def _facts(self) -> Facts:
        """The facts with the tables that a sign may need beside them. Of teams."""
        customers, orders = (self.lake.scan(name, self.version).drop("part") for name in ("customers", "orders"))
        return replace(self.made.facts(), customers=customers, orders=orders)

    @cached_property
    def _rebased(self) -> pl.DataFrame:
        """All lasting changes that stand: sign, team_id (of a branch's sign the branch), week. Read once."""
        with open_database(self.home) as database:
            found = rebases.standing(database)
        signs = counted_signs()
        known = [
            (sign, units.unit_of(signs[sign], self._teams, self.unit(team)), week)
            for sign, team, week in found.iter_rows()
            if sign in signs
        ]
        return pl.DataFrame(known, schema=rebases.STANDING, orient="row").drop_nulls().unique(maintain_order=True)

    def _begun(self, until: date | None) -> pl.DataFrame:
        """The last lasting change up to `until` of each sign and unit: a week before one is read as if it were not."""
        known = self._rebased if until is None else self._rebased.filter(pl.col("week") <= until)
        return known.sort("week").unique(["sign", "team_id"], keep="last", maintain_order=True)

    def _with_begun(self, readings: pl.DataFrame, until: date | None) -> pl.DataFrame:
        """The readings with `rebased_on`: from when on the baseline is a new one, because a change was acknowledged."""
        branched = pl.col("sign").is_in(units.of_branches())
        placed = readings.join(self._teams.select("team_id", "branch"), on="team_id", how="left", maintain_order="left")
        placed = placed.with_columns(_unit=pl.when(branched).then("branch").otherwise("team_id"))
        begun = self._begun(until).rename({"team_id": "_unit", "week": "rebased_on"})
        joined = placed.join(begun, on=["sign", "_unit"], how="left", maintain_order="left")
        return joined.select(*readings.columns, "rebased_on")

    def _all_readings(self, stratum: Filters, week: date | None) -> pl.DataFrame:
        kept: pl.DataFrame = self._remember(("readings", stratum, week), lambda: self._readings(stratum, week))
        return kept

    def _readings(self, stratum: Filters, week: date | None) -> pl.DataFrame:
        """A past week is read against what came before it alone."""
        until = min(week, self._weeks.last) if week and self._weeks.last else self._weeks.last
        missing = dict(self.derived.lacking)
        if stratum != Filters():
            missing |= {key: units.NOT_BY_TICKET for key, sign in counted_signs().items() if sign.whole}
        counted = telling.listed(self._listed, self.told, until).join(self._of_any(), on="team_id", how="semi")
        heads = self._heads(until)
        untold = self.told.untold_units(stratum.channel, stratum.category, until)
        branches = self._untold_branches(stratum)

        def told(*, everything: bool) -> pl.DataFrame:
            found = reading.read(self._panel(stratum, until, everything=everything), week, missing=missing)
            shown = units.disclosed(found, heads, counted, missing)
            return units.without_strata(shown, counted, untold, branches)

        shown = told(everything=False)
        with_all = told(everything=True) if any(one.tickets for one in self._accepted) else shown
        return answered.beside(self._with_begun(shown, until), with_all, self._accepted)

    def _series(self, stratum: Filters, team_id: str, signs: list[str]) -> pl.DataFrame:
        empty = reading.Series.create_empty().with_columns(before=pl.lit(None, pl.Float64))
        untold = team_id in self.told.untold_units(stratum.channel, stratum.category)
        if untold or team_id not in may_show(self._heads(None)):
            return empty
        known = {key: sign for key, sign in counted_signs().items() if key in signs and key not in self.derived.lacking}
        of = {key: units.unit_of(sign, self._teams, team_id) for key, sign in known.items()}
        parts = [self._one_series(stratum, key, unit) for key, unit in of.items() if unit]
        return pl.concat([empty, *parts]).with_columns(team_id=pl.lit(team_id))

    def _one_series(self, stratum: Filters, key: str, unit: str) -> pl.DataFrame:
        def make() -> pl.DataFrame:
            told = series(self._panel(stratum, self._weeks.last), key, unit)
            old = self._before(stratum, key, unit)
            return told.join(old, on=["sign", "week"], how="left", maintain_order="left")

        kept: pl.DataFrame = self._remember(("series", stratum, key, unit), make)
        return kept

    def _before(self, stratum: Filters, key: str, unit: str) -> pl.DataFrame:
        """sign, week, before: what would be expected had the last lasting change not been acknowledged; else none."""
        last = self._begun(self._weeks.last).filter(sign=key, team_id=unit)
        if last.is_empty():
            return pl.DataFrame(schema={"sign": pl.String, "week": pl.Date, "before": pl.Float64})
        return series(self._panel(stratum, self._weeks.last, last), key, unit).select("sign", "week", before="centre")

    def _heads(self, week: date | None) -> pl.DataFrame:
        """How many people each unit rests on in the week asked for, else the last; of each the last that is known.

        Where the data knows of nobody at all, neither by HR nor by agents, it can single nobody out: all are shown.
        """
        asked = week or self._weeks.last
        told = pl.DataFrame({"team_id": list(self.told.units(asked))}, schema={"team_id": pl.String})
        if self.told.sizes.is_empty():
            return told.with_columns(people=pl.lit(FEWEST_PEOPLE))
        upto = self.told.people.filter(pl.col("people") > 0)
        upto = upto if asked is None else upto.filter(pl.col("week") <= asked)
        now = upto.sort("week").group_by(team_id="unit").agg(pl.col("people").last())
        return told.join(now, on="team_id", how="inner", maintain_order="left")

    def _behind(self, sign: str, team_id: str, first: date, last: date) -> pl.DataFrame:
        asked = sign_named(sign)
        known = self._facts()
        if asked.whole is not None:  # its counts are not of single tickets
            none = known.tickets.select("ticket_id", *STRATUM, *SHOWN).collect_schema()
            kinds = {"team_id": pl.String(), "week": pl.Date(), "at": pl.Datetime("us", "UTC"), "counted": pl.Boolean()}
            return pl.DataFrame(schema={**kinds, **none})
        every = asked.rows(known).filter(pl.col("team_id").is_in(self.told.teams_of(team_id))).collect()
        parts = [
            rows.with_columns(week=local_week(known.clocks.calendar(str(team)).zone, rows["at"]))
            for (team,), rows in every.group_by("team_id", maintain_order=True)
        ]
        dated = pl.concat(parts) if parts else every.with_columns(week=pl.lit(None, dtype=pl.Date))
        once = (
            dated.filter(pl.col("week").is_between(first, last))
            .sort("counted", "at", maintain_order=True)
            .unique(["team_id", asked.once, "week"], keep="last", maintain_order=True)
            .select("team_id", "ticket_id", "week", "at", *STRATUM, "counted")
        )
        few: pl.DataFrame = self._remember(("on few",), lambda: telling.on_few(self.made.counts, self.told))
        weeks = few.filter(sign=sign, team_id=team_id)["week"]
        mine = self.told.place(once).filter(pl.col("team_id") == team_id, ~pl.col("week").is_in(weeks.implode()))
        beside = known.tickets.select("ticket_id", *SHOWN, _blown="blow_out_at")
        return mine.lazy().join(beside, on="ticket_id", how="left").collect()

    def _may_follow(self, scope: Scope, held: pl.Series) -> bool:
        """Did a team of theirs hold it, and is anything told of one that did? `held`: empty where no such ticket is."""
        teams = held.drop_nulls()
        if scope.teams is None and teams.is_empty():  # the data names no team of it
            return held.len() > 0
        ever = (self.told.units(since) for since in (None, *self.told.starts))
        told = {team for units in ever for unit in units.values() for team in unit}
        return not told.isdisjoint(teams) and any(scope.may_see(team) for team in teams)

    def _summary(self, ticket_id: str) -> pl.DataFrame:
        return self.lake.scan("tickets", self.version).filter(pl.col("ticket_id") == ticket_id).collect()

    def _mine(self, scope: Scope, frame: pl.DataFrame, filters: Filters) -> pl.DataFrame:
        """The rows of units that the asker may see and asks about."""
        scope, wanted = self.wide(scope), self._ever
        if scope.teams is not None:
            wanted = wanted.filter(pl.col("team_id").is_in(list(scope.teams)))
        if filters.branch is not None:
            wanted = wanted.filter(pl.col("branch") == filters.branch)
        if filters.team is not None:
            asked = {self.unit(filters.team, since) for since in (None, *self.told.starts)} | {filters.team}
            wanted = wanted.filter(pl.col("team_id").is_in(list(asked)))
        return frame.join(wanted.select("team_id"), on="team_id", how="semi", maintain_order="left")

    def _require(self, scope: Scope, team_id: str, week: date | None = None) -> str:
        """The id under which this team is told. Trouble where it is not theirs to see."""
        if not self.wide(scope).may_see(team_id):
            raise Trouble(f"The team {team_id!r} is not yours to see.")
        return self.unit(team_id, week)

    def _of_any(self) -> pl.DataFrame:
        """team_id: the units and the teams of which there is anything."""
        there = pl.concat([self.derived.counts["team_id"], self.made.counts["team_id"]]).unique()
        return there.to_frame("team_id")

    def _remember(self, key: object, make: Callable[[], Any]) -> Any:
        """What was worked out once for this version stays; two who ask at once wait for one answer."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = make()
            return self._kept[key]


def _when(rows: pl.DataFrame) -> pl.DataFrame:
    """When a ticket grew too old tells its standard: where the category is withheld, the week of it is told."""
    if "_blown" not in rows.columns:
        return rows
    by_age = ((pl.col("category") == WITHHELD) & (pl.col("at") == pl.col("_blown"))).fill_null(value=False)
    at = pl.when(by_age).then(pl.col("at").dt.truncate("1w")).otherwise("at")
    return rows.with_columns(at=at).drop("_blown")


def sign_named(key: str) -> Sign:
    """The sign of that key. Trouble that names those there are."""
    if key not in all_signs():
        raise Trouble(f"There is no sign {key!r}: choose one of {', '.join(all_signs())}.")
    return all_signs()[key]
