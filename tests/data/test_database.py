"""Opening the database: what it is when it is new, and one clear sentence for each thing that can be wrong with it."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from data import migrations
from data.database import Database, open_database, parse_url
from data.erasing.proof import look
from data.errors import Trouble
from data.home import Home
from tests.postgres import fresh_database

OPEN = "from data.database import open_database; from data.home import find_home; open_database(find_home()).close()"


@pytest.fixture
def file_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.delenv("HEARTLINE_DATABASE_URL", raising=False)
    return Home(tmp_path / "home")


def refused(home: Home) -> str:
    with pytest.raises(Trouble) as trouble:
        open_database(home)
    return str(trouble.value)


def test_a_new_home_gets_a_database_that_only_its_owner_may_read(file_home: Home) -> None:
    with open_database(file_home) as database, database.reading() as session:
        wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15_000}
        assert {name: session.scalar(text(f"PRAGMA {name}")) for name in wanted} == wanted
    assert (file_home.path / "heartline.db").stat().st_mode & 0o777 == 0o600


def test_a_folder_with_a_name_that_looks_like_a_query_is_a_folder(file_home: Home) -> None:
    odd = Home(file_home.path / "what? 100% & ünïcode#1")
    open_database(odd).close()
    open_database(odd).close()
    assert (odd.path / "heartline.db").exists()


def test_opening_again_changes_nothing(database_home: Home) -> None:
    with open_database(database_home) as database, database.writing() as session:
        session.execute(
            text("INSERT INTO standard_versions (version, at, by, what) VALUES (1, '2026-01-01', 'a', 'b')")
        )
    with open_database(database_home) as database, database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM standard_versions")) == 1


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    insert = text("INSERT INTO standard_versions (version, at, by, what) VALUES (1, '2026-01-01', 'a', 'b')")

    def insert_and(then: Callable[[Session], object]) -> None:
        with database.writing() as session:
            session.execute(insert)
            then(session)

    with pytest.raises(IntegrityError):  # a mistake of ours stays as it is
        insert_and(lambda session: session.execute(insert))
    with pytest.raises(ZeroDivisionError):
        insert_and(lambda _: 1 / 0)
    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM standard_versions")) == 0


ADD = "INSERT INTO standard_versions (version, at, by, what) VALUES ({}, '2026-01-01', 'a', 'b')"


def elsewhere(home: Home, statement: str) -> str:
    """What another process, whose connection is closed afterwards, is answered."""
    words = (
        "import sqlite3, sys; opened = sqlite3.connect(sys.argv[1], isolation_level=None); "
        "print(opened.execute(sys.argv[2]).fetchall()); opened.close()"
    )
    asked = [sys.executable, "-c", words, str(home.path / "heartline.db"), statement]
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.parametrize("then", ["opened again", "proved"])
def test_what_is_written_after_another_process_left_is_there(file_home: Home, then: str) -> None:
    """Closing any file descriptor of the database would drop our locks, and another process our log (SQLite's WAL)."""
    with open_database(file_home) as database:
        with database.writing() as session:
            session.execute(text(ADD.format(1)))
        if then == "opened again":
            open_database(file_home).close()
        else:
            look(file_home, database, ["p_" + "0" * 32], None, lambda *_: None)
        elsewhere(file_home, ADD.format(2))
        with database.writing() as session:
            session.execute(text(ADD.format(3)))
        assert elsewhere(file_home, "SELECT version FROM standard_versions ORDER BY version") == "[(1,), (2,), (3,)]"


def test_a_row_that_points_to_nothing_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(text("INSERT INTO check_ins (action_id, at, by, words) VALUES (7, '2026-01-01', 'a', 'b')"))


@pytest.mark.parametrize("processes", [4])
def test_many_processes_may_open_a_new_database_at_once(database_home: Home, processes: int) -> None:
    environment = {**os.environ, "HEARTLINE_HOME": str(database_home.path)}
    started = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", OPEN], env=environment, stderr=subprocess.PIPE, text=True
        )
        for _ in range(processes)
    ]
    assert [process.communicate(timeout=400)[1] for process in started] == [""] * processes
    with open_database(database_home) as database, database.reading() as session:
        assert migrations.revision_of(session.connection()) == migrations.known()[-1]


def test_many_threads_may_open_a_new_database_at_once(database_home: Home) -> None:
    with ThreadPoolExecutor(8) as threads:
        for opened in threads.map(lambda _: open_database(database_home), range(8)):
            opened.close()


def test_a_database_of_a_newer_heartline_is_left_alone(database_home: Home) -> None:
    with open_database(database_home) as database, database.writing() as session:
        session.execute(text(f"UPDATE {migrations.VERSION_TABLE} SET version_num = '9001'"))
    sentence = refused(database_home)
    assert sentence.startswith("The database ")
    assert f"made by a newer Heartline (it stands at revision 9001, this one knows up to {migrations.known()[-1]})" in (
        sentence
    )
    assert sentence.endswith("update Heartline, or choose another home with --home. Nothing was changed.")


def test_another_programs_tables_are_left_alone(file_home: Home) -> None:
    file_home.path.mkdir()
    with sqlite3.connect(file_home.path / "heartline.db") as connection:
        connection.execute("CREATE TABLE actions (x)")
    connection.close()
    assert "holds another program's tables" in refused(file_home)


def test_a_file_that_is_no_database_is_said_and_kept(file_home: Home) -> None:
    file_home.path.mkdir()
    path = file_home.path / "heartline.db"
    path.write_text("ticket_id,opened_at\n" * 100)
    assert refused(file_home) == (f"The file {path} is no database: move it away, or choose another home with --home.")
    assert path.read_text() == "ticket_id,opened_at\n" * 100


def test_a_damaged_database_is_said(file_home: Home) -> None:
    open_database(file_home).close()
    path = file_home.path / "heartline.db"
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    assert refused(file_home) == (
        f"The database {path} is damaged: put back a copy of it, or move it away to begin with an empty one."
    )


def test_a_home_below_a_file_and_a_folder_in_the_databases_place_are_said(tmp_path: Path, file_home: Home) -> None:
    (tmp_path / "file").write_text("x")
    assert "cannot be written (Not a directory): give write access" in refused(Home(tmp_path / "file" / "home"))
    (file_home.path / "heartline.db").mkdir(parents=True)
    assert "cannot be written (Is a directory): give write access" in refused(file_home)


READ_AS_SOMEONE_ELSE = """
import os, sys
from data.coaching import actions
from data.database import open_database
from data.errors import Trouble
from data.home import find_home
from data.scope import local_scope

def look():
    with open_database(find_home()) as database:
        actions.list_(local_scope("x"), database)

look()
home, locked, mode = find_home().path, sys.argv[1], int(sys.argv[2])
(home / locked).chmod(mode)
if os.geteuid() == 0:  # root may write anywhere, so another user has to own it and try
    for path in (home, *home.iterdir()):
        os.chown(path, 65534, 65534)
    os.setuid(65534)
try:
    look()
except Trouble as trouble:
    print(trouble)
"""


@pytest.mark.parametrize(("locked", "mode"), [(".", 0o555), ("heartline.db", 0o444)])
def test_what_may_only_be_read_is_said(tmp_path: Path, file_home: Home, locked: str, mode: int) -> None:
    environment = {**os.environ, "HEARTLINE_HOME": str(file_home.path)}
    if os.geteuid() == 0:
        for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
            folder.chmod(0o755)
    command = [sys.executable, "-c", READ_AS_SOMEONE_ELSE, locked, str(mode)]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert done.stderr == ""
    assert done.stdout.startswith(f"The database {file_home.path / 'heartline.db'} cannot be ")
    assert "to it and its folder" in done.stdout
    file_home.path.chmod(0o755)


def test_waiting_too_long_for_another_writer_is_said(file_home: Home) -> None:
    from data import database as module

    with open_database(file_home) as database, pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BUSY_SECONDS", 0.1)
        late = r"held the database .* for too long: nothing was changed, try again"
        look = text("SELECT count(*) FROM check_ins")  # a writer holds its lock from the first thing it asks
        with Database(module.plain_engine(database.engine.url), database.home) as impatient:
            with database.writing() as first:
                first.scalar(look)
                with pytest.raises(Trouble, match=late), impatient.writing() as second:
                    second.scalar(look)
            with impatient.writing() as second:
                second.scalar(look)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://u:secret@h/d", "a database of kind 'mysql'"),
        ("sqlite://", "a database of kind 'sqlite'"),
        ("sqlite:///", "a database of kind 'sqlite'"),
        ("what is this secret", "is not a database URL"),
        ("postgresql://u:secret@h:port/d", "is not a database URL"),
    ],
)
def test_a_url_that_is_none_of_ours_is_said_without_its_password(url: str, words: str) -> None:
    with pytest.raises(Trouble) as trouble:
        parse_url(url)
    assert words in str(trouble.value)
    assert "secret" not in str(trouble.value)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2"])
def test_any_spelling_of_postgresql_gets_our_driver(scheme: str) -> None:
    assert parse_url(f"{scheme}://u@h/d").drivername == "postgresql+psycopg"


def test_a_server_that_cannot_be_reached_is_said_without_its_password(
    file_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARTLINE_DATABASE_URL", "postgresql://u:secret@127.0.0.1:9/d")
    sentence = refused(file_home)
    assert sentence.startswith("The database server at postgresql+psycopg://u:***@127.0.0.1:9/d did not answer")
    assert sentence.endswith("check that it runs and the URL.")
    assert "refused" in sentence
    assert "( " not in sentence
    assert "secret" not in sentence
    assert "\n" not in sentence


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_a_server_that_lacks_the_database_or_the_right_is_said(
    postgres_socket: str, file_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARTLINE_DATABASE_URL", f"postgres://postgres@/nowhere?host={postgres_socket}")
    assert 'database "nowhere" does not exist' in refused(file_home)
    with fresh_database(postgres_socket, "readers") as url:
        monkeypatch.setenv("HEARTLINE_DATABASE_URL", url)
        with open_database(file_home) as database, database.writing() as session:
            session.execute(text("DROP ROLE IF EXISTS reader"))
            session.execute(text("CREATE ROLE reader LOGIN"))
        monkeypatch.setenv("HEARTLINE_DATABASE_URL", url.replace("postgres@", "reader@"))
        assert "does not allow this (permission denied for table heartline_version)" in refused(file_home)


def test_a_wrong_query_is_not_called_trouble(database: Database) -> None:
    with pytest.raises(DBAPIError), database.reading() as session:
        session.execute(text("SELECT nothing FROM nowhere"))


def test_a_folder_that_the_url_names_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARTLINE_DATABASE_URL", f"sqlite:///{tmp_path}/no/such/x.db")
    with pytest.raises(Trouble, match="there is no folder"):
        open_database(Home(tmp_path / "home"))
    assert not (tmp_path / "no").exists()
