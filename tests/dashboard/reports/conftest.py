"""One review of the sample company, made once for all tests of its renderings."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest

from dashboard.reports import frozen, rendering
from data.ask import Company
from data.database import Database, open_database
from data.home import Home
from data.lake import Lake
from data.reviewing import periods
from data.reviewing.reviews import Review
from data.scope import local_scope
from tests.data.coached import agreed, ended, planned
from tests.sample_home import copy_of, sample_home

SCOPE = local_scope("maria")
NOW = datetime(2026, 10, 20, 9, 30, 15, 123456, tzinfo=UTC)
# What could be read as a formula, as typst's or Markdown's markup, or has no letter in the shipped typeface.
TYPED = ("=HYPERLINK(1)", "#panic[no] $x$ *bold* <script> _a_ @b \\ `c`", "W" * 200)


COACHED = ("north-bills", "south-bills")


class Made(NamedTuple):
    home: Home
    database: Database
    review: Review
    files: dict[str, bytes]


@pytest.fixture(scope="package")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """The review of the third quarter, and its three files as they were rendered first."""
    base = tmp_path_factory.getbasetemp()
    sample = sample_home(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)
    home = Home(tmp_path_factory.mktemp("reviewed") / "home")
    copy_of(sample, home.path)
    with pytest.MonkeyPatch.context() as patch, open_database(home) as database:
        patch.setenv("HEARTLINE_ADDRESS", "https://heartline.example.com")
        for team in COACHED:
            _coached(home, database, team)
        told = frozen.review(Company(home), SCOPE, database, periods.parse("2026-Q3"), asks=TYPED, now=NOW)
        files = {kind: rendering.render(database, told.review, kind).content for kind in rendering.KINDS}
        yield Made(home, database, told.review, files)


def _coached(home: Home, database: Database, team: str) -> None:
    """An action that began before the period and ended in it."""
    start = date(2026, 5, 4)
    fixed = planned(SCOPE, Company(home), database, team_ids=[team], starts_on=start, on=start)
    told = {"team_id": team, "starts_on": start, "review_on": date(2026, 8, 3), "fixed": fixed}
    ended(SCOPE, database, agreed(SCOPE, database, **told))


@pytest.fixture(scope="package")
def renamed(made: Made) -> Made:
    """The same home after a review of North was made, and an import gave each branch and team another name."""
    frozen.review(Company(made.home, 1), SCOPE, made.database, periods.parse("2026-Q3"), branch="North", now=NOW)
    teams = Lake(made.home).scan("teams", 1).drop("part").collect()
    other = teams.with_columns(branch=pl.col("branch") + " Coast", name=pl.col("name") + " II")
    Lake(made.home).write({"teams": other}, "renamed", NOW)
    return made


@pytest.fixture
def written(made: Made, tmp_path: Path) -> dict[str, Path]:
    """The three files on disk."""
    paths = {kind: tmp_path / f"review.{kind}" for kind in made.files}
    for kind, path in paths.items():
        path.write_bytes(made.files[kind])
    return paths
