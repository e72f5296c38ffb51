"""A verdict in words: its size and interval, what it was compared with, how sure it is, why the plain one misleads."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from dashboard.coaching import verdict_words
from data.coaching.happenings import Happening
from data.coaching.what_works import Ended, Works
from metrics.effect import Estimate
from metrics.helped import ASTRIDE, Helped
from metrics.pooling import pool

NAN = float("nan")
LOWER = Estimate(-0.038, -0.071, -0.004, 1 / 31, "placebo rank", 0.016)
BRACKET = (
    Estimate(-0.06, -0.1, -0.02, 0.01, "difference in differences"),
    Estimate(-0.01, -0.05, 0.03, 0.6, "difference in differences"),
)
NAIVE = Estimate(-0.1, -0.15, -0.05, 0.001, "before and after")


def found(word: Any = "helped", headline: Estimate | None = LOWER, **more: Any) -> Helped:
    told: dict[str, Any] = {
        "word": word,
        "why": None,
        "headline": headline,
        "bracket": BRACKET,
        "naive": NAIVE,
        "coached": 1,
        "compared": 30,
        "weeks": 13,
    }
    return Helped(**{**told, **more})


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            found(),
            "It helped: over 13 weeks, 3.8 points lower (95% interval 0.4 to 7.1 points) than 30 compared teams and "
            "the team's own past foretold.",
        ),
        (
            found("made it worse", Estimate(0.05, 0.01, 0.09, 0.01, "ANCOVA, HC3"), coached=4, weeks=9),
            "It went worse than without: over 9 weeks, 5 points higher (95% interval 1 to 9 points) than 30 compared "
            "teams and the teams' own past foretold.",
        ),
        (
            found("no difference seen", Estimate(-0.01, -0.03, 0.01, 0.4, "ANCOVA, HC3")),
            "No difference is seen: over 13 weeks, 1 point lower (95% interval 3 points lower to 1 point higher) than "
            "30 compared teams and the team's own past foretold.",
        ),
        (
            found("cannot tell", why=ASTRIDE),
            "It cannot be told whether it helped: over 13 weeks, 3.8 points lower (95% interval 0.4 to 7.1 points) "
            "than 30 compared teams and the team's own past foretold. "
            "Beside the last weeks before the start it went one way, beside older weeks the other.",
        ),
        (
            found("cannot tell", None, why="3 teams to compare with; it takes 5"),
            "It cannot be told whether it helped: 3 teams to compare with; it takes 5.",
        ),
        (
            found("cannot tell", Estimate(0.02, NAN, NAN, NAN, "placebo rank"), why="the teams do not vary enough"),
            "It cannot be told whether it helped: over 13 weeks, 2 points higher than 30 compared teams and the team's "
            "own past foretold. The teams do not vary enough.",
        ),
        (
            found("too early", None, weeks=3, why="3 weeks are final since the start; it takes 4"),
            "Too early to say: 3 weeks final so far, and it takes 4.",
        ),
        (found("too early", None, weeks=1), "Too early to say: 1 week final so far, and it takes 4."),
        (
            found("too early", None, weeks=0),
            "Too early to say: no week is final since the start, and it takes 4.",
        ),
    ],
)
def test_each_verdict_is_a_sentence(told: Helped, said: str) -> None:
    assert verdict_words.sentence(told) == said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (Estimate(-0.038, -0.071, -0.004, 0.01, "x"), "3.8 points lower, between 0.4 and 7.1"),
        (Estimate(0.038, 0.004, 0.071, 0.01, "x"), "3.8 points higher, between 0.4 and 7.1"),
        (Estimate(-0.01, -0.056, 0.036, 0.6, "x"), "1 point lower, between 5.6 lower and 3.6 higher"),
        (Estimate(0.02, NAN, NAN, NAN, "x"), "2 points higher"),
    ],
)
def test_on_a_card_it_is_short(line: Estimate, said: str) -> None:
    assert verdict_words.short(line) == said


@pytest.mark.parametrize(
    ("effect", "measure", "said"),
    [
        (-0.0123, "share", "1.2 points"),
        (0.01, "share", "1 point"),
        (0.0, "share", "0 points"),
        (-0.25, "rate", "0.25"),
        (1.234, "dispersion", "1.2"),
    ],
)
def test_a_share_has_points_and_a_rate_its_number(effect: float, measure: str, said: str) -> None:
    assert verdict_words.amount(effect, measure) == said


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            found(),
            "Of 31 teams, this one included, only this one lies as far to this side of what its past foretold by "
            "itself.",
        ),
        (
            found(headline=Estimate(-0.02, -0.06, 0.02, 5 / 31, "placebo rank")),
            "Of 31 teams, this one included, 5 lie as far to this side of what its past foretold by itself.",
        ),
        (
            found(headline=Estimate(-0.02, -0.03, -0.01, 0.004, "permutation of the draw"), coached=6),
            "Of all the draws that could have been, 0.4% would show as much.",
        ),
        (
            found(headline=Estimate(-0.02, -0.03, -0.01, 0.0001, "ANCOVA, HC3"), coached=6),
            "6 coached teams against 30 compared teams; if nothing had changed, fewer than 1 in 1,000 of such "
            "comparisons would show as much.",
        ),
        (found("too early", None), ""),
    ],
)
def test_how_sure_it_is(told: Helped, said: str) -> None:
    assert verdict_words.how_sure(told) == said


@pytest.mark.parametrize("method", ["placebo rank", "ANCOVA, HC3", "permutation of the draw"])
def test_where_teams_do_not_vary_how_sure_cannot_be_said(method: str) -> None:
    flat = found("cannot tell", Estimate(0.0, NAN, NAN, NAN, method))
    assert verdict_words.how_sure(flat) == "It cannot be said: the teams do not vary enough."


def test_the_two_simpler_comparisons_say_what_each_leans_to() -> None:
    said = verdict_words.bracket(found())
    assert "Against the eight weeks before the start it is 6 points lower (95% interval 2 to 10 points)" in said
    assert "Against the older weeks it is 1 point lower (95% interval 5 points lower to 3 points higher)" in said
    assert verdict_words.bracket(found(bracket=None)) == ""


def test_the_plain_before_and_after_is_told_with_why_it_misleads() -> None:
    said = verdict_words.naive(found())
    assert said.startswith("A plain before and after says 10 points lower (95% interval 5 to 15 points).")
    assert "a team is coached when it looks its worst" in said
    assert verdict_words.naive(found(naive=None)) == ""


def test_each_review_by_its_own_weeks() -> None:
    waiting = found("too early", None, why="no week is final since the start; it takes 4", weeks=0)
    assert verdict_words.fading([found(), found(weeks=5), waiting]) == [
        ("weeks 1 to 4", "3.8 points lower, between 0.4 and 7.1"),
        ("weeks 5 to 9", "3.8 points lower, between 0.4 and 7.1"),
        ("weeks 10 to 13", "No week is final since the start; it takes 4"),
    ]


def plan(outlook: dict[str, float | None], teams: int = 1, compared: int = 30, more: int | None = None) -> Any:
    return {
        "teams": ["t"] * teams,
        "compared": ["c"] * compared,
        "outlook": outlook,
        "more": more,
        "worth": 0.05,
        "start": "2026-02-02",
        "baseline": ["2025-02-03", "2025-12-01"],
        "reviews": [{"week": 4, "on": "2026-03-02"}, {"week": 13, "on": "2026-05-04"}],
        "until": None,
    }


BLIND = dict.fromkeys(["4", "9", "13"])


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            plan({"4": 0.048, "9": 0.035, "13": 0.029}),
            "This team alone can show a change of 4.8 points by week 4, 2.9 points by week 13; a smaller one would not "
            "show.",
        ),
        (
            plan({"4": 0.12, "9": 0.1, "13": 0.08}, more=3),
            "This team alone can show a change of 12 points by week 4, 8 points by week 13; a smaller one would not "
            "show. With 2 more teams, 5 points would.",
        ),
        (
            plan({"4": None, "9": None, "13": 0.4}, teams=3),
            "These 3 teams can show a change of 40 points by week 13; a smaller one would not show.",
        ),
        (
            plan(BLIND, compared=19),
            "This team alone cannot tell whether it helped: it takes 20 teams to compare one with, and there are 19.",
        ),
        (
            plan(BLIND, teams=2, compared=2),
            "These 2 teams cannot tell whether it helped: it takes 5 teams to compare them with, and there are 2.",
        ),
        (
            plan(BLIND, compared=0),
            "This team alone cannot tell whether it helped: the data has no team to compare with in the year before "
            "its start.",
        ),
        (
            plan(BLIND),
            "This team alone cannot tell whether it helped: there is too little history, or there are too few tickets.",
        ),
    ],
)
def test_what_could_be_seen_is_said_before_it_starts(told: Any, said: str) -> None:
    assert verdict_words.outlook(told) == said


def test_the_window_is_told_with_its_reviews_and_who_waits() -> None:
    today = date(2026, 2, 1)
    said = verdict_words.window(plan(BLIND), today)
    assert "From the week of 2 Feb;" in said
    assert "Reviewed on 2 Mar (week 4), 4 May (week 13)." in said
    assert "those who wait" not in said
    waiting = {**plan(BLIND), "until": "2026-05-04"}
    assert verdict_words.window(waiting, today).endswith("Until 4 May those who wait are the comparison.")


def test_what_else_happened_names_teams_that_may_be_seen_and_plays_but_no_one() -> None:
    today, names = date(2026, 6, 1), {"n": "North Bills"}
    flood = Happening(date(2026, 5, 25), "a flood of Tracking tickets")
    other = Happening(date(2026, 5, 4), "another action on the same team", ("n", "hidden"), "role_swap")
    assert verdict_words.happened(flood, names, today) == "25 May: a flood of Tracking tickets"
    assert verdict_words.happened(other, names, today) == (
        "4 May: Role swap, another action on the same team (North Bills, another team)"
    )


def ended(*effects: float) -> Works:
    many = tuple(Ended(None, 1, "s", date(2026, 1, 5), e, e - 0.02, e + 0.02, 0.01, 13) for e in effects)
    return Works("role_swap", many, pool(np.array(effects), np.full(len(effects), 0.01)), {}, 0)


def test_what_works_says_how_many_and_how_far_and_nothing_of_one() -> None:
    assert (
        verdict_words.works(ended(0.03))
        == "1 ended action can be told so far: too few to say what it usually does here."
    )
    clear = verdict_words.works(ended(0.05, 0.055, 0.045, 0.05, 0.052))
    assert clear.startswith("5 ended actions: on average 5 points better (95% interval ")
    assert "the next one would lie between" in clear
    assert "no clear effect on average" in verdict_words.works(ended(0.05, -0.05, 0.01))
    worse = verdict_words.works(ended(-0.05, -0.055, -0.045, -0.05))
    assert "on average 5 points worse" in worse
