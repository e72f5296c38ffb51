"""The right of reply: a team answers a reading, or tickets of it, and a manager accepts or declines, with a reason.

An accepted answer takes its tickets out of that sign's readings of that team, in the weeks that it speaks of. Nothing
is overwritten or deleted: an answer stands as it was written, and each decision on it and each undoing is a step of its
own behind it. So the reading can always be shown with and without, and who decided what is never lost.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from data.clock import instant
from data.coaching.action import tidy_text
from data.coaching.action_rows import asker
from data.database import Database
from data.errors import Trouble
from data.scope import Right, Scope
from data.tables import ReplyRow, ReplyStepRow, ReplyTicketRow
from metrics.monitor import WINDOW
from metrics.sign import all_signs
from metrics.taken_out import can_be_taken_out

STATUSES = ("open", "accepted", "declined")
MOST_TICKETS = 500
TAKEN_OUT: dict[str, pl.DataType | type[pl.DataType]] = {
    "reply_id": pl.Int64,
    "sign": pl.String,
    "team_id": pl.String,
    "week": pl.Date,
    "ticket_id": pl.String,
}


@dataclass(frozen=True)
class Step:
    """One decision on an answer: accepted, declined, or undone, which opens it again."""

    at: datetime
    by: str
    what: str
    reason: str


@dataclass(frozen=True)
class Reply:
    """What a team answered, and what became of it.

    `week`: the Monday of the reading that is answered, which spans `WINDOW` weeks up to it; None: whatever week.
    `tickets`: those that it asks to be taken out; none where it answers the reading as a whole and leaves the number.
    """

    id: int
    team_id: str
    sign: str
    week: date | None
    words: str
    by: str
    at: datetime
    tickets: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def status(self) -> str:
        last = self.steps[-1].what if self.steps else "open"
        return last if last in STATUSES else "open"

    @property
    def revision(self) -> int:
        """How many decisions there were: what two who decide at once are told apart by."""
        return len(self.steps)

    @property
    def decided(self) -> Step | None:
        """The decision that holds, if one does."""
        return self.steps[-1] if self.status != "open" else None

    @property
    def undone(self) -> Step | None:
        """The undoing by which it is open again, if it is."""
        return self.steps[-1] if self.steps and self.status == "open" else None


class Conflict(Trouble):
    """Somebody else decided first. `current` is the answer as they left it; nothing of theirs was overwritten."""

    def __init__(self, current: Reply) -> None:
        self.current = current
        last = current.steps[-1] if current.steps else None
        did = f"{last.by}: {last.what}, “{last.reason}”" if last else "it was opened again"
        super().__init__(
            f"Someone else decided on answer {current.id} while you were reading ({did}). Nothing was overwritten: "
            "look at it as it stands now and decide again."
        )

    def __reduce__(self) -> tuple[type["Conflict"], tuple[Reply]]:
        return type(self), (self.current,)


def answer(
    scope: Scope,
    database: Database,
    *,
    team_id: str,
    sign: str,
    words: str,
    week: date | None = None,
    tickets: Sequence[str] = (),
    known_teams: Collection[str] | None = None,
    known_tickets: Collection[str] | None = None,
    now: datetime | None = None,
) -> Reply:
    """Keep a team's answer to a reading (no `tickets`), or to tickets of it, for a manager to decide on.

    `known_teams`, `known_tickets`: those of the data, and those behind the reading. Raises Trouble for a team outside
    the scope, an unknown sign, no words, a ticket that is not behind the reading or was answered already.
    """
    at, said = instant(now), tidy_text(words, "answer")
    if not scope.may_see(team_id):
        raise Trouble(f"The team {team_id!r} is not yours to see, so no answer was kept for it.")
    scope.require(Right.ANSWER, team_id)
    wanted = _checked(team_id, sign, tickets, known_teams, known_tickets)
    monday = None if week is None else week - timedelta(days=week.weekday())
    with database.writing() as session:
        _alone(session)
        _not_answered_yet(session, team_id, sign, monday, wanted)
        row = ReplyRow(team_id=team_id, sign=sign, week=monday, words=said, by=asker(scope), at=at)
        session.add(row)
        session.flush()
        session.add_all(ReplyTicketRow(reply_id=row.id, ticket_id=ticket) for ticket in wanted)
        session.flush()
        return _values(session, [row])[0]


def decide(
    scope: Scope,
    database: Database,
    reply_id: int,
    *,
    accept: bool,
    reason: str,
    seen: int | None = None,
    now: datetime | None = None,
) -> Reply:
    """Accept or decline an open answer, with a reason. `seen`: the revision that the decider had before them.

    Raises Conflict where someone decided meanwhile, Trouble where it is decided already or not yours to see.
    """
    return _step(scope, database, reply_id, "accepted" if accept else "declined", reason, seen, now)


def undo(
    scope: Scope,
    database: Database,
    reply_id: int,
    reason: str,
    *,
    seen: int | None = None,
    now: datetime | None = None,
) -> Reply:
    """Take a decision back: the answer is open again, and its tickets count again. Raises as `decide` does."""
    return _step(scope, database, reply_id, "undone", reason, seen, now)


def list_(
    scope: Scope,
    database: Database,
    *,
    team: str | None = None,
    sign: str | None = None,
    status: str | None = None,
) -> list[Reply]:
    """The answers of teams that the asker may see, newest first, with every step that was taken on them."""
    asked = select(ReplyRow).order_by(ReplyRow.id.desc())
    if (teams := scope.reach(Right.FOLLOW)) is not None:
        asked = asked.where(ReplyRow.team_id.in_(sorted(teams)))
    for column, wanted in ((ReplyRow.team_id, team), (ReplyRow.sign, sign)):
        asked = asked if wanted is None else asked.where(column == wanted)
    with database.reading() as session:
        found = _values(session, session.scalars(asked).all())
    return [reply for reply in found if status in (None, reply.status)]


def standing(database: Database) -> list[Reply]:
    """All accepted answers of every team, oldest first: what the readings are made with, before any scope."""
    with database.reading() as session:
        found = _values(session, session.scalars(select(ReplyRow).order_by(ReplyRow.id)).all())
    return [reply for reply in found if reply.status == "accepted"]


def taken_out(accepted: Iterable[Reply]) -> pl.DataFrame:
    """The tickets that these answers take out: `TAKEN_OUT`, one row an answer and ticket."""
    rows = [(one.id, one.sign, one.team_id, one.week, ticket) for one in accepted for ticket in one.tickets]
    return pl.DataFrame(rows, schema=TAKEN_OUT, orient="row")


def revision(database: Database) -> int:
    """A number that grows with each decision and each undoing: for those who keep answers."""
    with database.reading() as session:
        return int(session.scalar(select(func.count()).select_from(ReplyStepRow)) or 0)


def _step(
    scope: Scope,
    database: Database,
    reply_id: int,
    what: str,
    reason: str,
    seen: int | None,
    now: datetime | None,
) -> Reply:
    at, why = instant(now), tidy_text(reason, "reason")
    with database.writing() as session:
        row = session.get(ReplyRow, reply_id, with_for_update=True)
        if row is None or not scope.may_see(row.team_id):  # one sentence: that it exists is not everyone's to know
            raise Trouble(f"There is no answer {reply_id}, or it is not yours to see.")
        scope.require(Right.COACH, row.team_id)
        current = _values(session, [row])[0]
        if seen is not None and seen != current.revision:
            raise Conflict(current)
        _fits(current, what)
        number = current.revision + 1
        session.add(ReplyStepRow(reply_id=reply_id, number=number, at=at, by=asker(scope), what=what, reason=why))
        session.flush()
        return _values(session, [row])[0]


def _fits(current: Reply, what: str) -> None:
    if what == "undone" and current.decided is None:
        raise Trouble(f"Answer {current.id} is open: there is no decision to undo.")
    if what != "undone" and current.decided is not None:
        held = current.decided
        raise Trouble(
            f"{held.by} {held.what} answer {current.id} already, on {held.at:%Y-%m-%d}: undo that decision first."
        )


def _checked(
    team_id: str,
    sign: str,
    tickets: Sequence[str],
    known_teams: Collection[str] | None,
    known_tickets: Collection[str] | None,
) -> list[str]:
    """The tickets that are meant, each once."""
    if known_teams is not None and team_id not in known_teams:
        raise Trouble(f"There is no team {team_id!r} in the data: see `heartline teams`.")
    if sign not in all_signs():
        raise Trouble(f"There is no sign {sign!r}: choose one of {', '.join(all_signs())}.")
    wanted = list(dict.fromkeys(tidy_text(ticket, "ticket", 200) for ticket in tickets))
    if wanted and not can_be_taken_out(all_signs()[sign]):
        raise Trouble(f"{sign} is not counted of single tickets, so none can be taken out: answer the reading.")
    if len(wanted) > MOST_TICKETS:
        raise Trouble(f"An answer speaks of at most {MOST_TICKETS} tickets, not {len(wanted):,}: answer the reading.")
    strange = [ticket for ticket in wanted if known_tickets is not None and ticket not in known_tickets]
    if strange:
        raise Trouble(f"The ticket {strange[0]!r} is not behind this reading, so it cannot be taken out of it.")
    return wanted


def _not_answered_yet(session: Session, team_id: str, sign: str, week: date | None, wanted: list[str]) -> None:
    """No ticket is asked for twice: an answer that is open or accepted already speaks for it."""
    same = select(ReplyRow).where(ReplyRow.team_id == team_id, ReplyRow.sign == sign).order_by(ReplyRow.id)
    for other in _values(session, session.scalars(same).all()):
        both = [ticket for ticket in wanted if ticket in other.tickets]
        if both and other.status != "declined" and _overlap(week, other.week):
            raise Trouble(
                f"The ticket {both[0]!r} was answered already, by {other.by} on {other.at:%Y-%m-%d} "
                f"(answer {other.id}, {other.status}): leave it out."
            )


def _overlap(one: date | None, other: date | None) -> bool:
    """Do the weeks of two readings overlap?"""
    return one is None or other is None or abs(one - other) < timedelta(weeks=WINDOW)


def _alone(session: Session) -> None:
    """Nobody else answers anything before this transaction ends (SQLite has one writer anyhow)."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE replies IN SHARE ROW EXCLUSIVE MODE"))


def _values(session: Session, rows: Sequence[ReplyRow]) -> list[Reply]:
    """The answers with their tickets and steps, in the order given."""
    tickets: dict[int, list[str]] = {row.id: [] for row in rows}
    steps: dict[int, list[Step]] = {row.id: [] for row in rows}
    if not rows:
        return []
    one = len(rows) == 1
    asked_tickets = select(ReplyTicketRow).order_by(ReplyTicketRow.id)
    asked_steps = select(ReplyStepRow).order_by(ReplyStepRow.reply_id, ReplyStepRow.number)
    if one:
        asked_tickets = asked_tickets.where(ReplyTicketRow.reply_id == rows[0].id)
        asked_steps = asked_steps.where(ReplyStepRow.reply_id == rows[0].id)
    for ticket in session.scalars(asked_tickets):
        tickets.get(ticket.reply_id, []).append(ticket.ticket_id)
    for step in session.scalars(asked_steps):
        steps.get(step.reply_id, []).append(Step(step.at, step.by, step.what, step.reason))
    return [
        Reply(
            id=row.id,
            team_id=row.team_id,
            sign=row.sign,
            week=row.week,
            words=row.words,
            by=row.by,
            at=row.at,
            tickets=tuple(tickets[row.id]),
            steps=tuple(steps[row.id]),
        )
        for row in rows
    ]
