"""Files to import, of which every row says by which round it was written: a mixture would show."""

import zipfile
from pathlib import Path

import polars as pl

from data.home import Home
from data.lake import Lake

TICKETS = 60


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
