"""A helpdesk's own export is known by its header, and its columns become the contract's."""

from pathlib import Path

import pytest

from data.errors import Trouble
from data.home import Home
from data.sources.choosing import choose
from data.sources.formats import tables_in
from data.sources.mapping import mapped
from data.sources.profile import find, plain, profiles
from tests.data.importing import counts, held, take

# Headers as in the helpdesks' documentation; a row each.
ZENDESK = (
    "Summation column,Id,Requester,Requester id,Assignee,Group,Subject,Status,Priority,Via,Ticket type,Created at,"
    "Updated at,Solved at,Satisfaction Score,Group stations,Reopens,First reply time in minutes\n"
    "1,17,Ann,991,Bo,Billing,My words,Solved,High,Mail,Question,2024-01-01 10:00,2024-01-02 10:00,"
    "2024-01-01 12:00,Good,2,0,30\n"
    "1,18,Ann,991,-,-,My words,New,-,Web form,-,2024-01-01 10:00,2024-01-02 10:00,,Not Offered,0,0,\n"
)
FRESHDESK = (
    "Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created time,Resolved time,Last update time,"
    "First response time (in hrs),Survey results\n"
    "17,My words,Closed,Medium,Portal,Refund,Bo,Billing,"
    "2024-01-01 10:00:00,2024-01-01 12:00:00,2024-01-03 12:00:00,00:30:00,Unhappy\n"
)
JIRA = (
    "Issue key,Issue id,Issue Type,Status,Project key,Priority,Assignee,Reporter,Created,Updated,Resolved,"
    "Custom field (Request Type),Satisfaction rating,Comment,Comment\n"
    "HD-17,9,Task,Done,HD,Highest,Bo,Ann,01/Jan/24 10:00 AM,02/Jan/24 1:05 PM,"
    "01/Jan/24 12:00 PM,Refund,4,My words,More words\n"
)
SERVICENOW = (
    "number,opened_at,short_description,caller_id,priority,state,category,assignment_group,assigned_to,sys_updated_on,sys_updated_by\n"
    "INC17,2024-01-01 10:00:00,My words,Ann,2 - High,Closed,Refund,Billing,Bo,2024-01-02 10:00:00,Bo\n"
)
ZAMMAD = (
    "#,Title,State,Priority,Group,Owner,Customer,Organization,Create Channel,"
    "Created At,Updated At,Closed At,First Response At\n"
    "17,My words,closed,3 high,Billing,Bo,Ann,Acme,Web,"
    "2024-01-01 10:00:00,2024-01-02 10:00:00,2024-01-01 12:00:00,2024-01-01 10:30:00\n"
)
GENERIC = (
    "Case number;Created;Queue;Customer;Subject;Closed\n17;2024-01-01 10:00;Billing;Ann;My words;2024-01-01 12:00\n"
)
SHOWN = ("ticket_id", "team_id", "channel", "category", "priority", "csat", "team_stations")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.mark.parametrize(
    ("text", "name", "rows"),
    [
        (
            ZENDESK,
            "zendesk_csv",
            [("17", "Billing", "email", "Question", "high", 5, 2), ("18", None, "web", None, None, None, None)],
        ),
        (FRESHDESK, "freshdesk", [("17", "Billing", "web", "Refund", "normal", 2, None)]),
        (JIRA, "jira_service_management", [("HD-17", "HD", None, "Refund", "urgent", 4, None)]),
        (SERVICENOW, "servicenow_list", [("INC17", "Billing", None, "Refund", "high", None, None)]),
        (ZAMMAD, "zammad", [("17", "Billing", "web", None, "high", None, None)]),
        (GENERIC, "summary", [("17", "Billing", None, None, None, None, None)]),
    ],
)
def test_each_helpdesk_is_known_by_its_header(home: Home, text: str, name: str, rows: list[tuple[object, ...]]) -> None:
    summary = take(home, text)
    assert summary.profiles == (name,)
    assert counts(summary) == (len(rows), 0, 0, 0)
    assert held(home, "tickets", *SHOWN) == rows


@pytest.mark.parametrize("text", [ZENDESK, FRESHDESK, ZAMMAD])
def test_the_first_reply_is_an_instant_or_so_long_after_the_opening(home: Home, text: str) -> None:
    take(home, text)
    assert [str(at)[:16] for (at,) in held(home, "tickets", "first_replied_at") if at] == ["2024-01-01 10:30"]


def test_nobodys_words_or_names_enter(home: Home) -> None:
    for place, text in enumerate((ZENDESK, FRESHDESK, JIRA, SERVICENOW, ZAMMAD, GENERIC)):
        take(home, text, f"{place}.csv")
    kept = b"".join(path.read_bytes() for path in home.path.rglob("*") if path.is_file())
    for private in (b"My words", b"More words", b"Ann"):
        assert private not in kept


def test_of_several_rows_of_a_ticket_the_last_updated_wins(home: Home) -> None:
    later = ZENDESK.replace("2024-01-02 10:00,2024-01-01 12:00,Good,2", "2024-01-03 10:00,2024-01-01 12:00,Bad,3")
    assert counts(take(home, later + ZENDESK.splitlines()[1] + "\n")) == (3, 0, 0, 0)
    assert held(home, "tickets", "ticket_id", "csat", "team_stations") == [("17", 1, 3), ("18", None, None)]


def test_a_homes_own_profile_is_looked_at_first(home: Home) -> None:
    home.profiles.mkdir(parents=True)
    (home.profiles / "ours.toml").write_text(
        'require = [["Nummer"], ["Geöffnet"]]\nzone = "Europe/Berlin"\nformats = ["%d.%m.%Y %H:%M"]\n'
        '[tables.tickets.columns]\nticket_id = "Nummer"\nopened_at = "Geöffnet"\nteam_id = "Gruppe"\n'
        '[tables.tickets.constants]\norigin = "customer"\n'
    )
    assert take(home, "Nummer;Geöffnet;Gruppe\n1;01.07.2023 12:00;A\n").profiles == ("ours",)
    ((at, origin, team),) = held(home, "tickets", "opened_at", "origin", "team_id")
    assert (str(at), origin, team) == ("2023-07-01 10:00:00+00:00", "customer", "A")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind = ", "is no TOML"),
        ('kind = "dance"', 'kind "dance"'),
        ('zone = "Mars/Base"', "Mars/Base"),
        ("[tables.nope.columns]\na = 'b'", 'table "nope"'),
        ("[tables.tickets.columns]\nnope = 'b'", "column nope of tickets"),
        ('kind = "audit"\n[audit]\nticket = "a"', "an audit without at, state"),
        ("tables = 3", "says something unknown"),
    ],
)
def test_a_broken_profile_is_one_sentence(home: Home, text: str, said: str) -> None:
    home.profiles.mkdir(parents=True)
    (home.profiles / "ours.toml").write_text(text)
    with pytest.raises(Trouble, match=said):
        take(home, "a,b\n1,2\n")


def test_a_header_that_two_profiles_read_equally_well_asks_which(home: Home) -> None:
    home.profiles.mkdir(parents=True)
    for name in ("one", "two"):
        (home.profiles / f"{name}.toml").write_text(
            'require = [["Nr"]]\n[tables.tickets.columns]\nticket_id = "Nr"\nopened_at = "Start"\n'
        )
    with pytest.raises(Trouble, match="fits the profiles one and two: name one with --profile"):
        take(home, "Nr,Start\n1,2024-01-01\n")
    assert counts(take(home, "Nr,Start\n1,2024-01-01\n", profile="two")) == (1, 0, 0, 0)


def test_headers_are_compared_without_case_blanks_and_underscores() -> None:
    assert plain(" Ticket_ID ") == plain("ticket-id") == "ticket id"
    assert find(["Ticket ID", "B"], ["nope", "ticket_id"]) == "Ticket ID"


def test_every_shipped_profile_says_what_it_is() -> None:
    for name, profile in profiles().items():
        assert profile.title, name
        assert profile.kind == "native" or profile.require, name


WIDE = """
require = [["squad"], ["since"]]
[tables.surveys.columns]
team_id = "squad"
[tables.surveys.before.asked_on]
unit = "months"
from = "since"
day = "2024-03-31"
[tables.surveys.constants]
asked_of = "staff"
scale_max = "5"
[tables.surveys.answers]
trust = "q1"
calm = ["q2", "second"]
"""


def test_dates_are_counted_back_and_a_row_of_answers_becomes_one_each(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "wide.toml").write_text(WIDE)
    path = tmp_path / "a.csv"
    path.write_text("squad,since,q1,second\nA,1,4,5\nB,0.9,,2\nC,soon,,\nD,2,3\n")
    (raw,) = tables_in(path)
    source = mapped(raw, choose(raw, profiles(tmp_path / "own"), None, None), None)
    (made,) = source.tables
    assert source.read == 4
    assert made.frame.select("team_id", "asked_on", "question", "score", "scale_max", "_src").rows() == [
        ("A", "2024-02-29", "trust", "4", "5", 0),
        ("A", "2024-02-29", "calm", "5", "5", 0),
        ("B", "2024-03-31", "calm", "2", "5", 1),
        ("D", "2024-01-31", "trust", "3", "5", 3),
    ]
