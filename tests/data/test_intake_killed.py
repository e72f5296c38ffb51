"""An import that is killed at any moment leaves the last version whole, and the next import works."""

import multiprocessing
import multiprocessing.process
import random
import time
import zipfile
from pathlib import Path

import polars as pl
import pytest

from data.home import Home
from data.intake import import_file
from data.lake import Lake
from tests.data.importing import NOW, counts

KILLS = 50
TICKETS = 400
# Children of a server that has imported everything and run nothing: they start at once, and each can be killed.
SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(["data.intake", "data.sources.formats", "data.lake"])


def importing(home: Home, file: Path) -> multiprocessing.process.BaseProcess:
    process = SERVER.Process(target=import_file, args=(home, file))
    process.start()
    return process


def run(home: Home, file: Path) -> None:
    process = importing(home, file)
    process.join()
    assert process.exitcode == 0
    process.close()


def log(path: Path, round_: int) -> Path:
    """A zip of tickets and events. Every row says which round wrote it, so that a mixture shows."""
    folder = path / f"round{round_}"
    folder.mkdir()
    numbers = range(TICKETS)
    tickets = [f"T{n},C{n % 90},2024-01-01 10:00,round {round_}" for n in numbers]
    events = [f"T{n},2024-01-02 10:{n % 60:02},noted,0,team {round_}" for n in numbers]
    bad = [f"X{n},,never,round {round_}" for n in range(5)]
    header = "ticket_id,customer_id,opened_at,category"
    (folder / "tickets.csv").write_text("\n".join([header, *tickets, *bad]) + "\n")
    (folder / "events.csv").write_text("\n".join(["ticket_id,at,kind,seq,team_id", *events]) + "\n")
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.write(folder / "tickets.csv", "tickets.csv")
        archive.write(folder / "events.csv", "events.csv")
    return folder / "all.zip"


def whole(home: Home) -> int:
    """The round that the newest version shows, after a look that it shows no other: 0 for an empty lake."""
    lake = Lake(home)
    version = lake.current()
    if version.number == 0:
        return 0
    tickets, events = lake.scan("tickets").collect(), lake.scan("events").collect()
    (shown,) = tickets["category"].unique().to_list()
    assert (tickets.height, events.height) == (TICKETS, TICKETS)
    assert events["team_id"].unique().to_list() == [shown.replace("round", "team")]
    assert lake.scan("rejects").filter(pl.col("import_number") == version.number).collect().height == 5
    assert lake.check() == []
    return int(shown.removeprefix("round "))


@pytest.mark.slow
@pytest.mark.xdist_group("kills")  # one after the other: each keeps both cores busy
def test_killed_at_random_moments_the_last_version_is_whole_and_the_next_import_works(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    chance = random.Random(2024)
    shown = finished = 0
    run(Home(tmp_path / "warm"), log(tmp_path, -1))
    longest = 1.0  # seconds; goes after how quick the machine is just now, so that about half the imports finish
    for round_ in range(1, KILLS + 1):
        process = importing(home, log(tmp_path, round_))
        time.sleep(chance.uniform(0, longest))
        process.kill()
        process.join()
        process.close()
        after = whole(home)
        assert after in (shown, round_)
        finished += after == round_
        longest = min(longest * (0.85 if after == round_ else 1.15), 20.0)
        shown = after
    assert counts(import_file(home, log(tmp_path, KILLS + 1), now=NOW))[3] == 5
    assert whole(home) == KILLS + 1
    assert 0 < finished < KILLS, "the kills came all too late or all too early"


def test_two_importers_at_once_each_make_their_version(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    processes = [importing(home, log(tmp_path, round_)) for round_ in (1, 2)]
    for process in processes:
        process.join()
        assert process.exitcode == 0
        process.close()
    assert [version.number for version in Lake(home).history()] == [1, 2]
    assert whole(home) in (1, 2)
    ids = Lake(home).scan("tickets").select("customer_id").unique().collect()
    assert ids.height == 90, "both used one key"
