"""What comes of a retrospective: actions that are recorded, remarks that become answers; and of the one before it."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import func, select

from data import replies
from data.clock import instant
from data.coaching import actions
from data.coaching.action import Action, Json, check, tidy
from data.coaching.swaps import Swap
from data.database import Database
from data.errors import Trouble
from data.replies import Reply
from data.retro.leading import list_
from data.retro.retrospective import MOST_ACTIONS, Retrospective
from data.retro.rows import find, led, touch
from data.retro.tables import AgreedRow, CardRow
from data.scope import Scope


def agree(
    scope: Scope,
    database: Database,
    number: int,
    content: Json,
    *,
    secret: str,
    known_teams: Collection[str] | None = None,
    swap: Swap | None = None,
    now: datetime | None = None,
) -> Action:
    """Record an action of this team: play, sign, why, starts_on, review_on, owner, seen, fixed, as `actions.create`.

    Raises Trouble where two were agreed already, or for what makes no action.
    """
    at = instant(now)
    with database.writing() as session:
        row = led(session, scope, number, secret)
        made = tidy({**content, "team_id": row.team_id})
        made["status"] = "under way" if made["starts_on"] <= at.date() else "planned"
        check(made, known_teams)
        many = select(func.count()).select_from(AgreedRow).where(AgreedRow.retrospective_id == number)
        if (session.scalar(many) or 0) >= MOST_ACTIONS:
            raise Trouble(
                f"{MOST_ACTIONS} actions were agreed already, and more are seldom done. Others can be planned on the "
                "page Coaching."
            )
        action = actions.add(session, scope, made, at, swap=swap)
        session.add(AgreedRow(action_id=action.id, retrospective_id=number))
        touch(row)
        return action


def agreed(scope: Scope, database: Database, number: int) -> list[Action]:
    """The actions that were agreed in it, as they stand now."""
    with database.reading() as session:
        find(session, scope, number)
        asked = select(AgreedRow.action_id).where(AgreedRow.retrospective_id == number).order_by(AgreedRow.action_id)
        known = list(session.scalars(asked))
    return [actions.get(scope, database, action_id) for action_id in known]


def since_last(scope: Scope, database: Database, now: Retrospective) -> list[Action]:
    """Last time's actions: those of this team that were recorded since the retrospective before this one was opened.

    Those that this one agrees on are not among them. Where it is the first, all that the team ever had.
    """
    past = [one for one in list_(scope, database, team=now.team_id) if one.opened_at < now.opened_at]
    since = past[0].opened_at if past else None
    own = {action.id for action in agreed(scope, database, now.id)}
    found = actions.list_(scope, database, team=now.team_id)
    return [one for one in found if one.id not in own and (since is None or one.created_at >= since)]


def send_remark(
    scope: Scope,
    database: Database,
    number: int,
    card: str,
    *,
    secret: str,
    week: date | None = None,
    now: datetime | None = None,
) -> Reply:
    """Make of a remark that was shown the team's answer to a reading, for a manager to decide on (data.replies).

    It is sent in the name of whoever leads, because nobody knows who wrote it. Trouble where it was sent already.
    """
    at = instant(now)
    with database.writing() as session:
        row = led(session, scope, number, secret)
        found = session.get(CardRow, card)
        if found is None or found.retrospective_id != number or found.own is not None or not found.about:
            raise Trouble("That remark is not there any more, or was not shown yet: nothing was sent.")
        if card in row.state.get("replies", {}):
            raise Trouble("That remark was sent already: it waits for a manager's decision.")
        team_id, sign, words = row.team_id, found.about, found.words
    said = f"{words}\n\nSaid in the team's retrospective of {at:%Y-%m-%d}."
    reply = replies.answer(scope, database, team_id=team_id, sign=sign, words=said, week=week, now=now)
    with database.writing() as session:
        row = find(session, scope, number, lock=True)
        touch(row, replies={**row.state.get("replies", {}), card: reply.id})
    return reply
