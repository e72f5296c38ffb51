"""The database: what people decide and write down. SQLite in the home, or PostgreSQL by HEARTLINE_DATABASE_URL.

Every write is one transaction, on the disk before it is called done. Two who write at once wait for one another.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from weakref import finalize

from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from data import migrations, record, record_began, recorded
from data.all_tables import Base
from data.database_trouble import told
from data.errors import Trouble
from data.home import Home, refuse_half_restored

BUSY_SECONDS = 15
MIGRATION_LOCK = 0x4EA27  # any number that all our processes agree on


@dataclass(frozen=True)
class Database:
    """An open database at the newest revision. Safe to share among threads; close it when done."""

    engine: Engine
    home: Home

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One consistent look: what others write meanwhile is not seen."""
        with told(self.engine.url), Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: all of it is kept at the end, or nothing where an error leaves the block.

        What it changed is noted in the record (data.recorded says of which tables), and kept or lost with it.
        """
        with told(self.engine.url), Session(self.engine.execution_options(writes=True)) as session, session.begin():
            recorded.watch(session)
            yield session
            session.flush()
            noted = record.append_pending(session, self.home)
        if noted:
            record.move_anchor(self)

    def close(self) -> None:
        self.engine.dispose()

    def __enter__(self) -> "Database":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_database(home: Home) -> Database:
    """The database of this home, brought up to the newest revision.

    Raises Trouble where it cannot be reached or written, is of a newer Heartline, is damaged, or is no database.
    """
    refuse_half_restored(home)
    engine = engine_of(home)
    try:
        with told(engine.url):
            _bring_up_to_date(engine, home)
    except Trouble:
        engine.dispose()
        raise
    database = Database(engine, home)
    finalize(database, engine.dispose)  # who forgets to close it leaves no connection open
    return database


def engine_of(home: Home) -> Engine:
    """An engine on this home's database, whatever is in it; an empty SQLite file is made where there is none."""
    url = parse_url(home.database_url)
    if url.get_backend_name() == "sqlite":
        _make_file(Path(str(url.database)), home)
    return plain_engine(url)


def parse_url(given: str) -> URL:
    """`given` as a URL with the driver that Heartline uses. Raises Trouble for any but SQLite files and PostgreSQL."""
    start = "sqlite:///"
    if given.startswith(start) and len(given) > len(start):  # verbatim: a folder's name may hold "?" or "%"
        return URL.create("sqlite", database=given.removeprefix(start))
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):  # its words are not repeated: they may hold the password
        raise Trouble(
            "HEARTLINE_DATABASE_URL is not a database URL: write postgresql://user:password@host/database, "
            "or unset it to keep the database in the home."
        ) from None
    if url.drivername.split("+")[0] not in {"postgresql", "postgres"}:
        raise Trouble(
            f"HEARTLINE_DATABASE_URL names a database of kind {url.drivername!r}: "
            "Heartline keeps its own in PostgreSQL (postgresql://...) or in an SQLite file (sqlite:///path)."
        )
    if find_spec("psycopg") is None:
        raise Trouble("PostgreSQL needs its driver: install it with `pip install 'heartline[postgres]'`.")
    return url.set(drivername="postgresql+psycopg")


def plain_engine(url: URL | str) -> Engine:
    """An engine as Heartline wants it, without looking at what is in the database."""
    url = parse_url(url) if isinstance(url, str) else url
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    # A page asks a dozen times: its connections are kept open between, ten at most.
    engine = create_engine(url, pool_size=10, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: Python's sqlite3 would say it too late
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock first and waits for it. One that reads first and then wants to write cannot wait:
    # what it read would be stale, so SQLite refuses at once.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _make_file(path: Path, home: Home) -> None:
    """An empty file is an empty database. Made here so that only its owner may read what managers write.

    Of folders only the home is made: one that HEARTLINE_DATABASE_URL names is there, or is misspelt.
    """
    if path.parent != home.path and not path.parent.is_dir():
        raise Trouble(
            f"The database {path} cannot be kept there: there is no folder {path.parent}. "
            "Make it, or mend HEARTLINE_DATABASE_URL."
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # A file that is there is never opened but by SQLite: closing it would drop the locks of this process's own
        # connections, and another that then thinks itself the last throws away the log that we still write to.
        # https://www.sqlite.org/howtocorrupt.html#posix_advisory_locks_canceled_by_a_separate_thread_doing_close_
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        if path.is_dir() or not os.access(path, os.R_OK | os.W_OK):
            wrong = errno.EISDIR if path.is_dir() else errno.EACCES
            raise OSError(wrong, os.strerror(wrong))
    except OSError as error:
        raise Trouble(
            f"The database {path} cannot be written ({error.strerror}): give write access to it and its folder, "
            "or choose another home with --home."
        ) from None


def _bring_up_to_date(engine: Engine, home: Home) -> None:
    with engine.connect() as connection:
        if _is_current(connection):
            return
    with migrating(engine) as connection:
        if not _is_current(connection):  # another process may have done it while we waited
            before = migrations.revision_of(connection)
            migrations.upgrade(connection)
            record_began.begin(connection, home, before)


def _is_current(connection: Connection) -> bool:
    # In this order: another process may make tables and revision between the two looks.
    tables = set(inspect(connection).get_table_names())
    revision, known = migrations.revision_of(connection), migrations.known()
    where = connection.engine.url.render_as_string(hide_password=True)
    if revision is None and set(Base.metadata.tables) & tables:
        raise Trouble(f"The database {where} holds another program's tables: name a database of its own for Heartline.")
    if revision is not None and revision not in known:
        raise Trouble(
            f"The database {where} was made by a newer Heartline (it stands at revision {revision}, this one knows "
            f"up to {known[-1]}): update Heartline, or choose another home with --home. Nothing was changed."
        )
    return revision == known[-1]


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """One transaction in which tables may be changed; who comes second waits until the first has ended."""
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
            yield connection
        return
    path = engine.url.database
    try:
        with FileLock(f"{path}.lock", timeout=4 * BUSY_SECONDS), engine.connect() as connection:
            _prepare_sqlite(connection)
            try:
                with connection.execution_options(writes=True).begin():
                    yield connection
                    if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                        raise RuntimeError("a migration left rows that point to nothing; it was taken back")
            finally:
                connection.invalidate()  # nobody shall get a connection from the pool whose keys are off
    except Timeout:
        raise Trouble(
            f"Another Heartline has been changing the database {path} for a minute: wait for it to end and try again."
        ) from None


def _prepare_sqlite(connection: Connection) -> None:
    """Outside any transaction: WAL lasts in the file; keys are off while tables are copied, and checked afterwards."""
    raw = connection.connection.driver_connection
    assert raw is not None  # noqa: S101 - a live connection has its driver's
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute("PRAGMA foreign_keys = OFF")
