"""An action is recorded, checked in on, changed, closed; two who change it at once are both kept."""

from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from data.clock import now
from data.coaching import actions
from data.coaching.action import Action
from data.coaching.swaps import Swap
from data.database import open_database
from data.home import Home
from data.scope import local_scope
from tests.dashboard.conftest import Open, asked, text, well

ADA, BEN = local_scope("Ada"), local_scope("Ben")


def all_of(home: Home) -> list[Action]:
    with open_database(home) as database:
        return actions.list_(ADA, database)


def recorded(home: Home, **more: object) -> Action:
    told: dict[str, object] = {
        "team_id": "none such",
        "play": "role_swap",
        "sign": "buck_passing",
        "why": "Customers wait.",
        "starts_on": now().date() - timedelta(weeks=2),
        "review_on": now().date() + timedelta(days=3),
        "owner": "Ada",
        "swap": Swap(8, "Kim"),
    }
    with open_database(home) as database:
        return actions.create(ADA, database, **(told | more))  # type: ignore[arg-type]


def test_an_action_planned_from_a_reading_is_kept_with_what_was_seen(shown: Open, own: Home) -> None:
    before = {action.id for action in all_of(own)}
    app = shown(own, "coaching", plan="1", sign="buck_passing")
    well(app.selectbox(key="new-play").select("role_swap").run())
    app.text_input(key="new-buddy").input("Kim of the second line")
    app.text_area(key="new-why").input("Too many hands.\n\n*Let us try.*")
    well(app.button(key="new-save").click().run())
    made = next(action for action in all_of(own) if action.id not in before)
    assert (made.play, made.sign, made.owner, made.created_by) == ("role_swap", "buck_passing", "Ada", "Ada")
    assert made.seen is not None
    assert made.seen["sentence"] in text(app)
    assert asked(app, "action") == str(made.id)
    assert "Too many hands. *Let us try.*" in text(app)
    assert "8 hours, taken along by Kim of the second line." in text(app)


def test_a_role_swap_without_a_buddy_is_not_kept_and_nothing_written_is_lost(shown: Open, own: Home) -> None:
    before = len(all_of(own))
    app = well(shown(own, "coaching", plan="1").selectbox(key="new-play").select("role_swap").run())
    app.text_area(key="new-why").input("Too many hands.")
    well(app.button(key="new-save").click().run())
    assert "A role swap needs a buddy" in text(app)
    assert app.text_area(key="new-why").value == "Too many hands."
    assert len(all_of(own)) == before


def test_what_a_swap_taught_and_mended_is_added_beside_it(shown: Open, own: Home) -> None:
    action = recorded(own)
    app = shown(own, "coaching", action=str(action.id))
    app.text_area(key=f"swap-learnt-{action.id}").input("The number *lacks*.")
    app.text_area(key=f"swap-fixed-{action.id}").input("<b>The form asks for it.</b>")
    well(app.button(key=f"swap-save-{action.id}").click().run())
    assert "The number *lacks*. (Ada" in text(app)
    assert "<b>The form asks for it.</b> (Ada" in text(app)
    well(app.button(key=f"swap-save-{action.id}").click().run())
    assert "both are empty" in text(app)
    app.text_area(key=f"swap-learnt-{action.id}").input("x" * 10_001)
    well(app.button(key=f"swap-save-{action.id}").click().run())
    assert "has 10,001 characters" in text(app)
    assert app.text_area(key=f"swap-learnt-{action.id}").value == "x" * 10_001


def test_an_action_becomes_a_role_swap_with_a_buddy_only(shown: Open, own: Home) -> None:
    action = recorded(own, play="ownership")
    app = shown(own, "coaching", action=str(action.id))
    assert "The swap" not in text(app)
    app.selectbox(key=f"edit-play-{action.id}").select("role_swap")
    well(app.button(key=f"edit-save-{action.id}").click().run())
    assert "A role swap needs a buddy" in text(app)
    app.text_input(key=f"edit-{action.id}-buddy").input("Kim")
    well(app.button(key=f"edit-save-{action.id}").click().run())
    assert "8 hours, taken along by Kim." in text(app)
    app.text_input(key=f"edit-{action.id}-buddy").input("Noor")
    well(app.button(key=f"edit-save-{action.id}").click().run())
    assert "8 hours, taken along by Noor." in text(app)


def test_an_action_without_a_why_is_not_kept_and_nothing_written_is_lost(shown: Open, own: Home) -> None:
    before = len(all_of(own))
    app = shown(own, "coaching", plan="1")
    app.selectbox(key="new-play").select("role_swap")
    app.date_input(key="new-review").set_value(date(2020, 1, 1))
    well(app.button(key="new-save").click().run())
    assert "Please fill in the why" in text(app)
    assert app.date_input(key="new-review").value == date(2020, 1, 1)
    assert len(all_of(own)) == before


def test_the_board_shows_each_action_in_one_column(shown: Open, own: Home) -> None:
    before = all_of(own)
    recorded(own, why="due")
    recorded(own, review_on=now().date() - timedelta(days=1), why="overdue")
    recorded(own, starts_on=now().date() + timedelta(days=30), review_on=now().date() + timedelta(days=60))
    said = text(shown(own, "coaching"))
    planned = sum(action.status == "planned" for action in before) + 1
    assert f"Planned ({planned})" in said
    today = now().date()
    due = sum(action.is_due(today) or action.is_overdue(today) for action in before) + 2
    assert f"Due and overdue ({due})" in said
    assert "review overdue since" in said


def test_the_overview_says_what_was_promised(shown: Open, own: Home) -> None:
    recorded(own)
    late = recorded(own, review_on=now().date() - timedelta(days=1))
    said = text(shown(own))
    assert "What you promised (1 due this week)" in said
    assert f"overdue since {late.review_on.day} " in said


def test_a_check_in_is_added_and_nothing_else_changes(shown: Open, own: Home) -> None:
    action = recorded(own)
    app = shown(own, "coaching", action=str(action.id))
    app.text_area(key=f"check-in-words-{action.id}").input("They swap desks on Tuesdays.")
    well(app.button(key=f"check-in-save-{action.id}").click().run())
    assert "They swap desks on Tuesdays." in text(app)
    with open_database(own) as database:
        assert [row.words for row in actions.check_ins(ADA, database, action.id)] == ["They swap desks on Tuesdays."]


def test_an_empty_check_in_is_said_to_be_empty(shown: Open, own: Home) -> None:
    action = recorded(own)
    app = shown(own, "coaching", action=str(action.id))
    well(app.button(key=f"check-in-save-{action.id}").click().run())
    assert "Please fill in the check-in" in text(app)


def test_an_action_is_edited_and_the_last_change_undone(shown: Open, own: Home) -> None:
    action = recorded(own)
    app = shown(own, "coaching", action=str(action.id))
    app.text_area(key=f"edit-why-{action.id}").input("A better reason.")
    well(app.button(key=f"edit-save-{action.id}").click().run())
    assert "A better reason." in text(app)
    well(app.button(key=f"undo-{action.id}").click().run())
    assert app.text_area(key=f"edit-why-{action.id}").value == "Customers wait."
    assert [changed.why for changed in all_of(own) if changed.id == action.id] == ["Customers wait."]


def edited_by_ben(home: Home, action: Action, **changes: object) -> None:
    with open_database(home) as database:
        actions.edit(BEN, database, action.id, changes, expected_revision=action.revision)


def opened_and_typed(shown: Open, home: Home, action: Action) -> AppTest:
    app = shown(home, "coaching", action=str(action.id))
    app.text_area(key=f"edit-why-{action.id}").input("Ada's reason.")
    return app


def test_the_second_of_two_is_shown_both_texts_and_may_save_again(shown: Open, own: Home) -> None:
    action = recorded(own)
    app = opened_and_typed(shown, own, action)
    edited_by_ben(own, action, why="Ben's reason.")
    well(app.button(key=f"edit-save-{action.id}").click().run())
    said = text(app)
    assert "Ben changed this action while you were writing" in said
    assert "Ben's reason." in said
    assert "Ada's reason." in said
    assert app.text_area(key=f"edit-why-{action.id}").value == "Ada's reason."
    assert next(now.why for now in all_of(own) if now.id == action.id) == "Ben's reason."
    well(app.button(key=f"edit-save-{action.id}").click().run())
    assert next(now.why for now in all_of(own) if now.id == action.id) == "Ada's reason."


def test_two_who_change_different_things_are_both_kept(shown: Open, own: Home) -> None:
    action = recorded(own)
    app = opened_and_typed(shown, own, action)
    edited_by_ben(own, action, owner="Ben")
    well(app.button(key=f"edit-save-{action.id}").click().run())
    kept = next(now for now in all_of(own) if now.id == action.id)
    assert (kept.why, kept.owner) == ("Ada's reason.", "Ben")


def test_an_action_is_closed_with_a_word_and_reopened(shown: Open, own: Home) -> None:
    action = recorded(own)
    app = shown(own, "coaching", action=str(action.id))
    app.text_area(key=f"close-words-{action.id}").input("It helped.")
    well(app.button(key=f"close-save-{action.id}").click().run())
    assert "How it went. It helped." in text(app).replace("**", "")
    well(app.button(key=f"reopen-{action.id}").click().run())
    assert next(now.status for now in all_of(own) if now.id == action.id) == "under way"


@pytest.mark.parametrize("address", ["999999", "nonsense"])
def test_an_action_that_is_not_there_is_said_politely(shown: Open, own: Home, address: str) -> None:
    app = shown(own, "coaching", action=address)
    assert app.title[0].value.startswith("Coaching")
    if address == "999999":
        assert "There is no action 999999" in text(app)


def test_an_untouched_action_asks_and_one_click_answers(shown: Open, own: Home) -> None:
    long_ago = now() - timedelta(weeks=60)
    begun = {"starts_on": long_ago.date(), "review_on": now().date() + timedelta(weeks=9), "now": long_ago}
    going, overtaken = (recorded(own, play="ownership", **begun) for _ in range(2))
    app = shown(own, "coaching")
    assert "2 actions were not touched for as long as such a play usually lives." in text(app)
    well(app.button(key=f"alive-going-{going.id}").click().run())
    assert "Noted as a check-in: still going." in text(app)
    well(app.button(key=f"alive-overtaken-{overtaken.id}").click().run())
    assert "Overtaken by something else." in text(app)
    assert "Still alive?" not in text(app)
    kept = {action.id: action for action in all_of(own)}
    assert (kept[going.id].status, kept[overtaken.id].status) == ("under way", "stopped")
    with open_database(own) as database:
        assert [row.words for row in actions.check_ins(ADA, database, going.id)] == ["Still going."]


def test_the_list_holds_what_fits_the_filters_of_the_address(shown: Open, own: Home) -> None:
    mine = recorded(own, team_id="north-bills", play="ownership", owner="Carla & <b>Co</b>")
    app = shown(own, "coaching", view="list", owner=mine.owner, team="north-bills")
    table = next(frame for frame in app.dataframe if "So far" in frame.value.columns)
    assert table.value["Owner"].to_list() == [mine.owner]
    assert table.value["State"].to_list() == ["Due and overdue"]
    assert "1 action as a file:" in text(app)
    assert app.selectbox(key="board-owner").value == mine.owner
    well(app.selectbox(key="board-owner").select("").run())
    assert "owner" not in app.query_params
    assert asked(app, "view") == "list"


def test_a_filter_that_nothing_fits_and_a_link_that_asks_in_vain_are_said(shown: Open, own: Home) -> None:
    recorded(own)
    app = shown(own, "coaching", state="planned", owner="Ada", before="2001-01-01")
    assert "No action fits these filters" in text(app)
    app = shown(own, "coaching", team="atlantis")
    assert "The link asks for a team that no action has (atlantis): all are shown." in text(app)
