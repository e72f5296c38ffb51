"""The lake keeps whole versions, moves what belongs together, and says in one sentence what is wrong with it."""

import errno
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from data.errors import Trouble
from data.home import Home
from data.lake import Lake
from data.merge import PARTS, part_of
from tests.builders import table, ticket, tickets, when

NOW = datetime(2024, 2, 1, tzinfo=UTC)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(Home(tmp_path / "home"))


def events(*rows: tuple[str, str, str, int]) -> pl.DataFrame:
    made = [{"ticket_id": who, "at": when(at), "kind": kind, "seq": seq} for who, at, kind, seq in rows]
    return table("events", made)


def put(lake: Lake, **changes: pl.DataFrame) -> int:
    return lake.write(changes, "test", NOW).number


def read(lake: Lake, name: str, version: int | None = None) -> pl.DataFrame:
    return lake.scan(name, version).collect()


def test_an_empty_lake_has_version_zero_and_empty_tables_of_the_contract(lake: Lake) -> None:
    assert lake.current().number == 0
    assert lake.history() == []
    assert read(lake, "events").columns == [*table("events", []).columns, "part"]


def test_what_was_written_comes_back(lake: Lake) -> None:
    frame = tickets(ticket("t1", customer_id="c1"), ticket("t2"))
    put(lake, tickets=frame)
    assert_frame_equal(read(lake, "tickets").drop("part").sort("ticket_id"), frame)


def test_the_same_rows_again_make_no_new_version(lake: Lake) -> None:
    frame = tickets(ticket("t1"), ticket("t2"))
    assert put(lake, tickets=frame) == 1
    assert put(lake, tickets=frame) == 1
    assert [version.number for version in lake.history()] == [1]


def test_a_newer_row_of_the_same_key_replaces_the_older_and_the_old_version_still_reads(lake: Lake) -> None:
    put(lake, tickets=tickets(ticket("t1", category="late"), ticket("t2")))
    put(lake, tickets=tickets(ticket("t1", category="damaged")))
    assert dict(read(lake, "tickets").select("ticket_id", "category").iter_rows()) == {"t1": "damaged", "t2": None}
    assert dict(read(lake, "tickets", 1).select("ticket_id", "category").iter_rows()) == {"t1": "late", "t2": None}


def test_all_of_one_customer_and_all_events_of_a_ticket_lie_in_one_part(lake: Lake) -> None:
    many = [ticket(f"t{n}", customer_id=f"c{n % 40}") for n in range(200)]
    put(lake, tickets=tickets(*many), events=events(*((f"t{n}", "Mo 10:00", "noted", 0) for n in range(200))))
    held = read(lake, "tickets")
    assert held.group_by("customer_id").agg(pl.col("part").n_unique())["part"].max() == 1
    assert held["part"].n_unique() == PARTS
    beside = read(lake, "events").join(held, on="ticket_id", suffix="_of_ticket")
    assert (beside["part"] == beside["part_of_ticket"]).all()


def test_a_ticket_whose_customer_changes_moves_with_its_events(lake: Lake) -> None:
    names = [f"c{n}" for n in range(50)]
    first, other = names[0], next(n for n in names if part(n) != part(names[0]))
    put(
        lake,
        tickets=tickets(ticket("t1", customer_id=first), ticket("t2", customer_id=first)),
        events=events(("t1", "Mo 10:00", "noted", 0), ("t2", "Mo 10:00", "noted", 0)),
    )
    put(lake, tickets=tickets(ticket("t1", customer_id=other)))
    assert dict(read(lake, "events").select("ticket_id", "part").iter_rows()) == {"t1": part(other), "t2": part(first)}
    assert dict(read(lake, "tickets").select("ticket_id", "part").iter_rows()) == {"t1": part(other), "t2": part(first)}


def part(name: str) -> int:
    return int(part_of(pl.Series([name]))[0])


def test_rows_lie_sorted_within_a_part(lake: Lake) -> None:
    put(lake, tickets=tickets(*(ticket(f"t{n}", customer_id="c1") for n in (3, 1, 2))))
    put(
        lake,
        events=events(("t2", "Mo 11:00", "noted", 0), ("t1", "Mo 12:00", "noted", 1), ("t1", "Mo 12:00", "closed", 0)),
    )
    assert read(lake, "tickets")["ticket_id"].to_list() == ["t1", "t2", "t3"]
    assert read(lake, "events")["kind"].to_list() == ["closed", "noted", "noted"]


def test_an_unchanged_part_is_not_written_again(lake: Lake) -> None:
    put(lake, tickets=tickets(*(ticket(f"t{n}") for n in range(100))))
    before = {path.name for path in lake.home.lake.rglob("*.parquet")}
    put(lake, tickets=tickets(ticket("t5", category="new")))
    assert len({path.name for path in lake.home.lake.rglob("*.parquet")} - before) == 1


def test_events_of_tickets_that_are_not_there_are_refused(lake: Lake) -> None:
    with pytest.raises(Trouble, match="1 tickets that are not there"):
        put(lake, events=events(("ghost", "Mo 10:00", "noted", 0)))
    assert lake.current().number == 0


def test_the_horizon_is_the_last_instant_in_tickets_and_events(lake: Lake) -> None:
    put(lake, tickets=tickets(ticket("t1", "Mo 09:00")), events=events(("t1", "We 10:00", "noted", 0)))
    assert lake.current().horizon == when("We 10:00")


def test_what_an_import_left_half_done_is_undone_before_the_next(lake: Lake) -> None:
    put(lake, tickets=tickets(ticket("t1")))
    put(lake, tickets=tickets(ticket("t2")), teams=table("teams", [{"team_id": "a", "name": "A", "function": "sales"}]))
    (lake.home.versions / "000002.json").unlink()
    assert read(lake, "tickets")["ticket_id"].to_list() == ["t1"]
    assert put(lake, tickets=tickets(ticket("t3"))) == 2
    assert sorted(read(lake, "tickets")["ticket_id"]) == ["t1", "t3"]
    assert read(lake, "teams").is_empty()


def test_recovering_twice_changes_nothing_more(lake: Lake) -> None:
    put(lake, tickets=tickets(ticket("t1")))
    put(lake, tickets=tickets(ticket("t2")))
    (lake.home.versions / "000002.json").unlink()
    lake.recover()
    logs = sorted((lake.home.lake / "tickets" / "_delta_log").glob("*.json"))
    lake.recover()
    assert sorted((lake.home.lake / "tickets" / "_delta_log").glob("*.json")) == logs


def test_a_version_that_is_not_there_is_said(lake: Lake) -> None:
    with pytest.raises(Trouble, match="no data version 7"):
        lake.at(7)


def test_data_of_a_newer_heartline_is_not_touched(lake: Lake) -> None:
    put(lake, tickets=tickets(ticket("t1")))
    path = lake.home.versions / "000001.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 99}))
    with pytest.raises(Trouble, match="newer Heartline"):
        put(lake, tickets=tickets(ticket("t2")))


@pytest.mark.parametrize("content", ["", "{", "[]", '{"number": "x"}', "null"])
def test_a_damaged_version_file_is_said(lake: Lake, content: str) -> None:
    put(lake, tickets=tickets(ticket("t1")))
    (lake.home.versions / "000001.json").write_text(content)
    with pytest.raises(Trouble, match="version file"):
        lake.current()


def damage_missing(lake: Lake) -> None:
    next((lake.home.lake / "tickets").rglob("*.parquet")).unlink()


def damage_cut(lake: Lake) -> None:
    path = next((lake.home.lake / "tickets").rglob("*.parquet"))
    path.write_bytes(path.read_bytes()[:100])


def damage_log_missing(lake: Lake) -> None:
    shutil.rmtree(lake.home.lake / "tickets" / "_delta_log")


def damage_log_junk(lake: Lake) -> None:
    next((lake.home.lake / "tickets" / "_delta_log").glob("*.json")).write_text("{junk")


def damage_all(lake: Lake) -> None:
    shutil.rmtree(lake.home.lake)


@pytest.mark.parametrize("damage", [damage_missing, damage_cut, damage_log_missing, damage_log_junk, damage_all])
def test_a_damaged_lake_is_one_sentence_for_reader_and_writer(lake: Lake, damage: object) -> None:
    put(lake, tickets=tickets(ticket("t1")))
    damage(lake)  # type: ignore[operator]
    with pytest.raises(Trouble, match="lake is damaged"):
        read(lake, "tickets")
    with pytest.raises(Trouble, match="lake is damaged"):
        put(lake, tickets=tickets(ticket("t1", category="x")))
    assert len(lake.check()) == 1


def test_bytes_that_rotted_are_found_by_the_check(lake: Lake) -> None:
    put(lake, tickets=tickets(*(ticket(f"t{n}", category=f"c{n}") for n in range(50))))
    assert lake.check() == []
    path = max((lake.home.lake / "tickets").rglob("*.parquet"), key=lambda file: file.stat().st_size)
    content = path.read_bytes()
    path.write_bytes(b"PAR1" + bytes(200) + content[204:])
    assert len(lake.check()) == 1


def test_a_full_disk_is_said_before_anything_is_written(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(lake.home.path.parent)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=10**9))
    with pytest.raises(Trouble, match=r"needs about 10\.0 GB at .* where 1\.0 GB are free"):
        lake.require_space(10**10)


def test_a_home_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Trouble, match="cannot be written"):
        put(Lake(Home(tmp_path / "file" / "home")), tickets=tickets(ticket("t1")))


def test_a_disk_that_fills_up_while_writing_is_said_and_gives_the_room_back(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(lake, tickets=tickets(ticket("t1")))
    before = sorted(lake.home.lake.rglob("*.parquet"))
    monkeypatch.setattr("data.versions.write_whole", full)
    with pytest.raises(Trouble, match="filled up while writing"):
        put(
            lake,
            tickets=tickets(ticket("t2")),
            teams=table("teams", [{"team_id": "a", "name": "A", "function": "sales"}]),
        )
    monkeypatch.undo()
    assert read(lake, "tickets")["ticket_id"].to_list() == ["t1"]
    assert not (lake.home.lake / "teams").exists()
    assert put(lake, tickets=tickets(ticket("t3"))) == 2
    assert set(before) <= set(lake.home.lake.rglob("*.parquet"))


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")
