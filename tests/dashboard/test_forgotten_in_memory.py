"""What a server keeps in memory goes when somebody was forgotten: the next page is of what is left."""

import gc
import weakref
from datetime import date
from pathlib import Path

import pytest
import streamlit as st

from dashboard import cached
from data import praise
from data.database import open_database
from data.derived import derive
from data.erasing import versions
from data.erasing.forgetting import forget, mask_in_database
from data.erasing.mentions import MASK, mask_of
from data.home import Home
from data.intake import import_file
from data.scope import local_scope

TICKETS = """ticket_id,customer_id,opened_at,team_id
t1,C-1,2024-05-06 09:00,north
t2,C-2,2024-05-07 09:00,north
"""
TEAMS = "team_id,name,branch,function,line,manager,calendar\nnorth,North,N,front_office,1,,\n"
EVENTS = """ticket_id,at,kind,team_id,actor
t1,2024-05-06 09:00,opened,north,customer
t1,2024-05-06 09:30,resolved,north,agent
t2,2024-05-20 09:00,opened,north,customer
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


def test_a_name_that_was_masked_in_what_people_wrote_is_on_no_page_that_was_read_before(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    for name, rows in (("teams", TEAMS), ("tickets", TICKETS), ("events", EVENTS)):
        file = tmp_path / f"{name}.csv"
        file.write_text(rows)
        import_file(home, file, name)
    derive(home)
    with open_database(home) as database:
        praise.add(MARIA, database, team_id="north", words="Jo Doe was so kind", said_on=date(2024, 5, 7))
        before = cached.reads(home, MARIA)
        assert before is not None
        assert before.praise("north", 8)["words"].to_list() == ["Jo Doe was so kind"]
        assert mask_in_database(MARIA, home, database, mask_of(["Jo Doe"])) == 1
        after = cached.reads(home, MARIA)
        assert after is not None
        assert after.praise("north", 8)["words"].to_list() == [f"{MASK} was so kind"]
        assert mask_in_database(MARIA, home, database, mask_of(["Jo Doe"])) == 0
