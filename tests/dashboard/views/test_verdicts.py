"""The page of an action says first whether it helped; several teams are planned at once, by lot or together."""

from datetime import date, timedelta

import pytest

from dashboard.coaching import verdict_words
from data.ask import Company
from data.clock import now
from data.coaching import actions, programmes, verdicts
from data.coaching.action import Action
from data.database import open_database
from data.home import Home
from data.scope import local_scope
from tests.dashboard.conftest import Open, text, well
from tests.data.coached import SIGN, START, TEAM, agreed, ended, planned

ADA = local_scope("Ada")


@pytest.fixture
def judged(own: Home) -> Action:
    """A planned action that has ended."""
    with open_database(own) as database:
        plan = planned(ADA, Company(own), database)
        return ended(ADA, database, agreed(ADA, database, fixed=plan))


def test_an_opened_action_says_whether_it_helped_and_what_that_rests_on(shown: Open, own: Home, judged: Action) -> None:
    with open_database(own) as database:
        found = verdicts.verdict(ADA, Company(own), database, judged)
    verdict = found.judged.verdict
    said = text(shown(own, "coaching", action=str(judged.id)))
    for sentence in (
        verdict_words.sentence(verdict),
        verdict_words.how_sure(verdict),
        verdict_words.naive(verdict),
        verdict_words.bracket(verdict),
        verdict_words.window(found.judged.plan, now().date()),
        verdict_words.outlook(found.judged.plan),
        f"Compared with {len(found.judged.plan['compared'])} teams:",
        *(f"{weeks}: {what}" for weeks, what in verdict_words.fading(found.judged.reviews)),
    ):
        assert sentence in said
    assert "No plan was kept" not in said
    assert "when it had begun already" not in said


def test_an_action_without_a_plan_or_with_a_late_one_says_so(shown: Open, own: Home) -> None:
    with open_database(own) as database:
        unplanned = agreed(ADA, database)
        late = planned(ADA, Company(own), database, on=START + timedelta(weeks=9))
        fixed_late = agreed(ADA, database, fixed=late)
    assert "No plan was kept when this was recorded" in text(shown(own, "coaching", action=str(unplanned.id)))
    said = text(shown(own, "coaching", action=str(fixed_late.id)))
    assert "when it had begun already: whoever chose may have seen how it went at first." in said


def test_another_start_is_judged_beside_the_plan_that_was_fixed(shown: Open, own: Home) -> None:
    with open_database(own) as database:
        action = agreed(ADA, database, fixed=planned(ADA, Company(own), database))
    app = shown(own, "coaching", action=str(action.id))
    app.date_input(key=f"edit-starts-{action.id}").set_value(START + timedelta(weeks=3))
    well(app.button(key=f"edit-save-{action.id}").click().run())
    said = text(app)
    assert "By the changed plan" in said
    assert "start 23 February" in said
    with open_database(own) as database:
        kept = actions.get(ADA, database, action.id).fixed
    assert kept is not None
    assert (kept["start"], kept["changes"][0]["plan"]["start"]) == ("2026-02-02", "2026-02-23")


def test_a_card_says_the_verdict_in_short_and_what_works_here_counts_it(shown: Open, own: Home, judged: Action) -> None:
    with open_database(own) as database:
        verdict = verdicts.verdict(ADA, Company(own), database, judged).judged.verdict
    said = text(shown(own, "coaching"))
    assert verdict.headline is not None
    assert verdict_words.short(verdict.headline) in said
    assert "What works here" in said
    assert "Role swap" in said.split("What works here")[1]


def test_a_new_action_says_what_it_could_show_and_fixes_it(shown: Open, own: Home) -> None:
    app = shown(own, "coaching", plan="1", team=TEAM, sign=SIGN)
    assert "This team alone can" in text(app)
    app.selectbox(key="new-play").select("ownership")
    app.text_area(key="new-why").input("Too many hands.")
    well(app.button(key="new-save").click().run())
    with open_database(own) as database:
        [made] = actions.list_(ADA, database)
    assert made.fixed is not None
    assert (made.fixed["teams"], made.fixed["sign"]) == ([TEAM], SIGN)
    assert made.review_on == date.fromisoformat(made.fixed["reviews"][0]["on"])
    assert "Too early to say" in text(app)


def test_several_teams_are_drawn_by_lot_and_recorded_together(shown: Open, own: Home) -> None:
    teams = ["harbour-bills", "north-bills", "south-bills", "south-mobile"]
    app = shown(own, "coaching", plan="1", sign=SIGN)
    app.multiselect(key="new-team").set_value(teams)
    well(app.run())
    assert "because only the lot decided" in text(app)
    app.number_input(key="new-seed").set_value(7)
    well(app.selectbox(key="new-play").select("role_swap").run())
    app.text_area(key="new-why").input("Try it fairly.")
    for team in teams[1:]:
        app.text_input(key=f"new-buddy-{team}").input(f"A buddy for {team}")
    well(app.button(key="new-save").click().run())
    assert "A role swap needs a buddy" in text(app)
    assert "'harbour-bills'" in text(app)
    app.text_input(key="new-buddy-harbour-bills").input("Kim")
    well(app.button(key="new-save").click().run())
    starts = now().date()
    with open_database(own) as database:
        [kept] = programmes.list_(ADA, database)
        made = actions.list_(ADA, database)
    assert kept.lot == programmes.Lot(7)
    assert kept.schedule.equals(programmes.schedule(teams, starts, programmes.Lot(7)))
    assert sorted(one.team_id for one in made) == teams
    assert {one.programme_id for one in made} == {kept.id}


def test_a_lot_that_cannot_be_drawn_is_said(shown: Open, own: Home) -> None:
    app = shown(own, "coaching", plan="1", sign=SIGN)
    app.multiselect(key="new-team").set_value(["north-bills", "south-bills"])
    well(app.run())
    app.number_input(key="new-waves").set_value(3)
    assert "This cannot be drawn: 2 teams cannot make 3 waves." in text(well(app.run()))


def test_teams_that_begin_together_are_told_what_they_could_show(shown: Open, own: Home) -> None:
    app = shown(own, "coaching", plan="1", sign=SIGN)
    app.multiselect(key="new-team").set_value(["north-bills", "south-bills"])
    well(app.run())
    app.radio(key="new-how").set_value("All together")
    assert "These 2 teams can" in text(well(app.run()))
