"""Alembic's entry: runs the revisions on the connection that data.database hands over, inside its transaction."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from data.all_tables import Base
from data.migrations import VERSION_TABLE
from data.tables import Instant


def render(kind: str, thing: Any, _: AutogenContext) -> str | Literal[False]:
    """A revision is frozen history: it names the database's own types, not ours, which may change."""
    if kind == "type" and isinstance(thing, Instant):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
    render_item=render,
)
with context.begin_transaction():
    context.run_migrations()
