"""Kind words: typed and imported ones are told together, passed on once, taken back without a loss."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from data import praise
from data.ask import Company
from data.database import Database, open_database
from data.errors import Trouble
from data.home import Home
from data.lake import Lake
from data.praise import PassedOn, Typed
from data.scope import Scope, local_scope, manager_scope
from metrics.frames import empty

AT = datetime(2026, 10, 14, 9, tzinfo=UTC)
SAID = datetime(2026, 10, 6, 8, 30, tzinfo=UTC)
NONE_IMPORTED = pl.DataFrame(schema={"team_id": pl.String, "at": pl.Datetime("us", "UTC"), "words": pl.String})
IMPORTED = pl.DataFrame([("north", SAID, "You *called* back!")], schema=NONE_IMPORTED.schema, orient="row")
KEY = praise.key_of("north", SAID, "You *called* back!")


def add(scope: Scope, database: Database, **more: Any) -> Typed:
    told: dict[str, Any] = {"team_id": "north", "words": "Thank you!", "source": "a call", "now": AT}
    return praise.add(scope, database, **{**told, **more})


def told(scope: Scope, database: Database, imported: pl.DataFrame = NONE_IMPORTED) -> pl.DataFrame:
    return praise.merged(scope, database, imported, AT - timedelta(weeks=4))


def test_a_kind_word_says_what_where_when_and_who_typed_it_and_names_nobody_else(
    database: Database, everyone: Scope
) -> None:
    made = add(everyone, database, words=" <b>Thank</b>\n*you*! ", source=" ", said_on=date(2026, 10, 1))
    assert made == Typed(made.id, "north", "<b>Thank</b>\n*you*!", None, date(2026, 10, 1), "maria", AT)
    assert made.key == f"n{made.id}"
    assert praise.typed(everyone, database) == praise.typed(everyone, database, "north") == [made]
    assert praise.typed(everyone, database, "south") == []


def test_typed_and_imported_are_told_together_newest_first(database: Database, everyone: Scope) -> None:
    made = add(everyone, database, said_on=date(2026, 10, 7))
    add(everyone, database, said_on=date(2026, 9, 1), words="too long ago")
    praise.pass_on(everyone, database, praise=KEY, team_id="north", how="read aloud", now=AT)
    noon = datetime(2026, 10, 7, 12, tzinfo=UTC)
    reached = (date(2026, 10, 14), "maria", "read aloud")
    expected = pl.DataFrame(
        [
            (made.key, "north", noon, "Thank you!", "a call", "maria", None, None, None),
            (KEY, "north", SAID, "You *called* back!", "imported", None, *reached),
        ],
        schema=praise.MERGED,
        orient="row",
    )
    assert_frame_equal(told(everyone, database, IMPORTED), expected)


def test_what_is_said_today_is_not_of_a_time_to_come(database: Database, everyone: Scope) -> None:
    add(everyone, database, now=datetime(2026, 10, 14, 7, tzinfo=UTC))
    assert told(everyone, database)["at"].to_list() == [datetime(2026, 10, 14, 7, tzinfo=UTC)]


def test_the_same_words_of_the_same_instant_are_told_once(database: Database, everyone: Scope) -> None:
    assert told(everyone, database, pl.concat([IMPORTED, IMPORTED])).height == 1


def test_taken_back_it_is_told_no_more_and_stays_on_record(database: Database, everyone: Scope) -> None:
    made = add(everyone, database)
    before = praise.stamp(database)
    back = praise.undo(local_scope("tom"), database, made.id, now=AT)
    assert (back.undone_by, back.undone_at) == ("tom", AT)
    assert praise.stamp(database) != before
    assert told(everyone, database).is_empty()
    assert praise.typed(everyone, database, standing=False) == [back]
    with pytest.raises(Trouble, match="tom took this kind word back already, on 2026-10-14"):
        praise.undo(everyone, database, made.id)


def test_it_is_passed_on_once_and_that_can_be_undone(database: Database, everyone: Scope) -> None:
    before = praise.stamp(database)
    asked = {"praise": KEY, "team_id": "north", "how": " read *aloud* ", "passed_on": date(2026, 10, 12)}
    made = praise.pass_on(everyone, database, **asked, now=AT)  # type: ignore[arg-type]
    assert made == PassedOn(made.id, KEY, "north", "read *aloud*", date(2026, 10, 12), "maria", AT)
    assert praise.stamp(database) != before
    with pytest.raises(Trouble, match=r"maria passed this on already, on 2026-10-12: read \*aloud\*."):
        praise.pass_on(everyone, database, **asked)  # type: ignore[arg-type]
    praise.not_passed_on(everyone, database, KEY, now=AT)
    assert praise.passed_on(everyone, database) == {}
    with pytest.raises(Trouble, match=f"The kind word {KEY} was not passed on yet"):
        praise.not_passed_on(everyone, database, KEY)
    assert praise.pass_on(everyone, database, **asked).id != made.id  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"words": "  "}, "Please fill in the field with the customer's words: it is empty"),
        ({"words": "x" * 10_000}, "The field with the customer's words has 10,000 characters; at most 2,000"),
        ({"source": "x" * 201}, "has 201 characters; at most 200"),
        ({"said_on": date(2026, 10, 16)}, "A kind word is of a day that has been, and 2026-10-16 is yet to come."),
        ({"said_on": date(1026, 10, 16)}, "too long ago to be right"),
        ({"known_teams": {"south"}}, "There is no team 'north' in the data"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_one_sentence(
    database: Database, everyone: Scope, more: dict[str, object], said: str
) -> None:
    with pytest.raises(Trouble, match=said):
        add(everyone, database, **more)
    assert praise.typed(everyone, database, standing=False) == []


def test_passing_on_says_how_and_on_a_day_that_has_been(database: Database, everyone: Scope) -> None:
    for more, said in (({"how": " "}, "how it was passed on"), ({"passed_on": date(2026, 11, 1)}, "yet to come")):
        asked = {"praise": KEY, "team_id": "north", "how": "aloud", "now": AT, **more}
        with pytest.raises(Trouble, match=said):
            praise.pass_on(everyone, database, **asked)  # type: ignore[arg-type]


def test_only_what_was_typed_can_be_taken_back() -> None:
    assert praise.number_of("n12") == 12
    for key in (KEY, "n", "n-1", "nn", "n\u0663"):
        with pytest.raises(Trouble, match="only what was typed can be taken back"):
            praise.number_of(key)


def test_an_outsider_sees_and_changes_nothing(database: Database, everyone: Scope) -> None:
    made = add(everyone, database)
    praise.pass_on(everyone, database, praise=made.key, team_id="north", how="aloud", now=AT)
    outsider = manager_scope("sam", frozenset({"south"}))
    assert praise.typed(outsider, database) == []
    assert praise.passed_on(outsider, database) == {}
    assert told(outsider, database).is_empty()
    for number in (made.id, 10**6):
        with pytest.raises(Trouble, match=f"There is no kind word n{number}, or it is not yours to see."):
            praise.undo(outsider, database, number)
    with pytest.raises(Trouble, match="or it is not yours to see"):
        praise.not_passed_on(outsider, database, made.key)
    with pytest.raises(Trouble, match="'north' is not yours to see"):
        add(outsider, database)
    with pytest.raises(Trouble, match="'north' is not yours to see"):
        praise.pass_on(outsider, database, praise=KEY, team_id="north", how="x")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with two teams, one ticket and one imported kind word."""
    home = Home(tmp_path / "company")
    teams = [{"team_id": name, "name": name.title(), "function": "sales"} for name in ("north", "south")]
    tickets = [{"ticket_id": "1", "opened_at": AT, "team_id": "north"}]
    kind = [{"team_id": "north", "at": SAID, "seq": 0, "words": "You *called* back!"}]
    rows = {"teams": teams, "tickets": tickets, "praise": kind}
    frames = {name: pl.DataFrame(one, schema=empty(name).schema) for name, one in rows.items()}
    Lake(home).write(frames, "a test", AT)
    return home


def test_a_company_tells_both_also_of_small_teams_and_as_soon_as_they_are_typed(home: Home, everyone: Scope) -> None:
    company = Company(home)
    assert company.praise(everyone)["words"].to_list() == ["You *called* back!"]
    with open_database(home) as database:
        add(everyone, database)
        add(everyone, database, team_id="south", words="Kind.")
        add(everyone, database, team_id="gone", words="of a team that is no more")
    assert company.praise(everyone, "north")["words"].to_list() == ["Thank you!", "You *called* back!"]
    assert company.praise(everyone).columns == list(praise.MERGED)
    assert company.praise(everyone).height == 3
    assert company.praise(manager_scope("sam", frozenset({"south"})))["words"].to_list() == ["Kind."]
