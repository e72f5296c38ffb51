"""Forgetting somebody: nothing of them is anywhere afterwards, in no version, and they do not come in again."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from data import record, replies, versions
from data.database import Database, open_database
from data.derived import derive
from data.erasing import forgetting
from data.erasing.forgetting import forget
from data.erasing.forgotten import known, lift, pseudonym_of, unfinished
from data.erasing.proof import look
from data.errors import Trouble
from data.home import Home
from data.intake import import_file
from data.lake import Lake
from data.record_reading import verify
from data.rejects import listing
from data.scope import local_scope, manager_scope
from data.tables import ReplyTicketRow

NOW = datetime(2026, 10, 19, 9, tzinfo=UTC)
MARIA = local_scope("maria")
CUSTOMER, AGENT = "C-77412", "agent-0815"

FILES = {
    "tickets": """ticket_id,customer_id,opened_at,category,team_id,agent_id,resolved_at
T-1001,C-77412,2026-09-01 09:00,delivery,north,agent-0815,2026-09-01 11:00
T-1002,C-20001,2026-09-01 10:00,delivery,north,agent-0815,2026-09-02 11:00
T-1003,C-77412,2026-09-03 09:00,invoice,north,agent-0001,
T-1004,C-20002,2026-09-04 09:00,invoice,north,agent-0001,2026-09-04 10:00
""",
    "events": """ticket_id,at,kind,team_id,agent_id,actor
T-1001,2026-09-01 09:00,opened,north,,customer
T-1001,2026-09-01 09:30,replied,north,agent-0815,agent
T-1002,2026-09-01 10:00,opened,north,,customer
T-1002,2026-09-01 12:00,replied,north,agent-0815,agent
T-1003,2026-09-03 09:00,opened,north,,customer
T-1004,2026-09-04 09:30,replied,north,agent-0001,agent
""",
    "people": """person_id,team_id,fte,valid_from,hired_on
agent-0815,north,1.0,2025-01-01,2025-01-01
agent-0001,north,1.0,2025-01-01,2025-01-01
""",
    "absences": "person_id,from_on,to_on,kind\nagent-0815,2026-09-07,2026-09-09,sick\n",
    "customers": "customer_id,segment,opened_on\nC-77412,private,2025-02-01\nC-20001,private,2025-03-01\n",
    "orders": "order_id,customer_id,opened_at,stage\nO-1,C-77412,2026-08-01,won\nO-2,C-20001,2026-08-02,won\n",
    "praise": "ticket_id,team_id,at,words\nT-1001,north,2026-09-02 09:00,So kind of you\n",
}
# Set aside: of the forgotten and of another. And a later version, in which rows of both were changed.
BAD = """ticket_id,customer_id,opened_at,csat
T-2001,C-77412,2026-09-05 09:00,9
T-2002,C-20001,2026-09-05 09:00,9
"""
LATER = """ticket_id,customer_id,opened_at,category,team_id,agent_id,resolved_at
T-1003,C-77412,2026-09-03 09:00,invoice,north,agent-0815,2026-09-08 10:00
T-1004,C-20002,2026-09-04 09:00,invoice,north,agent-0001,2026-09-04 12:00
"""


def bring(home: Home, folder: Path, table: str, text: str) -> None:
    path = folder / f"{table}.csv"
    path.write_text(text)
    import_file(home, path, table, now=NOW)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("forgotten")
    home = Home(folder / "home")
    for table, text in FILES.items():
        bring(home, folder, table, text)
    bring(home, folder, "tickets", BAD)
    bring(home, folder, "tickets", LATER)
    derive(home)
    return home


@pytest.fixture
def database(home: Home) -> Iterator[Database]:
    with open_database(home) as opened:
        yield opened


def everywhere(home: Home, words: list[str]) -> list[str]:
    """Each file with one of the words in its bytes or, of Parquet, in a value: none of the program's own code."""
    found = []
    for path in sorted(path for path in home.path.rglob("*") if path.is_file()):
        content = path.read_bytes()
        texts = ""
        if path.suffix == ".parquet":
            frame = pl.read_parquet(path, hive_partitioning=False)
            texts = "\n".join(str(value) for column in frame for value in column.to_list())
        found += [path.name for word in words if word.encode() in content or word in texts]
    return found


def rows(home: Home, number: int | None = None) -> dict[str, int]:
    lake = Lake(home)
    version = lake.current() if number is None else lake.at(number)
    return {table: lake.scan(table, version).collect().height for table in version.tables}


def test_nothing_of_a_customer_is_anywhere_afterwards(home: Home, database: Database) -> None:
    name = pseudonym_of(home, "customer", CUSTOMER)
    assert everywhere(home, [name])
    before = rows(home)
    done = forget(MARIA, home, database, "customer", CUSTOMER, now=NOW)
    assert done.pseudonym == name
    assert everywhere(home, [name, CUSTOMER, "T-1001", "T-1003", "T-2001", "So kind"]) == []
    assert look(home, database, [name], CUSTOMER, lambda *_: None).found == []
    gone = {"tickets": 2, "events": 3, "customers": 1, "orders": 1, "praise": 1, "rejects": 1}
    assert rows(home) == {table: count - gone.get(table, 0) for table, count in before.items()}
    assert Lake(home).current().rows == rows(home)
    assert unfinished(database) == []
    assert verify(database).wrong is None


def test_the_earlier_versions_are_there_without_them_and_others_are_as_they_were(
    home: Home, database: Database
) -> None:
    lake = Lake(home)
    name = pseudonym_of(home, "customer", CUSTOMER)
    mine = ["T-1001", "T-1003", "T-2001"]

    def told() -> dict[tuple[int, str], pl.DataFrame]:
        frames = {}
        for version in lake.history()[: len(FILES) + 2]:
            for table in version.tables:
                frame = lake.scan(table, version).collect()
                for column, ids in (("customer_id", [name]), ("ticket_id", mine)):
                    if column in frame.columns:
                        frame = frame.filter(~pl.col(column).is_in(ids).fill_null(value=False))
                frames[version.number, table] = (
                    frame.filter(~pl.col("cells").str.contains("T-2001")) if table == ("rejects") else frame
                )
        return frames

    before = told()
    forget(MARIA, home, database, "customer", CUSTOMER, now=NOW)
    after = told()
    assert {*before} == {*after}
    for place, frame in before.items():
        assert after[place].equals(frame), place
    for version in lake.history():
        assert version.rows == rows(home, version.number)


def test_of_a_person_the_rows_go_and_in_a_customers_row_the_name(home: Home, database: Database) -> None:
    name = pseudonym_of(home, "person", AGENT)
    forget(MARIA, home, database, "person", AGENT, now=NOW)
    assert everywhere(home, [name, AGENT]) == []
    lake = Lake(home)
    tickets = lake.scan("tickets").sort("ticket_id").collect()
    assert tickets["ticket_id"].to_list() == ["T-1001", "T-1002", "T-1003", "T-1004"]
    assert tickets["agent_id"].to_list()[:3] == [None, None, None]
    assert lake.scan("people").collect().height == 1
    assert lake.scan("absences").collect().height == 0


def test_they_do_not_come_in_again_until_it_is_lifted(home: Home, database: Database, tmp_path: Path) -> None:
    name = pseudonym_of(home, "customer", CUSTOMER)
    done = forget(MARIA, home, database, "customer", CUSTOMER, now=NOW)
    before = rows(home)
    again = FILES["tickets"] + "T-1009,C-77412,2026-10-01 09:00,delivery,north,agent-0815,\n"
    bring(home, tmp_path, "tickets", again)
    bring(home, tmp_path, "events", FILES["events"] + "T-1009,2026-10-01 09:00,opened,north,,customer\n")
    assert {**rows(home), "rejects": 0} == {**before, "rejects": 0}
    assert everywhere(home, [name, CUSTOMER, "T-1001", "T-1009"]) == []
    said = listing(home).filter(pl.col("reason").str.contains("forgotten"))
    assert said["reason"].unique().to_list() == ["is of somebody who asked to be forgotten on 19 October 2026"]
    assert said["cells"].unique().to_list() == ["{}"]
    lift(database, done.number, "maria", "they came back", NOW)
    bring(home, tmp_path, "tickets", again)
    assert Lake(home).scan("tickets").filter(pl.col("customer_id") == name).collect().height == 3


def test_lifting_one_forgetting_leaves_the_others_tickets_out(home: Home, database: Database, tmp_path: Path) -> None:
    first = forget(MARIA, home, database, "customer", CUSTOMER, now=NOW)
    forget(MARIA, home, database, "customer", "C-20001", now=NOW)
    new = "T-1009,C-77412,2026-10-01 09:00,delivery,north,,\nT-1010,C-20001,2026-10-01 09:00,delivery,north,,\n"
    bring(home, tmp_path, "tickets", FILES["tickets"] + new)
    lift(database, first.number, "maria", "they came back", NOW)
    bring(home, tmp_path, "tickets", FILES["tickets"] + new.replace("C-20001", ""))  # a ticket that lost its customer
    assert "T-1009" in set(Lake(home).scan("tickets").collect()["ticket_id"])
    assert everywhere(home, ["T-1010"]) == []


def test_a_forgotten_agent_is_left_out_of_tickets_that_come_in(home: Home, database: Database, tmp_path: Path) -> None:
    forget(MARIA, home, database, "person", AGENT, now=NOW)
    bring(home, tmp_path, "tickets", FILES["tickets"].replace("delivery", "parcel"))
    bring(home, tmp_path, "people", FILES["people"])
    assert everywhere(home, [pseudonym_of(home, "person", AGENT), AGENT]) == []
    assert (
        Lake(home).scan("tickets").filter(pl.col("category") == "parcel").collect()["agent_id"].to_list() == [None] * 2
    )
    assert Lake(home).scan("people").collect().height == 1


def test_what_people_wrote_is_cleaned_of_tickets_and_pseudonyms(home: Home, database: Database) -> None:
    name = pseudonym_of(home, "customer", CUSTOMER)
    words = f"Look at {name}, please"
    made = replies.answer(
        MARIA, database, team_id="north", sign="buck_passing", week=None, words=words, tickets=["T-1001"]
    )
    assert made
    forget(MARIA, home, database, "customer", CUSTOMER, now=NOW)
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ReplyTicketRow)) == 0
        assert session.scalar(sa.text("SELECT words FROM replies")) == "Look at [forgotten], please"
    assert everywhere(home, [name]) == []


class Stopped(BaseException):
    """As if the power had gone."""


@pytest.mark.parametrize("step", forgetting.STEPS)
def test_stopped_before_any_step_it_is_ended_later(home: Home, database: Database, step: str) -> None:
    def stop(at: str) -> None:
        if at == step:
            raise Stopped

    name = pseudonym_of(home, "customer", CUSTOMER)
    with pytest.raises(Stopped):
        forget(MARIA, home, database, "customer", CUSTOMER, now=NOW, step=stop)
    if step in ("asked", "database"):
        forget(MARIA, home, database, "customer", CUSTOMER, now=NOW)
    else:
        assert forgetting.resume(home, database)
    assert everywhere(home, [name, CUSTOMER]) == []
    assert not forgetting.resume(home, database)
    assert Lake(home).current().rows == rows(home)
    assert derive(home).opened["tickets"].sum() == 2


@pytest.mark.parametrize("stop_at", range(1, 40, 6))
def test_killed_within_the_rewriting_every_version_can_be_read_and_it_is_ended(
    home: Home, database: Database, stop_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, count = versions.write_whole, 0

    def counted(path: Path, content: bytes) -> None:
        nonlocal count
        count += 1
        if count == stop_at:
            raise Stopped
        whole(path, content)

    monkeypatch.setattr("data.erasing.rewriting.write_whole", counted)
    try:
        forget(MARIA, home, database, "customer", CUSTOMER, now=NOW)
    except Stopped:
        monkeypatch.undo()
        for version in Lake(home).history():
            rows(home, version.number)
        tickets = [Lake(home).scan("tickets", one).collect()["ticket_id"] for one in Lake(home).history()]
        assert all(ids.n_unique() == len(ids) for ids in tickets), "a row is never read from the old file and the new"
        assert forgetting.resume(home, database)
    assert everywhere(home, [pseudonym_of(home, "customer", CUSTOMER)]) == []
    assert Lake(home).current().rows == rows(home)


def test_somebody_nobody_knows_is_put_on_the_list_alone(home: Home, database: Database) -> None:
    before = Lake(home).current()
    done = forget(MARIA, home, database, "customer", "C-99999", now=NOW)
    assert (done.rows, done.texts) == ({}, 0)
    assert Lake(home).current() == before
    assert known(home, database).asked["customer"]


def test_only_who_runs_it_may_forget(home: Home, database: Database) -> None:
    with pytest.raises(Trouble, match="may not do this"):
        forget(manager_scope("ada", frozenset({"north"})), home, database, "customer", CUSTOMER)
    with pytest.raises(Trouble, match="say customer or person"):
        forget(MARIA, home, database, "team", "north")


def test_the_record_says_that_somebody_was_forgotten_and_not_who(home: Home, database: Database) -> None:
    forget(MARIA, home, database, "customer", CUSTOMER, now=NOW)
    with database.reading() as session:
        found = session.execute(sa.text("SELECT what, about, detail FROM record_entries ORDER BY number")).all()
    assert [row.what for row in found][-2:] == ["was asked to forget", "forgot"]
    assert CUSTOMER not in str(found)
    assert record.LOOKED not in [row.what for row in found]


def test_a_forgotten_customers_day_is_that_of_asking(home: Home, database: Database) -> None:
    forget(MARIA, home, database, "customer", CUSTOMER, now=NOW)
    assert set(known(home, database).asked["customer"].values()) == {date(2026, 10, 19)}
