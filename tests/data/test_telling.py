"""How many people there were, and what is told of a unit."""

from datetime import date, timedelta

import polars as pl
from polars.testing import assert_frame_equal

from data.disclosures import Decision, Pattern, everyone_told, spans
from data.sizes import SIZES
from data.telling import added_up, known_sizes, on_few
from data.told import Told, unit_id
from metrics.cells import COUNTS
from metrics.merging import Partition

MONDAY = date(2024, 1, 1)
NOBODY = pl.DataFrame(schema={"team_id": pl.String, "week": pl.Date, "people": pl.Int64})


def week(number: int) -> date:
    return MONDAY + timedelta(weeks=number)


def of(*units: str, out: str = "") -> Pattern:
    return Pattern(Partition(frozenset(frozenset(unit) for unit in units), frozenset(out)), {})


def told(*decisions: tuple[int | None, int, Pattern], sizes: pl.DataFrame = NOBODY) -> Told:
    made = [Decision(None if since is None else week(since), week(until), one) for since, until, one in decisions]
    return Told(tuple(spans(made)), sizes, week(decisions[-1][1]))


def rows(*cells: tuple[str, int]) -> pl.DataFrame:
    return pl.DataFrame(
        [(team, week(at)) for team, at in cells], schema={"team_id": pl.String, "week": pl.Date}, orient="row"
    )


def placed(found: Told, *cells: tuple[str, int]) -> list[tuple[str, int]]:
    return [
        (team, (at - MONDAY).days // 7) for team, at in found.place(rows(*cells)).sort("week", "team_id").iter_rows()
    ]


def sizes(**teams: tuple[str, list[int | None]]) -> pl.DataFrame:
    told = [(team, week(at), many, how) for team, (how, row) in teams.items() for at, many in enumerate(row) if many]
    return pl.DataFrame(told, schema=SIZES, orient="row")


def test_a_small_teams_rows_go_under_its_unit_and_one_left_out_is_nowhere() -> None:
    found = told((None, 5, of("ab", "c", out="d")))
    assert placed(found, ("a", 0), ("b", 1), ("c", 2), ("d", 3)) == [("a~b", 0), ("a~b", 1), ("c", 2)]
    assert (found.unit_of("a"), found.unit_of("c"), found.unit_of("d")) == ("a~b", "c", "d")


def test_a_team_that_shrinks_is_merged_for_all_weeks() -> None:
    found = told((None, 5, of("a", "b")), (6, 8, of("ab")))
    assert placed(found, ("a", 0), ("b", 7)) == [("a~b", 0), ("a~b", 7)]


def test_a_team_that_grows_has_weeks_of_its_own_from_then_on() -> None:
    found = told((None, 5, of("ab")), (6, 8, of("a", "b")))
    assert placed(found, ("a", 0), ("b", 5), ("a", 6), ("b", 8)) == [("a~b", 0), ("a~b", 5), ("a", 6), ("b", 8)]
    assert found.unit_of("a~b") == "a"
    assert found.unit_of("a", week(2)) == "a~b"


def test_a_new_small_team_adds_nothing_to_weeks_that_were_told_without_it() -> None:
    found = told((None, 5, of("a")), (6, 8, of("an")))
    assert placed(found, ("n", 2), ("a", 2), ("n", 7)) == [("a~n", 2), ("a~n", 7)]
    assert placed(told((None, 5, of("a")), (6, 8, of("a", "n"))), ("n", 2)) == [("n", 2)]


def test_a_move_splits_nothing_that_was_together() -> None:
    found = told((None, 5, of("am", "b")), (6, 8, of("a", "mb")))
    assert placed(found, ("a", 2), ("b", 2), ("m", 2)) == [("a~b~m", 2)] * 3
    assert placed(found, ("a", 7), ("b", 7), ("m", 7)) == [("a", 7), ("b~m", 7), ("b~m", 7)]


def test_weeks_of_fewer_than_five_are_left_out() -> None:
    known = sizes(a=("HR", [4, 5, 5]), b=("HR", [6, 6, 6])).drop("known_from")
    found = told((None, 2, of("a", "b")), sizes=known)
    assert placed(found, ("a", 0), ("b", 0), ("a", 1)) == [("b", 0), ("a", 1)]


def counts(*cells: tuple[str, str, int]) -> pl.DataFrame:
    """Of each (sign, team, week) three of four."""
    named = {"category": "bill", "channel": "phone", "priority": "low", "x": 3, "n": 4}
    return pl.DataFrame(
        [{"sign": sign, "team_id": team, "week": week(number)} | named for sign, team, number in cells], schema=COUNTS
    )


def test_of_a_sign_that_only_a_small_team_of_a_unit_has_nothing_is_told() -> None:
    people = sizes(d=("HR", [6, 6, 6]), s=("HR", [3, 3, 3]), b=("HR", [3, 8, 8]))
    known = known_sizes(people, pl.Series([week(number) for number in range(3)]))
    found = told((None, 2, of("ds", "b")), sizes=known)
    both = counts(*(("calls", team, number) for team in ("d", "s", "b") for number in range(3)))
    alone = counts(*(("deals", "s", number) for number in range(3)), ("deals", "b", 2))
    late = counts(("visits", "s", 0), ("visits", "s", 1), ("visits", "d", 1), ("visits", "s", 2))
    every = pl.concat([both, alone, late])
    assert sorted(on_few(every, found).rows()) == [
        *(("deals", "d~s", week(number)) for number in range(3)), ("visits", "d~s", week(0)),
    ]  # fmt: skip
    summed = added_up(every, found).select("sign", "team_id", "week", "n").sort("sign", "team_id", "week").rows()
    assert summed == [
        *(("calls", "b", week(number), 4) for number in (1, 2)),
        *(("calls", "d~s", week(number), 8) for number in range(3)),
        ("deals", "b", week(2), 4),
        ("visits", "d~s", week(1), 8), ("visits", "d~s", week(2), 4),
    ]  # fmt: skip


def test_where_nothing_changes_the_rows_are_as_they_were() -> None:
    known = rows(("a", 0), ("b", 3))
    assert told((None, 5, everyone_told(["a", "b"]))).place(known) is known


def test_before_hr_begins_there_were_as_many_as_when_it_begins() -> None:
    weeks = pl.Series([week(at) for at in range(3)])
    found = known_sizes(sizes(a=("HR", [None, 6, 4])), weeks)
    assert found.rows() == [("a", week(0), 6), ("a", week(1), 6), ("a", week(2), 4)]


def test_agents_of_the_log_are_the_most_of_any_thirteen_weeks_around() -> None:
    seen = [1, 2, 6, *[5] * 13, 3]
    found = known_sizes(sizes(a=("log", [*seen])), pl.Series([week(at) for at in range(len(seen))]))
    naive = [max(seen[at : at + 13]) for at in range(len(seen))]
    expected = pl.DataFrame({"team_id": "a", "week": [week(at) for at in range(len(seen))], "people": naive})
    assert_frame_equal(found, expected, check_dtypes=False)


def test_the_id_of_a_unit_is_no_teams_own() -> None:
    assert unit_id({"a"}) == "a"
    assert unit_id({"b", "a"}) == "a~b"
    assert unit_id({"b", "a"}, {"a", "b", "a~b"}) == "a~b~"
    assert len(unit_id({f"team-{number:03}" for number in range(40)})) < 90
