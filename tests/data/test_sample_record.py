"""What the sample company's managers recorded: every planted action, each role swap with a buddy, praise passed on."""

import json
from pathlib import Path

import pytest

from data import praise
from data.ask import Company
from data.coaching import actions, swaps
from data.database import open_database
from data.home import Home
from data.sample.record import record
from data.scope import local_scope
from tests.sample_home import copy_of

ADA = local_scope("Ada")


@pytest.mark.slow
def test_what_is_planted_is_recorded_once_and_role_swaps_have_their_buddies(sample: Home, tmp_path: Path) -> None:
    home = Home(tmp_path / "own")
    copy_of(sample, home.path)
    planted = json.loads((home.path / "planted.json").read_text())
    assert record(home, planted, None) == len(planted["actions"])
    with open_database(home) as database:
        made = actions.list_(ADA, database)
        together = sum(len(one["teams"]) for one in planted["programmes"])
        assert len(made) == len(planted["actions"]) + together
        assert all(one.fixed for one in made)
        for one in made:
            agreed, told = swaps.agreed(ADA, database, one.id), swaps.notes(ADA, database, one.id)
            assert (agreed is not None) == (one.play == "role_swap") == bool(told)
        reached = praise.passed_on(ADA, database)
    kind = Company(home).praise(ADA)
    assert set(reached) == set(kind.drop_nulls("passed_on")["key"]) != set()
    assert record(home, planted, None) == len(made)
