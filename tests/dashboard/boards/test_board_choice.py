"""Which actions the board shows is kept in the address, and what a link asks for in vain is said."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.boards.choice import BoardChoice, chosen, options, read, state_of
from dashboard.selection import Choices
from data.coaching.action import Action

TODAY = date(2026, 10, 12)
CHOICES = Choices(teams={"bills": ("Bills", "North"), "claims": ("Claims", "South"), "web": ("Web", None)})


def action(number: int, **changed: Any) -> Action:
    at = datetime(2026, 9, 1, tzinfo=UTC)
    told: dict[str, Any] = {
        "id": number, "team_id": "bills", "play": "role_swap", "sign": "buck_passing", "why": "x", "owner": "Ada",
        "starts_on": date(2026, 9, 1), "review_on": date(2026, 12, 1), "status": "under way", "outcome": None,
        "closed_at": None, "seen": None, "fixed": None, "revision": 1, "created_at": at, "created_by": "Ada",
        "updated_at": at, "updated_by": "Ada",
    }  # fmt: skip
    return Action(**{**told, **changed})


EVERY = [
    action(1),
    action(2, team_id="claims", play="Our own", owner="ben", review_on=date(2026, 10, 12)),
    action(3, team_id="web", status="planned", sign="slow_simple"),
    action(4, team_id="gone", status="done", review_on=date(2026, 10, 11)),
    action(5, review_on=date(2026, 10, 11)),
]


def test_the_filters_offer_what_there_is() -> None:
    assert options(EVERY, CHOICES) == {
        "branch": ["North", "South"],
        "team": ["bills", "claims", "gone", "web"],
        "play": ["Our own", "role_swap"],
        "sign": ["buck_passing", "slow_simple"],
        "owner": ["Ada", "ben"],
        "state": ["planned", "under way", "due", "ended"],
    }


def test_each_action_stands_in_one_state() -> None:
    assert [state_of(one, TODAY) for one in EVERY] == ["under way", "due", "planned", "ended", "due"]


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"branch": "South"}, [2]),
        ({"team": "gone"}, [4]),
        ({"play": "role_swap", "state": "due"}, [5]),
        ({"owner": "ben"}, [2]),
        ({"sign": "slow_simple"}, [3]),
        ({"before": "2026-10-11"}, [4, 5]),
        ({"before": "2026-10-12", "branch": "South", "view": "list"}, [2]),
        ({"team": "bills", "branch": "South"}, []),
    ],
)
def test_filters_in_the_address_choose(asked: dict[str, str], ids: list[int]) -> None:
    choice, said = read(asked, options(EVERY, CHOICES))
    assert said == []
    assert [one.id for one in chosen(choice, EVERY, CHOICES, TODAY)] == ids
    assert choice.address() == asked
    assert choice.filtered == bool(set(asked) - {"view"})


def test_what_a_link_asks_for_in_vain_is_said_and_left_out() -> None:
    asked = {"team": "<b>x</b>", "view": "globe", "before": "soon", "state": "late"}
    choice, said = read(asked, options(EVERY, CHOICES))
    assert choice == BoardChoice()
    assert said == [
        "The link asks for a view that no action has (globe): all are shown.",
        "The link asks for a team that no action has (<b>x</b>): all are shown.",
        "The link asks for a state that no action has (late): all are shown.",
        "The link asks for a day that is none (soon): all are shown.",
    ]


@given(st.builds(BoardChoice, view=st.sampled_from(["board", "list"]), team=st.sampled_from([None, "bills"]),
                 state=st.sampled_from([None, "due", "ended"]), before=st.none() | st.dates()))  # fmt: skip
def test_an_address_leads_back_to_its_choice(choice: BoardChoice) -> None:
    assert read(choice.address(), options(EVERY, CHOICES)) == (choice, [])
    assert read(choice.address(team=None), options(EVERY, CHOICES))[0] == replace(choice, team=None)
