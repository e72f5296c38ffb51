"""A record that was wiped is missed, also when its anchor went with it; damage in a row is told in a sentence."""

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from data import migrations, record
from data.access_tables import GrantRow
from data.check import findings
from data.database import Database, engine_of, migrating, open_database
from data.home import Home
from data.lake import Lake
from data.pseudonym import key_of_home
from data.record_chain import GENESIS, Anchor, path_of, write_anchor
from data.record_reading import entries, lookers, verify
from data.scope import Scope, local_scope
from tests.builders import ticket, tickets
from tests.data.test_record import chained, rows, without_refusal

AT = datetime(2026, 10, 5, tzinfo=UTC)
ANEW: tuple[int, str, str, str, dict[str, object]] = (1, "heartline", "began the record anew", "", {})


def with_data(home: Home) -> None:
    Lake(home).write({"tickets": tickets(ticket("t1"))}, "a test", AT)


def with_a_grant(database: Database) -> None:
    day = date(2026, 10, 5)
    told = {"over": "company", "place": None, "since": day, "until": None, "given_by": "maria", "given_at": AT}
    with database.writing() as session:
        session.add(GrantRow(subject="ada", role="manager", **told, withdrawn_by=None, withdrawn_at=None))
        record.note_in(session, "maria", "gave access", "ada")


def wiped(database: Database) -> None:
    with without_refusal(database) as connection:
        connection.execute(sa.text("DELETE FROM record_entries"))
    path_of(database.home).unlink()


@pytest.mark.parametrize("trace", ["data", "grant"])
def test_a_record_that_was_wiped_with_its_anchor_is_missed_now_and_later(database: Database, trace: str) -> None:
    with_data(database.home) if trace == "data" else with_a_grant(database)
    chained(database)
    assert verify(database).wrong is None
    wiped(database)
    assert "The record is empty and ought not to be" in str(verify(database).wrong)
    record.note(database, "maria", "export")
    assert rows(database) == [ANEW, (2, "maria", "export", "", {})]
    assert "The record began anew on" in str(verify(database).wrong)


def test_an_old_first_anchor_laid_back_does_not_hide_that_a_record_was_wiped(database: Database) -> None:
    with_a_grant(database)
    wiped(database)
    write_anchor(database.home, Anchor(0, GENESIS))
    assert "The record is empty and ought not to be" in str(verify(database).wrong)
    record.note(database, "maria", "export")
    assert rows(database)[0] == ANEW


@pytest.mark.parametrize("first", ["note", "data", "grant"])
def test_whatever_a_home_does_first_its_record_begins_without_a_word(database: Database, first: str) -> None:
    if first == "data":
        with_data(database.home)
    elif first == "grant":
        with_a_grant(database)
    record.note(database, "maria", "export")
    assert verify(database).wrong is None
    assert rows(database)[-1][2] == "export"
    assert rows(database)[0][2] in {"export", "gave access"}


def test_a_key_laid_into_an_empty_home_begins_one_too(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.key.write_bytes(b"k" * 32)
    with open_database(home) as database:
        with_data(home)
        record.note(database, "maria", "imported")
        assert rows(database) == [(1, "maria", "imported", "", {})]


def test_a_home_from_before_there_was_a_record_begins_one_and_says_so(database_home: Home) -> None:
    with_data(database_home)
    path_of(database_home).unlink()  # as homes of then are
    engine = engine_of(database_home)
    with migrating(engine) as connection:
        migrations.upgrade(connection, "0010")
    engine.dispose()
    for _ in "ab":
        with open_database(database_home) as database:
            assert rows(database) == [(1, "heartline", "began the record", "", {"revision": "0010"})]
            assert verify(database).wrong is None


def test_a_database_that_was_taken_away_from_data_is_missed(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with_data(home)
    path_of(home).unlink()
    with open_database(home) as database:
        assert "The record is empty and ought not to be" in str(verify(database).wrong)


def test_of_two_who_make_the_key_the_first_wins_and_the_anchor_fits(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.path.mkdir()
    write_anchor_of_another = b'{"number": 0, "digest": "x", "seal": "of a key that never got there"}'
    path_of(home).write_bytes(write_anchor_of_another)
    assert key_of_home(home) == key_of_home(home)
    with open_database(home) as database:
        assert verify(database).wrong is None


@pytest.mark.parametrize(
    "damage",
    [
        "detail = 'not json'",
        "detail = '[1]'",
        "detail = '{\"page\": '",
        "at = 'damaged'",
        "at = 12",
        "who = x'00ff'",
        "what = 7",
    ],
)
def test_a_damaged_row_is_named_and_the_rest_can_be_read(tmp_path: Path, damage: str) -> None:
    home, everyone = Home(tmp_path / "home"), local_scope("maria")
    with open_database(home) as database:
        record._seen.clear()
        record.looked(database, everyone, "north", "Team")
        record.looked(database, everyone, "south", "Team")
        with without_refusal(database) as connection:
            connection.execute(sa.text(f"UPDATE record_entries SET {damage} WHERE number = 1".replace(": ", r"\: ")))
        assert "Row 1 of the record was changed" in str(verify(database).wrong)
        assert entries(database, everyone)["number"].to_list() == [1, 2]
        assert lookers(database, everyone, "south").height == 1
        assert lookers(database, everyone, "north").height <= 1
        record._seen.clear()
        record.looked(database, everyone, "north", "Team")
    assert any("Row 1 of the record was changed" in one.what for one in findings(home) if one.level == "broken")


def test_what_is_no_text_at_all_is_said_too(tmp_path: Path, everyone: Scope) -> None:
    with open_database(Home(tmp_path / "home")) as database:
        chained(database, 2)
        with without_refusal(database) as connection:
            connection.execute(sa.text("UPDATE record_entries SET who = CAST(x'ff' AS TEXT) WHERE number = 2"))
        assert "A row of the record was changed" in str(verify(database).wrong)
        assert isinstance(entries(database, everyone, who="maria"), pl.DataFrame)
