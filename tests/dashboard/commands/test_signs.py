"""`heartline signs`, `facts`, `teams`, `check`, `serve`: what programs read, and one sentence for what is wrong."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from dashboard import cli
from data.home import Home
from metrics.sign import all_signs


def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, str, str]:
    """Type `heartline words...`: its exit status, what it printed, and what it said to the person."""
    monkeypatch.setattr("sys.argv", ["heartline", *words])
    try:
        cli.main()
    except SystemExit as done:
        status = int(done.code or 0)
    else:
        status = 0
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.fixture
def heartline(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, sample: Home) -> object:
    return lambda *words: run(capsys, monkeypatch, *words, "--home", str(sample.path))


def units(heartline) -> int:  # type: ignore[no-untyped-def]
    """How many teams are told: small ones are read with a sibling."""
    return len(json.loads(heartline("teams", "--format", "json")[1])["teams"])


def test_json_holds_every_reading_and_says_what_it_rests_on(heartline) -> None:  # type: ignore[no-untyped-def]
    status, out, _ = heartline("signs", "--format", "json")
    told = json.loads(out)
    assert status == 0
    assert (told["format"], told["data_version"]) == (1, 1)
    assert len(told["readings"]) == units(heartline) * len(all_signs())
    assert {"sign", "team_id", "team", "status", "share", "low", "high", "since", "sentence"} <= set(
        told["readings"][0]
    )


def test_csv_has_the_same_rows(heartline) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = heartline("signs", "--format", "csv")
    assert pl.read_csv(out.encode()).height == units(heartline) * len(all_signs())


@pytest.mark.parametrize("week", ["2026-03-04", "2026-W10"])
def test_a_week_is_named_by_a_day_or_by_its_number(heartline, week: str) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = heartline("signs", "--week", week, "--sign", "buck_passing", "--format", "json")
    weeks = {row["week"] for row in json.loads(out)["readings"]}
    assert weeks == {date(2026, 3, 2).isoformat()}


def test_a_team_is_found_by_its_name(heartline) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = heartline("signs", "--team", "harbour bills", "--format", "json")
    assert {row["team_id"] for row in json.loads(out)["readings"]} == {"harbour-bills"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("signs", "--team", "nobody"), "no team 'nobody'"),
        (("signs", "--sign", "gloom"), "no sign 'gloom'"),
        (("signs", "--week", "soon"), "'soon' is no week"),
        (("signs", "--branch", "Atlantis"), "no branch 'Atlantis': it has Harbour, North, South"),
        (("signs", "--category", "gloom"), "no category 'gloom'"),
        (("signs", "--channel", "pigeon"), "no channel 'pigeon'"),
        (("signs", "--as-of", "99"), "no data version 99"),
        (("facts", "-o", "/nowhere/at/all.parquet"), "cannot be written"),
        (("serve", "--host", "0.0.0.0"), "sign-in is not set up"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_status_one(heartline, words: tuple[str, ...], said: str) -> None:  # type: ignore[no-untyped-def]
    status, out, err = heartline(*words)
    assert (status, out) == (1, "")
    assert said in err
    assert "Traceback" not in err
    assert len(err.strip().splitlines()) == 1


def test_facts_are_one_row_a_ticket_and_name_no_one(heartline, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    out = tmp_path / "facts.parquet"
    status, said, _ = heartline("facts", "-o", str(out))
    facts = pl.read_parquet(out)
    assert status == 0
    assert f"{facts.height:,} tickets" in said
    assert facts["ticket_id"].is_unique().all()
    assert {"handoffs", "bounce_backs", "ping_pong", "reopens"} <= set(facts.columns)
    assert not {"agent_id", "customer_id"} & set(facts.columns)


def test_teams_are_listed_with_a_band_and_not_a_head_count(heartline) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = heartline("teams", "--format", "json")
    teams = json.loads(out)["teams"]
    assert len(teams) == 40 - sum("~" in team["team_id"] for team in teams) < 40  # two by two
    assert not any(team["size_band"] == "fewer than 5" for team in teams)
    assert "people" not in teams[0]


def test_check_is_content_with_the_sample(heartline) -> None:  # type: ignore[no-untyped-def]
    status, out, _ = heartline("check")
    assert status == 0
    assert "Nothing is broken." in out


def test_without_data_signs_say_what_to_do_first(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    status, _, err = run(capsys, monkeypatch, "signs", "--home", str(tmp_path / "nothing"))
    assert status == 1
    assert "heartline import" in err


def test_a_home_that_is_a_file_is_refused_by_every_command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a folder")
    for command in (("signs",), ("check",), ("serve",), ("teams",)):
        status, _, err = run(capsys, monkeypatch, *command, "--home", str(tmp_path / "file"))
        assert (status, "is a file" in err) == (1, True)
