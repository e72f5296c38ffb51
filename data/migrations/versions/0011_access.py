"""Who may look: dated grants, the thresholds of executives, and who signed in."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "access_grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("over", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_grants")),
    )
    op.create_index(op.f("ix_access_grants_subject"), "access_grants", ["subject"])
    op.create_table(
        "access_thresholds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_thresholds")),
    )
    op.create_index(op.f("ix_access_thresholds_branch"), "access_thresholds", ["branch"])
    op.create_table(
        "access_sign_ins",
        sa.Column("sign_in", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("sign_in", name=op.f("pk_access_sign_ins")),
    )
    op.create_index(op.f("ix_access_sign_ins_at"), "access_sign_ins", ["at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_access_sign_ins_at"), "access_sign_ins")
    op.drop_table("access_sign_ins")
    op.drop_index(op.f("ix_access_thresholds_branch"), "access_thresholds")
    op.drop_table("access_thresholds")
    op.drop_index(op.f("ix_access_grants_subject"), "access_grants")
    op.drop_table("access_grants")
