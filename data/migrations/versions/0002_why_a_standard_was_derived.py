"""Say of each derived standard why it is as it is; a standard is in whole minutes."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("standards") as table:
        table.add_column(sa.Column("reason", sa.Text(), nullable=True))
        _retype(table, sa.Double(), sa.Integer())
    with op.batch_alter_table("standard_overrides") as table:
        _retype(table, sa.Double(), sa.Integer())


def downgrade() -> None:
    with op.batch_alter_table("standard_overrides") as table:
        _retype(table, sa.Integer(), sa.Double())
    with op.batch_alter_table("standards") as table:
        _retype(table, sa.Integer(), sa.Double())
        table.drop_column("reason")


def _retype(table: BatchOperations, old: sa.types.TypeEngine[Any], new: sa.types.TypeEngine[Any]) -> None:
    table.alter_column("standard_minutes", existing_type=old, type_=new, existing_nullable=True)
