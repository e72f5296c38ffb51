"""The address opens the same view again, and nonsense in it falls back politely."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.selection import PERIODS, Choices, Selection, read
from data.filters import Filters

CHOICES = Choices(
    branches=("North", "South"),
    teams={"dn": ("Deliveries North", "North"), "bs": ("Billing South", "South")},
    channels=("email", "phone"),
    categories=("damaged",),
    first_week=date(2025, 1, 6),
    last_week=date(2026, 10, 12),
    signs=("buck_passing",),
)
SELECTIONS = st.builds(
    Selection,
    period=st.sampled_from(list(PERIODS)),
    branch=st.none(),
    team=st.sampled_from([None, "dn", "bs"]),
    channel=st.sampled_from([None, "email"]),
    category=st.sampled_from([None, "damaged"]),
    week=st.sampled_from([None, date(2025, 1, 6), date(2026, 10, 5)]),
    sign=st.sampled_from([None, "buck_passing"]),
    ticket=st.sampled_from([None, "T 1/ü&"]),
    action=st.sampled_from([None, 7]),
    plan=st.booleans(),
)


@given(SELECTIONS)
def test_a_copied_link_opens_the_same_view(selection: Selection) -> None:
    assert read(selection.address(), CHOICES) == (selection, [])


def test_a_view_that_asks_for_nothing_has_a_bare_address() -> None:
    assert Selection().address() == {}
    assert read({}, CHOICES) == (Selection(), [])


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ({"branch": "West"}, "West"),
        ({"team": "<script>"}, "script"),
        ({"channel": "fax"}, "fax"),
        ({"category": "x" * 500}, "xxx"),
        ({"period": "-1"}, "period"),
        ({"period": "²"}, "period"),
        ({"week": "yesterday"}, "no date"),
        ({"week": "1999-01-01"}, "no week"),
        ({"sign": "gone"}, "gone"),
    ],
)
def test_what_the_data_does_not_have_is_left_out_and_said(address: dict[str, str], says: str) -> None:
    selection, said = read(address, CHOICES)
    assert selection == Selection()
    assert len(said) == 1
    assert says in said[0]
    assert len(said[0]) < 200


@given(st.dictionaries(st.sampled_from([*Selection().__dict__, "other"]), st.text(max_size=30)))
def test_no_address_breaks_the_page(address: dict[str, str]) -> None:
    selection, _ = read(address, CHOICES)
    assert selection.branch in (None, *CHOICES.branches)
    assert selection.team in (None, *CHOICES.teams)


def test_a_day_is_taken_for_its_week_and_the_last_week_for_the_latest() -> None:
    assert read({"week": "2026-10-08"}, CHOICES)[0].week == date(2026, 10, 5)
    assert read({"week": "2026-10-18"}, CHOICES) == (Selection(), [])


def test_a_team_of_another_branch_wins_over_the_branch() -> None:
    selection, said = read({"team": "dn", "branch": "South"}, CHOICES)
    assert (selection.team, selection.branch) == ("dn", None)
    assert said == ["Deliveries North is no team of South: the branch is left out."]


def test_the_period_ends_with_the_week_that_is_read() -> None:
    assert Selection(period=13).filters(CHOICES) == Filters(since=date(2026, 7, 20), until=date(2026, 10, 12))
    asked = Selection(period=13, week=date(2026, 4, 6), team="dn")
    assert asked.filters(CHOICES) == Filters(since=date(2026, 1, 12), until=date(2026, 4, 6), team="dn")


def test_teams_are_listed_by_name_within_their_branch() -> None:
    assert CHOICES.teams_of(None) == ["bs", "dn"]
    assert CHOICES.teams_of("North") == ["dn"]


def test_numbered_teams_are_listed_as_people_count() -> None:
    numbered = Choices(teams={team: (f"Team {team}", None) for team in ("10", "9", "b")})
    assert numbered.teams_of(None) == ["9", "10", "b"]


def test_the_period_begins_no_earlier_than_the_data() -> None:
    young = Choices(first_week=date(2026, 8, 3), last_week=date(2026, 10, 12))
    assert Selection(period=104).filters(young).since == date(2026, 8, 3)
