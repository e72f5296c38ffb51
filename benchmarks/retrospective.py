"""How soon twelve people in one retrospective see a card that is shown, as a share of the limit of two seconds.

Real sessions on a real server: each is a WebSocket that speaks as the browser does, and asks every second as it does.
HEARTLINE_DATABASE_URL, where set, is the database that is tried; else SQLite. What a browser needs to draw is left out.
"""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from urllib.error import URLError
from urllib.request import urlopen

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from benchmarks.pages import home_of
from data.database import Database, open_database
from data.home import Home
from data.retro import leading
from data.retro import seats as retrospective_seats
from data.retro.retrospective import Seat, new_secret
from data.scope import local_scope

PEOPLE = 12
CARDS = 3  # of each, before the one that is timed
ROUNDS = 8
LIMIT = 2.0  # seconds
SCOPE, LEAD = local_scope("benchmark"), new_secret()


class Watcher:
    """One who takes part: notes when the words that are waited for have come."""

    def __init__(self, address: str, code: str, seat: Seat) -> None:
        self._address, self._code, self._seat = address, code, seat
        self.words, self.seen = b"", asyncio.Event()
        self.drawn = asyncio.Event()
        self._page = ""

    async def watch(self) -> None:
        cookie = {"Cookie": f"heartline_device={self._seat.secret}"}
        async with connect(
            f"ws://{self._address}/_stcore/stream",
            additional_headers=cookie,
            max_size=None,
            subprotocols=[Subprotocol("streamlit")],
        ) as server:
            await server.send(self._asked())
            clock: asyncio.Task[None] | None = None
            async for raw in server:
                told = ForwardMsg.FromString(raw if isinstance(raw, bytes) else raw.encode())
                if self.words and self.words in told.SerializeToString():
                    self.seen.set()
                kind = told.WhichOneof("type")
                if kind == "auto_rerun":
                    if clock:
                        clock.cancel()
                    clock = asyncio.create_task(self._ask_every(server, told))
                elif kind == "navigation":
                    self._page = told.navigation.page_script_hash
                elif kind == "script_finished":
                    self.drawn.set()

    def _asked(self, fragment: str = "") -> bytes:
        asked = BackMsg()
        state = asked.rerun_script
        state.query_string = f"join={self._code}"
        if fragment:
            state.fragment_id, state.is_auto_rerun, state.page_script_hash = fragment, True, self._page
        else:
            state.page_name = "retrospective"
        return bytes(asked.SerializeToString())

    async def _ask_every(self, server: ClientConnection, told: ForwardMsg) -> None:
        while True:
            await asyncio.sleep(told.auto_rerun.interval)
            await server.send(self._asked(told.auto_rerun.fragment_id))


async def rounds(address: str, database: Database, number: int, seats: list[Seat]) -> list[float]:
    """How long after it was shown each of them had a card, over all rounds."""
    at = leading.get(SCOPE, database, number)
    everybody = [Watcher(address, at.code, seat) for seat in seats]
    watching = [asyncio.create_task(one.watch()) for one in everybody]
    took: list[float] = []
    try:
        await asyncio.wait_for(asyncio.gather(*(one.drawn.wait() for one in everybody)), 60)
        for turn in range(ROUNDS):
            await asyncio.sleep(1.7)  # no multiple of the second in which all ask
            took += await one_round(database, number, seats, everybody, turn)
    finally:
        for task in watching:
            task.cancel()
    return took


async def one_round(
    database: Database, number: int, seats: list[Seat], everybody: list[Watcher], turn: int
) -> list[float]:
    words = f"card of round {turn}"
    retrospective_seats.write(database, seats[0], "helps", words)
    await asyncio.sleep(2.3)
    for one in everybody:
        one.words = words.encode()
        one.seen.clear()
    at = leading.get(SCOPE, database, number)
    leading.show_now(SCOPE, database, number, secret=LEAD, seen=at.turn)
    began = time.perf_counter()

    async def noted(one: Watcher) -> float:
        await asyncio.wait_for(one.seen.wait(), 30)
        return time.perf_counter() - began

    took = await asyncio.gather(*(noted(one) for one in everybody))
    at = leading.get(SCOPE, database, number)
    leading.write_again(SCOPE, database, number, secret=LEAD, seen=at.turn)
    return list(took)


def room(database: Database) -> tuple[int, list[Seat]]:
    """A retrospective in which twelve people sit and write, with some cards on the table."""
    team = "team-1"
    at = leading.open_(SCOPE, database, team_id=team, secret=LEAD)
    seats = [retrospective_seats.join(database, at.code, new_secret()) for _ in range(PEOPLE)]
    at = leading.go(SCOPE, database, at.id, "cards", secret=LEAD, seen=at.turn)
    for seat in seats:
        for card in range(CARDS):
            retrospective_seats.write(database, seat, "hinders", f"something that stands in our way, number {card}")
    at = leading.show_now(SCOPE, database, at.id, secret=LEAD, seen=at.turn)
    at = leading.write_again(SCOPE, database, at.id, secret=LEAD, seen=at.turn)
    return at.id, seats


def measured(home: Home) -> list[float]:
    """The seconds of every person and round, on a server of its own."""
    address = f"localhost:{free_port()}"
    command = [
        sys.executable,
        "-m",
        "dashboard.cli",
        "serve",
        "--home",
        str(home.path),
        "--port",
        address.split(":")[1],
    ]
    with open_database(home) as database, subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            wait_for(f"http://{address}/_stcore/health")
            number, seats = room(database)
            return asyncio.run(rounds(address, database, number, seats))
        finally:
            server.terminate()
            server.wait(30)


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str) -> None:
    """Until the server answers at this address; RuntimeError after a minute."""
    for _ in range(600):
        try:
            with urlopen(address, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("the server did not answer")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = home_of(Path(folder), 20_000)
        took = sorted(measured(home))
    kept_in = "PostgreSQL" if os.environ.get("HEARTLINE_DATABASE_URL") else "SQLite"
    print(f"{PEOPLE} people, {ROUNDS} cards shown one after the other, {PEOPLE * CARDS} on the table, {kept_in}.")
    for name, seconds in (("median", median(took)), ("last of all", took[-1])):
        print(f"{name:<12}{seconds:>7.2f} s{seconds / LIMIT:>8.2f} of the limit")


if __name__ == "__main__":
    main()
