"""Executive reviews, frozen: made once, kept whole, never changed. A later look reads what was kept and nothing else.

A review speaks of the company or of one branch. It may be read by who may review every team that it speaks of and, with
sign-in, see every team that it names: what is frozen is not unsaid for a reader who may see less than its maker.
A branch is known by its teams, not by its name: renamed, it stays the same branch (`branch_id`), and its last review is
found.
"""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from data.clock import instant
from data.coaching.action import Json, plain_json
from data.coaching.action_rows import asker
from data.database import Database
from data.errors import Trouble
from data.reviewing.periods import Period
from data.reviewing.tables import ReviewRenderingRow, ReviewRow
from data.scope import Right, Scope

ALIKE = 0.5  # of all teams that two branches have between them: from then on they are one branch


@dataclass(frozen=True)
class Listed:
    """A frozen review as a list tells of it: of what, when, from which data; `asks`: how many questions it asks.

    `named`: the teams whose names it holds, which are those that its maker might see.
    """

    number: int
    period: str
    since: date
    until: date
    branch: str | None
    branch_id: str | None
    teams: frozenset[str]
    data_version: int
    at: datetime
    by: str
    digest: str
    title: str
    asks: int
    named: frozenset[str]


@dataclass(frozen=True)
class Review(Listed):
    """One frozen review. `content` is the whole of it: what was said, drawn and counted, as it was then."""

    content: Json = field(hash=False, repr=False)


@dataclass(frozen=True)
class Rendering:
    """What the first file of a kind that was made of a review was: its SHA-256, and what it was made with."""

    kind: str
    digest: str
    made_with: str
    at: datetime


def keep(
    scope: Scope,
    database: Database,
    period: Period,
    *,
    branch: str | None,
    teams: Collection[str],
    data_version: int,
    content: Json,
    named: Collection[str] | None = None,
    now: datetime | None = None,
) -> Review:
    """Freeze a review. `named`: the teams whose names are in it (default: all). Trouble where it speaks of teams that
    the asker may not see."""
    whole = text(plain_json(content))
    _require(scope, teams)
    with database.writing() as session:
        row = ReviewRow(
            period=period.key,
            since=period.since,
            until=period.until,
            branch=branch,
            branch_id=None if branch is None else _lineage(session, branch, teams),
            about={
                "teams": sorted(teams),
                "named": sorted(teams if named is None else named),
                "title": content["title"],
                "asks": len(content["asks"]),
            },
            data_version=data_version,
            content=whole,
            digest=digest(whole.encode()),
            at=instant(now),
            by=asker(scope),
        )
        session.add(row)
        session.flush()
        return _whole(row)


def text(content: Json) -> str:
    """The content as it is kept: the same JSON text for the same content, whatever the machine."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def get(scope: Scope, database: Database, number: int) -> Review:
    """The review of that number. Raises Trouble where there is none that the asker may read, or it is damaged."""
    with database.reading() as session:
        row = session.get(ReviewRow, number)
        if row is None or not may_read(scope, _listed(row)):
            raise Trouble(f"There is no review {number}, or it is not yours to read: see `heartline review list`.")
        return _whole(row)


def list_(scope: Scope, database: Database) -> list[Listed]:
    """The reviews that the asker may read, the latest period first."""
    asked = select(ReviewRow).options(defer(ReviewRow.content))
    asked = asked.order_by(ReviewRow.until.desc(), ReviewRow.id.desc())
    with database.reading() as session:
        return [one for row in session.scalars(asked) if may_read(scope, one := _listed(row))]


def find(
    scope: Scope, database: Database, period: Period, branch: str | None, teams: Collection[str] = ()
) -> Review | None:
    """The newest review of that period and branch: by name, or renamed since, by its teams. None where there is none.

    `teams`: those that the branch of that name has now; none where there is no such branch any more.
    """
    there = [one for one in list_(scope, database) if one.period == period.key]
    if branch is None:
        fit = [one for one in there if one.branch is None]
    elif teams:
        fit = [one for one in there if one.branch is not None and likeness(one.teams, teams) > ALIKE]
    else:
        fit = [one for one in there if one.branch == branch]
    found = next(iter(fit), None)
    return None if found is None else get(scope, database, found.number)


def last_before(
    scope: Scope, database: Database, period: Period, branch: str | None, teams: Collection[str]
) -> Review | None:
    """The review of the latest earlier period of the same branch, also where it had another name; else None."""
    earlier = [one for one in list_(scope, database) if one.until < period.until]
    if branch is None:
        fit = [one for one in earlier if one.branch is None]
    else:
        fit = [one for one in earlier if one.branch is not None and likeness(one.teams, teams) > ALIKE]
    return get(scope, database, fit[0].number) if fit else None


def likeness(one: Collection[str], other: Collection[str]) -> float:
    """Of all the teams in either, the share that is in both."""
    both = set(one) | set(other)
    return len(set(one) & set(other)) / len(both) if both else 0.0


def rendered(
    database: Database, review: Review, kind: str, content: bytes, made_with: str, now: datetime | None = None
) -> Rendering | None:
    """Keep the SHA-256 of the first file of this kind. Returns that first one where this file differs, else None."""
    found = digest(content)
    with database.writing() as session:
        asked = select(ReviewRenderingRow).where(
            ReviewRenderingRow.review_id == review.number, ReviewRenderingRow.kind == kind
        )
        first = session.scalars(asked).one_or_none()
        if first is None:
            row = ReviewRenderingRow(review_id=review.number, kind=kind, digest=found, made_with=made_with)
            row.at = instant(now)
            session.add(row)
            return None
        if first.digest == found:
            return None
        return Rendering(first.kind, first.digest, first.made_with, first.at)


def renderings(database: Database, number: int) -> list[Rendering]:
    """The first file of each kind that was made of a review."""
    asked = select(ReviewRenderingRow).where(ReviewRenderingRow.review_id == number).order_by(ReviewRenderingRow.kind)
    with database.reading() as session:
        return [Rendering(row.kind, row.digest, row.made_with, row.at) for row in session.scalars(asked)]


def _lineage(session: Session, branch: str, teams: Collection[str]) -> str:
    """The id of the branch: that of an earlier review of most of the same teams, else a new one."""
    asked = (
        select(ReviewRow)
        .options(defer(ReviewRow.content))
        .where(ReviewRow.branch.is_not(None))
        .order_by(ReviewRow.id.desc())
    )
    past: Iterable[ReviewRow] = session.scalars(asked)
    alike = [row.branch_id for row in past if likeness(row.about["teams"], teams) > ALIKE]
    return alike[0] if alike and alike[0] else digest("\n".join([branch, *sorted(teams)]).encode())[:12]


def may_read(scope: Scope, one: Listed) -> bool:
    """May they read this review: review all its teams, and (with sign-in) see all that it names?"""
    if not _may_review(scope, one.teams):
        return False
    return not scope.signed_in or all(scope.may_see(team) for team in one.named)


def _may_review(scope: Scope, teams: Collection[str]) -> bool:
    return scope.may(Right.REVIEW) and all(scope.may(Right.REVIEW, team) for team in teams)


def _require(scope: Scope, teams: Collection[str]) -> None:
    if not _may_review(scope, teams):
        raise Trouble("This review speaks of teams that are not yours to see, so it was not made.")


def _whole(row: ReviewRow) -> Review:
    if digest(row.content.encode()) != row.digest:
        raise Trouble(f"Review {row.id} was changed after it was frozen, or is damaged: bring it back from a backup.")
    listed = _listed(row)
    return Review(**vars(listed), content=json.loads(row.content))


def _listed(row: ReviewRow) -> Listed:
    return Listed(
        number=row.id,
        period=row.period,
        since=row.since,
        until=row.until,
        branch=row.branch,
        branch_id=row.branch_id,
        teams=frozenset(row.about["teams"]),
        data_version=row.data_version,
        at=row.at,
        by=row.by,
        digest=row.digest,
        title=row.about["title"],
        asks=row.about["asks"],
        named=frozenset(row.about.get("named", row.about["teams"])),
    )
