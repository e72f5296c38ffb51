"""The record: who did what, in a chain that shows tampering."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from data import record, record_chain, recorded
from data.all_tables import Base
from data.database import Database, open_database
from data.errors import Trouble
from data.home import Home
from data.record_reading import Verified, entries, lookers, shorten, verify
from data.record_tables import RecordRow
from data.scope import Right, Scope, manager_scope
from data.tables import RatingRow, StandardVersionRow


@pytest.fixture(autouse=True)
def _nobody_looked_yet() -> None:
    record._seen.clear()


def rows(database: Database) -> list[tuple[int, str, str, str, dict[str, object]]]:
    with database.reading() as session:
        found = session.scalars(sa.select(RecordRow).order_by(RecordRow.number))
        return [(row.number, row.who, row.what, row.about, row.detail) for row in found]


def test_what_is_noted_is_there_in_order(database: Database, everyone: Scope) -> None:
    record.note(database, everyone, "export", "north", rows=12, until=datetime(2026, 10, 5, tzinfo=UTC))
    record.note(database, "cron", "retention")
    assert rows(database) == [
        (1, "maria", "export", "north", {"rows": 12, "until": "2026-10-05T00:00:00+00:00"}),
        (2, "cron", "retention", "", {}),
    ]


def test_every_table_is_recorded_or_it_is_said_why_not() -> None:
    assert {*recorded.RECORDED} | {*recorded.UNRECORDED} == {*Base.metadata.tables}
    assert not {*recorded.RECORDED} & {*recorded.UNRECORDED}


def test_a_look_is_noted_once_an_hour_by_asker_team_and_page(database: Database, everyone: Scope) -> None:
    ada = replace(manager_scope("ada", frozenset({"north"})), signed_in=True)
    for scope, team, page in (
        (ada, "north", "Team"),
        (ada, "north", "Team"),
        (ada, "north", "Empathy"),
        (everyone, "north", "Team"),
    ):
        record.looked(database, scope, team, page)
    record._seen.clear()  # another process of the server asks the database
    record.looked(database, ada, "north", "Team")
    assert [(who, detail["page"], detail["role"]) for _, who, _, _, detail in rows(database)] == [
        ("ada", "Team", "manager"),
        ("ada", "Empathy", "manager"),
        ("maria", "Team", "local"),
    ]


def chained(database: Database, count: int = 5) -> None:
    for number in range(count):
        record.note(database, "maria", "export", f"team {number}")


@pytest.mark.parametrize("statement", ["UPDATE record_entries SET who = 'nobody'", "DELETE FROM record_entries"])
def test_the_database_refuses_to_change_or_drop_a_row(database: Database, statement: str) -> None:
    chained(database)
    with pytest.raises(DBAPIError, match="the record is only added to"), database.writing() as session:
        session.execute(sa.text(statement))
    assert verify(database) == Verified(5)


def test_in_sqlite_no_row_is_put_in_the_place_of_another(database: Database) -> None:
    if database.engine.dialect.name != "sqlite":
        pytest.skip("INSERT OR REPLACE is SQLite's own")
    chained(database)
    replace = "INSERT OR REPLACE INTO record_entries SELECT number, at, 'x', what, about, detail, previous, digest"
    with pytest.raises(DBAPIError, match="the record is only added to"), database.writing() as session:
        session.execute(sa.text(f"{replace} FROM record_entries WHERE number = 2"))


@contextmanager
def without_refusal(database: Database) -> Iterator[sa.Connection]:
    """Whoever owns the database takes the triggers away first."""
    with database.writing() as session:
        if database.engine.dialect.name == "sqlite":
            for name in ("record_no_update", "record_no_delete", "record_no_replace"):
                session.execute(sa.text(f"DROP TRIGGER {name}"))
        else:
            session.execute(sa.text("ALTER TABLE record_entries DISABLE TRIGGER ALL"))
        yield session.connection()


@pytest.mark.parametrize(
    ("tampering", "said"),
    [
        ("UPDATE record_entries SET who = 'nobody' WHERE number = 3", "Row 3 of the record was changed"),
        ("UPDATE record_entries SET at = '2020-01-01' WHERE number = 2", "Row 2 of the record was changed"),
        ("""UPDATE record_entries SET detail = '{"a": 1}' WHERE number = 4""", "Row 4 of the record was changed"),
        ("DELETE FROM record_entries WHERE number = 3", "Row 3 of the record is gone"),
        ("DELETE FROM record_entries WHERE number <= 2", "Row 2 of the record and those before it are gone"),
        ("DELETE FROM record_entries WHERE number >= 4", "once reached row 5, which is gone or another now"),
        ("DELETE FROM record_entries", "once reached row 5, which is gone or another now"),
    ],
)
def test_tampering_is_found_and_the_first_row_is_named(database: Database, tampering: str, said: str) -> None:
    chained(database)
    with without_refusal(database) as connection:
        connection.execute(sa.text(tampering))
    assert said in str(verify(database).wrong)
    record.note(database, "maria", "export")  # what comes later heals nothing
    record.note(database, "maria", "export")
    assert said in str(verify(database).wrong)


def test_rows_that_grow_again_over_a_tail_that_was_cut_off_are_found(database: Database) -> None:
    chained(database)
    with without_refusal(database) as connection:
        connection.execute(sa.text("DELETE FROM record_entries WHERE number >= 4"))
    chained(database, 6)
    assert "once reached row 5, which is gone or another now" in str(verify(database).wrong)


def test_a_chain_rebuilt_without_the_key_is_found(database: Database, tmp_path: Path) -> None:
    chained(database)
    key = record_chain.key_for(Home(tmp_path / "another"))
    with without_refusal(database) as connection:
        previous = record_chain.GENESIS
        for row in connection.execute(sa.text("SELECT number FROM record_entries ORDER BY number")).all():
            one = record_chain.entry(datetime(2026, 1, 1, tzinfo=UTC), "eve", "export", "", {})
            made = record_chain.digest(key, row.number, one, previous)
            change = "UPDATE record_entries SET who = 'eve', previous = :p, digest = :d WHERE number = :n"
            connection.execute(sa.text(change), {"p": previous, "d": made, "n": row.number})
            previous = made
    assert "Row 1 of the record was changed" in str(verify(database).wrong)


def test_an_anchor_that_was_changed_or_taken_away_is_found(database: Database) -> None:
    chained(database)
    path = record_chain.path_of(database.home)
    raw = json.loads(path.read_text())
    path.write_text(json.dumps({**raw, "number": 3}))
    assert "was changed by something else than Heartline" in str(verify(database).wrong)
    path.unlink()
    chained(database, 1)
    assert f"anchor {path} is gone" in str(verify(database).wrong)


def test_a_clock_that_is_set_back_changes_no_order(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for at in (datetime(2026, 10, 5, tzinfo=UTC), datetime(1999, 1, 1, tzinfo=UTC)):
        monkeypatch.setattr("data.record.instant", lambda _, at=at: at)
        record.note(database, "maria", "export", str(at.year))
    assert [about for _, _, _, about, _ in rows(database)] == ["2026", "1999"]
    assert verify(database) == Verified(2)


def test_what_is_older_is_dropped_and_the_chain_still_holds(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = datetime(2024, 1, 1, tzinfo=UTC)
    for month in range(6):
        monkeypatch.setattr("data.record.instant", lambda _, at=first + timedelta(days=30 * month): at)
        record.note(database, "maria", "export", f"month {month}")
    monkeypatch.undo()
    assert shorten(database, "heartline", first + timedelta(days=95)) == 4
    assert [number for number, *_ in rows(database)] == [5, 6, 7]
    assert verify(database) == Verified(3)
    assert [shorten(database, "heartline", first + timedelta(days=366)) for _ in "ab"] == [2, 0]
    assert verify(database) == Verified(2)
    with pytest.raises(DBAPIError, match="the record is only added to"), database.writing() as session:
        session.execute(sa.text("DELETE FROM record_entries"))


def test_a_change_is_noted_in_its_own_transaction_or_not_at_all(database: Database, everyone: Scope) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as session:  # noqa: PT012 - all of it is one transaction
        record.note_in(session, everyone, "export")
        session.add(a_rating())
        _ = 1 / 0
    assert rows(database) == []
    with database.writing() as session:
        session.add(a_rating())
    assert rows(database) == [
        (1, "ada", "changed", "north", {"of": "rating of a team by itself", "number": 1, "done": "added"})
    ]


def test_what_the_program_derives_by_itself_is_no_row_and_what_people_overrule_is(database: Database) -> None:
    at = datetime(2026, 10, 5, tzinfo=UTC)
    with database.writing() as session:
        session.add(StandardVersionRow(version=1, at=at, by="heartline", what="derived"))
    with database.writing() as session:
        session.get_one(StandardVersionRow, 1).data_version = 7
    with database.writing() as session:
        session.add(StandardVersionRow(version=2, at=at, by="ada", what="set"))
    assert [(who, detail["of"], detail["number"]) for _, who, _, _, detail in rows(database)] == [
        ("ada", "standards", 2)
    ]


def a_rating() -> RatingRow:
    at = datetime(2026, 10, 5, tzinfo=UTC)
    told = {"stage": "ask", "trait": "honesty", "score": 3.0, "scale_max": 5.0, "asked_on": at.date()}
    return RatingRow(team_id="north", by="ada", at=at, undone_at=None, undone_by=None, **told)


def many(home: Home, who: str, count: int) -> None:
    with open_database(home) as database:
        for _ in range(count):
            record.note(database, who, "export")


def test_several_processes_write_one_chain(database: Database) -> None:
    context = get_context("spawn")
    writers = [context.Process(target=many, args=(database.home, f"writer {n}", 8)) for n in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert verify(database) == Verified(24)
    assert record_chain.read_anchor(database.home) == record_chain.Anchor(24, head_digest(database))


def head_digest(database: Database) -> str:
    with database.reading() as session:
        return record.head(session)[1]


def test_who_looked_is_told_by_days_to_those_who_may_see_the_team(database: Database) -> None:
    ada, eve = (manager_scope(name, frozenset({team})) for name, team in (("ada", "north"), ("eve", "south")))
    for page in ("Team", "Empathy"):
        record.looked(database, ada, "north", page)
    today = datetime.now(UTC).date()
    assert lookers(database, ada, "north").rows() == [(today, "ada", "local", "Empathy, Team")]
    assert lookers(database, eve, "north").is_empty()


def test_every_team_that_was_looked_at_among_others_or_taken_out_is_told(database: Database, everyone: Scope) -> None:
    ada = replace(manager_scope("ada", frozenset({"north", "west"})), signed_in=True)
    executive = Scope("eve", None, frozenset({Right.READ, Right.REVIEW}), signed_in=True)
    for page in ("Overview", "Handoffs"):
        record.looked_at_all(database, ada, page)
        record.looked_at_all(database, executive, page)
    record._seen.clear()  # another process of the server asks the database
    record.looked_at_all(database, ada, "Empathy")
    record.looked_at_all(database, Scope("nobody"), "Overview")
    record.took_out(database, executive, "heartline signs")
    record.took_out(database, ada, "the summary of a retrospective", "north")
    record.took_out(database, executive, "the page for staff")
    told = {team: lookers(database, everyone, team).drop("day").rows() for team in ("north", "west", "south")}
    board = ("eve", "executive", "Overview, took out heartline signs")
    assert told == {
        "north": [("ada", "manager", "Overview, took out the summary of a retrospective"), board],
        "west": [("ada", "manager", "Overview"), board],
        "south": [board],
    }
    assert len(rows(database)) == 5


def test_only_who_runs_it_reads_the_whole_record(database: Database, everyone: Scope) -> None:
    chained(database, 3)
    assert entries(database, everyone, team="team 1")["number"].to_list() == [2]
    with pytest.raises(Trouble, match="may not do this"):
        entries(database, manager_scope("ada", frozenset({"north"})))


@given(
    who=st.text(max_size=20),
    about=st.text(max_size=20),
    detail=st.dictionaries(st.text(max_size=5), st.none() | st.integers() | st.booleans() | st.text(), max_size=3),
)
@settings(max_examples=40)
def test_whatever_is_noted_verifies(tmp_path_factory, who: str, about: str, detail: dict[str, object]) -> None:  # type: ignore[no-untyped-def]
    with open_database(Home(tmp_path_factory.getbasetemp() / "fuzzed")) as database:
        with database.writing() as session:
            record.note_in(session, who, "export", about, **{f"x{name}": one for name, one in detail.items()})
        assert verify(database).wrong is None
