"""A file goes in as one version; every row of it is accounted for, and what does not fit is set aside with why."""

import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.errors import Trouble
from data.home import Home
from data.intake import import_file
from data.lake import Lake
from data.rejects import listing
from tests.data.importing import NOW, counts, frame, held, take

TICKETS = "ticket_id,opened_at,category\nT1,2024-01-01 10:00,late\nT2,2024-01-02 10:00,damaged\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def reasons(home: Home) -> list[tuple[int, str, str | None, str]]:
    return listing(home).select("row", "column", "value", "reason").rows()


def test_a_file_goes_in_and_the_same_file_again_changes_nothing(home: Home) -> None:
    first, again = take(home, TICKETS), take(home, TICKETS)
    assert (counts(first), first.version, first.new_version) == ((2, 0, 0, 0), 1, True)
    assert (counts(again), again.version, again.new_version) == ((0, 0, 2, 0), 1, False)
    assert held(home, "tickets", "ticket_id", "category") == [("T1", "late"), ("T2", "damaged")]


def test_a_newer_row_of_the_same_key_replaces_the_older(home: Home) -> None:
    take(home, TICKETS)
    assert counts(take(home, TICKETS.replace("late", "lost") + "T3,2024-01-03,\n")) == (1, 1, 1, 0)
    assert held(home, "tickets", "ticket_id", "category") == [("T1", "lost"), ("T2", "damaged"), ("T3", None)]


def test_each_bad_cell_has_its_reason_and_the_good_rows_go_in(home: Home) -> None:
    text = (
        "ticket_id,opened_at,csat,is_complaint,team_stations,origin,resolved_at\n"
        "T1,2024-01-01,5,yes,1,customer,2024-01-02\n"
        "T2,2024-02-30,9,maybe,0,robot,\n"
        ",2024-01-01,,,,,\n"
        "T4,2031-01-01,,,1.5,,\n"
        "T5,1970-01-01,,,,,\n"
        "T6,2024-01-02,,,,,2024-01-01\n"
    )
    assert counts(take(home, text)) == (1, 0, 0, 5)
    assert reasons(home) == [
        (3, "csat", "9", "is more than can be (max: 5)"),
        (3, "is_complaint", "maybe", "is neither true nor false"),
        (3, "opened_at", "2024-02-30", "is no date and time that can be read"),
        (3, "origin", "robot", "is none of customer, proactive"),
        (3, "team_stations", "0", "is less than can be (min: 1)"),
        (4, "ticket_id", None, "is missing"),
        (5, "opened_at", "2031-01-01", "lies in the future"),
        (5, "team_stations", "1.5", "is no whole number, or too large"),
        (6, "opened_at", "1970-01-01", "lies before 1990"),
        (7, "resolved_at", "2024-01-01 00:00", "lies before opened_at"),
    ]


def test_rows_of_one_key_that_disagree_are_set_aside_both_and_copies_are_one_row(home: Home) -> None:
    text = "ticket_id,opened_at,category\nT1,2024-01-01,a\nT1,2024-01-01,b\nT2,2024-01-01,c\nT2,2024-01-01,c\n"
    assert counts(take(home, text)) == (1, 0, 1, 2)
    assert held(home, "tickets", "ticket_id") == [("T2",)]
    assert {(row, reason) for row, _, _, reason in reasons(home)} == {
        (2, "the file has 2 rows of this key which disagree (ticket_id)"),
        (3, "the file has 2 rows of this key which disagree (ticket_id)"),
    }


def test_an_event_of_an_unknown_ticket_waits_and_comes_in_when_sent_again(home: Home) -> None:
    events = "ticket_id,at,kind\nT1,2024-01-01 11:00,noted\n"
    assert counts(take(home, events, "events.csv")) == (0, 0, 0, 1)
    assert reasons(home) == [(2, "ticket_id", "T1", "names a ticket that is not there")]
    take(home, TICKETS)
    again = take(home, events, "events.csv")
    assert (counts(again), again.mended) == ((1, 0, 0, 0), 1)
    assert reasons(home) == []
    assert listing(home, mended=True)["mended_by"].to_list() == [3]


def test_a_resolve_before_the_opening_is_set_aside(home: Home) -> None:
    take(home, TICKETS)
    assert counts(take(home, "ticket_id,at,kind\nT1,2024-01-01 09:00,resolved\nT1,2024-01-01 11:00,resolved\n")) == (
        1,
        0,
        0,
        1,
    )
    assert reasons(home) == [
        (2, "at", "2024-01-01 09:00", "is resolved before its ticket was opened (2024-01-01 10:00)")
    ]


def test_events_at_one_instant_keep_the_files_order_and_copies_are_one(home: Home) -> None:
    take(home, TICKETS)
    at = "2024-01-01 11:00"
    text = "ticket_id,at,kind,team_id\n" + "".join(f"T1,{at},assigned,{team}\n" for team in "ABBC")
    assert counts(take(home, text)) == (3, 0, 1, 0)
    assert held(home, "events", "seq", "team_id") == [(0, "A"), (1, "B"), (2, "C")]
    assert counts(take(home, text)) == (0, 0, 4, 0)


def test_answers_that_are_alike_are_two_answers_and_trait_is_a_question(home: Home) -> None:
    text = "team_id,asked_on,asked_of,trait,score,scale_max\n" + "A,2024-01-01,customer,honesty,4,5\n" * 2
    assert counts(take(home, text)) == (2, 0, 0, 0)
    assert held(home, "surveys", "question", "seq") == [("honesty", 0), ("honesty", 1)]
    assert counts(take(home, text)) == (0, 0, 2, 0)


def test_customers_agents_and_people_go_under_pseudonyms_that_still_join(home: Home) -> None:
    take(home, "ticket_id,opened_at,customer_id,agent_id\nT1,2024-01-01,anna@example.org,Bo\n")
    take(home, "customer_id,opened_on\nanna@example.org,2023-01-01\n")
    take(home, "person_id,team_id,valid_from,fte,hired_on\nBo,A,2023-01-01,1,2023-01-01\n")
    ((customer, agent),) = held(home, "tickets", "customer_id", "agent_id")
    assert held(home, "customers", "customer_id") == [(customer,)]
    assert held(home, "people", "person_id") == [(agent,)]
    for path in home.path.rglob("*"):
        if path.is_file() and path != home.key:
            assert b"anna@example.org" not in path.read_bytes()


def test_what_is_no_column_of_the_contract_never_enters(home: Home) -> None:
    secret = "my password is hunter2"
    take(
        home,
        f"ticket_id,opened_at,subject,csat\nT1,2024-01-01,{secret},9\nT2,2024-01-01,{secret},\nT3,2024-01-01,x,{secret},9\n",
    )
    assert listing(home).height == 2
    for path in home.path.rglob("*"):
        if path.is_file():
            assert b"hunter2" not in path.read_bytes()
    assert "hunter2" not in str(listing(home).rows())


def test_two_files_in_a_zip_are_one_version_whatever_their_order(home: Home, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("export/events.csv", "ticket_id,at,kind\nT1,2024-01-01 11:00,noted\n")
        archive.writestr("export/tickets.csv", TICKETS)
    summary = import_file(home, tmp_path / "all.zip", now=NOW)
    assert (counts(summary), summary.version) == ((3, 0, 0, 0), 1)


def test_the_table_is_known_by_its_header_or_named(home: Home) -> None:
    text = "team_id,name,function\nA,Alpha,sales\n"
    assert list(take(home, text).tables) == ["teams"]
    assert counts(take(home, text, table="teams")) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("text", "how", "said"),
    [
        ("a,b\n1,2\n", {}, "No profile fits the columns of file.csv: a, b"),
        ("ticket_id,open\n1,2\n", {}, "table tickets lacks opened_at"),
        ("a,b\n1,2\n", {"profile": "nope"}, 'no profile "nope": there are .*heartline'),
        ("a,b\n1,2\n", {"table": "nope"}, 'no table "nope": there are tickets'),
        ("a,b\n1,2\n", {"table": "events"}, "lacks ticket_id, at, kind, which events needs; it has a, b"),
        ("number,b\n1,2\n", {"profile": "servicenow_audit"}, "lacks sys_mod_count"),
        (TICKETS, {"profile": "servicenow_audit", "table": "teams"}, "lacks number"),
    ],
)
def test_what_cannot_be_read_is_one_sentence_and_changes_nothing(
    home: Home, text: str, how: dict[str, str], said: str
) -> None:
    with pytest.raises(Trouble, match=said):
        take(home, text, **how)
    assert Lake(home).current().number == 0


def test_a_header_without_rows_reads_nothing(home: Home) -> None:
    assert counts(take(home, "ticket_id,opened_at\n")) == (0, 0, 0, 0)
    assert Lake(home).current().number == 0


def test_ten_gigabytes_for_a_disk_of_one(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    big = tmp_path / "big.csv"
    with big.open("wb") as file:
        file.write(TICKETS.encode())
        file.truncate(10 * 10**9)  # sparse: takes no room
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=10**9))
    monkeypatch.setattr("data.intake.tables_in", lambda *_: [])
    with pytest.raises(Trouble, match="are free"):
        import_file(home, big)


def test_the_summary_is_kept_with_the_version(home: Home) -> None:
    take(home, TICKETS)
    version = Lake(home).current()
    assert (version.source, version.summary["accepted"], version.rows) == ("file.csv", 2, {"tickets": 2})
    assert (version.at, version.horizon) == (NOW, datetime(2024, 1, 2, 10, tzinfo=UTC))


def test_every_column_of_the_contract_can_come_in(home: Home) -> None:
    rows = {
        "absences": "person_id,from_on,to_on,kind\np,2024-01-01,2024-01-02,sick\n",
        "training": "person_id,course,kind,completed_on\np,Empathy,experiential,2024-01-02\n",
        "orders": 'order_id,customer_id,opened_at,stage,amount\no1,c,2024-01-01,won,"1.234,50"\n',
        "praise": "team_id,at,words\nA,2024-01-01,Thank you!\n",
        "customers": "customer_id,opened_on,acquired_by\nc,2024-01-01,referral\n",
        "people": "person_id,team_id,valid_from,fte,hired_on,left_by_choice\np,A,2024-01-01,0.5,2020-01-01,no\n",
    }
    for table, text in rows.items():
        assert counts(take(home, text)) == (1, 0, 0, 0), table
        assert frame(home, table).height == 1
    assert held(home, "orders", "amount") == [(1234.5,)]


def test_a_calendar_that_is_none_is_set_aside_and_keeps_no_other_team_from_being_counted(home: Home) -> None:
    header = "team_id,name,function,calendar"
    good = "A,Deliveries,front_office,Mo-Fr 09:00-17:00; PH off @ Europe/Rome IT"
    summary = take(home, f"{header}\n{good}\nB,Bills,sales,banana 99:99\n", table="teams")
    assert counts(summary) == (1, 0, 0, 1)
    assert reasons(home)[0][2:] == ("banana 99:99", "is no calendar")
