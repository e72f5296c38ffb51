"""The record of who did what: rows are added in a chain, and the database refuses to change or drop them."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

REFUSAL = "the record is only added to"


def upgrade() -> None:
    op.create_table(
        "record_entries",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_record_entries")),
    )
    op.create_index(op.f("ix_record_entries_at"), "record_entries", ["at"])
    op.create_index(op.f("ix_record_entries_about"), "record_entries", ["about"])
    if op.get_bind().dialect.name == "sqlite":
        _refuse_in_sqlite()
    else:
        _refuse_in_postgresql()


def _refuse_in_sqlite() -> None:
    for what in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER record_no_{what.lower()} BEFORE {what} ON record_entries "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
    # INSERT OR REPLACE would drop the row that it replaces without asking the trigger above.
    op.execute(
        "CREATE TRIGGER record_no_replace BEFORE INSERT ON record_entries "
        "WHEN EXISTS (SELECT 1 FROM record_entries WHERE number >= NEW.number) "
        "BEGIN SELECT RAISE(ABORT, 'the record is only added to'); END"
    )


def _refuse_in_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION heartline_record_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER record_no_change BEFORE UPDATE OR DELETE ON record_entries "
        "FOR EACH ROW EXECUTE FUNCTION heartline_record_refuses()"
    )
    op.execute(
        "CREATE TRIGGER record_no_truncate BEFORE TRUNCATE ON record_entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION heartline_record_refuses()"
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_record_entries_about"), "record_entries")
    op.drop_index(op.f("ix_record_entries_at"), "record_entries")
    op.drop_table("record_entries")  # its triggers go with it
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION heartline_record_refuses()")
