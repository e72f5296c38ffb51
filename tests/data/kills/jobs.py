"""What is done in the processes that are killed. Imported by their server, with all that they need."""

from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import alembic.command

from data.coaching import actions
from data.database import open_database
from data.erasing import forgetting, retention
from data.home import Home
from data.intake import import_file
from data.keeping.backup import backup
from data.keeping.restore import restore
from data.scope import local_scope
from data.sources import formats
from metrics.frames import CONTRACT
from tests.data.coaching.test_actions_together import a_swap
from tests.data.kills.killing import Say

LOADED = (alembic.command, formats, forgetting, retention)
EVERYONE = local_scope("maria")
NOW = datetime(2026, 10, 19, 9, tzinfo=UTC)


def coach(say: Say, home: Home, turn: int, rounds: int) -> None:
    """Record, edit and check in; say what is confirmed."""
    with open_database(home) as database:
        for number in count() if rounds == 0 else range(rounds):
            made = a_swap(EVERYONE, database, f"turn {turn}.{number}")
            say(("action", made.id, 1))
            actions.edit(EVERYONE, database, made.id, {"why": "y" * 3000}, expected_revision=1)
            say(("action", made.id, 2))
            note = actions.check_in(EVERYONE, database, made.id, "z" * 3000)
            say(("check_in", note.id, 0))


def import_(say: Say, home: Home, file: Path) -> None:
    """Take a file in; say which version that made."""
    say(import_file(home, file).version)


def open_(say: Say, home: Home) -> None:
    """Open the database, which brings it up to date."""
    open_database(home).close()
    say("open")


def back_up(say: Say, home: Home, file: Path) -> None:
    backup(EVERYONE, home, file)
    say(file.name)


def put_back(say: Say, file: Path, home: Home) -> None:
    restore(EVERYONE, file, home)
    say("restored")


def import_quietly(home: Home, file: Path) -> None:
    """Take a file in; a ticket file without a helpdesk's header is one in our own columns."""
    table = file.stem if file.suffix == ".csv" and file.stem in CONTRACT else None
    import_file(home, file, table or ("tickets" if file.suffix == ".csv" else None))


def drop_what_is_old(say: Say, home: Home) -> None:
    with open_database(home) as database:
        retention.keep_to_it(home, database, now=NOW)
        say("dropped")


def forget(say: Say, home: Home, customer: str) -> None:
    with open_database(home) as database:
        forgetting.forget(EVERYONE, home, database, "customer", customer)
        say("forgotten")
