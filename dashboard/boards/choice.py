"""Which actions the board shows, and how: kept in the address. Pure: an address in, a choice out, and back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from dashboard.selection import Choices
from data.coaching.action import Action

VIEWS = {"board": "Board", "list": "List"}
PLANNED, UNDER_WAY, DUE, ENDED = "planned", "under way", "due", "ended"
HEADS = {PLANNED: "Planned", UNDER_WAY: "Under way", DUE: "Due and overdue", ENDED: "Ended"}


@dataclass(frozen=True)
class BoardChoice:
    """What the board shows; None is all. `before`: reviews up to that day."""

    view: str = "board"
    branch: str | None = None
    team: str | None = None
    play: str | None = None
    sign: str | None = None
    owner: str | None = None
    state: str | None = None
    before: date | None = None

    def address(self, **changes: Any) -> dict[str, str]:
        """The query parameters of this choice, with `changes`; defaults are left out."""
        changed, bare = replace(self, **changes), BoardChoice()
        pairs = {field.name: getattr(changed, field.name) for field in fields(changed)}
        return {name: str(value) for name, value in pairs.items() if value not in (None, getattr(bare, name))}

    @property
    def filtered(self) -> bool:
        return replace(self, view="board") != BoardChoice()


def state_of(action: Action, today: date) -> str:
    """The column of the board that an action stands in."""
    if not action.is_open:
        return ENDED
    if action.is_due(today) or action.is_overdue(today):
        return DUE
    return PLANNED if action.status == "planned" else UNDER_WAY


def options(actions: Iterable[Action], choices: Choices) -> dict[str, list[str]]:
    """What each filter can be set to: what there is among the actions, in alphabetical order."""
    every = list(actions)
    branches = {choices.teams[one.team_id][1] for one in every if one.team_id in choices.teams}
    return {
        "branch": sorted(branch for branch in branches if branch),
        "team": sorted({one.team_id for one in every}),
        "play": sorted({one.play for one in every}),
        "sign": sorted({one.sign for one in every}),
        "owner": sorted({one.owner for one in every}, key=str.casefold),
        "state": list(HEADS),
    }


def read(address: Mapping[str, Any], offered: Mapping[str, list[str]]) -> tuple[BoardChoice, list[str]]:
    """The address -> what to show, and what to say of what it asked for in vain."""
    said: list[str] = []
    told: dict[str, Any] = {}
    for name, known in {"view": list(VIEWS), **offered}.items():
        asked = address.get(name)
        if not isinstance(asked, str) or not asked:
            continue
        if asked in known:
            told[name] = asked
        else:
            said.append(f"The link asks for a {name} that no action has ({asked[:60]}): all are shown.")
    told["before"] = _day(address.get("before"), said)
    return BoardChoice(**told), said


def chosen(choice: BoardChoice, actions: Iterable[Action], choices: Choices, today: date) -> list[Action]:
    """The actions that fit, in the order in which they came."""
    return [one for one in actions if _fits(choice, one, choices, today)]


def _fits(choice: BoardChoice, action: Action, choices: Choices, today: date) -> bool:
    branch = choices.teams[action.team_id][1] if action.team_id in choices.teams else None
    has = {
        "branch": branch,
        "team": action.team_id,
        "play": action.play,
        "sign": action.sign,
        "owner": action.owner,
        "state": state_of(action, today),
    }
    fits = all(getattr(choice, name) in (None, value) for name, value in has.items())
    return fits and (choice.before is None or action.review_on <= choice.before)


def _day(asked: object, said: list[str]) -> date | None:
    if not isinstance(asked, str) or not asked:
        return None
    try:
        return date.fromisoformat(asked)
    except ValueError:
        said.append(f"The link asks for a day that is none ({asked[:60]}): all are shown.")
        return None
