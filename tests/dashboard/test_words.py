"""A reading says what it means: both questions apart, with n and interval, and why where nothing can be said."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import words
from tests.dashboard.rows import UNSAID, reading, sign

USUAL = "than it used to"
NUMBERS = "31 of 140 (22%, 95% interval 16 to 30%), about 14% expected"
SINCE = "since the week of 5 October"
MIX = "its mix of tickets explains"


@pytest.mark.parametrize(
    ("differs", "said"),
    [
        (
            {},
            f"Deliveries North passes customers on more often {USUAL}, and more than {MIX}: {NUMBERS}, {SINCE}.",
        ),
        (
            {"compared": "cannot be told apart"},
            f"Deliveries North passes customers on more often than it used to: {NUMBERS}, {SINCE}.",
        ),
        ({"compared": None}, f"Deliveries North passes customers on more often than it used to: {NUMBERS}, {SINCE}."),
        (
            {"compared": "less than its mix explains"},
            f"Deliveries North passes customers on more often than it used to, though still less than {MIX}: "
            f"{NUMBERS}, {SINCE}.",
        ),
        (
            {"direction": "better", "compared": "less than its mix explains"},
            f"Deliveries North passes customers on less often {USUAL}, and less than {MIX}: {NUMBERS}, {SINCE}.",
        ),
        (
            {"status": "no change", "direction": None, "since": None, "compared": "cannot be told apart"},
            f"Deliveries North: no change beyond chance. {NUMBERS}.",
        ),
        (
            {"status": "no change", "direction": None, "since": None},
            f"Deliveries North: no change beyond chance. {NUMBERS}. It stays above what {MIX} (about 13%).",
        ),
        (
            {"status": "too few to say", "why": "11 tickets in four weeks", "enough_on": date(2027, 1, 4), **UNSAID},
            "Deliveries North: too few to say: 11 tickets in four weeks. There will be enough about 4 January 2027.",
        ),
        (
            {"status": "too few to say", "why": "fewer than five people", **UNSAID},
            "Deliveries North: too few to say: fewer than five people.",
        ),
        (
            {
                "status": "not matured",
                "why": "its customers may yet come back",
                "matures_on": date(2026, 11, 2),
                **UNSAID,
            },
            "Deliveries North: not final yet: its customers may yet come back. It can be read from 2 November.",
        ),
        (
            {"status": "not measured", "why": "the data has no tickets.csat", **UNSAID},
            "Deliveries North: not measured: the data has no tickets.csat.",
        ),
    ],
)
def test_every_status_is_said_in_a_sentence(differs: dict[str, object], said: str) -> None:
    assert words.sentence(reading(**differs), sign(), "Deliveries North") == said


def test_a_sign_where_higher_is_better_rises_when_it_gets_better() -> None:
    said = words.sentence(reading(direction="better", compared=None), sign(better="higher"), "Sales")
    assert said.startswith("Sales passes customers on more often than it used to")


def test_a_sign_without_words_of_its_own_is_told_by_its_question() -> None:
    said = words.sentence(reading(compared=None), sign(says=""), "Deliveries North")
    assert said == f"Deliveries North, is the customer passed on? More often than it used to: {NUMBERS}, {SINCE}."


def test_the_two_questions_are_answered_apart() -> None:
    row = reading()
    assert words.against_its_past(row) == (
        "Changed for the worse since the week of 5 October: 31 of 140 (22%, 95% interval 16 to 30%), "
        "about 14% expected from its own past."
    )
    assert (
        words.against_its_mix(row) == "More than its mix explains: 22%, about 13% for all teams with the same tickets."
    )


def test_limits_that_rest_on_few_weeks_are_said_to_be_on_trial() -> None:
    row = reading(status="no change", direction=None, since=None, trial=True, baseline_weeks=9)
    assert words.against_its_past(row).endswith("The limits are trial: they rest on 9 weeks so far.")


def test_a_mix_that_cannot_be_compared_is_said_to_be_so() -> None:
    assert words.against_its_mix(reading(compared=None)).startswith("Cannot be said")
    assert words.against_its_mix(reading(compared="cannot be told apart")).startswith("Cannot be told apart")


def test_what_is_calm_is_counted_in_one_line() -> None:
    rows = [reading(status=status) for status in ["no change"] * 2 + ["too few to say", "not measured"]]
    assert words.calm(rows) == "2 readings show no change beyond chance; 1 too few to say; 1 not measured."
    assert words.calm([reading(status="no change")]) == "1 reading shows no change beyond chance."


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.2214, "22%"), (0.0, "0%"), (0.004, "0.4%"), (0.0094, "0.9%"), (0.0096, "1%"), (1.0, "100%"), (None, "unknown")],
)
def test_a_share_is_a_whole_percent_and_under_one_has_a_decimal(value: float | None, said: str) -> None:
    assert words.share(value) == said


@given(st.floats(0, 1))
def test_a_share_said_is_never_further_off_than_half_its_last_digit(value: float) -> None:
    told = words.share(value).removesuffix("%")
    assert abs(float(told) - value * 100) <= (0.05 if "." in told else 0.5) + 1e-9


def test_an_interval_says_percent_once() -> None:
    assert words.interval(0.18, 0.27) == "18 to 27%"
    assert words.interval(None, 0.27) == "unknown"


@pytest.mark.parametrize(("n", "said"), [(0, "0 teams"), (1, "1 team"), (1200, "1,200 teams")])
def test_one_is_singular(n: int, said: str) -> None:
    assert words.count(n, "team") == said


def test_a_day_has_its_year_only_beside_another_year() -> None:
    assert words.day(date(2026, 10, 5)) == "5 Oct"
    assert words.day(date(2025, 10, 5), date(2026, 1, 1)) == "5 Oct 2025"
    assert words.long_day(date(2026, 10, 5), date(2026, 1, 1)) == "5 October"
    assert words.day(None) == "unknown"


def test_where_most_comes_from_is_said_only_where_it_is_most() -> None:
    assert words.mostly({"Damaged": 18, "Login": 13}, {"email": 20, "phone": 11}, 31) == (
        "Mostly Damaged (18 of 31), by email (20 of 31)."
    )
    assert words.mostly({"Damaged": 10, "Login": 11, "Bill": 10}, {"email": 31}, 31) == "Mostly by email (31 of 31)."
    assert words.mostly({"Damaged": 2}, {}, 2) == ""


@pytest.mark.parametrize(("hour", "said"), [(4, "evening"), (5, "morning"), (12, "afternoon"), (18, "evening")])
def test_the_greeting_goes_by_the_hour(hour: int, said: str) -> None:
    assert words.greeting(hour) == f"Good {said}."


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1, "1 minute"),
        (45, "45 minutes"),
        (120, "2 hours"),
        (390, "6.5 hours"),
        (1440, "3 working days"),
        (None, "unknown"),
    ],
)
def test_business_minutes_are_said_as_a_person_says_them(value: float | None, said: str) -> None:
    assert words.minutes(value) == said


def test_when_a_week_is_final_is_said_of_every_kind_of_rule() -> None:
    assert words.matures(timedelta(0)) == "as soon as its week has ended"
    assert words.matures(timedelta(days=14)) == "14 days after its week has ended"
    assert "longest service standard" in words.matures("standard")


def test_opening_hours_are_read_without_their_codes() -> None:
    text = "Mo-Fr 08:00-20:00; Sa 09:00-14:00; PH off @ Europe/Amsterdam NL"
    assert words.hours(text, "") == "open Mo-Fr 08:00-20:00, Sa 09:00-14:00 (Europe/Amsterdam)"
    default = "Mo-Fr 09:00-17:00; PH off @ UTC"
    assert words.hours(None, default) == "hours not given, so taken to be open Mo-Fr 09:00-17:00 (UTC)"


def test_what_to_know_before_any_number_is_said() -> None:
    said = words.cautions(True, datetime(2016, 6, 6, tzinfo=UTC), True)
    assert said[0] == "The log thins out after 6 June: what came later is not read."
    assert len(said) == 2
    assert words.cautions(False, None, False) == []


def test_how_soon_a_change_would_show_is_said_at_the_teams_own_volume() -> None:
    said = words.how_soon(reading(status="no change", n=200, expected=0.15), sign())
    assert said == (
        "With 50 such tickets a week, a change of 10 points for the worse shows after about 3 weeks; "
        "one of 5 points for the worse shows after about 9 weeks."
    )


def test_a_tiny_team_is_told_that_a_small_change_shows_too_late() -> None:
    said = words.how_soon(reading(status="no change", n=12, expected=0.15), sign())
    assert said.startswith("With 3 such tickets a week")
    assert said.endswith("one of 5 points for the worse shows too late to count on.")


def test_where_nothing_is_read_nothing_is_said_of_how_soon() -> None:
    assert words.how_soon(reading(status="not measured", **UNSAID), sign()) == ""


def test_a_team_or_category_that_is_a_bare_number_is_said_with_what_it_is() -> None:
    assert words.called("team", "74") == "team 74"
    assert words.called("team", "Billing 2") == "Billing 2"
    assert words.mostly({"46": 31}, {"phone": 45}, 45) == "Mostly category 46 (31 of 45), by phone (45 of 45)."


def test_an_instant_has_its_year_only_beside_another_year() -> None:
    at = datetime(2017, 2, 18, 15, tzinfo=UTC)
    assert words.moment(at) == "Saturday 18 February, 15:00"
    assert words.moment(at, date(2026, 11, 22)) == "Saturday 18 February 2017, 15:00"
    assert words.moment(None) == "unknown"
