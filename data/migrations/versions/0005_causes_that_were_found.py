"""What a manager found behind a signal, and what they ruled out."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "found_causes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("sign", sa.Text(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("ruled_out", sa.Text(), nullable=True),
        sa.Column("action_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["actions.id"], name=op.f("fk_found_causes_action_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_found_causes")),
    )
    op.create_index(op.f("ix_found_causes_team_id"), "found_causes", ["team_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_found_causes_team_id"), "found_causes")
    op.drop_table("found_causes")
