"""The record: who did what, in a chain that shows tampering."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from data import record, record_chain, recorded
from data.all_tables import Base
from data.database import Database, open_database
from data.home import Home
from data.record_tables import RecordRow
from data.scope import Scope, local_scope, manager_scope


@pytest.fixture(autouse=True)
def _nobody_looked_yet() -> None:
    record._seen.clear()


def rows(database: Database) -> list[tuple[int, str, str, str, dict[str, object]]]:
    with database.reading() as session:
        found = session.scalars(sa.select(RecordRow).order_by(RecordRow.number))
        return [(row.number, row.who, row.what, row.about, row.detail) for row in found]


def test_what_is_noted_is_there_in_order(database: Database, everyone: Scope) -> None:
    record.note(database, everyone, "export", "north", rows=12, until=datetime(2026, 10, 5, tzinfo=UTC))
    record.note(database, "cron", "retention")
    assert rows(database) == [
        (1, "maria", "export", "north", {"rows": 12, "until": "2026-10-05T00:00:00+00:00"}),
        (2, "cron", "retention", "", {}),
    ]


def test_every_table_is_recorded_or_it_is_said_why_not() -> None:
    assert {*recorded.RECORDED} | {*recorded.UNRECORDED} == {*Base.metadata.tables}
    assert not {*recorded.RECORDED} & {*recorded.UNRECORDED}


def test_a_look_is_noted_once_an_hour_by_asker_team_and_page(database: Database, everyone: Scope) -> None:
    ada = manager_scope("ada", frozenset({"north"}))
    for scope, team, page in (
        (ada, "north", "Team"),
        (ada, "north", "Team"),
        (ada, "north", "Empathy"),
        (everyone, "north", "Team"),
    ):
        record.looked(database, scope, team, page)
    record._seen.clear()  # another process of the server asks the database
    record.looked(database, ada, "north", "Team")
    assert [(who, detail["page"], detail["role"]) for _, who, _, _, detail in rows(database)] == [
        ("ada", "Team", "manager"),
        ("ada", "Empathy", "manager"),
        ("maria", "Team", "admin"),
    ]
