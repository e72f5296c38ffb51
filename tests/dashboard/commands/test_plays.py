"""`heartline plays` reads the playbook; `heartline praise` lists, keeps, passes on and takes back kind words."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from data.coaching.playbook import shipped
from data.database import open_database
from data.errors import Trouble
from data.home import Home
from data.praise import passed_on, typed
from data.scope import local_scope
from tests.data.importing import take

ADA = local_scope("Ada")
OWN = 'name = "Our walk"\npurpose = "Walk. Then talk."\nsteps = ["Walk"]\nsigns = ["slow_simple"]\n'


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("HEARTLINE_USER", "Ada")
    home = Home(tmp_path / "here")
    (home.path / "plays").mkdir(parents=True)
    return home


def run(home: Home, *words: str) -> str:
    done = CliRunner().invoke(app, [*words, "--home", str(home.path)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def read(home: Home, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(home, *words, "--format", "json"))
    return found


def test_all_plays_are_listed_own_ones_too_and_files_with_an_error_named(home: Home) -> None:
    (home.plays / "our_walk.toml").write_text(OWN)
    (home.plays / "broken.toml").write_text("name = ")
    said = run(home, "plays")
    for play in shipped().values():
        assert play.name in said
    assert "our_walk" in said
    assert "broken.toml is no TOML" in said
    told = read(home, "plays")
    assert [len(told["plays"]), len(told["troubles"])] == [14, 1]
    assert told["plays"][-1]["signs"] == ["slow_simple"]
    assert run(home, "plays", "--format", "csv").startswith("key,name,purpose,")


def test_one_play_is_read_whole(home: Home) -> None:
    said = run(home, "plays", "experiential_training")
    for part in ("Experiential training", "They feel: Grieving", "For the facilitator", "Afterwards, ask", "Mind"):
        assert part in said
    questions = run(home, "plays", "hire_for_empathy")
    assert "Its limit: " in questions
    [told] = read(home, "plays", "words_of_empathy")["plays"]
    assert told["words"][0]["instead_of"] == "We apologise for any inconvenience."


def test_an_unknown_play_is_answered_in_one_sentence(home: Home) -> None:
    with pytest.raises(Trouble, match="There is no play 'nope'"):
        run(home, "plays", "nope")


@pytest.fixture
def company(home: Home) -> Home:
    take(home, "team_id,name,function\nN,North,sales\nS,South,sales\n", table="teams")
    take(home, "ticket_id,opened_at,team_id\n1,2024-05-20T09:00:00Z,N\n", table="tickets")
    take(home, "team_id,at,words\nS,2024-05-10T09:00:00Z,You called back!\n", table="praise")
    return home


def test_a_kind_word_is_kept_passed_on_and_taken_back(company: Home) -> None:
    said = run(company, "praise", "add", "North", "Thank [you]!", "--from", "a call", "--on", "2024-05-21")
    assert "Kept as n1, for N." in said
    assert run(company, "praise", "pass-on", "n1", "--how", "read aloud", "--on", "2024-05-22").startswith(
        "Kept: passed"
    )
    rows = read(company, "praise", "list")["praise"]
    assert (rows[0]["key"], rows[0]["team_id"], rows[0]["passed_how"]) == ("n1", "N", "read aloud")
    assert [row["words"] for row in rows] == ["Thank [you]!", "You called back!"]
    assert "Thank [you]!" in run(company, "praise", "list", "--team", "North")
    assert "counts as not passed on" in run(company, "praise", "undo", "n1")
    assert "It stays on record" in run(company, "praise", "undo", "n1")
    with open_database(company) as database:
        assert (typed(ADA, database), passed_on(ADA, database)) == ([], {})
        assert len(typed(ADA, database, standing=False)) == 1


def test_an_imported_kind_word_is_passed_on_by_its_key_and_never_taken_back(company: Home) -> None:
    [row] = read(company, "praise", "list")["praise"]
    assert "passed on to S" in run(company, "praise", "pass-on", row["key"], "--how", "read aloud", "--by", "Ben")
    [row] = read(company, "praise", "list")["praise"]
    assert (row["passed_by"], row["source"]) == ("Ben", "imported")
    run(company, "praise", "undo", row["key"])
    with pytest.raises(Trouble, match="only what was typed can be taken back"):
        run(company, "praise", "undo", row["key"])


def test_where_there_is_none_it_is_said_how_to_gather_some(company: Home) -> None:
    said = run(company, "praise", "list", "--team", "N")
    assert "No kind word is known of the last 26 weeks. To gather some:" in said
    assert "what made the difference" in said


def test_what_does_not_fit_is_said_in_one_sentence(company: Home) -> None:
    with pytest.raises(Trouble, match="There is no kind word 'n9'"):
        run(company, "praise", "pass-on", "n9", "--how", "x")
    with pytest.raises(Trouble, match="There is no team 'West'"):
        run(company, "praise", "add", "West", "Thanks")
    with pytest.raises(Trouble, match="at most 2,000"):
        run(company, "praise", "add", "North", "x" * 10_000)
