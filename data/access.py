"""Who may look: grants are given and withdrawn, thresholds set, sign-ins ended. Nothing is deleted.

A person is known by an e-mail address, by issuer|subject of their sign-in, or at this machine's command line by
local:NAME. What their grants let them see is data.roles; who they are is the door's to find out.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select

from data.ask import Company
from data.clock import instant
from data.coaching.action_rows import asker
from data.access_tables import EndedRow, GrantRow, ThresholdRow
from data.database import Database
from data.errors import Trouble
from data.home import Home
from data.lake import Lake
from data.roles import LEAST_THRESHOLD, MAY_BE_OVER, Grant, Over, Places, Role, scope_of
from data.scope import Right, Scope

LOCAL = "local:"
LONGEST = 320  # letters: the longest e-mail address there can be
KEPT_ENDED = timedelta(days=31)  # longer than any cookie lives
_LOWER = {upper: lower for upper, lower in zip(range(65, 91), range(97, 123), strict=True)}  # ASCII alone: no lookalike


def tidy_subject(written: str) -> str:
    """An e-mail address in small letters; issuer|subject and local:NAME as they are. Trouble for what is none."""
    said = written.strip()
    if not said or len(said) > LONGEST or not said.isprintable():
        raise Trouble("Say who it is: an e-mail address, issuer|subject, or local:NAME for this machine's commands.")
    if "|" in said or (said.startswith(LOCAL) and said != LOCAL):
        return said
    mailbox, at, host = said.rpartition("@")
    if not (mailbox and at and host) or any(sign.isspace() for sign in said):
        raise Trouble(
            f"{said!r} is no e-mail address: write one, or issuer|subject, or local:NAME for this machine's commands."
        )
    return said.translate(_LOWER)


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
    return people


def thresholds(scope: Scope, database: Database) -> dict[str, int]:
    """What was set, by branch ("": for every other)."""
    scope.require(Right.RUN)
    return _thresholds(database)


@dataclass(frozen=True)
class Door:
    """What a Scope is made from: the home's database, its teams, and (where something was imported) its company."""

    home: Home
    database: Database
    company: Company | None

    def scope(self, subject: str, on: date) -> Scope:
        """What this person may see and do on this day; nothing where no grant of theirs holds."""
        who = tidy_subject(subject)
        with self.database.reading() as session:
            grants = [_grant(row) for row in session.scalars(select(GrantRow).where(GrantRow.subject == who))]
        return scope_of(who, grants, self.places(), on)

    def places(self) -> Places:
        listed = Lake(self.home).scan("teams").select("team_id", "branch").collect() if self.company else None
        branches = {} if listed is None else dict(listed.iter_rows())
        return Places(branches, self._people, _thresholds(self.database))

    def _people(self) -> dict[str, int]:
        return {} if self.company is None else dict(self.company.heads().select("team_id", "people").iter_rows())


def end(database: Database, sign_in: str, *, now: datetime | None = None) -> None:
    """This sign-in is over: whatever page was opened by it, and the cookie that it left, show nothing any more."""
    at = instant(now)
    with database.writing() as session:
        session.execute(delete(EndedRow).where(EndedRow.at < at - KEPT_ENDED))
        if session.get(EndedRow, sign_in) is None:
            session.add(EndedRow(sign_in=sign_in, at=at))


def has_ended(database: Database, sign_in: str) -> bool:
    """Was it signed out of?"""
    with database.reading() as session:
        return session.get(EndedRow, sign_in) is not None


def _thresholds(database: Database) -> dict[str, int]:
    with database.reading() as session:
        rows = session.execute(select(ThresholdRow.branch, ThresholdRow.people).order_by(ThresholdRow.id))
        return {branch: people for branch, people in rows}


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
