"""Beside all readings, what files and lists hand out tells of no few people either: reviews, lists, standards kept."""

from datetime import date

import pytest

from data.ask import Company
from data.reviewing.staff_side import TOO_SHORT, about, staff_side
from tests.data import attacked
from tests.data.attacker import of_sign
from tests.data.attacker_files import WHOLE, Reviewed, of_causes, of_kept, of_lists, of_reviews, reviews_of
from tests.data.test_attacker import attack, of_counts, targets

pytestmark = pytest.mark.xdist_group("attacked")
SIGN, SIMPLE = "buck_passing", "slow_simple"


@pytest.fixture(scope="module")
def reviewed(in_two_versions: list[Company]) -> list[list[Reviewed]]:
    """All reviews of both versions."""
    return [reviews_of(one) for one in in_two_versions]


def test_no_cell_is_recovered_from_reviews_and_lists_beside_the_readings(
    in_two_versions: list[Company], reviewed: list[list[Reviewed]]
) -> None:
    cells = of_counts(in_two_versions, SIGN)
    pairs = list(zip(in_two_versions, reviewed, strict=True))
    told = [[*of_reviews(one, SIGN, reviews), *of_lists(one, SIGN), *of_causes(one, SIGN)] for one, reviews in pairs]
    assert min(cells.learn(numbers, version) for version, numbers in enumerate(told)) > 50
    _, recovered = attack(in_two_versions, cells, [of_sign(one, SIGN) for one in in_two_versions])
    assert recovered == []


def test_no_cell_of_simple_tickets_is_recovered_from_how_standards_were_kept(
    in_two_versions: list[Company], reviewed: list[list[Reviewed]]
) -> None:
    cells = of_counts(in_two_versions, SIMPLE)
    pairs = list(zip(in_two_versions, reviewed, strict=True))
    told = [[*of_kept(one), *of_reviews(one, SIMPLE, reviews), *of_lists(one, SIMPLE)] for one, reviews in pairs]
    assert min(cells.learn(numbers, version) for version, numbers in enumerate(told)) > 20
    _, recovered = attack(in_two_versions, cells, [of_sign(one, SIMPLE) for one in in_two_versions])
    assert recovered == []


def test_without_suppression_the_reviews_alone_give_a_small_team_away(undisclosed: list[Company]) -> None:
    first = undisclosed[:1]
    cells = of_counts(first, SIGN)
    _, recovered = attack(first, cells, [of_reviews(one, SIGN, reviews_of(one, [WHOLE])) for one in first])
    assert {team for one, _ in recovered for team in one.teams} >= {"island"}


def test_without_suppression_the_lists_alone_give_most_away(undisclosed: list[Company]) -> None:
    first, some = undisclosed[:1], {"desk", "letters", "claims"}
    cells = of_counts(first, SIGN)
    _, recovered = attack(first, cells, [of_lists(one, SIGN, some) for one in first])
    asked = [one for one in targets(first, cells) if one[0].teams <= some and cells.mask(*one).any()]
    assert len(recovered) > len(asked) / 2 > 50


def test_a_review_tells_of_the_staff_in_round_numbers(reviewed: list[list[Reviewed]]) -> None:
    rows = [row for reviews in reviewed for one in reviews for row in one.sheets["Staff"]]
    told = [row for row in rows if row["level"] is not None]
    assert {row["n"] for row in told} <= {"5 to 9", "10 to 19", "20 to 49"}
    for row in told:
        levels = [row["level"], row["a year before"] or 0.0]
        digits = "{:.2g}" if row["measure"] == "load" else "{:.2f}"
        assert levels == [float(digits.format(level)) for level in levels]


def test_how_many_people_there_are_is_a_band_and_then_a_round_number() -> None:
    assert [about(count) for count in (5, 9.4, 19, 49.9, 50, 67, 449, 1300)] == [
        "5 to 9", "5 to 9", "10 to 19", "20 to 49", "about 50", "about 70", "about 400", "about 1,000",
    ]  # fmt: skip


def test_of_fewer_weeks_than_four_nothing_is_told_that_a_person_away_would_move(in_two_versions: list[Company]) -> None:
    company = in_two_versions[0]
    weeks: list[date] = [attacked.week_of(number) for number in range(4)]
    told = {len(part): staff_side(company, ["bills"], part) for part in (weeks[:3], weeks)}
    assert [(one.now, one.why) for one in told[3] if not one.key.startswith("wastage")] == [(None, TOO_SHORT)] * 3
    assert all(one.now is not None for one in told[4] if one.key != "absence")
