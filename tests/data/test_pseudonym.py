"""Ids go under pseudonyms: the same id always under the same one, and nobody without the key can tell whose."""

import hmac
import re
import stat
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal, assert_series_equal

from data.errors import Trouble
from data.home import Home
from data.lake import Lake
from data.pseudonym import KEY_BYTES, hide, key_of_home, pseudonym, pseudonyms
from tests.builders import ticket, tickets
from tests.data.importing import NOW

KEY = bytes(range(32))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_a_pseudonym_is_the_first_half_of_the_keyed_hash() -> None:
    expected = hmac.new(KEY, b"customer\x00anna", sha256).hexdigest()[:32]
    assert pseudonym(KEY, "customer_id", "anna") == f"p_{expected}"
    assert pseudonym(bytes(32), "customer_id", "anna") != f"p_{expected}"


def test_agents_and_people_join_and_customers_are_others() -> None:
    assert pseudonym(KEY, "agent_id", "7") == pseudonym(KEY, "person_id", "7") != pseudonym(KEY, "customer_id", "7")


def test_a_column_at_once_is_as_one_by_one_and_twice_is_as_once() -> None:
    ids = pl.Series("customer_id", ["b", None, "a", "b", "p_" + "0" * 32])
    once = pseudonyms(KEY, "customer_id", ids)
    one_by_one = [
        value and (value if value.startswith("p_") else pseudonym(KEY, "customer_id", value)) for value in ids
    ]
    assert once.to_list() == one_by_one
    assert_series_equal(pseudonyms(KEY, "customer_id", once), once)


def test_only_the_tables_secret_columns_are_hidden() -> None:
    frame = pl.DataFrame({"ticket_id": ["T1"], "customer_id": ["c"], "agent_id": ["a"], "team_id": ["t"]})
    hidden = hide(KEY, "tickets", frame)
    assert_frame_equal(hidden.select("ticket_id", "team_id"), frame.select("ticket_id", "team_id"))
    assert all(re.fullmatch("p_[0-9a-f]{32}", str(hidden[name][0])) for name in ("customer_id", "agent_id"))


def test_the_key_is_made_once_and_only_its_owner_may_read_it(home: Home) -> None:
    key = key_of_home(home)
    assert len(key) == KEY_BYTES
    assert key_of_home(home) == key
    assert stat.S_IMODE(home.key.stat().st_mode) == 0o600
    there = {path.name for path in home.path.iterdir() if path.suffix != ".lock"}
    assert there == {"key", "record.anchor"}  # together: no anchor means that somebody took it away


def test_a_lost_key_beside_data_is_not_made_anew(home: Home) -> None:
    Lake(home).write({"tickets": tickets(ticket("t1"))}, "test", NOW)
    home.key.unlink()
    with pytest.raises(Trouble, match="is missing although there is data"):
        key_of_home(home)
    assert not home.key.exists()


def test_a_damaged_key_is_said(home: Home) -> None:
    home.path.mkdir()
    home.key.write_bytes(b"short")
    with pytest.raises(Trouble, match="is damaged"):
        key_of_home(home)
