"""Settings: one file, the environment wins, and whatever is wrong is named with what to do."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, seed, settings
from hypothesis import strategies as st

from data.check import findings
from data.errors import Trouble
from data.home import Home
from data.settings import DECLARED, FILE, LARGEST, Settings, read_settings, settings_of


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for one in DECLARED:
        monkeypatch.delenv(one.variable, raising=False)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def written(home: Home, text: str | bytes) -> Home:
    (home.path / FILE).write_bytes(text if isinstance(text, bytes) else text.encode())
    return home


def test_what_is_not_set_holds_its_default(home: Home) -> None:
    assert settings_of(home) == Settings()
    assert (settings_of(home).host, settings_of(home).port) == ("127.0.0.1", 8501)


def test_the_file_is_read_and_the_environment_wins_over_it(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    written(home, 'address = "https://a.example.com"\n[server]\nport = 8600\nallowed_hosts = ["b.example.com"]\n')
    assert settings_of(home) == Settings(address="https://a.example.com", port=8600, allowed_hosts=("b.example.com",))
    monkeypatch.setenv("HEARTLINE_SERVER_PORT", "8700")
    monkeypatch.setenv("HEARTLINE_SERVER_ALLOWED_HOSTS", "c.example.com, *.example.org")
    assert settings_of(home).port == 8700
    assert settings_of(home).allowed_hosts == ("c.example.com", "*.example.org")


def test_an_empty_variable_is_none(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARTLINE_ADDRESS", " ")
    assert settings_of(home).address == ""


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("[server]\nport = 99999\n", "server.port is 99999, and it takes a whole number from 1 to 65,535"),
        ('[server]\nport = "8501"\n', "server.port is '8501', and it takes a whole number"),
        ("[server]\nport = true\n", "server.port is True"),
        ('[server]\nmetrics = "yes"\n', 'it takes one of "here", "everyone", "off"'),
        (
            "[server]\nprot = 8501\n",
            "has the key 'server.prot', which means nothing; the nearest that does is 'server.p",
        ),
        ("port = 8501\n", "has the key 'port', which means nothing; the nearest that does is 'server.port'"),
        ("server = 1\n", "'server' is no table: write [server]"),
        ('address = "heartline.example.com"\n', "address is 'heartline.example.com', and it takes an http or https"),
        ('address = "https://u:pw@x.example"\n', "address is 'https://...@x.example'"),
        ('ticket_url = "javascript:alert(1)"\n', "ticket_url is 'javascript:alert(1)', and it takes an address"),
        ("address = \n", "is no TOML (at line 1, column 11)"),
        (b"address = '\xff'", "is not written in UTF-8"),
        ("a = " + "[" * 5000, "is no TOML"),
        ("#" * (LARGEST + 1), "larger than 1024 kB"),
        ('[server]\nallowed_hosts = ["a b"]\n', "server.allowed_hosts is ['a b']"),
        ('[server]\nallowed_hosts = "a"\n', "it takes a list of names"),
    ],
)
def test_whatever_is_wrong_is_named_with_what_to_do(home: Home, file: str | bytes, said: str) -> None:
    with pytest.raises(Trouble) as raised:
        settings_of(written(home, file))
    assert said in str(raised.value)
    assert FILE in str(raised.value)


def test_a_secret_is_told_neither_when_it_is_wrong_nor_in_a_trace(home: Home) -> None:
    with pytest.raises(Trouble) as raised:
        settings_of(written(home, '[database]\nurl = "hunter2"\n'))
    assert "database.url is not what it can be" in str(raised.value)
    assert "hunter2" not in str(raised.value)
    read = read_settings(written(home, '[database]\nurl = "postgresql://ada:hunter2@host/name"\n'))
    assert "hunter2" not in repr(read)
    assert read.settings.database_url == "postgresql://ada:hunter2@host/name"


def test_a_variable_that_is_nearly_one_of_ours_is_named_and_others_are_left_alone(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARTLINE_SERVICE_HOST", "10.0.0.1")  # as Kubernetes sets it for a service of that name
    monkeypatch.setenv("HEARTLINE_PORT", "tcp://10.0.0.1:8501")
    assert settings_of(home) == Settings()
    monkeypatch.setenv("HEARTLINE_DATABSE_URL", "postgresql://x/y")
    with pytest.raises(Trouble, match="HEARTLINE_DATABSE_URL means nothing; HEARTLINE_DATABASE_URL is meant"):
        settings_of(home)


def test_check_names_all_that_is_wrong_and_a_password_that_others_can_read(home: Home) -> None:
    written(home, '[server]\nport = 0\nlog_level = "loud"\n')
    said = [one.what for one in findings(home) if one.level == "broken"]
    assert any("server.port is 0" in what for what in said)
    assert any("server.log_level is 'loud'" in what for what in said)
    written(home, f'[database]\nurl = "sqlite:///{home.path / "else.db"}"\n')
    (home.path / FILE).chmod(0o644)
    said = [one.what for one in findings(home) if one.level == "broken"]
    assert not any("server" in what for what in said)
    assert os.name != "posix" or any("can read the passwords in" in what for what in said)


def test_each_setting_has_one_variable_and_says_what_it_does() -> None:
    assert len({one.variable for one in DECLARED}) == len(DECLARED)
    assert all(one.says.endswith(".") and one.kind.takes for one in DECLARED)
    for one in DECLARED:
        assert not one.example or one.kind.text(one.example)


@seed(6)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(str.encode)
    | st.lists(
        st.tuples(
            st.sampled_from([one.key for one in DECLARED] + ["x", "server"]),
            st.sampled_from(
                ['""', "1", "-1", "true", "[]", "[1]", "{}", "1979-05-27", "nan", '"\\u0000"', '"a\\nb"', "1e400"]
            ),
        )
    ).map(lambda rows: "\n".join(f"{key} = {value}" for key, value in rows).encode())
)
@example(b"address = 1")
@example(b"\xef\xbb\xbfuser = 'Ada'")
def test_no_file_of_settings_is_a_traceback(home: Home, file: bytes) -> None:
    read = read_settings(written(home, file))
    assert isinstance(read.settings, Settings)
    for sentence in read.wrong:
        assert sentence.count("\n") == 0
