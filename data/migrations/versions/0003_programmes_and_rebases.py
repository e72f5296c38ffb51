"""Programmes of several teams, and lasting changes that were acknowledged."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "programmes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("play", sa.Text(), nullable=False),
        sa.Column("sign", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("drawn", sa.Boolean(), nullable=False),
        sa.Column("plan", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes")),
    )
    op.create_table(
        "rebases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("sign", sa.Text(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.Column("undone_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rebases")),
    )
    op.create_index(op.f("ix_rebases_team_id"), "rebases", ["team_id"])
    with op.batch_alter_table("actions") as table:
        table.add_column(sa.Column("programme_id", sa.Integer(), nullable=True))
        table.create_index(op.f("ix_actions_programme_id"), ["programme_id"])
        table.create_foreign_key(op.f("fk_actions_programme_id"), "programmes", ["programme_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("actions") as table:
        table.drop_constraint(op.f("fk_actions_programme_id"), type_="foreignkey")
        table.drop_index(op.f("ix_actions_programme_id"))
        table.drop_column("programme_id")
    op.drop_index(op.f("ix_rebases_team_id"), "rebases")
    op.drop_table("rebases")
    op.drop_table("programmes")
