"""Another process on the same home: does what each line of its input asks for, and answers each with a line.

`python -m tests.dashboard.server.another HOME`. It stands for a second server, or for a command that somebody types.
"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from data import access, purpose
from data.bringing import take_in
from data.coaching import actions
from data.database import Database, open_database
from data.home import Home
from data.scope import local_scope

ROOT = local_scope("root")
NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)


def record_purpose(_: Home, database: Database, said: str) -> None:
    purpose.keep(ROOT, database, purpose.MADE_UP)


def agree(_: Home, database: Database, said: str) -> None:
    actions.create(
        ROOT, database, team_id="north", play="fifteen_seconds", sign="buck_passing", why=said, starts_on=NOW.date(),
        review_on=NOW.date(), owner=said,
    )  # fmt: skip


def check_in(_: Home, database: Database, said: str) -> None:
    actions.check_in(ROOT, database, 1, said)


def import_(home: Home, _: Database, said: str) -> None:
    take_in(ROOT, home, Path(said))


def withdraw(_: Home, database: Database, said: str) -> None:
    access.withdraw(ROOT, database, int(said))


STEPS: dict[str, Callable[[Home, Database, str], None]] = {
    one.__name__: one for one in (record_purpose, agree, check_in, import_, withdraw)
}


def main() -> None:
    home = Home(Path(sys.argv[1]))
    with open_database(home) as database:
        for line in sys.stdin:
            step, _, said = line.strip().partition(" ")
            STEPS[step](home, database, said)
            print(step, flush=True)


if __name__ == "__main__":
    main()
