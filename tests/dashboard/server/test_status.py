"""Health says that it lives, readiness whether it can serve, metrics what it counted: to whom they should."""

import os
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from dashboard.server import measured, status
from data import readiness
from data.database import open_database
from data.home import Home
from data.intake import import_file
from data.settings import Settings
from tests import aside


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    open_database(made).close()
    return made


@dataclass(frozen=True)
class Client:
    """Who asks from this address."""

    app: Starlette
    address: str

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        async def asked() -> httpx.Response:
            way = httpx.ASGITransport(self.app, client=(self.address, 5000))
            async with httpx.AsyncClient(transport=way, base_url="http://localhost") as client:
                return await client.get(path, headers=headers)

        return aside.run(asked())


def client(home: Home, settings: Settings | None = None, address: str = "127.0.0.1") -> Client:
    return Client(Starlette(routes=status.routes(home, settings or Settings())), address)


def test_a_home_that_can_be_served_is_ready(home: Home) -> None:
    asked = client(home)
    assert (asked.get("/health").json(), asked.get("/ready").json()) == ({"status": "alive"}, {"status": "ready"})


def test_a_home_that_is_not_there_is_not_ready_and_lives(tmp_path: Path) -> None:
    asked = client(Home(tmp_path / "none"))
    assert asked.get("/health").status_code == 200
    answer = asked.get("/ready")
    assert answer.status_code == 503
    assert "The home is not there" in answer.json()["reason"]
    assert not (tmp_path / "none").exists()


def test_a_database_that_is_gone_of_another_revision_or_no_database_is_said_without_its_path(home: Home) -> None:
    path = home.path / "heartline.db"
    with open_database(home) as database, database.engine.connect() as connection:
        connection.exec_driver_sql("UPDATE heartline_version SET version_num = '0001'")
        connection.exec_driver_sql("COMMIT") if connection.in_transaction() else None
    found = readiness.not_ready(home)
    assert found is not None
    assert "stands at revision 0001" in found.told
    for content in (b"no database at all" * 100, None):
        path.unlink()
        for rest in home.path.glob("heartline.db-*"):
            rest.unlink()
        if content:
            path.write_bytes(content)
        found = readiness.not_ready(home)
        assert found is not None
        assert "database" in found.told
        assert str(home.path) not in found.told


def test_a_wrong_setting_and_a_server_that_does_not_answer_are_said_without_what_stands_there(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARTLINE_DATABASE_URL", "postgresql://ada:hunter2@127.0.0.1:9/d")
    found = readiness.not_ready(home)
    assert found is not None
    assert found.told == "The database does not answer as it should. `heartline check` says why."
    assert "hunter2" not in found.why
    monkeypatch.setenv("HEARTLINE_DATABASE_URL", "hunter2")
    found = readiness.not_ready(home)
    assert found is not None
    assert "hunter2" not in found.told + found.why


def test_data_that_cannot_be_read_is_not_ready(home: Home, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("ticket_id,opened_at\nT1,2024-01-01\n")
    import_file(home, tmp_path / "a.csv")
    assert readiness.not_ready(home) is None
    (home.versions / "000001.json").write_text("{")
    found = readiness.not_ready(home)
    assert found is not None
    assert found.told.startswith("The newest version of the data cannot be read.")


def test_counts_are_told_to_this_machine_and_not_through_a_proxy(home: Home) -> None:
    answer = client(home).get("/metrics")
    assert answer.status_code == 200
    assert "heartline_data_version 0.0" in answer.text
    assert client(home).get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 404
    assert client(home, address="203.0.113.7").get("/metrics").status_code == 404
    assert client(home, Settings(metrics="everyone"), "203.0.113.7").get("/metrics").status_code == 200
    assert client(home, Settings(metrics="off")).get("/metrics").status_code == 404


def test_data_and_statements_are_counted_and_no_label_names_anybody(home: Home, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("ticket_id,opened_at,team_id,customer_id\nT1,2024-01-01,north,4711\n")
    import_file(home, tmp_path / "a.csv")
    measured.time_the_database()
    with open_database(home) as database, database.reading() as session:
        session.connection().exec_driver_sql("SELECT 1")
    with measured.page_run("team"):
        pass
    told = measured.told(home)[0].decode()
    assert "heartline_data_version 1.0" in told
    assert 'heartline_page_runs_total{outcome="done",page="team"}' in told
    assert 'heartline_database_seconds_count{kind="read"}' in told
    assert "north" not in told
    assert "4711" not in told


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_home_that_may_not_be_read_is_not_ready(home: Home) -> None:
    home.path.chmod(0)
    try:
        assert readiness.not_ready(home) is not None
    finally:
        home.path.chmod(0o700)
