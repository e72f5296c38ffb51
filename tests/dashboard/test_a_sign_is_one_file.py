"""A new sign is one file: put beside the others it stands on the command line, on the pages, in the passport."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from typer.testing import CliRunner

from data import derived
from data.home import Home
from metrics import sign, signs
from tests.dashboard.conftest import Open, text

FILE = '''
"""Do people write at night?"""

from datetime import timedelta

import polars as pl

from metrics.facts import Facts
from metrics.sign import STRATUM, Sign


def rows(facts: Facts) -> pl.LazyFrame:
    late = pl.col("opened_at").dt.hour() >= 18
    held = pl.col("first_team_id").alias("team_id")
    return facts.tickets.select("ticket_id", held, pl.col("opened_at").alias("at"), *STRATUM, counted=late)


SIGN = Sign(
    key="night_letters",
    asks="do people write at night?",
    counts="tickets opened after six in the evening",
    of="tickets that came to the team first",
    dated_by="when the ticket was opened",
    clock="calendar",
    rows=rows,
    matures=timedelta(0),
    needs=("tickets.opened_at",),
    caveat="Night is told in UTC.",
)
'''


@pytest.fixture
def with_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One file more in the folder of signs."""
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "night_letters.py").write_text(FILE)
    monkeypatch.setattr(signs, "__path__", [*signs.__path__, str(tmp_path / "more")])
    forget()
    yield
    monkeypatch.undo()
    forget()


def forget() -> None:
    """What is kept for the life of a process: the list of signs, the state of the code, the pages' answers."""
    for kept in (sign.all_signs, sign.counted_signs, derived.fingerprint):
        kept.cache_clear()
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.mark.usefixtures("with_another")
def test_one_file_more_is_one_sign_more_everywhere(own: Home, shown: Open) -> None:
    from dashboard.cli import app

    told = CliRunner().invoke(app, ["signs", "--home", str(own.path), "--format", "json"])
    readings = [one for one in json.loads(told.stdout)["readings"] if one["sign"] == "night_letters"]
    assert 30 < len(readings) < 40  # of 40 teams two small ones are read with a sibling
    measured = [one for one in readings if one["n"]]
    assert len(measured) > 30
    team = measured[0]["team_id"]
    page = text(shown(own, "team", team=team, sign="night_letters"))
    assert "Do people write at night?" in page
    assert "Night is told in UTC." in page
    assert "tickets opened after six in the evening" in text(shown(own, "method"))


def test_every_sign_of_the_definitions_is_listed(sample: Home) -> None:
    from dashboard.cli import app

    definitions = (Path(__file__).parents[2] / "docs" / "definitions.md").read_text()
    table = definitions.split("## The signs")[1].split("\n## ")[0]
    defined = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("| ")][1:]
    told = CliRunner().invoke(app, ["signs", "--home", str(sample.path), "--format", "json"])
    listed = {one["sign"] for one in json.loads(told.stdout)["readings"]}
    assert set(defined) == listed
    assert len(listed) == 10
