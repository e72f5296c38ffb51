"""Killed (kill -9) at any step of its work: what was confirmed is there, nothing by half, and the next run works."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from sqlalchemy import select, text

from data import migrations, purpose
from data.coaching.action import from_content
from data.database import engine_of, migrating, open_database
from data.erasing import retention
from data.errors import Trouble
from data.home import RESTORING, Home
from data.keeping.archive import check
from data.keeping.backup import backup
from data.keeping.restore import restore
from data.lake import Lake
from data.scope import local_scope
from data.tables import ActionRow, ActionVersionRow
from tests.data.every_table import filled, kept
from tests.data.keeping.conftest import dumped, fill, shown
from tests.data.kills import jobs
from tests.data.kills.killing import Ended, Tally, places, run, tally
from tests.data.kills.rounds import TICKETS, log, whole
from tests.postgres import fresh_database

__all__ = ["tally"]
SQLITE = {"import": 45, "coach": 60, "migration": 30, "restore": 25, "backup": 10, "forget": 8, "retention": 8}
POSTGRES = {"import": 8, "coach": 25, "migration": 10, "restore": 8}
EVERYONE = local_scope("maria")
HERE = [
    pytest.param("sqlite", marks=pytest.mark.xdist_group("kills")),
    pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.xdist_group("postgres")]),
]
pytestmark = pytest.mark.slow


def kills_of(what: str, place: str) -> int:
    return (SQLITE if place == "sqlite" else POSTGRES)[what]


def test_there_are_at_least_200_kills() -> None:
    assert sum((*SQLITE.values(), *POSTGRES.values())) >= 200


@pytest.fixture
def place(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where the database is kept."""
    monkeypatch.delenv("HEARTLINE_DATABASE_URL", raising=False)
    if request.param == "sqlite":
        yield request.param
        return
    with fresh_database(request.getfixturevalue("postgres_socket"), f"k{uuid4().hex}") as url:
        monkeypatch.setenv("HEARTLINE_DATABASE_URL", url)
        yield request.param


def emptied() -> None:
    """Make the server's database a new one; a file in a new home is new anyway."""
    if url := os.environ.get("HEARTLINE_DATABASE_URL"):
        import psycopg

        with psycopg.connect(url, autocommit=True) as server:
            server.execute("DROP SCHEMA public CASCADE")
            server.execute("CREATE SCHEMA public")


def killed(tally: Tally, wanted: int, steps: int, job: Callable[[int, float], Ended]) -> Iterator[Ended]:
    """Run and kill until there are as many kills as are wanted: one that ended before its kill came is not counted."""
    for number, (at, late) in enumerate(places(steps, 2 * wanted, 7)):
        if tally.kills == wanted:
            return
        ended = job(at, late if number % 3 == 2 else 0.0)
        tally.add(ended)
        yield ended
    assert tally.kills == wanted, f"only {tally.kills} of {wanted} were killed"


@pytest.mark.parametrize("place", HERE, indirect=True)
def test_an_import(tmp_path: Path, place: str, tally: Tally) -> None:
    home = Home(tmp_path / "home")
    version = run(jobs.import_, home, log(tmp_path, 1)).said[-1]
    steps = len(run(jobs.import_, home, log(tmp_path, 2)).steps)
    round_, before = 2, 2
    assert (version, whole(home)) == (1, 2)
    files = {number: log(tmp_path, number) for number in range(3, 3 + 2 * kills_of("import", place))}

    def next_(at: int, late: float) -> Ended:
        nonlocal round_
        round_ += 1
        return run(jobs.import_, home, files[round_], at=at, late=late)

    for ended in killed(tally, kills_of("import", place), steps, next_):
        after = whole(home)
        assert after in (before, round_)
        assert after == round_ or not ended.said, "what was confirmed is not there"
        before = after
    assert run(jobs.import_, home, log(tmp_path, 999)).said
    assert whole(home) == 999
    record_is_whole(home)


def record_is_whole(home: Home) -> None:
    from data.check import findings

    assert [one.what for one in findings(home) if one.level == "broken"] == []


@pytest.mark.parametrize("place", HERE, indirect=True)
def test_actions_and_check_ins(tmp_path: Path, place: str, tally: Tally) -> None:
    home, said = Home(tmp_path / "home"), set()
    run(jobs.open_, home)
    steps = len(run(jobs.coach, home, 0, 2).steps)
    for ended in killed(
        tally, kills_of("coach", place), steps, lambda at, late: run(jobs.coach, home, at, 2, at=at, late=late)
    ):
        said |= set(ended.said)
        holds(home, said)
    assert len(said) > kills_of("coach", place)
    assert len(run(jobs.coach, home, 0, 1).said) == 3
    record_is_whole(home)


def holds(home: Home, said: set[tuple[str, int, int]]) -> None:
    """All that was confirmed is there, each action whole with its history."""
    with open_database(home) as database, database.reading() as session:
        if database.engine.dialect.name == "sqlite":
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
        stand = {row.id: row for row in session.scalars(select(ActionRow))}
        past: dict[int, list[ActionVersionRow]] = {ident: [] for ident in stand}
        for version in session.scalars(select(ActionVersionRow).order_by(ActionVersionRow.revision)):
            past[version.action_id].append(version)
        for ident, row in stand.items():
            assert [version.revision for version in past[ident]] == list(range(1, row.revision + 1))
            assert from_content(past[ident][-1].content).why == row.why
        assert set(session.scalars(text("SELECT action_id FROM swaps"))) == set(stand)
        notes = set(session.scalars(text("SELECT id FROM check_ins")))
    there = {("action", ident, revision) for ident, row in stand.items() for revision in range(1, row.revision + 1)}
    assert said <= there | {("check_in", ident, 0) for ident in notes}


@pytest.mark.parametrize("place", HERE, indirect=True)
def test_a_migration_with_rows_in_every_table(tmp_path: Path, place: str, tally: Tally) -> None:
    wanted = kills_of("migration", place)
    known, turn = migrations.known(), 0
    before: dict[str, list[Any]] = {}
    home = Home(tmp_path)

    def next_(at: int, late: float) -> Ended:
        nonlocal turn, before, home
        turn += 1
        emptied()
        home, revision = Home(tmp_path / str(turn)), known[turn % (len(known) - 1)]
        home.path.mkdir()
        engine = engine_of(home)
        with migrating(engine) as connection:
            migrations.upgrade(connection, revision)
            before = filled(connection)
        engine.dispose()
        return run(jobs.open_, home, at=1 + at % (6 * (len(known) - known.index(revision))), late=late)

    for ended in killed(tally, wanted, 200, next_):
        assert ended.killed or ended.said == ["open"]
        with open_database(home) as database, database.reading() as session:  # the next run works
            assert migrations.revision_of(session.connection()) == known[-1]
            for name, rows in before.items():
                after = kept(session.connection(), name)
                assert len(after) == len(rows)
                for row in rows:
                    assert any(all(held[column] == one for column, one in row.items()) for held in after), name


@pytest.mark.parametrize("place", HERE, indirect=True)
def test_a_restore(tmp_path: Path, packed: Path, place: str, tally: Tally) -> None:
    wanted, turn = kills_of("restore", place), 0
    home = Home(tmp_path / "first")
    steps = len(run(jobs.put_back, packed / "b.zip", home).steps)
    right, tickets = dumped(home), shown(home)

    def next_(at: int, late: float) -> Ended:
        nonlocal turn, home
        turn += 1
        emptied()
        home = Home(tmp_path / str(turn))
        return run(jobs.put_back, packed / "b.zip", home, at=at, late=late)

    halves = 0
    for ended in killed(tally, wanted, steps, next_):
        half = (home.path / RESTORING).exists()
        halves += half
        assert not (half and ended.said)
        if half or not home.versions.exists():
            if half:
                with pytest.raises(Trouble, match="is half restored"):
                    open_database(home)
            restore(EVERYONE, packed / "b.zip", home)
        for one, same in zip(tickets, shown(home), strict=True):
            assert_frame_equal(one, same)
        after = dumped(home)
        for name, rows in right.items():
            assert after[name] == rows or name == "record_entries", name
        shutil.rmtree(home.path)
    assert halves > wanted // 3


@pytest.mark.parametrize("place", HERE[:1], indirect=True)
def test_a_backup(tmp_path: Path, packed: Path, place: str, tally: Tally) -> None:
    home, turn = Home(shutil.copytree(packed / "full", tmp_path / "full")), 0
    steps = len(run(jobs.back_up, home, tmp_path / "0.zip").steps)

    def next_(at: int, late: float) -> Ended:
        nonlocal turn
        turn += 1
        return run(jobs.back_up, home, tmp_path / f"{turn}.zip", at=at, late=late)

    for ended in killed(tally, kills_of("backup", place), steps, next_):
        file = tmp_path / f"{turn}.zip"
        assert file.exists() or not ended.said
        if file.exists():  # under its name it is whole
            assert check(file).data_version == 2
            file.unlink()
        backup(EVERYONE, home, file)
        assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("place", HERE[:1], indirect=True)
def test_forgetting_somebody(tmp_path: Path, place: str, tally: Tally) -> None:
    base, turn = Home(tmp_path / "base"), 0
    for round_ in (1, 2):
        run(jobs.import_, base, log(tmp_path, round_))
    steps = len(run(jobs.forget, copied(base, tmp_path / "0"), "C7").steps)
    home = base

    def next_(at: int, late: float) -> Ended:
        nonlocal turn, home
        turn += 1
        home = copied(base, tmp_path / str(turn))
        return run(jobs.forget, home, "C7", at=at, late=late)

    for ended in killed(tally, kills_of("forget", place), steps, next_):
        if not ended.said:  # done by the next start; or asked for again, where it was killed before it was on the list
            retention.end_what_was_begun(home)
            run(jobs.forget, home, "C7")
        lake = Lake(home)
        for version in lake.history():
            tickets, events = (lake.scan(name, version).collect() for name in ("tickets", "events"))
            assert set(tickets["ticket_id"]) == {f"T{n}" for n in range(TICKETS) if n != 7}
            assert "T7" not in set(events["ticket_id"])
            (shown,) = tickets["category"].unique().to_list()
            assert events["team_id"].unique().to_list() == [shown.replace("round", "team")]
        record_is_whole(home)
        shutil.rmtree(home.path)


@pytest.mark.parametrize("place", HERE[:1], indirect=True)
def test_dropping_what_is_too_old(tmp_path: Path, place: str, tally: Tally) -> None:
    base, turn = Home(tmp_path / "base"), 0
    old = tmp_path / "tickets.csv"
    old.write_text("ticket_id,customer_id,opened_at,resolved_at\nT-OLD,C1,2020-01-01 09:00,2020-01-02 09:00\n")
    run(jobs.import_, base, log(tmp_path, 1))
    jobs.import_quietly(base, old)
    run(jobs.import_, base, log(tmp_path, 2))
    with open_database(base) as database:
        purpose.keep(EVERYONE, database, replace(purpose.MADE_UP, ticket_months=36), now=jobs.NOW)
    steps = len(run(jobs.drop_what_is_old, copied(base, tmp_path / "0")).steps)
    home = base

    def next_(at: int, late: float) -> Ended:
        nonlocal turn, home
        turn += 1
        home = copied(base, tmp_path / str(turn))
        return run(jobs.drop_what_is_old, home, at=at, late=late)

    for ended in killed(tally, kills_of("retention", place), steps, next_):
        for version in Lake(home).history():  # what is there can be read whole, before anything is mended
            ids = Lake(home).scan("tickets", version).collect()["ticket_id"]
            assert ids.n_unique() == len(ids) >= 1
        if not ended.said:
            run(jobs.drop_what_is_old, home)
        assert "T-OLD" not in in_any_file(home)
        assert {f"T{n}" for n in range(TICKETS)} == set(Lake(home).scan("tickets").collect()["ticket_id"])
        assert Lake(home).check() == []
        record_is_whole(home)
        shutil.rmtree(home.path)


def in_any_file(home: Home) -> set[str]:
    """Every id of a ticket in any Parquet file, named by a version or not."""
    found: set[str] = set()
    for path in home.lake.rglob("*.parquet"):
        rows = pl.read_parquet(path, hive_partitioning=False)
        found |= set(rows["ticket_id"]) if "ticket_id" in rows.columns else set()
    return found


def copied(home: Home, to: Path) -> Home:
    return Home(shutil.copytree(home.path, to))


def test_full_homes_differ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home that lacks a row, or a ticket, would be noticed by what the loops compare."""
    monkeypatch.delenv("HEARTLINE_DATABASE_URL", raising=False)
    home = fill(Home(tmp_path / "full"))
    before = dumped(home)
    with open_database(home) as database, database.writing() as session:
        session.execute(text("DELETE FROM swap_notes WHERE id = 2"))
    assert dumped(home)["swap_notes"] != before["swap_notes"]
    (home.versions / "000002.json").unlink()
    assert Lake(home).current().number == 1
