"""The sample company in a home: one version, under pseudonyms, with the truth beside it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.home import Home
from data.lake import Lake
from data.sample.company import Sample, make
from data.sample.install import install
from metrics.frames import CONTRACT

NOW = datetime(2026, 10, 19, 8, tzinfo=UTC)

pytestmark = pytest.mark.xdist_group("sample")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("sample") / "home")
    install(home, seed=3, scale=0.02, now=NOW)
    return home


@pytest.fixture(scope="module")
def plain() -> Sample:
    return make(seed=3, scale=0.02)


def test_one_version_holds_every_table_whole(home: Home, plain: Sample) -> None:
    [version] = Lake(home).history()
    assert version.rows == {table: plain.tables[table].height for table in CONTRACT}
    assert version.source == "sample company, seed 3"
    assert version.horizon == plain.tables["events"]["at"].max()


def test_no_plain_id_of_a_person_or_customer_is_kept(home: Home, plain: Sample) -> None:
    for table, column in (("tickets", "customer_id"), ("customers", "customer_id"), ("people", "person_id")):
        kept = Lake(home).scan(table).collect()[column].drop_nulls()
        assert not set(kept) & set(plain.tables[table][column].drop_nulls())
        assert kept.n_unique() == plain.tables[table][column].drop_nulls().n_unique()
    agents = set(Lake(home).scan("events").collect()["agent_id"].drop_nulls())
    assert agents <= set(Lake(home).scan("people").collect()["person_id"])


def test_the_truth_lies_beside_it(home: Home, plain: Sample) -> None:
    assert json.loads((home.path / "planted.json").read_text()) == plain.planted


def test_installing_it_again_changes_nothing(home: Home) -> None:
    install(home, seed=3, scale=0.02, now=NOW)
    assert [v.number for v in Lake(home).history()] == [1]


def test_progress_goes_from_nothing_to_all(tmp_path: Path) -> None:
    said: list[tuple[str, float]] = []
    install(
        Home(tmp_path / "home"), seed=3, scale=0.01, now=NOW, progress=lambda words, share: said.append((words, share))
    )
    done = [share for _, share in said]
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0.0, 1.0)
    assert all(words for words, _ in said)
