"""Actions that nobody touched for as long as their play usually lives: are they still alive?

Touched means: changed, checked in on, or, of a role swap, something learnt or fixed was written down.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from data.coaching import playbook
from data.coaching.action import Action
from data.coaching.tables import SwapNoteRow
from data.database import Database
from data.home import Home
from data.scope import Right, Scope
from data.tables import ActionRow, CheckInRow

USUAL_WEEKS = 13  # of a play that does not say how long it usually lives: the last review of an action


@dataclass(frozen=True)
class Untouched:
    """An open action that nobody touched since `since`: `weeks` whole weeks, where its play usually lives `life`."""

    action: Action
    since: date
    weeks: int
    life: int


def last_touched(scope: Scope, database: Database) -> dict[int, datetime]:
    """When each action that the asker may see was last touched, by its number."""
    with database.reading() as session:
        asked = select(ActionRow.id, ActionRow.team_id, ActionRow.updated_at)
        found = {number: at for number, team, at in session.execute(asked) if scope.may(Right.FOLLOW, team)}
        beside: list[Any] = [CheckInRow, SwapNoteRow]
        for row in beside:
            for number, at in session.execute(select(row.action_id, func.max(row.at)).group_by(row.action_id)):
                if number in found:
                    found[number] = max(found[number], at)
    return found


def life(home: Home, play: str) -> int:
    """How many weeks an action of this play usually lives: by the playbook, else the usual."""
    return playbook.lasts_weeks(home, play) or USUAL_WEEKS


def untouched(home: Home, actions: Iterable[Action], touched: dict[int, datetime], today: date) -> list[Untouched]:
    """Of these actions the open and begun ones that nobody touched for their usual life, longest first.

    An action that was recorded long before its start counts from its start.
    """
    found = []
    for action in actions:
        if not action.is_open or action.starts_on > today:
            continue
        since = max(touched.get(action.id, action.updated_at).date(), action.starts_on)
        weeks, usual = (today - since).days // 7, life(home, action.play)
        if weeks >= usual:
            found.append(Untouched(action, since, weeks, usual))
    return sorted(found, key=lambda one: (one.since, one.action.id))
