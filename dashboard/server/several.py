"""Several server processes at one port. One more process listens, and gives each connection to one of them.

Streamlit keeps a browser's session, its uploads and its pictures in the process that serves it; so all connections of
one browser must reach the same. A cookie says which (see Guard); who has none yet is given the next in turn.
"""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field

from dashboard.server.guard import PLACE
from dashboard.server.handed import hand_over
from dashboard.server.logs import log
from data.errors import Trouble

_HEAD = 32 << 10  # bytes: a request's head, with cookies
_PATIENCE = 10.0  # seconds for a head to arrive, for processes to end
_MARK = PLACE.encode() + b"="


@dataclass
class _Worker:
    """One of the processes, started again where it ends."""

    place: int
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    ours: socket.socket | None = None
    ready: bool = False

    def start(self) -> None:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs:
            handle = str(theirs.fileno())
            self.process = subprocess.Popen(  # in a session of its own: Ctrl+C is for who listens, who ends them all
                [*self.command, str(self.place), handle], pass_fds=[theirs.fileno()], start_new_session=True
            )
        if self.ours is not None:
            self.ours.close()
        self.ours, self.ready = ours, False

    def is_ready(self) -> bool:
        """Does it live, and did it say that it takes connections?"""
        if self.lives and not self.ready and self.ours is not None:
            with contextlib.suppress(OSError):
                self.ready = bool(self.ours.recv(1))
        return self.lives and self.ready

    @property
    def lives(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass
class Several:
    """The process that listens. `command` starts a worker, given its place and the handle of its socket."""

    listening: socket.socket
    command: Sequence[str]
    count: int
    workers: list[_Worker] = field(default_factory=list)
    _turn: int = 0

    async def run(self) -> None:
        """Serve until told to stop."""
        loop = asyncio.get_running_loop()
        stopped = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopped.set)
        self.workers = [_Worker(place, self.command) for place in range(self.count)]
        for worker in self.workers:
            worker.start()
        tasks = [asyncio.create_task(self._take()), asyncio.create_task(self._keep_alive())]
        try:
            await stopped.wait()
        finally:
            for task in tasks:
                task.cancel()
            self._end()

    async def _take(self) -> None:
        loop, waiting = asyncio.get_running_loop(), set()
        self.listening.setblocking(False)
        while True:
            try:
                connection, _ = await loop.sock_accept(self.listening)
            except OSError:  # too many open: some will end
                await asyncio.sleep(0.1)
                continue
            task = asyncio.create_task(self._pass_on(connection))
            waiting.add(task)
            task.add_done_callback(waiting.discard)

    async def _pass_on(self, connection: socket.socket) -> None:
        try:
            head = await asyncio.wait_for(_head_of(connection), _PATIENCE)
            worker = self._worker(place_in(head, self.count))
            if worker is None or worker.ours is None:
                connection.close()
            else:
                hand_over(worker.ours, connection)
        except (OSError, TimeoutError):  # gone, silent, or its worker cannot take more: it may ask again
            connection.close()

    def _worker(self, place: int | None) -> _Worker | None:
        """That of this place, else the next in turn; one that takes connections, or else one that soon will."""
        if place is None:
            self._turn += 1
            place = self._turn
        ordered = [self.workers[(place + step) % self.count] for step in range(self.count)]
        ready = [worker for worker in ordered if worker.is_ready()]
        return next(iter(ready or [worker for worker in ordered if worker.lives]), None)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            for worker in self.workers:
                if not worker.lives:
                    ended = worker.process
                    log.error("a server process ended and is started again", place=worker.place)
                    _forget(ended)
                    worker.start()

    def _end(self) -> None:
        self.listening.close()
        for worker in self.workers:
            if worker.process is not None and worker.lives:
                worker.process.terminate()
        for worker in self.workers:
            if worker.process is not None:
                try:
                    worker.process.wait(_PATIENCE)
                except subprocess.TimeoutExpired:
                    worker.process.kill()
                    worker.process.wait()


async def _head_of(connection: socket.socket) -> bytes:
    """The head of the first request, looked at and left where it is for who reads it."""
    connection.setblocking(False)
    before = -1
    while True:
        with contextlib.suppress(BlockingIOError):
            found = connection.recv(_HEAD, socket.MSG_PEEK)
            if not found:
                raise ConnectionResetError
            if b"\r\n\r\n" in found or len(found) == _HEAD:
                return found
            if len(found) == before:
                await asyncio.sleep(0.02)
            before = len(found)
        if before < 0:
            await _readable(connection)
        else:
            await asyncio.sleep(0.005)


async def _readable(connection: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    come = loop.create_future()

    def arrived() -> None:
        if not come.done():
            come.set_result(None)

    loop.add_reader(connection, arrived)
    try:
        await come
    finally:
        loop.remove_reader(connection)


def place_in(head: bytes, count: int) -> int | None:
    """The place that a request's cookie names; None where it names none that there is."""
    for line in head.split(b"\r\n\r\n")[0].split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() != b"cookie":
            continue
        for one in value.split(b";"):
            told = one.strip()
            if told.startswith(_MARK) and (place := told.removeprefix(_MARK)).isdigit() and len(place) < 4:
                return int(place) if int(place) < count else None
    return None


def _forget(ended: "subprocess.Popen[bytes] | None") -> None:
    """Its counts stay; what it had open is open no more."""
    if ended is not None:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(ended.pid)  # type: ignore[no-untyped-call]


def run(listening: socket.socket, count: int, host: str, port: int) -> None:
    """Serve with `count` processes on the home of this process, at a socket that listens already, until stopped."""
    if not hasattr(socket, "send_fds"):
        raise Trouble("Several server processes need Unix: set server.processes to 1, or start each on its own port.")
    command = [sys.executable, "-m", "dashboard.server.child", host, str(port)]
    with tempfile.TemporaryDirectory(prefix="heartline-counts-") as counts:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = counts
        try:
            asyncio.run(Several(listening, command, count).run())
        finally:
            del os.environ["PROMETHEUS_MULTIPROC_DIR"]
