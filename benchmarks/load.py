"""How long 100 managers at once wait for a page, as a share of the limit; the same while a file is imported.

Real sessions on a real server: each is a WebSocket that speaks as the browser does. They arrive over a minute, and 5 to
15 seconds after a page has come each asks for the next: Overview, or the page Team of some team, with the sample
company behind it. What a browser needs to draw is left out. The server's memory is what its processes hold alone (USS).

HEARTLINE_LOAD_HOME serves a copy of that home in place of a new sample company; HEARTLINE_LOAD_SECONDS how long each of
the two parts lasts after all have arrived; HEARTLINE_DATABASE_URL, where set, is the database.
"""

import asyncio
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from benchmarks.pages import sample_of
from benchmarks.retrospective import free_port, wait_for
from data.home import Home
from data.lake import Lake

MANAGERS = 100
ARRIVING = 60.0  # seconds
BETWEEN = (5.0, 15.0)  # seconds from a page that has come to the next click
LASTS = float(os.environ.get("HEARTLINE_LOAD_SECONDS", "90"))
LIMITS = {"calm": 0.5, "import": 1.0}  # seconds that 95 of 100 pages take at most
MEGABYTES = 10.0  # a session
PATIENCE = 60.0  # seconds after which a page counts as an error
WRONG = ("could not be shown", "something went wrong", "traceback")


@dataclass
class Seen:
    """What all managers saw: when each page was asked for, what it was, how long it took; and what went wrong."""

    pages: list[tuple[float, str, float]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass
class Manager:
    """One browser: asks for a page, waits until it has come, thinks, asks again."""

    number: int
    address: str
    teams: Sequence[str]
    seen: Seen
    chance: random.Random

    async def work(self, until: float) -> None:
        await asyncio.sleep(ARRIVING * self.number / MANAGERS)
        try:
            async with connect(
                f"ws://{self.address}/_stcore/stream", max_size=None, subprotocols=[Subprotocol("streamlit")]
            ) as server:
                await self._page(server, "first", "", "")
                while time.monotonic() < until:
                    await asyncio.sleep(self.chance.uniform(*BETWEEN))
                    if self.chance.random() < 0.5:
                        await self._page(server, "overview", "", "")
                    else:
                        await self._page(server, "team", "team", f"team={self.chance.choice(self.teams)}")
        except (OSError, TimeoutError, WebSocketException) as error:
            self.seen.errors.append(f"{type(error).__name__}: {error}")

    async def _page(self, server: ClientConnection, kind: str, page: str, query: str) -> None:
        asked = BackMsg()
        asked.rerun_script.page_name = page
        asked.rerun_script.query_string = query
        began = time.monotonic()
        await server.send(bytes(asked.SerializeToString()))
        await asyncio.wait_for(self._drawn(server), PATIENCE)
        self.seen.pages.append((began, kind, time.monotonic() - began))

    async def _drawn(self, server: ClientConnection) -> None:
        """Until the page is whole. A run that was stopped by another does not count."""
        while True:
            raw = await server.recv()
            told = ForwardMsg.FromString(raw if isinstance(raw, bytes) else raw.encode())
            kind = told.WhichOneof("type")
            if kind == "delta" and told.delta.new_element.HasField("exception"):
                self.seen.errors.append(told.delta.new_element.exception.message)
            if kind == "delta" and told.delta.new_element.HasField("alert"):
                words = told.delta.new_element.alert.body
                if any(wrong in words.lower() for wrong in WRONG):
                    self.seen.errors.append(words)
            if kind == "script_finished" and told.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return


@contextmanager
def served(home: Home) -> Iterator[tuple[str, psutil.Process]]:
    """A server of its own on this home, as `heartline serve` starts it."""
    port = free_port()
    command = [sys.executable, "-m", "dashboard.cli", "serve", "--home", str(home.path), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            wait_for(f"http://localhost:{port}/_stcore/health")
            yield f"localhost:{port}", psutil.Process(server.pid)
        finally:
            server.terminate()
            server.wait(30)


def megabytes(server: psutil.Process) -> float:
    """What the server and its children hold alone."""
    every = (server, *server.children(recursive=True))
    return float(sum(one.memory_full_info().uss for one in every) / 2**20)


async def one_after_the_other(address: str, teams: Sequence[str]) -> None:
    """Each page once, so that what is worked out once a version is there, as on any day but the first."""
    alone = Manager(0, address, teams, Seen(), random.Random(0))
    async with connect(
        f"ws://{address}/_stcore/stream", max_size=None, subprotocols=[Subprotocol("streamlit")]
    ) as server:
        await alone._page(server, "first", "", "")
        for team in teams:
            await alone._page(server, "team", "team", f"team={team}")


async def working(address: str, teams: Sequence[str], home: Home, folder: Path, server: psutil.Process) -> "Told":
    """100 managers, first undisturbed, then while a file is imported."""
    await one_after_the_other(address, teams)
    seen, before, began = Seen(), megabytes(server), time.monotonic()
    calm_until = began + ARRIVING + LASTS
    everybody = [
        asyncio.create_task(Manager(n, address, teams, seen, random.Random(n)).work(calm_until + LASTS))
        for n in range(MANAGERS)
    ]
    await asyncio.sleep(calm_until - time.monotonic())
    held = megabytes(server)
    importing = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "dashboard.cli", "import", str(folder / "late.csv"), "--as", "tickets",
        "--home", str(home.path), stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    code = await importing.wait()
    took = time.monotonic() - calm_until
    if code:
        seen.errors.append(f"the import ended with {code}")
    await asyncio.gather(*everybody)
    return Told(seen, calm_until, took, (held - before) / MANAGERS, before)


@dataclass
class Told:
    """What came out of it. `session`: megabytes a manager; `alone`: megabytes before the first of them came."""

    seen: Seen
    calm_until: float
    importing: float
    session: float
    alone: float

    def took(self, *, calm: bool) -> dict[str, np.ndarray]:
        pages = [page for page in self.seen.pages if (page[0] < self.calm_until) == calm]
        kinds = sorted({kind for _, kind, _ in pages})
        by = {kind: np.array([took for _, one, took in pages if one == kind]) for kind in kinds}
        return {"all": np.array([took for *_, took in pages]), **by}


def late_file(home: Home, folder: Path) -> None:
    """A file of tickets as a helpdesk sends it each night: those of the last four weeks once more, one changed."""
    lake = Lake(home)
    version = lake.current()
    tickets = lake.scan("tickets", version).drop("part").sort("opened_at").tail(20_000).collect()
    nested = [name for name, kind in tickets.schema.items() if kind.is_nested()]
    tickets.drop(nested).with_columns(csat=pl.lit(None, pl.Int64)).write_csv(folder / "late.csv")


def table(told: Told) -> None:
    print(f"{'':<10}{'page':<10}{'pages':>8}{'p50':>9}{'p95':>9}{'p99':>9}{'p95 / limit':>13}")
    for calm, name in ((True, "calm"), (False, "import")):
        for kind, took in told.took(calm=calm).items():
            if took.size:
                p50, p95, p99 = np.percentile(took, (50, 95, 99))
                limit = LIMITS[name]
                print(f"{name:<10}{kind:<10}{took.size:>8}{p50:>7.2f} s{p95:>7.2f} s{p99:>7.2f} s{p95 / limit:>13.2f}")
    print(f"errors: {len(told.seen.errors)} {told.seen.errors[:3] or ''}")
    print(f"memory a session: {told.session:.1f} MB, {told.session / MEGABYTES:.2f} of the limit; the server alone")
    print(f"{told.alone:.0f} MB. The import took {told.importing:.0f} s.")


def main() -> None:
    with tempfile.TemporaryDirectory() as given:
        folder = Path(given)
        there = os.environ.get("HEARTLINE_LOAD_HOME")
        home = Home(shutil.copytree(there, folder / "home")) if there else sample_of(folder)
        late_file(home, folder)
        teams = Lake(home).scan("teams", Lake(home).current()).select("team_id").collect()["team_id"].to_list()
        with served(home) as (address, server):
            told = asyncio.run(working(address, sorted(teams), home, folder, server))
    print(f"{MANAGERS} managers, {BETWEEN[0]:.0f} to {BETWEEN[1]:.0f} s between clicks, {os.cpu_count()} cores.")
    table(told)


if __name__ == "__main__":
    main()
