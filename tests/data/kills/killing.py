"""Run something in a process of its own that is killed (kill -9) at a step of its work, and hear what it had said.

A step is whatever can be left half done: a file opened to write, renamed, removed or put on the disk, an SQL
statement, a commit, a Delta commit. The process is a child of a server that has imported everything: a kill costs no
start.
"""

import contextlib
import multiprocessing
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest

SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(["tests.data.kills.jobs", "tests.data.coaching.test_actions_together"])
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
FILES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "shutil.rmtree"}
LONGEST = 120.0

Say = Callable[[Any], None]


@dataclass
class Ended:
    """How a process ended: what it confirmed, the steps it took, and whether it was killed."""

    said: list[Any] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    killed: bool = False


def run(job: Callable[..., None], *args: Any, at: int = 0, late: float = 0.0) -> Ended:
    """Call `job(say, *args)` in a process that is killed at its step number `at` (0: never), `late` seconds after it.

    What it says by `say(...)` was confirmed: to have said it, it must have had the answer.
    """
    ours, theirs = SERVER.Pipe(duplex=False)
    process = started(_work, theirs, at, late, job, args)
    theirs.close()
    ended, deadline = Ended(), time.monotonic() + LONGEST
    with contextlib.suppress(EOFError):
        while ours.poll(deadline - time.monotonic()):
            kind, what = ours.recv()
            (ended.steps if kind == "step" else ended.said).append(what)
    process.join(LONGEST)
    ended.killed = process.exitcode == -signal.SIGKILL
    assert ended.killed or process.exitcode == 0, f"{job.__name__} ended by itself with {process.exitcode}"
    process.close()
    ours.close()
    return ended


def started(job: Callable[..., None], *args: Any) -> ForkServerProcess:
    """A process that does `job(*args)` on the database that is set now: of itself it would know what was set when its
    server was started, by whichever test came first."""
    process = SERVER.Process(target=_with_url, args=(os.environ.get("HEARTLINE_DATABASE_URL"), job, args))
    process.start()
    return process


def _with_url(url: str | None, job: Callable[..., None], args: Any) -> None:
    os.environ.pop("HEARTLINE_DATABASE_URL", None)
    if url:
        os.environ["HEARTLINE_DATABASE_URL"] = url
    job(*args)


def _work(pipe: Connection, at: int, late: float, job: Callable[..., None], args: Any) -> None:
    _Steps(pipe, at, late).watch()
    job(lambda said: pipe.send(("said", said)), *args)


class _Steps:
    """Counts the steps, tells each before it is taken, and ends the process at the one that was asked for."""

    def __init__(self, pipe: Connection, at: int, late: float) -> None:
        self.pipe, self.at, self.late, self.count = pipe, at, late, 0
        self.lock = threading.RLock()

    def step(self, what: str) -> None:
        with self.lock:
            self.count += 1
            self.pipe.send(("step", what))
            if self.count == self.at:
                if not self.late:
                    os.kill(os.getpid(), signal.SIGKILL)
                threading.Thread(target=self._end, daemon=True).start()

    def _end(self) -> None:
        time.sleep(self.late)
        os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """From now on every step of this process is one of ours."""
        import sqlalchemy as sa

        from data import delta

        sys.addaudithook(self._file)
        sa.event.listen(sa.Engine, "before_cursor_execute", self._sql)
        sa.event.listen(sa.Engine, "commit", lambda _: self.step("commit"))
        self._around(os, "fsync")
        self._around(delta, "write_deltalake")

    def _around(self, place: Any, name: str) -> None:
        real = getattr(place, name)

        def watched(*given: Any, **how: Any) -> Any:
            self.step(name)
            return real(*given, **how)

        setattr(place, name, watched)

    def _file(self, event: str, given: tuple[Any, ...]) -> None:
        if event in FILES:
            self.step(event)
        elif event == "open" and isinstance(given[2], int) and given[2] & WRITES and given[0] != os.devnull:
            self.step("open to write")

    def _sql(self, _: Any, __: Any, statement: str, *___: Any) -> None:
        first = statement.split(None, 1)[0].upper()
        if first not in {"SELECT", "PRAGMA", "BEGIN", "SHOW"}:
            self.step(f"SQL {first}")


@dataclass
class Tally:
    """The kills of one loop, by the step at which they fell."""

    steps: Counter[str] = field(default_factory=Counter)

    def add(self, ended: Ended) -> None:
        """Count a kill, if it was one and the work had begun."""
        if ended.killed and ended.steps:
            self.steps[ended.steps[-1]] += 1

    @property
    def kills(self) -> int:
        return self.steps.total()


@pytest.fixture
def tally(record_property: Callable[[str, object], None]) -> Iterator[Tally]:
    """Counts the kills of a test; the end of the run tells them (tests/conftest.py)."""
    made = Tally()
    yield made
    record_property("kills", dict(made.steps))


def places(steps: int, kills: int, seed: int) -> list[tuple[int, float]]:
    """At which steps to kill, and how late after it: spread evenly over all steps, in an order of chance.

    Every third kill falls some milliseconds after its step: in the middle of what no hook of Python's sees.
    """
    chance = random.Random(seed)
    every = [1 + int((number + chance.random()) * steps / kills) for number in range(kills)]
    chance.shuffle(every)
    return [(at, chance.uniform(0.0005, 0.02) if number % 3 == 2 else 0.0) for number, at in enumerate(every)]


def files(home: Path) -> set[str]:
    """The names of what lies in a folder, hidden ones too."""
    return {path.name for path in home.iterdir()}
