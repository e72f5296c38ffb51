from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours

from metrics.clock import (
    DEFAULT_CALENDAR,
    Calendar,
    business_minutes,
    deadline,
    end_of_week,
    parse_calendar,
    week,
)

ROME = "Mo-Fr 09:00-18:00; PH off @ Europe/Rome IT"


def instants(*texts: str | None) -> pl.Series:
    values = [datetime.fromisoformat(t).replace(tzinfo=UTC) if t else None for t in texts]
    return pl.Series("at", values, dtype=pl.Datetime("us", "UTC"))


def test_a_calendar_text_names_hours_zone_and_country():
    assert parse_calendar(ROME) == Calendar("Mo-Fr 09:00-18:00; PH off", "Europe/Rome", "IT")
    assert parse_calendar("24/7") == Calendar("24/7", "UTC", None)
    assert parse_calendar("Mo 10:00-12:00 @ Asia/Kolkata").text == "Mo 10:00-12:00 @ Asia/Kolkata"


def test_no_calendar_is_nine_to_five_on_weekdays():
    assert parse_calendar(None) == parse_calendar(" ") == DEFAULT_CALENDAR
    assert DEFAULT_CALENDAR.text == "Mo-Fr 09:00-17:00; PH off @ UTC"
    assert DEFAULT_CALENDAR.day_minutes == 480


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("whenever we like", "is not understood"),
        ("Mo-Fr 09:00-17:00 @ Mars/Olympus", "which does not exist"),
        ("Mo-Fr 09:00-17:00 @ Europe/Rome XX", "whose holidays are not known"),
        ("off", "never opens"),
    ],
)
def test_a_calendar_that_is_none_is_told_in_one_sentence(text: str, says: str):
    with pytest.raises(ValueError, match=says):
        parse_calendar(text)


def test_nights_weekends_and_public_holidays_do_not_count():
    rome = parse_calendar(ROME)
    start = instants("2024-01-05 16:30", "2024-12-24 16:00", "2024-01-06 10:00", None)
    end = instants("2024-01-08 08:30", "2024-12-27 09:00", "2024-01-07 10:00", "2024-01-07 10:00")
    # Friday 17:30 to Monday 09:30 in Rome is 30 + 30; Christmas and Saint Stephen's day are off.
    assert business_minutes(rome, start, end).to_list() == [60, 60 + 60, 0, None]


def test_the_clocks_change_and_nine_o_clock_stays_nine_o_clock():
    rome = parse_calendar(ROME)
    before, after = instants("2024-03-29 08:00"), instants("2024-04-02 07:00")
    # Friday 09:00 (UTC+1) to Tuesday 09:00 (UTC+2): one whole Friday, Easter Monday off.
    assert business_minutes(rome, before, after).to_list() == [540]
    assert deadline(rome, before, pl.Series([541])).to_list() == [datetime(2024, 4, 2, 7, 1, tzinfo=UTC)]


def test_an_end_before_the_start_is_no_time_at_all():
    assert business_minutes(DEFAULT_CALENDAR, instants("2024-01-03 12:00"), instants("2024-01-03 11:00")).to_list() == [
        0
    ]


def test_a_deadline_outside_hours_is_at_the_next_open_minute():
    start = instants("2024-01-05 16:59", "2024-01-06 03:00", "2024-01-03 10:00:59", None)
    due = deadline(DEFAULT_CALENDAR, start, pl.Series([1, 60, 0, 5]))
    assert due.to_list() == [
        datetime(2024, 1, 5, 17, 0, tzinfo=UTC),
        datetime(2024, 1, 8, 10, 0, tzinfo=UTC),
        datetime(2024, 1, 3, 10, 0, tzinfo=UTC),
        None,
    ]


def test_a_week_begins_on_the_local_monday():
    sunday_night = instants("2024-01-07 23:30", "2024-01-07 22:30")
    assert week("Europe/Rome", sunday_night).to_list() == [date(2024, 1, 8), date(2024, 1, 1)]
    assert end_of_week("Europe/Rome", date(2024, 1, 1)) == datetime(2024, 1, 7, 23, 0, tzinfo=UTC)


CALENDARS = [
    "Mo-Fr 09:00-17:00; PH off",
    ROME,
    "Mo-Su 22:00-06:00 @ America/New_York US",
    "Mo,We,Sa 10:15-12:45,14:00-16:00 @ Asia/Kathmandu",
    "24/7 @ Australia/Lord_Howe",
    "Su 00:00-05:00 @ Europe/Berlin DE",
]
moments = st.integers(0, 210 * 24 * 60 * 60).map(
    lambda seconds: datetime(2023, 10, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


def naive_minutes(text: str, start: datetime, end: datetime) -> int:
    """Ask the library of each minute whether the team is at work in it."""
    hours, _, place = text.partition(" @ ")
    zone, country = ([*place.split(), None, None])[:2]
    oh = OpeningHours(hours, timezone=ZoneInfo(zone or "UTC"), country=country)
    here = ZoneInfo(zone or "UTC")
    minute, count = start.replace(second=0, microsecond=0), 0
    while minute < end.replace(second=0, microsecond=0):
        # The wall clock of the minute, for the library's zone objects are ZoneInfo's.
        count += oh.is_open(minute.astimezone(here))
        minute += timedelta(minutes=1)
    return count


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(CALENDARS), moments, st.integers(0, 3 * 24 * 60))
def test_business_minutes_are_those_counted_minute_by_minute(text: str, start: datetime, span: int):
    end = start + timedelta(minutes=span)
    series = (pl.Series([start]).cast(pl.Datetime("us", "UTC")), pl.Series([end]).cast(pl.Datetime("us", "UTC")))
    assert business_minutes(parse_calendar(text), *series).item() == naive_minutes(text, start, end)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(CALENDARS), moments, st.integers(1, 5000))
def test_a_deadline_undoes_a_duration(text: str, start: datetime, minutes: int):
    calendar = parse_calendar(text)
    at = pl.Series([start]).cast(pl.Datetime("us", "UTC"))
    due = deadline(calendar, at, pl.Series([minutes]))
    assert business_minutes(calendar, at, due).item() == minutes
    assert business_minutes(calendar, at, due - timedelta(minutes=1)).item() == minutes - 1
