"""`python -m data.migrations "why"`: draft the next revision from what the tables of data.all_tables have
and the database has not.

A draft only: read it, mend it, and give the rows that exist already a value.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command

from data.database import migrating, plain_engine
from data.migrations import config, known, upgrade


def main(why: str) -> None:
    number = f"{int(max(known(), default='0')) + 1:04d}"
    with TemporaryDirectory() as folder:
        engine = plain_engine(f"sqlite:///{Path(folder) / 'draft.db'}")
        with migrating(engine) as connection:
            if known():
                upgrade(connection)
            command.revision(config(connection), message=why, autogenerate=True, rev_id=number)
        engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1])
