"""Who may look: grants are given and withdrawn, thresholds set, sign-ins ended. Nothing is deleted.

A person is known by an e-mail address, by issuer|subject of their sign-in, or at this machine's command line by
local:NAME. What their grants let them see is data.roles; who they are is the door's to find out.
"""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import fields
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from data import record, telling
from data.access_tables import GrantRow, SignInRow, ThresholdRow
from data.ask import Company
from data.clock import instant
from data.coaching.action_rows import asker
from data.database import Database
from data.errors import Trouble
from data.home import Home
from data.lake import Lake
from data.roles import LEAST_THRESHOLD, MAY_BE_OVER, Grant, Over, People, Places, Role, scope_of
from data.scope import Right, Scope
from data.sign_in import Person, tidy_subject

KEPT_SIGN_INS = timedelta(days=62)  # longer than any cookie lives


class SignedOut(Trouble):
    """This sign-in was ended."""


def give(
    scope: Scope,
    database: Database,
    subject: str,
    role: str,
    *,
    over: str = Over.COMPANY,
    place: str | None = None,
    since: date | None = None,
    until: date | None = None,
    known: Collection[str] | None = None,
    now: datetime | None = None,
) -> Grant:
    """Grant a role. `known`: the branches or teams that the data has. Trouble for what makes no grant.

    It holds from `since` (default today) until `until`, both included; without an end until it is withdrawn.
    """
    scope.require(Right.RUN)
    at = instant(now)
    who, what, where = tidy_subject(subject), _role(role), _over(over)
    begins = since or at.date()
    _check(what, where, place, known)
    if until is not None and until < begins:
        raise Trouble(f"It would end on {until} before it begins on {begins}: choose a later end.")
    with database.writing() as session:
        held = session.scalars(select(GrantRow).where(GrantRow.subject == who, GrantRow.withdrawn_at.is_(None)))
        same = [one for one in held if (one.role, one.over, one.place, one.until) == (what, where, place, until)]
        if any(one.since <= begins for one in same):
            raise Trouble(f"{who} has that already (grant {same[0].id}).")
        row = GrantRow(subject=who, role=what, over=where, place=place, since=begins, until=until)
        row.given_by, row.given_at = asker(scope), at
        session.add(row)
        session.flush()
        told = {"role": what, "place": place or "the company", "since": str(begins), "until": until and str(until)}
        record.note_in(session, scope, "gave access", who, **told)
        return _grant(row)


def withdraw(scope: Scope, database: Database, number: int, *, now: datetime | None = None) -> Grant:
    """Take a grant away: from the next page on it gives nothing. Trouble where there is none such that stands."""
    scope.require(Right.RUN)
    with database.writing() as session:
        row = session.get(GrantRow, number, with_for_update=True)
        if row is None:
            raise Trouble(f"There is no grant {number}: see `heartline access list`.")
        if row.withdrawn_at is not None:
            raise Trouble(f"{row.withdrawn_by} withdrew grant {number} already, on {row.withdrawn_at:%Y-%m-%d}.")
        row.withdrawn_by, row.withdrawn_at = asker(scope), instant(now)
        record.note_in(session, scope, "withdrew access", row.subject, role=row.role, grant=row.id)
        return _grant(row)


def list_(scope: Scope, database: Database, *, standing: bool = False) -> list[Grant]:
    """All grants, the newest first; `standing`: without those that were withdrawn."""
    scope.require(Right.RUN)
    asked = select(GrantRow).order_by(GrantRow.id.desc())
    with database.reading() as session:
        found = [_grant(row) for row in session.scalars(asked)]
    return [one for one in found if not standing or one.withdrawn_at is None]


def set_threshold(
    scope: Scope, database: Database, people: int, *, branch: str = "", now: datetime | None = None
) -> int:
    """From how many people on executives are shown a team of this branch ("": of every other)."""
    scope.require(Right.RUN)
    if people < LEAST_THRESHOLD:
        raise Trouble(f"Teams of fewer than {LEAST_THRESHOLD} people are shown to nobody, so it cannot be {people}.")
    with database.writing() as session:
        row = ThresholdRow(branch=branch, people=people, set_by=asker(scope), set_at=instant(now))
        session.add(row)
        record.note_in(session, scope, "set a threshold", branch or "every other branch", people=people)
    return people


def thresholds(scope: Scope, database: Database) -> dict[str, int]:
    """What was set, by branch ("": for every other)."""
    scope.require(Right.RUN)
    with database.reading() as session:
        return _thresholds(session)


def scope_for(
    database: Database,
    subject: str,
    on: date,
    *,
    branches: Mapping[str, str | None],
    people: Callable[[], Mapping[str, int]],
) -> Scope:
    """What this person may see and do on this day; nothing where no grant of theirs holds.

    `branches`: of each listed team its branch; `people`: of each team how many, asked for only where a role needs it.
    """
    who = tidy_subject(subject)
    with database.reading() as session:
        grants = [_grant(row) for row in session.scalars(select(GrantRow).where(GrantRow.subject == who))]
        executive = any(one.role is Role.EXECUTIVE for one in grants)
        places = Places(branches, people, _thresholds(session) if executive else {})
    return telling.widened(scope_of(who, grants, places, on), database)


def branches_of(home: Home, version: int | None = None) -> dict[str, str | None]:
    """Of each team that is listed its branch, as of a version (default: the newest)."""
    return dict(Lake(home).scan("teams", version).select("team_id", "branch").collect().iter_rows())


def people_of(company: Company) -> People:
    """How many people each team has, or the unit that it is read in, as far as it is known."""
    heads = dict(company.heads().select("team_id", "people").iter_rows())
    units = {team: unit for unit in heads for team in company.told.teams_of(unit) if team not in heads}
    return People(heads | {team: heads[unit] for team, unit in units.items()}, units)


def arrived(database: Database, person: Person, *, now: datetime | None = None) -> None:
    """Somebody came with this sign-in: noted the first time. Trouble where they signed out of it since."""
    with database.reading() as session:
        row = session.get(SignInRow, person.sign_in)
        known, ended = row is not None, row is not None and row.ended_at is not None
    if ended:
        raise SignedOut("You signed out: sign in to go on.")
    if not known:
        at = instant(now)
        with suppress(IntegrityError), database.writing() as session:  # two tabs at once: one of them noted it
            session.execute(delete(SignInRow).where(SignInRow.at < at - KEPT_SIGN_INS))
            if session.get(SignInRow, person.sign_in) is None:
                session.add(SignInRow(sign_in=person.sign_in, subject=person.subject, at=at, ended_at=None))
                record.note_in(session, person.subject, "signed in")


def leave(database: Database, person: Person, *, now: datetime | None = None) -> None:
    """Sign out: whatever page was opened by this sign-in, and the cookie that it left, show nothing any more."""
    at = instant(now)
    with database.writing() as session:
        row = session.get(SignInRow, person.sign_in, with_for_update=True)
        if row is None:
            row = SignInRow(sign_in=person.sign_in, subject=person.subject, at=at, ended_at=None)
            session.add(row)
        if row.ended_at is None:
            row.ended_at = at
            record.note_in(session, person.subject, "signed out")


def _thresholds(session: Session) -> dict[str, int]:
    rows = session.execute(select(ThresholdRow.branch, ThresholdRow.people).order_by(ThresholdRow.id))
    return {row.branch: row.people for row in rows}  # a later row over an earlier


def _role(written: str) -> Role:
    try:
        return Role(written.strip().casefold())
    except ValueError:
        raise Trouble(f"There is no role {written!r}: choose one of {', '.join(Role)}.") from None


def _over(written: str) -> Over:
    try:
        return Over(written)
    except ValueError:
        raise Trouble(f"A grant is over the {', a '.join(Over)}, not over {written!r}.") from None


def _check(role: Role, over: Over, place: str | None, known: Collection[str] | None) -> None:
    if over not in MAY_BE_OVER[role]:
        raise Trouble(f"The role {role} is over {' or '.join(MAY_BE_OVER[role])}, not over a {over}.")
    if (over is Over.COMPANY) != (place is None):
        raise Trouble("A grant over the company names no place; one over a branch or a team names it.")
    if place is not None and known is not None and place not in known:
        raise Trouble(f"There is no {over} {place!r} in the data: see `heartline teams`.")


def _grant(row: GrantRow) -> Grant:
    told = {field.name: getattr(row, field.name) for field in fields(Grant)}
    return Grant(**{**told, "role": Role(row.role), "over": Over(row.over)})
