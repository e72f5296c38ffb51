"""Forgetting where much lies: a person and a customer of the sample company; and a database in PostgreSQL."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from data.coaching import actions
from data.database import Database, open_database
from data.derived import derive
from data.erasing.forgetting import forget
from data.erasing.mentions import clean_up, mask, mask_of, mentions
from data.erasing.proof import look
from data.home import Home
from data.lake import Lake
from data.record_reading import verify
from data.scope import Scope, local_scope
from tests.data.erasing.test_forgetting import everywhere
from tests.sample_home import copy_of

NOW = datetime(2026, 10, 19, 9, tzinfo=UTC)
# Counted against what all teams did with a kind of ticket: fewer tickets anywhere move the others' a little.
POOLED = ("slow_simple", "small_complaints", "uneven_treatment")


def an_action(database: Database, scope: Scope, why: str) -> None:
    day = NOW.date()
    actions.create(
        scope, database, team_id="north", play="fifteen_seconds", sign="buck_passing", why=why, starts_on=day,
        review_on=day, owner="Ada", now=NOW,
    )  # fmt: skip


def test_names_are_found_shown_and_masked_in_whatever_people_wrote(database: Database, everyone: Scope) -> None:
    an_action(database, everyone, "We spoke with jo  DOE, and with Joanna Doe, about it")
    pattern = mask_of(["Jo Doe", " "])
    with database.reading() as session:
        found = mentions(session, pattern)
    assert {one.table for one in found} == {"actions", "action_versions"}
    assert "We spoke with jo DOE, and" in found[0].excerpt
    with database.writing() as session:
        assert mask(session, pattern) == len(found)
    clean_up(database)
    assert actions.list_(everyone, database)[0].why == "We spoke with [forgotten], and with Joanna Doe, about it"
    with database.reading() as session:
        assert mentions(session, pattern) == []
    assert verify(database).wrong is None


def test_a_pseudonym_in_the_database_is_found_by_the_proof_and_gone_afterwards(
    database: Database, everyone: Scope
) -> None:
    name = "p_" + "0a" * 16
    an_action(database, everyone, f"Look at {name}")
    found = look(database.home, database, [name], None, lambda *_: None).of("the pseudonym")
    assert "the table actions of the database" in {one.where for one in found}
    forget(everyone, database.home, database, "customer", name, now=NOW)
    assert look(database.home, database, [name], None, lambda *_: None).found == []
    assert actions.list_(everyone, database)[0].why == "Look at [forgotten]"


@pytest.mark.slow
def test_in_the_sample_company_nothing_is_left_and_other_teams_read_as_before(sample: Home, tmp_path: Path) -> None:
    home, everyone = copy_of(sample, tmp_path / "copy"), local_scope("maria")
    lake = Lake(home)
    tickets = lake.scan("tickets").drop_nulls("customer_id").collect()
    customer = str(tickets.group_by("customer_id").len().sort("len", "customer_id")["customer_id"][-1])
    mine = tickets.filter(pl.col("customer_id") == customer)["ticket_id"]
    held = lake.scan("events").filter(pl.col("ticket_id").is_in(mine.to_list())).collect()["team_id"].drop_nulls()
    touched = set(held) | set(tickets.filter(pl.col("customer_id") == customer)["team_id"].drop_nulls())
    touched |= set(lake.scan("orders").filter(pl.col("customer_id") == customer).collect()["team_id"].drop_nulls())
    person = str(lake.scan("people").collect()["person_id"][0])
    before = derive(home).counts
    rows = lake.current().rows
    with open_database(home) as database:
        forget(everyone, home, database, "customer", customer, now=NOW)
        assert everywhere(home, [customer]) == []
        after = derive(home).counts
        others = ~pl.col("team_id").is_in(list(touched)) & ~pl.col("sign").is_in(POOLED)
        assert_same(before.filter(others), after.filter(others))
        forget(everyone, home, database, "person", person, now=NOW)
        assert everywhere(home, [customer, person]) == []
        assert look(home, database, [customer, person], None, lambda *_: None).found == []
        assert verify(database).wrong is None
    now = lake.current().rows
    assert now["tickets"] == rows["tickets"] - len(mine)
    assert {name: now[name] for name in ("teams", "surveys")} == {name: rows[name] for name in ("teams", "surveys")}


def assert_same(one: pl.DataFrame, other: pl.DataFrame) -> None:
    told = [name for name, kind in one.schema.items() if not kind.is_float()]
    gone, come = (
        one.join(other, on=told, how="anti", nulls_equal=True),
        other.join(one, on=told, how="anti", nulls_equal=True),
    )
    assert (gone.height, come.height) == (0, 0), (gone.to_dicts()[:5], come.to_dicts()[:5])
