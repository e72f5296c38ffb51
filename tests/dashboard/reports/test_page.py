"""The page of the review: reads what was frozen, takes down what was decided, says what to do where there is none."""

import pytest

from data.home import Home
from data.reviewing import decisions
from tests.dashboard.conftest import Open, text, well
from tests.dashboard.reports.conftest import SCOPE, TYPED, Made

pytestmark = pytest.mark.xdist_group("reviews")


def test_a_review_is_read_in_the_order_of_its_pack_and_decided_on(made: Made, shown: Open) -> None:
    page = shown(made.home, "review", review=str(made.review.number))
    said = text(page)
    titles = [one["title"] for one in made.review.content["sections"]]
    places = [[str(one.value).replace("\\", "") for one in page.header].index(title) for title in titles]
    assert places == sorted(places)
    assert TYPED[1].replace("\\", "") in said  # as it was typed: no markup, no page of its own
    page.selectbox(key="decide-ask").set_value(2)
    page.radio(key="decide-outcome").set_value("put off")
    page.text_input(key="decide-by").set_value("the board")
    page = well(page.button(key="decide-go").click().run())
    found = decisions.standing(decisions.list_(SCOPE, made.database, made.review.number))
    mine = next(one for one in found if one.ask == 2)
    assert (mine.outcome, mine.decided_by, mine.by) == ("put off", "the board", "Ada")
    assert "Put off by the board" in text(page)
    well(page.button(key=f"take-back-{mine.id}").click().run())
    left = decisions.standing(decisions.list_(SCOPE, made.database, made.review.number))
    assert mine.id not in {one.id for one in left}


def test_a_link_to_a_review_that_is_not_there_shows_the_latest(made: Made, shown: Open) -> None:
    assert "There is no review 99 that you may read: the latest is shown." in text(
        shown(made.home, "review", review="99")
    )


def test_a_question_for_a_review_that_is_frozen_is_refused_on_the_page(made: Made, shown: Open) -> None:
    page = shown(made.home, "review")
    page.selectbox(key="review-period").set_value("2026-Q3")
    page.text_area(key="review-asks").set_value("One more?")
    page = well(page.button(key="review-make").click().run())
    assert "The review of the third quarter of 2026 is frozen already (number 1)" in text(page)


def test_where_there_is_no_review_the_page_says_the_next_step(sample: Home, shown: Open) -> None:
    assert "No review was made yet. Choose a period and make the first" in text(shown(sample, "review"))
