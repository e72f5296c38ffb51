"""`heartline empathy`: for people the sentence first, for programs every number."""

import json

import polars as pl
import pytest

from data.home import Home
from metrics.trait import all_traits
from tests.dashboard.commands.test_signs import run


@pytest.fixture
def heartline(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, sample: Home) -> object:
    return lambda *words: run(capsys, monkeypatch, *words, "--home", str(sample.path))


def test_people_are_told_the_widest_gap_first_and_a_line_a_trait(heartline) -> None:  # type: ignore[no-untyped-def]
    status, out, _ = heartline("empathy", "--team", "north parcels")
    assert status == 0
    lines = out.splitlines()
    assert lines[0].startswith("Customers rate ")
    assert [line.split("  ")[0] for line in lines[2:10]] == [trait.name for trait in all_traits().values()]


def test_json_says_which_weeks_and_team_and_has_a_row_a_trait(heartline) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = heartline("empathy", "--team", "north-parcels", "--weeks", "26", "--format", "json")
    told = json.loads(out)
    assert (told["format"], told["team_id"]) == (1, "north-parcels")
    assert [row["trait"] for row in told["traits"]] == list(all_traits())
    assert {"customers_share", "team_share", "tickets_share", "gap", "verdict"} <= set(told["traits"][0])


def test_csv_has_the_same_rows(heartline) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = heartline("empathy", "--format", "csv")
    assert pl.read_csv(out.encode())["trait"].to_list() == list(all_traits())


@pytest.mark.parametrize(("option", "said"), [("--team", "no team"), ("--branch", "no branch")])
def test_what_is_not_there_is_said_in_a_sentence(heartline, option: str, said: str) -> None:  # type: ignore[no-untyped-def]
    status, out, error = heartline("empathy", option, "Atlantis")
    assert (status, out) == (1, "")
    assert said in error
