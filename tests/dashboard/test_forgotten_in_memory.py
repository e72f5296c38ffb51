"""What a server keeps in memory goes when somebody was forgotten: the next page is of what is left."""

import gc
import weakref
from pathlib import Path

import pytest
import streamlit as st

from dashboard import cached
from data.database import open_database
from data.derived import derive
from data.erasing import versions
from data.erasing.forgetting import forget
from data.home import Home
from data.intake import import_file
from data.scope import local_scope

TICKETS = """ticket_id,customer_id,opened_at,team_id
t1,C-1,2024-05-06 09:00,north
t2,C-2,2024-05-07 09:00,north
"""
MARIA = local_scope("maria")


@pytest.fixture(autouse=True)
def _nothing_is_kept_for_other_tests() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()


def test_a_company_that_holds_somebody_who_was_forgotten_is_let_go(tmp_path: Path) -> None:
    home, file = Home(tmp_path / "home"), tmp_path / "tickets.csv"
    file.write_text(TICKETS)
    import_file(home, file)
    derive(home)
    reads = cached.reads(home, MARIA)
    assert reads is not None
    held = weakref.ref(reads.company)
    reads.teams()
    with open_database(home) as database:
        forget(MARIA, home, database, "customer", "C-1")
    after = cached.reads(home, MARIA)
    assert after is not None
    assert (reads.version, after.version) == (1, 2)
    del reads
    gc.collect()
    assert held() is None
    assert after.company.freshness()
    assert versions.made_any(home, 1, 2)
    assert not versions.made_any(home, 0, 1)
