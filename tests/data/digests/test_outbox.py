"""A message goes out once, whoever sends; what failed is kept; what was cut short is neither repeated nor forgotten."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest

from data.database import Database
from data.digests import outbox
from data.digests.outbox import FAILED, SENDING, WAITING, Kept
from data.digests.sending import Message

MONDAY = datetime(2026, 10, 12, 7, tzinfo=UTC)
WEEK = date(2026, 10, 12)
SAID = Message("Your week", "text", "<p>html</p>", None)


@pytest.fixture
def kept(database: Database) -> Kept:
    return outbox.put(database, "Maria", WEEK, "3f9a", SAID, now=MONDAY)


def only(database: Database) -> Kept:
    (one,) = outbox.unsent(database)
    return one


def test_a_message_is_put_in_once_with_its_newest_words(database: Database, kept: Kept) -> None:
    newer = Message("Your week", "newer", "<p>newer</p>", "BEGIN:VCALENDAR")
    assert outbox.put(database, "Maria", WEEK, "3f9a", newer, now=MONDAY).id == kept.id
    assert only(database) == kept
    assert outbox.claim(database, kept.id, now=MONDAY) == newer


def test_another_week_recipient_or_way_is_another_message(database: Database, kept: Kept) -> None:
    others = [
        outbox.put(database, "Tom", WEEK, "3f9a", SAID, now=MONDAY),
        outbox.put(database, "Maria", WEEK + timedelta(weeks=1), "3f9a", SAID, now=MONDAY),
        outbox.put(database, "Maria", WEEK, "77aa", SAID, now=MONDAY),
    ]
    assert len({kept.id, *(one.id for one in others)}) == 4


def test_who_claims_first_sends_and_nobody_else(database: Database, kept: Kept) -> None:
    assert outbox.claim(database, kept.id, now=MONDAY) == SAID
    assert outbox.claim(database, kept.id, now=MONDAY) is None
    assert (only(database).state, only(database).tries) == (SENDING, 1)
    outbox.done(database, kept.id, None, now=MONDAY)
    assert outbox.unsent(database) == []
    assert outbox.claim(database, kept.id, now=MONDAY) is None
    assert outbox.put(database, "Maria", WEEK, "3f9a", SAID, now=MONDAY).state == outbox.SENT
    assert outbox.claim(database, kept.id, now=MONDAY) is None


def test_many_who_put_and_claim_at_once_send_one(database: Database) -> None:
    together = Barrier(4)

    def one(_: int) -> bool:
        together.wait()
        number = outbox.put(database, "Maria", WEEK, "3f9a", SAID, now=MONDAY).id
        return outbox.claim(database, number, now=MONDAY) is not None

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(one, range(4))) == [False, False, False, True]


def test_what_failed_is_tried_again_for_two_weeks(database: Database, kept: Kept) -> None:
    for tries, days in enumerate((0, 7, 13), start=1):
        at = MONDAY + timedelta(days=days)
        assert outbox.claim(database, kept.id, now=at) == SAID
        outbox.done(database, kept.id, "E-Mail did not take it", now=at)
        assert (only(database).state, only(database).tries) == (FAILED, tries)
        assert only(database).why == "E-Mail did not take it"
    late = MONDAY + timedelta(days=14)
    assert not only(database).is_due(late)
    assert outbox.claim(database, kept.id, now=late) is None


def test_what_was_cut_short_is_told_and_sent_again_only_when_asked(database: Database, kept: Kept) -> None:
    outbox.claim(database, kept.id, now=MONDAY)
    soon, later = MONDAY + timedelta(minutes=14), MONDAY + timedelta(minutes=15)
    assert not only(database).is_lost(soon)
    assert only(database).is_lost(later)
    assert outbox.claim(database, kept.id, now=later) is None
    assert outbox.again(database, now=soon) == 0
    assert outbox.again(database, now=later) == 1
    assert only(database).state == WAITING
    assert outbox.claim(database, kept.id, now=later) == SAID
