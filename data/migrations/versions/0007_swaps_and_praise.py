"""Plays taken up by role swap, and praise passed on."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "swaps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Double(), nullable=False),
        sa.Column("buddy", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("hours > 0", name=op.f("ck_swaps_some_hours")),
        sa.ForeignKeyConstraint(["action_id"], ["actions.id"], name=op.f("fk_swaps_action_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swaps")),
    )
    op.create_index(op.f("ix_swaps_action_id"), "swaps", ["action_id"])
    op.create_table(
        "swap_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["actions.id"], name=op.f("fk_swap_notes_action_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swap_notes")),
    )
    op.create_index(op.f("ix_swap_notes_action_id"), "swap_notes", ["action_id"])
    op.create_table(
        "praise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_praise")),
    )
    op.create_index(op.f("ix_praise_team_id"), "praise", ["team_id"])
    op.create_table(
        "praise_passed_on",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("praise", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("passed_on", sa.Date(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_praise_passed_on")),
    )
    op.create_index(op.f("ix_praise_passed_on_praise"), "praise_passed_on", ["praise"])


def downgrade() -> None:
    op.drop_index(op.f("ix_praise_passed_on_praise"), "praise_passed_on")
    op.drop_table("praise_passed_on")
    op.drop_index(op.f("ix_praise_team_id"), "praise")
    op.drop_table("praise")
    op.drop_index(op.f("ix_swap_notes_action_id"), "swap_notes")
    op.drop_table("swap_notes")
    op.drop_index(op.f("ix_swaps_action_id"), "swaps")
    op.drop_table("swaps")
