"""`heartline handoffs`: the pairs for people and programs, on a company small enough to count by hand."""

import json
from pathlib import Path

import pytest

from dashboard import cli
from data.derived import derive
from data.home import Home
from tests.data.importing import take

FRIENDS = [f"{team}{number}" for team, people in (("A", 6), ("B", 6), ("C", 3)) for number in range(people)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two teams of six, and one of three alone in its branch; three tickets go from A to B, one of them back and on,
    one to C."""
    home = Home(tmp_path_factory.mktemp("handoffs") / "home")
    lives = {
        "t1": "A B",
        "t2": "A B A B",
        "t3": "A B",
        "t4": "A C",
    }
    opened = [f"{ticket},2024-01-0{2 + place} 09:00,phone" for place, ticket in enumerate(lives)]
    take(home, "\n".join(["ticket_id,opened_at,channel", *opened]), "tickets.csv", table="tickets")
    events = []
    for place, (ticket, path) in enumerate(lives.items()):
        day = f"2024-01-0{2 + place}"
        for step, team in enumerate(path.split()):
            events.append(f"{ticket},{day} {10 + step}:00,assigned,{team},")
            events.append(f"{ticket},{day} {10 + step}:30,noted,{team},{team}0")
        events.append(f"{ticket},{day} 18:00,resolved,{path[-1]},{path[-1]}0")
    later = [(f"u{day}", f"2024-01-{day:02}") for day in range(8, 31)]
    plain = [f"{ticket},{day} 09:00,phone" for ticket, day in later]
    take(home, "\n".join(["ticket_id,opened_at,channel", *plain]), "later.csv", table="tickets")
    events += [f"{ticket},{day} 10:00,resolved,A,A0" for ticket, day in later]
    take(home, "\n".join(["ticket_id,at,kind,team_id,agent_id", *events]), "events.csv", table="events")
    teams = [f"{team},{team},{branch},front_office" for team, branch in (("A", "North"), ("B", "North"), ("C", "West"))]
    take(home, "\n".join(["team_id,name,branch,function", *teams]), "teams.csv", table="teams")
    people = [f"{who},{who[0]},1,2023-01-01,2023-01-01" for who in FRIENDS]
    take(home, "\n".join(["person_id,team_id,fte,valid_from,hired_on", *people]), "people.csv", table="people")
    derive(home)
    return home


def heartline(capsys: pytest.CaptureFixture[str], home: Home, *words: str) -> tuple[int, str, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["heartline", "handoffs", *words, "--home", str(home.path)])
        status: object = 0
        try:
            cli.main()
        except SystemExit as stop:
            status = stop.code
    said = capsys.readouterr()
    return int(str(status or 0)), said.out, said.err


def test_json_has_the_pairs_the_kinds_and_the_sentence(capsys: pytest.CaptureFixture[str], home: Home) -> None:
    status, out, _ = heartline(capsys, home, "--format", "json")
    told = json.loads(out)
    assert (status, told["format"], told["summary"]["handoffs"]) == (0, 1, 5)
    assert told["sentence"].startswith("Of 3 tickets passed on in the ")
    assert "1 (33%) came back to a team that had them before; customers waited 2.5 hours in all" in told["sentence"]
    ways = [(row["from_team_id"], row["to_team_id"], row["handoffs"], row["bounce_backs"]) for row in told["pairs"]]
    assert ways == [("A", "B", 4, 1), ("B", "A", 1, 1)]
    assert told["summary"]["to_and_fro"] == 1


def test_a_team_of_three_is_in_no_number(capsys: pytest.CaptureFixture[str], home: Home) -> None:
    _, out, _ = heartline(capsys, home, "--format", "csv")
    assert [line.split(",")[:5] for line in out.splitlines()[1:]] == [
        ["A", "A", "B", "B", "4"],
        ["B", "B", "A", "A", "1"],
    ]


def test_people_read_a_sentence_and_a_table(capsys: pytest.CaptureFixture[str], home: Home) -> None:
    status, out, _ = heartline(capsys, home, "--team", "b", "--since", "2024-01-01", "--until", "2024-W02")
    assert status == 0
    assert "the busiest route is A to B (4 of 5 handoffs)" in out
    assert "2 hours" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--team", "Z"), "no team 'Z'"),
        (("--since", "2024-02-01", "--until", "2024-01-01"), "lies after"),
        (("--channel", "fax"), "no channel 'fax'"),
    ],
)
def test_what_is_wrong_is_one_sentence(
    capsys: pytest.CaptureFixture[str], home: Home, words: tuple[str, ...], said: str
) -> None:
    status, out, err = heartline(capsys, home, *words)
    assert (status, out) == (1, "")
    assert said in err


def test_without_a_log_of_events_it_says_what_is_lacking(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    home = Home(tmp_path / "summaries")
    take(home, "ticket_id,opened_at,team_id,team_stations\nt1,2024-01-02 09:00,A,3\n", table="tickets")
    status, _, err = heartline(capsys, home)
    assert status == 1
    assert "no log of events" in err
