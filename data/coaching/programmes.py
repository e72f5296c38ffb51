"""Programmes: one play that several teams take up by one plan, together or in an order drawn by lot.

Several teams can tell what one alone cannot. Where the lot decides who goes first, those who wait are a fair
comparison, and the permutation test of the draw is exact. The seed is kept: the same seed gives the same plan.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import polars as pl
from sqlalchemy import select

from data.ask import Company
from data.clock import instant
from data.coaching import planning, swaps
from data.coaching.action import Action, Json, check, plain_json, tidy
from data.coaching.action_rows import asker
from data.coaching.actions import add
from data.coaching.swaps import Swap
from data.database import Database
from data.errors import Trouble
from data.scope import Right, Scope
from data.tables import ProgrammeRow
from metrics.draw import who_goes_first
from metrics.helped import REVIEWS

WINDOW = timedelta(weeks=REVIEWS[-1])
SCHEDULE = {"team_id": pl.String, "wave": pl.Int64, "starts_on": pl.Date}


@dataclass(frozen=True)
class Lot:
    """How the order is drawn: the seed, how many waves, how many weeks from one to the next."""

    seed: int
    waves: int = 2
    weeks_apart: int = REVIEWS[-1]


@dataclass(frozen=True, eq=False)
class Programme:
    """A programme as it was recorded. `schedule`: team_id, wave, starts_on; `lot` is null where all begin together."""

    id: int
    play: str
    sign: str
    starts_on: date
    lot: Lot | None
    schedule: pl.DataFrame
    at: datetime
    by: str


def schedule(teams: Sequence[str], starts_on: date, lot: Lot | None) -> pl.DataFrame:
    """Who begins when: team_id, wave, starts_on. Raises Trouble for fewer than two teams or an impossible lot."""
    if len(set(teams)) < 2:
        raise Trouble("A programme takes at least two teams: choose another, or record a plain action.")
    if lot is None:
        return pl.DataFrame([(team, 1, starts_on) for team in sorted(set(teams))], schema=SCHEDULE, orient="row")
    if lot.weeks_apart < 1:
        raise Trouble("The waves must lie at least a week apart.")
    try:
        return who_goes_first(teams, lot.seed, starts_on, waves=lot.waves, weeks_apart=lot.weeks_apart)
    except ValueError as reason:
        raise Trouble(f"This cannot be drawn: {reason}.") from None


def record(
    scope: Scope,
    company: Company,
    database: Database,
    *,
    teams: Sequence[str],
    play: str,
    sign: str,
    why: str,
    starts_on: date,
    owner: str,
    lot: Lot | None = None,
    known_teams: Collection[str] | None = None,
    agreed: Mapping[str, Swap] | None = None,
    now: datetime | None = None,
) -> tuple[Programme, list[Action]]:
    """Record the programme and one action a team, all or none. Raises Trouble for what makes no programme.

    `agreed`: of role swaps, hours and buddy by team (data.coaching.swaps); without a buddy for each none is recorded.
    """
    at = instant(now)
    plan = schedule(teams, starts_on, lot)
    told = fixed(scope, company, database, plan, sign, at.date())
    drafts = [
        _draft(team, begins, {"play": play, "sign": sign, "why": why, "owner": owner, "fixed": told}, at, known_teams)
        for team, begins in plan.select("team_id", "starts_on").iter_rows()
    ]
    found = {one["team_id"]: swaps.checked_each(one["play"], agreed, one["team_id"]) for one in drafts}
    with database.writing() as session:
        row = ProgrammeRow(
            play=drafts[0]["play"],
            sign=sign,
            starts_on=starts_on,
            drawn=lot is not None,
            plan=_as_json(plan, lot, told),
            at=at,
            by=asker(scope),
        )
        session.add(row)
        session.flush()
        made = [add(session, scope, one, at, programme_id=row.id, swap=found[one["team_id"]]) for one in drafts]
        return _programme(row), made


def get(scope: Scope, database: Database, programme_id: int) -> Programme:
    """One programme, if the asker may see one of its teams at least."""
    with database.reading() as session:
        row = session.get(ProgrammeRow, programme_id)
        if row is None or not any(scope.may(Right.FOLLOW, team) for team in row.plan["teams"]):
            raise Trouble(f"There is no programme {programme_id}, or it is not yours to see.")
        return _seen(scope, _programme(row))


def list_(scope: Scope, database: Database) -> list[Programme]:
    """The programmes of which the asker may see a team, newest first."""
    with database.reading() as session:
        rows = session.scalars(select(ProgrammeRow).order_by(ProgrammeRow.id.desc())).all()
        mine = [row for row in rows if any(scope.may(Right.FOLLOW, team) for team in row.plan["teams"])]
        return [_seen(scope, _programme(row)) for row in mine]


def plan_of(database: Database, programme_id: int) -> Json:
    """What was fixed for the programme as a whole: see data.coaching.planning."""
    with database.reading() as session:
        row = session.get(ProgrammeRow, programme_id)
        if row is None:
            raise Trouble(f"There is no programme {programme_id}.")
        kept: Json = row.plan["fixed"]
        return kept


def fixed(scope: Scope, company: Company, database: Database, plan: pl.DataFrame, sign: str, on: date) -> Json:
    """The plan of a programme (team_id, wave, starts_on).

    The first wave is judged against those who wait, until the second begins; without a lot, against other teams.
    """
    first = plan.filter(pl.col("wave") == 1)
    waiting = plan.filter(pl.col("wave") > 1)
    return planning.fix(
        scope,
        company,
        database,
        team_ids=first["team_id"].to_list(),
        sign=sign,
        starts_on=first["starts_on"][0],
        on=on,
        waiting=waiting["team_id"].to_list(),
        until=planning.first_week(waiting["starts_on"].min()) if len(waiting) else None,  # type: ignore[arg-type]
    )


def _draft(team: str, starts_on: date, told: Json, at: datetime, known_teams: Collection[str] | None) -> Json:
    status = "under way" if starts_on <= at.date() else "planned"
    content = tidy({"team_id": team, **told, "starts_on": starts_on, "review_on": starts_on + WINDOW})
    content |= {"status": status, "seen": None}
    check(content, known_teams)
    return content


def _as_json(plan: pl.DataFrame, lot: Lot | None, fixed: Json) -> Json:
    rows = [{"team_id": team, "wave": wave, "starts_on": day} for team, wave, day in plan.iter_rows()]
    drawn = None if lot is None else {"seed": lot.seed, "waves": lot.waves, "weeks_apart": lot.weeks_apart}
    kept: Json = plain_json({"teams": plan["team_id"].to_list(), "schedule": rows, "lot": drawn, "fixed": fixed})
    return kept


def _seen(scope: Scope, programme: Programme) -> Programme:
    """The programme with the teams that the asker follows; who else takes part is not theirs to know."""
    mine = [team for team in programme.schedule["team_id"] if scope.may(Right.FOLLOW, team)]
    return replace(programme, schedule=programme.schedule.filter(pl.col("team_id").is_in(mine)))


def _programme(row: ProgrammeRow) -> Programme:
    lot = row.plan["lot"]
    rows = [(one["team_id"], one["wave"], date.fromisoformat(one["starts_on"])) for one in row.plan["schedule"]]
    plan = pl.DataFrame(rows, schema=SCHEDULE, orient="row")
    return Programme(row.id, row.play, row.sign, row.starts_on, Lot(**lot) if lot else None, plan, row.at, row.by)
