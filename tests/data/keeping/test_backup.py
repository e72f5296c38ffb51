"""A backup holds all that people wrote and imported, and brings it from any database to any other."""

import errno
import os
import shutil
import stat
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from polars.testing import assert_frame_equal

from data import migrations
from data.coaching import actions
from data.database import engine_of, migrating, open_database
from data.errors import Trouble
from data.home import Home
from data.intake import import_file
from data.keeping import backup as module
from data.keeping.archive import Hashed, check
from data.keeping.backup import backup
from data.keeping.restore import restore
from data.lake import Lake
from data.scope import Scope
from tests.data.coaching.test_actions_together import a_swap
from tests.data.every_table import filled
from tests.data.keeping.conftest import Use, dumped, files, fill, shown
from tests.data.kills.rounds import TICKETS, log

PLACES = [
    "sqlite",
    pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.xdist_group("postgres")]),
]


@pytest.mark.parametrize("to", PLACES)
@pytest.mark.parametrize("source", PLACES)
def test_what_was_restored_is_what_was_backed_up(
    tmp_path: Path, use: Use, everyone: Scope, source: str, to: str
) -> None:
    use(source)
    home, file = fill(Home(tmp_path / "full")), tmp_path / "b.zip"
    before, tables = shown(home), dumped(home)
    manifest = backup(everyone, home, file)
    assert manifest.left_out == ()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    use(to)
    other = Home(tmp_path / "other")
    restore(everyone, file, other)
    for one, same in zip(before, shown(other), strict=True):
        assert_frame_equal(one, same)
    after = dumped(other)
    assert after.keys() == tables.keys()
    assert len(tables) > 30
    for name, rows in tables.items():
        assert after[name][: len(rows)] == rows, name
        assert len(after[name]) == len(rows) or name == "record_entries"
    assert other.key.read_bytes() == home.key.read_bytes()
    assert stat.S_IMODE(other.key.stat().st_mode) == 0o600
    assert "secrets.toml" not in files(other.path)
    with open_database(other) as database:  # and it is gone on with: the next number is free
        assert a_swap(everyone, database).id > 3
    assert Lake(other).write({}, "x", Lake(other).current().at).number == 2  # type: ignore[arg-type]


def test_a_backup_of_an_earlier_heartline_is_brought_up_to_date(tmp_path: Path, full: Home, everyone: Scope) -> None:
    for revision in (migrations.known()[4], migrations.known()[-2]):  # all: tests/data/test_migrations.py
        old, new = Home(tmp_path / f"old{revision}"), Home(tmp_path / f"new{revision}")
        shutil.copytree(full.path, old.path, ignore=shutil.ignore_patterns("heartline.db*"))
        engine = engine_of(old)
        with migrating(engine) as connection:
            migrations.upgrade(connection, revision)
            before = filled(connection)
        file = tmp_path / f"{revision}.zip"
        assert module._written(old, engine, file, True, lambda _: None).revision == revision
        module._named(file)
        restore(everyone, file, new)
        after = dumped(new)
        assert {name: len(after[name]) for name in before} | {"record_entries": 0} == {
            name: len(rows) for name, rows in before.items()
        } | {"record_entries": 0}
        with open_database(new) as database, database.reading() as session:
            assert migrations.revision_of(session.connection()) == migrations.known()[-1]


def test_people_write_and_import_while_it_is_made_and_it_is_of_one_moment(
    tmp_path: Path, use: Use, everyone: Scope
) -> None:
    use("sqlite")
    home, stop = Home(tmp_path / "home"), Event()
    logs = [log(tmp_path, number) for number in range(1, 5)]
    import_file(home, logs[0])
    with open_database(home) as database:
        first = a_swap(everyone, database).id

        def write() -> list[int]:
            said = []
            while not stop.is_set():
                made = a_swap(everyone, database)
                said.append(actions.check_in(everyone, database, made.id, "well").action_id)
            return said

        with ThreadPoolExecutor(3) as threads:
            writers = [threads.submit(write) for _ in range(2)]
            importer = threads.submit(lambda: [import_file(home, file) for file in logs[1:]])
            made = []
            for number in range(8):
                confirmed = {one.id for one in actions.list_(everyone, database)}
                made.append((tmp_path / f"{number}.zip", confirmed))
                backup(everyone, home, made[-1][0])
            stop.set()
            importer.result()
            assert all(len(writer.result()) > 3 for writer in writers)
    for file, confirmed in made[::3]:
        other = Home(file.with_suffix(""))
        restore(everyone, file, other)
        with open_database(other) as database:
            there = {one.id for one in actions.list_(everyone, database)}
        assert confirmed | {first} <= there
        lake = Lake(other)
        assert lake.check() == []
        (shown,) = lake.scan("tickets").select("category").unique().collect()["category"].to_list()
        held = lake.scan("events").select("team_id").unique().collect()["team_id"].to_list()
        assert (lake.current().rows["tickets"], held) == (TICKETS, [shown.replace("round", "team")])


def test_without_the_key_neither_it_nor_passwords_are_in_it(tmp_path: Path, full: Home, everyone: Scope) -> None:
    manifest = backup(everyone, full, tmp_path / "b.zip", with_key=False)
    assert (manifest.key, manifest.left_out) == (False, ("digest.toml", "key"))
    other = Home(tmp_path / "other")
    restore(everyone, tmp_path / "b.zip", other)
    assert not {"key", "digest.toml"} & set(files(other.path))
    assert_frame_equal(shown(other)[-1], shown(full)[-1])


def test_the_key_may_lie_there_before_and_settings_stay_as_they_are(
    tmp_path: Path, full: Home, everyone: Scope
) -> None:
    (full.path / "heartline.toml").write_text('address = "https://one.example.com"\n')
    backup(everyone, full, tmp_path / "b.zip", with_key=False)
    other = Home(tmp_path / "other")
    other.path.mkdir()
    shutil.copy(full.key, other.key)
    (other.path / "heartline.toml").write_text('address = "https://two.example.com"\n')
    assert restore(everyone, tmp_path / "b.zip", other).kept == ("heartline.toml", "key")
    assert "two.example.com" in (other.path / "heartline.toml").read_text()
    backup(everyone, other, tmp_path / "c.zip")
    third = Home(tmp_path / "third")
    third.path.mkdir()
    shutil.copy(full.key, third.key)
    with pytest.raises(Trouble, match="There is a key in"):
        restore(everyone, tmp_path / "c.zip", third)


def test_settings_that_name_a_database_are_not_taken_to_another_home(
    tmp_path: Path, full: Home, everyone: Scope
) -> None:
    (full.path / "heartline.toml").write_text(f'[database]\nurl = "sqlite:///{full.path}/heartline.db"\n')
    (full.path / "notes.txt").write_text("not ours")
    assert backup(everyone, full, tmp_path / "b.zip").left_out == ("heartline.toml", "notes.txt")


def test_an_earlier_backup_is_never_overwritten(tmp_path: Path, full: Home, everyone: Scope) -> None:
    (tmp_path / "b.zip").write_text("earlier")
    with pytest.raises(Trouble, match="is there already"):
        backup(everyone, full, tmp_path / "b.zip")
    assert (tmp_path / "b.zip").read_text() == "earlier"
    with pytest.raises(Trouble, match="there is no folder"):
        backup(everyone, full, tmp_path / "no" / "b.zip")
    with pytest.raises(Trouble, match="There is no home"):
        backup(everyone, Home(tmp_path / "nothing"), tmp_path / "c.zip")
    with pytest.raises(Trouble, match="needs the right to run"):
        backup(Scope("guest"), full, tmp_path / "c.zip")


def test_a_damaged_home_is_not_taken_for_a_whole_one(tmp_path: Path, full: Home, everyone: Scope) -> None:
    next(full.lake.rglob("*.parquet")).unlink()
    with pytest.raises(Trouble, match="lake is damaged"):
        backup(everyone, full, tmp_path / "b.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["full"]


@pytest.mark.parametrize("after", [0, 3, 20, 60])
def test_a_disk_that_fills_up_is_said_and_leaves_no_half_of_a_backup(
    tmp_path: Path, full: Home, everyone: Scope, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    left = iter(range(after))
    write = Hashed.write

    def filling(self: Hashed, content: bytes) -> None:
        if next(left, None) is None:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(self, content)

    monkeypatch.setattr(Hashed, "write", filling)
    with pytest.raises(Trouble, match="filled up: make room there"):
        backup(everyone, full, tmp_path / "b.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["full"]


def test_what_a_killed_backup_left_is_removed_by_the_next(tmp_path: Path, full: Home, everyone: Scope) -> None:
    (tmp_path / ".b.zip.999999999.part").write_text("half")
    (tmp_path / f".b.zip.{os.getppid()}.part").write_text("of one that runs")
    backup(everyone, full, tmp_path / "b.zip")
    assert sorted(path.name for path in tmp_path.iterdir()) == [f".b.zip.{os.getppid()}.part", "b.zip", "full"]
    assert check(tmp_path / "b.zip").data_version == 2
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert archive.testzip() is None
