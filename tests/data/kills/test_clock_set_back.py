"""The clock is set back between two writes: order, versions, revisions and the record stay right."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data import clock, record
from data.check import findings
from data.coaching import actions
from data.database import Database
from data.home import Home
from data.intake import import_file
from data.lake import Lake
from data.scope import Scope
from tests.data.kills import jobs
from tests.data.kills.rounds import log, whole

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """What the clock says: the last of the list."""
    said = [NOON]
    monkeypatch.setattr(clock, "now", lambda: said[-1])
    return said


def test_what_is_written_later_comes_later(database: Database, everyone: Scope, at: list[datetime]) -> None:
    made = jobs.a_swap(jobs.EVERYONE, database, "first")
    at.append(NOON - timedelta(hours=3))
    edited = actions.edit(everyone, database, made.id, {"why": "second"}, expected_revision=1)
    notes = [actions.check_in(everyone, database, made.id, f"note {number}").id for number in range(2)]
    at.append(NOON - timedelta(days=400))
    notes.append(actions.check_in(everyone, database, made.id, "note 2").id)
    past = actions.history(everyone, database, made.id)
    assert [change.revision for change in past] == list(range(1, len(past) + 1))
    assert (edited.revision, actions.get(everyone, database, made.id).why) == (2, "second")
    assert notes == sorted(notes)
    assert [one.words for one in actions.check_ins(everyone, database, made.id)] == [f"note {n}" for n in range(3)]
    with database.reading() as session:
        number, _ = record.head(session)
    assert number >= 5
    assert [one.what for one in findings(database.home) if one.level == "broken"] == []


def test_the_newest_version_is_the_one_that_was_imported_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: list[datetime]
) -> None:
    monkeypatch.delenv("HEARTLINE_DATABASE_URL", raising=False)
    home = Home(tmp_path / "home")
    for round_ in (1, 2, 3):
        at.append(NOON - timedelta(days=30 * round_))
        import_file(home, log(tmp_path, round_), now=at[-1])
        assert whole(home) == round_
    history = Lake(home).history()
    assert [version.number for version in history] == [1, 2, 3]
    assert [version.at for version in history] == sorted(
        (version.at for version in history if version.at), reverse=True
    )
