"""Two importers at once, of the same table or of different ones: both are in, one after the other."""

from pathlib import Path

import pytest

from data.home import Home
from data.lake import Lake
from tests.data.importing import held
from tests.data.kills import jobs
from tests.data.kills.killing import started
from tests.data.kills.rounds import log, whole


def at_once(home: Home, files: list[Path]) -> None:
    processes = [started(jobs.import_quietly, home, file) for file in files]
    for process in processes:
        process.join(120)
        assert process.exitcode == 0
        process.close()


def test_of_the_same_tables_the_later_wins_whole(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    at_once(home, [log(tmp_path, round_) for round_ in (1, 2, 3)])
    assert [version.number for version in Lake(home).history()] == [1, 2, 3]
    assert whole(home) in (1, 2, 3)
    ids = Lake(home).scan("tickets").select("customer_id").unique().collect()
    assert ids.height == min(60, 90), "all used one key"


def test_of_different_tables_all_are_in(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    texts = {
        "tickets": "ticket_id,customer_id,opened_at\nT1,C1,2024-01-01 10:00\n",
        "customers": "customer_id,opened_on\nC1,2023-01-01\n",
        "teams": "team_id,name,function\nt1,One,front_office\n",
    }
    for name, content in texts.items():
        (tmp_path / f"{name}.csv").write_text(content)
    at_once(home, [tmp_path / f"{name}.csv" for name in texts])
    assert [version.number for version in Lake(home).history()] == [1, 2, 3]
    assert held(home, "teams", "name") == [("One",)]
    assert held(home, "tickets", "customer_id") == held(home, "customers", "customer_id")


@pytest.mark.parametrize("round_", [1])
def test_a_round_that_is_mixed_with_another_would_be_noticed(tmp_path: Path, round_: int) -> None:
    home = Home(tmp_path / "home")
    jobs.import_quietly(home, log(tmp_path, round_))
    (tmp_path / "one.csv").write_text("ticket_id,customer_id,opened_at,category\nT1,C1,2024-01-01 10:00,round 2\n")
    jobs.import_quietly(home, tmp_path / "one.csv")
    with pytest.raises(ValueError, match="too many values"):
        whole(home)
