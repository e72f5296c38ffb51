"""Retrospectives of teams, run live. What people say has random keys and no author (data/retro/retrospective.py)."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

PARTS = ("seats", "ballots", "cards", "groups", "actions")


def upgrade() -> None:
    op.create_table(
        "retrospectives",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("leader", sa.Text(), nullable=False),
        sa.Column("led_by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("summary", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retrospectives")),
        sa.UniqueConstraint("code", name=op.f("uq_retrospectives_code")),
    )
    op.create_index(op.f("ix_retrospectives_team_id"), "retrospectives", ["team_id"])
    _part("seats", sa.Column("id", sa.Text(), nullable=False))
    _part(
        "ballots",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
    )
    _part(
        "cards",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("own", sa.Text(), nullable=True),
        sa.Column("group_id", sa.Text(), nullable=True),
        sa.UniqueConstraint("own", name=op.f("uq_retrospective_cards_own")),
    )
    _part(
        "groups",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        with_rowid=True,
    )
    _part(
        "actions",
        sa.Column("action_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.ForeignKeyConstraint(["action_id"], ["actions.id"], name=op.f("fk_retrospective_actions_action_id")),
        with_rowid=True,
    )


def _part(
    name: str, key: sa.Column[str] | sa.Column[int], *rest: sa.schema.SchemaItem, with_rowid: bool = False
) -> None:
    """A table of what belongs to a retrospective."""
    table = f"retrospective_{name}"
    op.create_table(
        table,
        key,
        sa.Column("retrospective_id", sa.Integer(), nullable=False),
        *rest,
        sa.PrimaryKeyConstraint(key.name, name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(["retrospective_id"], ["retrospectives.id"], name=op.f(f"fk_{table}_retrospective_id")),
        sqlite_with_rowid=with_rowid,
    )
    op.create_index(op.f(f"ix_{table}_retrospective_id"), table, ["retrospective_id"])


def downgrade() -> None:
    for part in reversed(PARTS):
        table = f"retrospective_{part}"
        op.drop_index(op.f(f"ix_{table}_retrospective_id"), table)
        op.drop_table(table)
    op.drop_index(op.f("ix_retrospectives_team_id"), "retrospectives")
    op.drop_table("retrospectives")
