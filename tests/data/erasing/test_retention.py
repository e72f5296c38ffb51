"""What is too old goes by itself, out of every version; what is young, and what is only counted, stays."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from data import purpose
from data.database import Database, open_database
from data.derived import derive
from data.erasing import daily, retention
from data.erasing.retention import Dropped, before, keep_to_it, would_go
from data.errors import Trouble
from data.home import Home
from data.intake import import_file
from data.lake import Lake
from data.purpose import MADE_UP
from data.record_reading import verify
from data.scope import local_scope, manager_scope
from data.talks import conversations

NOW = datetime(2026, 10, 19, 9, tzinfo=UTC)
MARIA = local_scope("maria")
YEAR = replace(MADE_UP, ticket_months=12, note_months=6, record_months=12)

FILES = {
    "tickets": """ticket_id,customer_id,opened_at,category,team_id,agent_id,resolved_at
T-OLD,C-1,2025-03-01 09:00,delivery,north,a-1,2025-03-01 11:00
T-LONG,C-1,2025-03-02 09:00,delivery,north,a-1,
T-NEW,C-2,2026-09-04 09:00,invoice,north,a-2,2026-09-04 10:00
""",
    "events": """ticket_id,at,kind,team_id,agent_id,actor
T-OLD,2025-03-01 09:30,replied,north,a-1,agent
T-LONG,2026-09-02 09:30,replied,north,a-1,agent
T-NEW,2026-09-04 09:30,replied,north,a-2,agent
""",
    "absences": "person_id,from_on,to_on,kind\na-1,2025-03-01,2025-03-09,sick\na-1,2026-03-01,2026-03-09,sick\n",
    "surveys": """team_id,asked_on,asked_of,question,score,scale_max
north,2025-03-01,staff,q,4,5
north,2026-03-01,staff,q,4,5
""",
    "praise": "ticket_id,team_id,at,words\nT-OLD,north,2025-03-02 09:00,So very kind\n",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("aged")
    home = Home(folder / "home")
    for table, text in FILES.items():
        (folder / f"{table}.csv").write_text(text)
        import_file(home, folder / f"{table}.csv", table, now=NOW)
    derive(home)
    return home


@pytest.fixture
def database(home: Home) -> Iterator[Database]:
    with open_database(home) as opened:
        yield opened


def tickets(home: Home, number: int | None = None) -> list[str]:
    return sorted(Lake(home).scan("tickets", number).collect()["ticket_id"])


def test_whole_months_are_kept() -> None:
    assert before(12, date(2026, 10, 19)) == date(2025, 10, 1)
    assert before(1, date(2026, 1, 31)) == date(2025, 12, 1)


def test_nothing_goes_where_no_purpose_is_recorded(home: Home, database: Database) -> None:
    assert keep_to_it(home, database, MARIA, now=NOW) == Dropped()
    assert tickets(home) == ["T-LONG", "T-NEW", "T-OLD"]


def test_what_is_older_goes_out_of_every_version_and_what_still_moves_stays(home: Home, database: Database) -> None:
    purpose.keep(MARIA, database, YEAR, now=NOW)
    planned = would_go(home, database, MARIA, now=NOW)
    done = keep_to_it(home, database, MARIA, now=NOW)
    assert done == planned
    assert done.rows == {"tickets": 1, "events": 1, "absences": 1, "surveys": 1, "praise": 1}
    for version in Lake(home).history():
        assert tickets(home, version.number) == ["T-LONG", "T-NEW"]
    assert Lake(home).current().source == retention.SOURCE
    everything = b"".join(path.read_bytes() for path in home.path.rglob("*") if path.is_file())
    assert b"T-OLD" not in everything
    assert b"So very kind" not in everything
    values = [str(pl.read_parquet(path).to_dicts()) for path in home.path.rglob("*.parquet")]
    assert "T-OLD" not in "".join(values)
    assert derive(home).opened["tickets"].sum() == 2
    assert keep_to_it(home, database, MARIA, now=NOW) == replace(done, rows={}, notes={}, record=0)
    assert verify(database).wrong is None


def test_a_second_run_leaves_what_was_derived_as_it_is(home: Home, database: Database) -> None:
    purpose.keep(MARIA, database, YEAR, now=NOW)
    keep_to_it(home, database, MARIA, now=NOW)
    made = derive(home)
    before = made.facts().tickets.collect()
    for _ in range(2):
        assert not keep_to_it(home, database, MARIA, now=NOW)
    assert derive(home).path == made.path
    assert made.facts().tickets.collect().equals(before)
    assert "T-LONG" in tickets(home), "opened before the day, and still moving"


def test_what_a_server_reads_stays_until_there_is_what_takes_its_place(home: Home, database: Database) -> None:
    served, shown = derive(home), Lake(home).current().number

    def look(step: str) -> None:
        if Lake(home).current().number == shown:
            assert served.facts().tickets.collect().height == 3
            assert old.collect().height == 3

    old = Lake(home).scan("tickets", shown)
    purpose.keep(MARIA, database, YEAR, now=NOW)
    assert keep_to_it(home, database, MARIA, now=NOW, step=look)
    with pytest.raises(Trouble, match="ask again"):
        served.facts()
    assert derive(home).facts().tickets.collect().height == 2


def test_notes_go_with_all_that_belongs_to_them(home: Home, database: Database) -> None:
    for day in (date(2026, 3, 2), date(2026, 9, 1)):
        conversations.create(MARIA, database, guest=f"Jo of {day}", teams=["north"], held_on=day, now=NOW)
    purpose.keep(MARIA, database, YEAR, now=NOW)
    assert keep_to_it(home, database, MARIA, now=NOW).notes == {"one-on-ones": 1}
    with database.reading() as session:
        assert session.scalars(sa.text("SELECT guest FROM conversations")).all() == ["Jo of 2026-09-01"]
        assert session.scalar(sa.text("SELECT count(*) FROM conversation_versions")) == 1
    assert b"Jo of 2026-03-02" not in (home.path / "heartline.db").read_bytes()


class Stopped(BaseException):
    """As if the power had gone."""


@pytest.mark.parametrize("step", retention.STEPS)
def test_stopped_before_any_step_it_is_ended_before_anything_is_counted(
    home: Home, database: Database, step: str
) -> None:
    def stop(at: str) -> None:
        if at == step:
            raise Stopped

    purpose.keep(MARIA, database, YEAR, now=NOW)
    with pytest.raises(Stopped):
        keep_to_it(home, database, MARIA, now=NOW, step=stop)
    if step in ("lake", "derived", "version"):
        assert derive(home).opened["tickets"].sum() == 2
    else:
        daily.once(home)
    assert tickets(home) == ["T-LONG", "T-NEW"]
    assert Lake(home).current().rows["tickets"] == 2


def test_an_import_drops_what_is_too_old(home: Home, database: Database, tmp_path: Path) -> None:
    purpose.keep(MARIA, database, YEAR, now=NOW)
    late = tmp_path / "late.csv"
    late.write_text("ticket_id,opened_at,resolved_at\nT-LATE,2020-01-01 09:00,2020-01-02 09:00\n")
    import_file(home, late, "tickets", now=NOW)
    assert tickets(home) == ["T-LONG", "T-NEW"]


def test_only_who_runs_it_may_have_it_done(home: Home, database: Database) -> None:
    ada = manager_scope("ada", frozenset({"north"}))
    with pytest.raises(Trouble, match="may not do this"):
        keep_to_it(home, database, ada)
    with pytest.raises(Trouble, match="may not do this"):
        would_go(home, database, ada)
