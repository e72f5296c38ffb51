"""Anonymous means that no author is stored: the tables have no place for one, and the whole database tells none."""

import re
import sqlite3
from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect

from data.database import Database, open_database
from data.errors import Trouble
from data.home import Home
from data.retro import leading
from data.retro import seats as retrospective_seats
from data.retro.retrospective import FEWEST_ANSWERS, Retrospective, Seat, new_secret
from data.retro.tables import BallotRow, CardRow, SeatRow
from data.scope import Scope

LEAD = "the secret of who leads"
TABLES = ("retrospective_seats", "retrospective_ballots", "retrospective_cards")
RANDOM = re.compile(r"[0-9a-f]{32}([0-9a-f]{32})?")


@pytest.fixture
def begun(database: Database, everyone: Scope) -> Retrospective:
    return leading.open_(everyone, database, team_id="north", secret=LEAD)


def lead(database: Database, everyone: Scope, at: Retrospective, stage: str) -> Retrospective:
    now = leading.get(everyone, database, at.id)
    if stage == "show":
        return leading.show_now(everyone, database, at.id, secret=LEAD, seen=now.turn)
    return leading.go(everyone, database, at.id, stage, secret=LEAD, seen=now.turn)


def seats(database: Database, at: Retrospective, many: int) -> list[Seat]:
    return [retrospective_seats.join(database, at.code, new_secret()) for _ in range(many)]


def dump(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that takes part, as who reads the database sees it."""
    with database.engine.connect() as connection:
        return {
            table: [dict(row) for row in connection.execute(sa.text(f"SELECT * FROM {table}")).mappings()]
            for table in (*TABLES, "retrospectives", "retrospective_groups")
        }


def test_no_table_has_a_place_for_who_or_when(database: Database) -> None:
    kept = {table: sorted(one["name"] for one in inspect(database.engine).get_columns(table)) for table in TABLES}
    assert kept == {
        "retrospective_seats": ["id", "retrospective_id"],
        "retrospective_ballots": ["about", "choice", "id", "retrospective_id"],
        "retrospective_cards": ["about", "group_id", "id", "kind", "own", "retrospective_id", "words"],
    }
    for table in TABLES:
        [*keys] = inspect(database.engine).get_foreign_keys(table)
        assert [key["referred_table"] for key in keys] == ["retrospectives"]


def test_no_value_of_one_row_is_in_another_and_none_is_the_devices_secret(
    database: Database, everyone: Scope, begun: Retrospective
) -> None:
    """What could join two rows of one person is a value that both have. They share none but the retrospective."""
    devices = seats(database, begun, 6)
    for seat in devices:
        retrospective_seats.answer_safety(database, seat, 3)
    lead(database, everyone, begun, "cards")
    for seat in devices:
        for words in "helps", "hinders":
            retrospective_seats.write(database, seat, words, "the same words")
    told = dump(database)
    values = Counter(str(value) for table in TABLES for row in told[table] for value in row.values())
    twice = {value for value, many in values.items() if many > 1 and RANDOM.fullmatch(value)}
    assert twice == set()
    everything = str(told)
    for seat in devices:
        assert seat.secret not in everything
        assert seat.secret not in repr(seat)


def test_what_was_shown_or_counted_has_no_key_left(database: Database, everyone: Scope, begun: Retrospective) -> None:
    devices = seats(database, begun, FEWEST_ANSWERS)
    for seat in devices:
        retrospective_seats.answer_safety(database, seat, 3)
    lead(database, everyone, begun, "cards")
    for seat in devices:
        retrospective_seats.write(database, seat, "helps", "words")
    before = {row["id"] for row in dump(database)["retrospective_cards"]}
    lead(database, everyone, begun, "vote")
    told = dump(database)
    cards = told["retrospective_cards"]
    assert told["retrospective_ballots"] == []
    assert [row["own"] for row in cards] == [None] * FEWEST_ANSWERS
    assert before.isdisjoint(row["id"] for row in cards)
    keys = {key for seat in devices for kind in ("helps", "safety", "vote") for key in seat.keys(kind, 20)}
    assert keys.isdisjoint(str(value) for row in cards for value in row.values())


def test_rows_lie_in_the_order_of_random_ids_and_not_of_who_came_first(
    database: Database, everyone: Scope, begun: Retrospective
) -> None:
    """In the file too: without an ORDER BY and, in SQLite, without a hidden row number."""
    lead(database, everyone, begun, "cards")
    for number, seat in enumerate(seats(database, begun, 20)):
        retrospective_seats.write(database, seat, "helps", f"{number:02}")
    lead(database, everyone, begun, "show")
    found = [(row["id"], row["words"]) for row in dump(database)["retrospective_cards"]]
    assert [key for key, _ in found] == sorted(key for key, _ in found)
    assert [words for _, words in found] != sorted(words for _, words in found)
    if database.engine.dialect.name == "sqlite":
        for table in TABLES:
            with database.engine.connect() as connection, pytest.raises(sa.exc.OperationalError, match="rowid"):
                connection.execute(sa.text(f"SELECT rowid FROM {table}"))
    else:
        with database.engine.connect() as connection:
            asked = connection.execute(sa.text("SELECT count(DISTINCT xmin::text) FROM retrospective_cards"))
            assert asked.scalar() == 1


def test_the_file_itself_does_not_hold_the_secret(tmp_path: Any, everyone: Scope) -> None:
    home = Home(tmp_path / "own")
    home.path.mkdir()
    with open_database(home) as database:
        at = leading.open_(everyone, database, team_id="north", secret=LEAD)
        devices = seats(database, at, 3)
        for seat in devices:
            retrospective_seats.answer_safety(database, seat, 1)
    with sqlite3.connect(home.path / "heartline.db") as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    kept = (home.path / "heartline.db").read_bytes()
    assert not any(seat.secret.encode() in kept for seat in devices)
    assert LEAD.encode() not in kept


CHOICES = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["vote", "back"]), st.integers(0, 2)), max_size=25)


@given(CHOICES)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("database_home", ["sqlite"], indirect=True)
def test_however_people_vote_each_has_the_votes_that_they_have(
    database: Database, everyone: Scope, steps: list[tuple[int, str, int]]
) -> None:
    """Against a twin that counts by hand, which knows who is who."""
    begun = leading.open_(everyone, database, team_id=new_secret(), secret=LEAD, votes_each=2)
    lead(database, everyone, begun, "cards")
    people = seats(database, begun, 3)
    for words in ("a", "b", "c"):
        retrospective_seats.write(database, people[0], "hinders", words)
    lead(database, everyone, begun, "vote")
    topics = [topic.id for topic in leading.room(everyone, database, begun.id).topics()]
    twin: list[Counter[str]] = [Counter(), Counter(), Counter()]
    for who, what, where in steps:
        topic, mine = topics[where], twin[who]
        if what == "back":
            retrospective_seats.take_back(database, people[who], topic)
            mine[topic] = max(0, mine[topic] - 1)
        elif mine.total() < 2:
            retrospective_seats.vote(database, people[who], topic)
            mine[topic] += 1
        else:
            with pytest.raises(Trouble, match="given all your 2 votes"):
                retrospective_seats.vote(database, people[who], topic)
    for who, mine in zip(people, twin, strict=True):
        seen = retrospective_seats.look(database, begun.code, who.secret).mine
        assert dict(seen.votes if seen else {}) == {key: n for key, n in mine.items() if n}
    assert Counter(lead(database, everyone, begun, "show").votes) == sum(twin, Counter())


def test_the_models_keep_people_out_of_order(database: Database) -> None:
    for table in (SeatRow, BallotRow, CardRow):
        assert table.__table__.dialect_options["sqlite"]["with_rowid"] is False  # type: ignore[attr-defined]
