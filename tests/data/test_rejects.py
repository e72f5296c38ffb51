"""What was set aside can be listed, exported, mended and imported again as it is."""

import csv
from pathlib import Path

import polars as pl
import pytest

from data.errors import Trouble
from data.home import Home
from data.intake import import_file
from data.reasons import broken_rule
from data.rejects import export, guarded, listing
from metrics.frames import CONTRACT
from tests.data.importing import NOW, counts, held, take

BAD = (
    "ticket_id,opened_at,customer_id,category,csat\n"
    "T1,2024-02-30,anna,=1+1,9\n"
    "T2,2024-01-02,bert,'quoted,3\n"
    "T3,2024-01-03,anna,-,7\n"
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def edited(path: Path, **changes: str) -> None:
    """Write other cells into the exported file, as a person would in a spreadsheet: old text -> new."""
    text = path.read_text("utf-8-sig")
    for old, new in changes.items():
        text = text.replace(old, new)
    path.write_text(text)


def test_what_is_exported_mended_and_imported_is_in_and_no_longer_listed(home: Home, tmp_path: Path) -> None:
    assert counts(take(home, BAD)) == (1, 0, 0, 2)
    assert export(home, tmp_path / "out.csv") == 2
    rows = list(csv.reader((tmp_path / "out.csv").read_text("utf-8-sig").splitlines()))
    assert rows[1][4:6] == [
        "csat; opened_at",
        "csat is more than can be (max: 5); opened_at is no date and time that can be read",
    ]
    edited(tmp_path / "out.csv", **{"2024-02-30": "2024-02-29", ",9,": ",5,", ",7,": ",4,"})
    again = import_file(home, tmp_path / "out.csv", now=NOW)
    assert (counts(again), again.mended) == ((2, 0, 0, 0), 2)
    assert listing(home).is_empty()
    assert listing(home, mended=True)["mended_by"].unique().to_list() == [2]
    assert held(home, "tickets", "ticket_id", "category", "csat") == [
        ("T1", "=1+1", 5),
        ("T2", "'quoted", 3),
        ("T3", "-", 4),
    ]
    customers = dict(held(home, "tickets", "ticket_id", "customer_id"))
    assert customers["T1"] == customers["T3"] != customers["T2"]


def test_exported_and_imported_unmended_nothing_changes(home: Home, tmp_path: Path) -> None:
    take(home, BAD)
    export(home, tmp_path / "out.csv")
    again = import_file(home, tmp_path / "out.csv", now=NOW)
    assert (counts(again), again.new_version) == ((0, 0, 0, 2), False)
    assert listing(home)["row"].to_list() == [2, 2, 4]


def test_a_row_that_comes_back_half_mended_is_listed_once_with_what_is_left(home: Home, tmp_path: Path) -> None:
    take(home, BAD)
    export(home, tmp_path / "out.csv", table="tickets")
    edited(tmp_path / "out.csv", **{"2024-02-30": "2024-02-29", ",7,": ",4,"})
    again = import_file(home, tmp_path / "out.csv", now=NOW)
    assert (counts(again), again.mended) == ((1, 0, 0, 1), 1)
    assert listing(home).select("column", "value").rows() == [("csat", "9")]


def test_rows_of_several_tables_come_back_in_one_file(home: Home, tmp_path: Path) -> None:
    take(home, BAD)
    take(home, "team_id,name,function\nA,Alpha,kitchen\n", "teams.csv")
    take(home, "ticket_id,at,kind\nT2,2024-01-02 12:00,jumped\n", "events.csv")
    export(home, tmp_path / "out.csv")
    edited(tmp_path / "out.csv", kitchen="sales", jumped="noted")
    again = import_file(home, tmp_path / "out.csv", now=NOW)
    assert counts(again) == (2, 0, 0, 2)
    assert (held(home, "teams", "function"), held(home, "events", "kind")) == ([("sales",)], [("noted",)])


def test_a_mended_source_file_mends_too(home: Home) -> None:
    take(home, BAD)
    again = take(home, BAD.replace("2024-02-30", "2024-02-29").replace(",9", ",5"))
    assert (counts(again), again.mended) == ((1, 0, 1, 1), 1)
    assert listing(home)["row"].to_list() == [4]


def test_the_same_bad_file_again_is_not_listed_twice(home: Home) -> None:
    take(home, BAD)
    again = take(home, BAD)
    assert (counts(again), again.new_version) == ((0, 0, 1, 2), False)
    assert listing(home).height == 3


def test_bad_rows_that_are_alike_are_each_kept(home: Home, tmp_path: Path) -> None:
    assert counts(take(home, "ticket_id,opened_at\n" + "T1,never\n" * 3)) == (0, 0, 0, 3)
    assert listing(home)["row"].to_list() == [2, 3, 4]
    assert export(home, tmp_path / "out.csv") == 3


def test_listing_by_import_file_and_table(home: Home) -> None:
    take(home, BAD)
    take(home, "team_id,name,function\nA,Alpha,kitchen\n", "teams.csv")
    assert listing(home, number=2)["table"].to_list() == ["teams"]
    assert listing(home, file="file.csv").height == 3
    assert listing(home, table="teams", file="file.csv").is_empty()


def test_a_line_that_does_not_split_keeps_no_cell(home: Home, tmp_path: Path) -> None:
    take(home, "ticket_id,opened_at\nT1,2024-01-01,private words\n")
    assert listing(home).select("row", "cells", "value").rows() == [(2, "{}", None)]
    assert export(home, tmp_path / "out.csv") == 0


@pytest.mark.parametrize("cell", ["=1+1", "+49", "-5", "@x", "\tx", "'", "''x", "plain", ""])
def test_no_exported_cell_is_a_formula(cell: str) -> None:
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert guarded(cell).removeprefix("'") == cell or guarded(cell) == cell


def test_a_file_that_cannot_be_written_is_said(home: Home, tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="cannot be written"):
        export(home, tmp_path / "no" / "such" / "folder.csv")


def test_every_rule_of_the_contract_has_words_of_its_own() -> None:
    for table, schema in CONTRACT.items():
        _, failure = schema.filter(schema.create_empty())
        rules = [
            rule for rule in failure.details().columns if rule not in schema.column_names() and rule != "primary_key"
        ]
        assert rules
        for rule in rules:
            assert "breaks the rule" not in str(broken_rule(table, rule).words), (table, rule)


def test_an_empty_home_has_no_rejects(home: Home) -> None:
    assert listing(home).is_empty()
    assert isinstance(listing(home), pl.DataFrame)


def test_a_bad_row_beside_a_good_one_of_its_key_is_the_same_reject_each_time(home: Home) -> None:
    both = "ticket_id,opened_at\nT1,2024-01-01\nT1,never\n"
    assert counts(take(home, both)) == (1, 0, 0, 1)
    again = take(home, both)
    assert (counts(again), again.mended, again.new_version) == ((0, 0, 1, 1), 0, False)
    assert listing(home)["import_number"].to_list() == [1]
