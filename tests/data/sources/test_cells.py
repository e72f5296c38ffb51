"""Text becomes what it says, in any usual dress; what says nothing clear becomes null."""

from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.sources.cells import booleans, dates, floats, instants, integers

# hypothesis wants its bounds without a zone
FIRST, LAST = (datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (1990, 2090))
TEN = datetime(2024, 1, 31, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-31 10:00",
        "2024-01-31T10:00:00",
        "2024-01-31T10:00:00Z",
        "2024-01-31 10:00:00.000 UTC",
        "2024-01-31T12:00:00+02:00",
        "2024-01-31T12:00+0200",
        "2024-01-31 04:30:00 -0530",
        "2024-01-31 12:00:00+02",
    ],
)
def test_iso_in_its_usual_dresses(text: str) -> None:
    assert instants(pl.Series([text])).to_list() == [TEN]


@pytest.mark.parametrize(
    "text", ["2024-02-30", "31/01/2024", "10:00", "yesterday", "", "2024-01-31 25:00", "-0500", "20240131"]
)
def test_what_is_no_time_is_null(text: str) -> None:
    assert instants(pl.Series([text])).to_list() == [None]


def test_a_time_without_a_zone_is_the_profiles_wall_clock() -> None:
    assert instants(pl.Series(["2024-07-31 12:00"]), zone="Europe/Rome").to_list() == [
        datetime(2024, 7, 31, 10, tzinfo=UTC)
    ]


def test_the_hour_that_summer_time_skips_cannot_be_read_and_the_repeated_one_is_the_first() -> None:
    text = pl.Series(["2024-03-31 02:30", "2024-10-27 02:30"])
    assert instants(text, zone="Europe/Rome").to_list() == [None, datetime(2024, 10, 27, 0, 30, tzinfo=UTC)]


def test_the_profiles_formats_are_tried_in_order() -> None:
    text = pl.Series(["29/2/2016 01:16", "05/Mar/24 1:05 PM", None])
    assert instants(text, ["%d/%m/%Y %H:%M", "%d/%b/%y %I:%M %p"]).to_list() == [
        datetime(2016, 2, 29, 1, 16, tzinfo=UTC),
        datetime(2024, 3, 5, 13, 5, tzinfo=UTC),
        None,
    ]


def test_a_year_of_two_digits_is_no_year_of_four() -> None:
    assert dates(pl.Series(["20-10-16", "2016-10-20"]), ("%Y-%m-%d", "%d-%m-%y")).to_list() == [date(2016, 10, 20)] * 2
    assert instants(pl.Series(["20-10-16", "20/10/16"]), ("%Y-%m-%d", "%d/%m/%Y")).to_list() == [None, None]


def test_dates_drop_the_time_of_day() -> None:
    assert dates(pl.Series(["2024-01-31", "2024-01-31T23:59:00Z", "x"])).to_list() == [date(2024, 1, 31)] * 2 + [None]


def test_booleans_and_whole_numbers() -> None:
    assert booleans(pl.Series(["Yes", "0", "TRUE", "maybe"])).to_list() == [True, False, True, None]
    whole = pl.Series(["3", "3.0", "+4", "4.5", "999", "-1", ""])
    assert integers(whole, pl.Int8()).to_list() == [3, 3, 4, None, None, -1, None]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,5", 1.5),
        ("1,234", 1234.0),
        ("1.234,56", 1234.56),
        ("1,234.5", 1234.5),
        ("1 000", 1000.0),
        ("-3", -3.0),
        ("nan", None),
        ("inf", None),
        ("x", None),
    ],
)
def test_numbers_of_either_side_of_the_channel(text: str, number: float | None) -> None:
    assert floats(pl.Series([text])).to_list() == [number]


@settings(deadline=None)
@given(st.datetimes(FIRST, LAST, timezones=st.just(UTC)))
def test_what_is_written_as_iso_reads_back(moment: datetime) -> None:
    assert instants(pl.Series([moment.isoformat()])).to_list() == [moment]


@settings(deadline=None)
@given(st.lists(st.text()))
def test_no_text_breaks_a_reader(texts: list[str]) -> None:
    column = pl.Series(texts, dtype=pl.String)
    for read in (instants(column), dates(column), booleans(column), integers(column, pl.Int32()), floats(column)):
        assert len(read) == len(texts)
