"""On the sample company no verdict is wrong about what was planted, though many cannot be told at a tenth of it."""

import json
from pathlib import Path

import pytest

from benchmarks.verdicts import counted, scored
from data.home import Home
from data.sample.install import PLANTED
from tests.sample_home import copy_of


@pytest.mark.slow
def test_no_verdict_on_planted_coaching_is_wrong(sample: Home, tmp_path: Path) -> None:
    home = Home(tmp_path / "own")
    copy_of(sample, home.path)
    planted = json.loads((home.path / PLANTED).read_text())
    found = scored(home, planted)
    keys = [one["key"] for one in (*planted["programmes"], *planted["actions"])]
    assert found["action"].to_list() == keys
    assert found.filter(found["is"] == "wrong")["action"].to_list() == []
    assert found.filter(action="a11")["verdict"].to_list() == ["too early"]
    assert counted(found["is"]).split()[1] == "0"
