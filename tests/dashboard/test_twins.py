"""What pages on teams, their files, commands and the digest tell of two companies that differ within a small group
alone is the same, to the letter: so nothing that rests on the difference is told by any of them, now or later.

Frozen reviews are left to the attacker: sums of what is expected may differ in their last binary digit there.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
import streamlit as st
from typer.testing import CliRunner

from dashboard import cli, digest, menu
from data.ask import Company
from data.database import open_database
from data.digests.recipients import Recipient
from data.home import Home
from metrics.sign import all_signs
from tests import twins
from tests.dashboard.routes import Offered, page, recording, shown
from tests.dashboard.test_every_route import RUNS
from tests.data.conftest import switched_off  # noqa: F401 - a fixture
from tests.twins import Twin

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("twins")]
UNIT = "desk~night"
OF_TEAM = ("overview", "team", "empathy", "handoffs", "coaching", "standards", "review", "data")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Twin]]:
    made = [Twin(Home(tmp_path_factory.mktemp(f"twin{other:d}") / "home"), other) for other in (False, True)]
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("HEARTLINE_DATABASE_URL", raising=False)
        for one in made:
            twins.fill(one)
    yield made
    st.cache_data.clear()
    st.cache_resource.clear()


def test_the_twins_differ_in_what_each_small_team_did(both: list[Twin]) -> None:
    first, second = (Company(one.home).made.counts for one in both)
    assert not first.equals(second)


def asked() -> Iterator[tuple[str, dict[str, str]]]:
    for name in OF_TEAM:
        yield name, {}
        for team in ("desk", UNIT, "bills"):
            yield name, {"team": team}
    for sign in all_signs():
        yield "team", {"team": UNIT, "sign": sign}
    yield "overview", {"channel": "phone"}
    yield "team", {"team": UNIT, "channel": "mail", "category": "loss"}
    for number in range(1, 6):
        yield "coaching", {"action": str(number)}
    yield "coaching", {"team": "desk", "plan": "1"}
    yield "playbook", {"play": "fifteen_seconds"}
    for way in ({"from": UNIT, "to": "bills"}, {"from": "bills", "to": UNIT}, {"from": "desk", "to": "web"}):
        yield "handoffs", way
    for ticket in ("tdesk10-3", "tdesk11-3", "tnight30-2", "tbills31-4"):
        yield "team", {"team": UNIT, "ticket": ticket}


def told(twin: Twin, monkeypatch: pytest.MonkeyPatch, which: list[tuple[str, dict[str, str]]]) -> dict[str, str]:
    """What these pages show, and the files that they offer."""
    monkeypatch.setenv("HEARTLINE_HOME", str(twin.home.path))
    files = Offered()
    monkeypatch.setattr(st, "download_button", recording(files))
    found = {}
    for name, query in which:
        found[f"{name} {query}"] = plainly(twin, shown(page(name, query)))
        found |= {f"{name} {query}: {key}": plainly(twin, content) for key, content in files.opened().items()}
    return found


def plainly(twin: Twin, text: str) -> str:
    """Without what is drawn by lot for each screen, where the home is, and to the second when a file was made."""
    return re.sub(r"[0-9a-f]{32,}|T\d\d:\d\d:\d\dZ", "#", text.replace(str(twin.home.path), "HOME"))


def differing(both: list[Twin], monkeypatch: pytest.MonkeyPatch, which: list[tuple[str, dict[str, str]]]) -> list[str]:
    first, second = (told(one, monkeypatch, which) for one in both)
    assert first.keys() == second.keys()
    return [key for key, text in first.items() if text != second[key]]


def test_every_page_and_file_tells_the_same_of_both(both: list[Twin], monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(OF_TEAM) <= {one.name for one in menu.PAGES}
    assert differing(both, monkeypatch, list(asked())) == []


def test_where_nothing_is_withheld_most_of_them_differ(
    both: list[Twin],
    switched_off: None,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    st.cache_data.clear()
    st.cache_resource.clear()
    which = [(name, {"team": "desk"}) for name in ("overview", "team", "handoffs")] + [("coaching", {"action": "1"})]
    assert len(differing(both, monkeypatch, which)) == len(which)
    st.cache_data.clear()
    st.cache_resource.clear()


def test_every_command_tells_the_same_of_both(
    both: list[Twin], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    runs = [call for call in RUNS if call[0] not in {"plan", "retrospective"}]
    runs.append(("plan", UNIT, "--sign", "buck_passing", "--starts", "2024-11-11", "--format", "json"))
    for call in runs:
        first, second = (ran(one, call, monkeypatch, tmp_path / f"{one.other:d}") for one in both)
        assert first == second, call


def ran(twin: Twin, call: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, folder: Path) -> str:
    monkeypatch.setenv("HEARTLINE_HOME", str(twin.home.path))
    folder.mkdir(exist_ok=True)
    done = CliRunner().invoke(cli.app, [word.format(folder=folder) for word in call])
    assert done.exit_code == 0, (call, done.output)
    rows = "".join(pl.read_parquet(path).write_csv() for path in folder.iterdir())
    for path in folder.iterdir():
        path.unlink()
    return plainly(twin, done.output).replace(str(folder), "FOLDER") + rows


def test_the_digest_tells_the_same_of_both(both: list[Twin]) -> None:
    reader = Recipient("Ada", ("desk", "night", "bills"), ())
    week = twins.FIRST.fromordinal(twins.NOW.date().toordinal() - 7)
    found = []
    for one in both:
        with open_database(one.home) as database:
            made = digest.gather(Company(one.home), database, reader, week, twins.NOW.date())
        found.append([(part.title, part.count, part.items) for part in made.parts])
    assert found[0] == found[1]
    assert found[0][0][1] + found[0][1][1] > 0
