"""How the database came to be as it is: one revision a file in versions/, each named by its number.

Run by data.database when it opens. Alembic is imported only when there is something to do: it takes a while.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, column, inspect, select, table

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parent
# Alembic's own default name is left to other programs that may live in the same server database.
VERSION_TABLE = "heartline_version"


def known() -> list[str]:
    """The numbers of all revisions that this program knows, oldest first."""
    return sorted(path.stem.split("_")[0] for path in (HERE / "versions").glob("[0-9]*.py"))


def revision_of(connection: Connection) -> str | None:
    """Which revision does this database stand at? None: it was never set up."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.scalar(select(column("version_num")).select_from(table(VERSION_TABLE)))


def upgrade(connection: Connection, to: str = "head") -> None:
    """Bring the database up to revision `to`, inside the transaction that the caller has begun."""
    from alembic import command

    command.upgrade(config(connection), to)


def downgrade(connection: Connection, to: str) -> None:
    """Take the database back to revision `to` ("base": to nothing), inside the caller's transaction."""
    from alembic import command

    command.downgrade(config(connection), to)


def config(connection: Connection) -> "Config":
    """Alembic's settings, made in code so that an installed package needs no alembic.ini."""
    from alembic.config import Config

    made = Config(attributes={"connection": connection})
    made.set_main_option("script_location", str(HERE).replace("%", "%%"))
    made.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return made
