"""A one-on-one is opened, prepared by one click, written in by both; its link opens its agenda and nothing else."""

from datetime import timedelta

import pytest

from data.clock import now
from data.coaching import actions
from data.database import open_database
from data.home import Home
from data.scope import local_scope
from data.talks import action_points, agenda, conversations, private_notes
from data.talks.conversation import Conversation
from tests.dashboard.conftest import Open, asked, text, well

ADA, BRUNO = local_scope("Ada"), local_scope("Bruno")
TODAY = now().date()
MARKUP = "<b>Load</b> **today** [x](https://example.com)"


def opened(home: Home, days: int = 1, *teams: str) -> Conversation:
    with open_database(home) as database:
        held_on = TODAY + timedelta(days=days)
        return conversations.create(ADA, database, guest="Bruno", teams=teams or ["north-bills"], held_on=held_on)


def test_from_an_empty_list_to_a_prepared_agenda(shown: Open, own: Home) -> None:
    app = shown(own, "one_on_one")
    assert "There is none yet." in text(app)
    app.text_input(key="new-guest").input("Bruno")
    app.multiselect(key="new-teams").select("north-parcels")
    well(app.button(key="new-conversation-save").click().run())
    number = int(asked(app, "conversation"))
    assert "Ada and Bruno" in text(app)
    assert "Begin with" in text(app)
    well(app.button(key=f"prepare-{number}").click().run())
    with open_database(own) as database:
        points = agenda.points(ADA, database, number)
    assert points
    assert all(point.side == agenda.PREPARED for point in points)
    assert " ".join(points[0].words.split()) in text(app)
    app.text_area(key=f"agenda-words-{number}").input(MARKUP)
    well(app.button(key=f"agenda-save-{number}").click().run())
    assert MARKUP in text(app)
    assert app.text_area(key=f"agenda-words-{number}").value == ""


def test_what_both_write_is_kept_and_the_second_is_shown_both(shown: Open, own: Home) -> None:
    talk = opened(own)
    app = shown(own, "one_on_one", conversation=str(talk.id))
    app.text_area(key=f"keep-shared-{talk.id}").input("Ada's words")
    app.text_input(key=f"keep-priority-0-{talk.id}").input("Call back the same day")
    with open_database(own) as database:
        conversations.edit(BRUNO, database, talk.id, {"shared": "Bruno's words"}, expected_revision=1)
    well(app.button(key=f"keep-save-{talk.id}").click().run())
    said = text(app)
    assert "Bruno changed this conversation while you were writing" in said
    assert "Bruno's words" in said
    assert "Ada's words" in said
    well(app.button(key=f"keep-save-{talk.id}").click().run())
    with open_database(own) as database:
        kept = conversations.get(ADA, database, talk.id)
        steps = conversations.history(ADA, database, talk.id)
    assert (kept.shared, kept.priorities, kept.revision) == ("Ada's words", ("Call back the same day",), 3)
    assert [step.conversation.shared for step in steps] == ["", "Bruno's words", "Ada's words"]
    well(app.button(key=f"undo-{talk.id}").click().run())
    assert app.text_area(key=f"keep-shared-{talk.id}").value == "Bruno's words"


def test_points_carried_over_are_settled_and_a_sixth_waits(shown: Open, own: Home) -> None:
    first, talk = opened(own, -7), opened(own)
    with open_database(own) as database:
        made = [
            action_points.add(
                ADA, database, first.id, words=f"Point {number}", owner="Bruno", due_on=TODAY + timedelta(days=2)
            )
            for number in range(5)
        ]
    app = shown(own, "one_on_one", conversation=str(talk.id))
    assert "Action points (5 open)" in text(app)
    assert "carried over" in text(app)
    assert "a sixth has to wait" in text(app)
    well(app.button(key=f"action-point-done-{made[0].id}").click().run())
    assert "Action points (4 open)" in text(app)
    app.text_input(key=f"new-point-what-{talk.id}").input("Ring back")
    app.date_input(key=f"new-point-by-{talk.id}").set_value(TODAY - timedelta(days=3))
    well(app.button(key=f"new-point-save-{talk.id}").click().run())
    assert "has been: by when is it to be done?" in text(app)
    assert app.text_input(key=f"new-point-what-{talk.id}").value == "Ring back"
    app.date_input(key=f"new-point-by-{talk.id}").set_value(TODAY + timedelta(days=3))
    well(app.button(key=f"new-point-save-{talk.id}").click().run())
    assert "Action points (5 open)" in text(app)


def test_an_action_point_is_recorded_as_a_coaching_action_with_its_plan(shown: Open, own: Home) -> None:
    talk = opened(own, 1, "north-bills", "north-parcels")
    with open_database(own) as database:
        point = action_points.add(
            ADA, database, talk.id, words="Read before passing on", owner="Bruno", due_on=TODAY + timedelta(days=9)
        )
    app = shown(own, "one_on_one", conversation=str(talk.id), point=str(point.id))
    app.selectbox(key="coach-team").select("north-parcels")
    app.selectbox(key="coach-sign").select("buck_passing")
    app.selectbox(key="coach-play").select("ownership")
    well(app.run())
    well(app.button(key="coach-save").click().run())
    with open_database(own) as database:
        (after,) = action_points.list_(ADA, database)
        made = actions.get(ADA, database, after.action_id or 0)
    assert (after.state, made.team_id, made.why, made.owner) == (
        "coaching action", "north-parcels", "Read before passing on", "Bruno",
    )  # fmt: skip
    assert made.fixed is not None
    assert made.fixed["sign"] == "buck_passing"
    assert made.seen is not None


def test_private_notes_stay_private_and_the_link_shows_the_agenda_alone(
    shown: Open, own: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = opened(own)
    with open_database(own) as database:
        private_notes.write(BRUNO, database, talk.id, "Bruno's own note")
        private_notes.write(ADA, database, talk.id, "Ada's own note")
        conversations.edit(ADA, database, talk.id, {"shared": "Our notes"}, expected_revision=1)
        token = conversations.token(ADA, database, talk.id)
    said = text(shown(own, "one_on_one", conversation=str(talk.id)))
    assert "Ada's own note" in said
    assert "Bruno's own note" not in said
    guest = shown(own, "agenda", token=token)
    guest.text_area(key="guest-words").input(MARKUP)
    well(guest.button(key="guest-save").click().run())
    assert MARKUP in text(guest)
    for secret in ("own note", "Our notes", "Beside it"):
        assert secret not in text(guest)
    wrong = shown(own, "agenda", token="x" * 32)
    assert "This link opens nothing, or nothing any more" in text(wrong)
    assert not wrong.text_area


def test_a_conversation_that_is_not_there_is_said_politely(shown: Open, own: Home) -> None:
    assert "There is no conversation 999" in text(shown(own, "one_on_one", conversation="999"))
