"""`heartline digest` against a real mail server: text, HTML, links, days to keep; sent once, kept while it is down."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from icalendar import Calendar
from typer.testing import CliRunner, Result

from dashboard.commands.digest import app
from dashboard.digest import is_news
from data import clock
from data.check import findings
from data.coaching import actions
from data.database import Database, open_database
from data.digests import outbox
from data.home import Home
from data.intake import import_file
from data.scope import local_scope
from data.talks import action_points, conversations
from tests.browser.company import TROUBLED, files

NOW = datetime(2025, 11, 18, 7, tzinfo=UTC)  # a Tuesday; the company's log ends on Friday 14 November
TODAY, WEEK = NOW.date(), date(2025, 11, 17)
ADA = local_scope("Ada")
MARKUP = "Tell <b>early</b> & *openly*"
ADDRESS = "https://h.example.com"


class Inbox:
    """A mail server's handler that keeps what it takes; it can be slow to take it."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.to: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.to += envelope.rcpt_tos
        return "250 taken"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def mail_server(port: int) -> Iterator[Inbox]:
    inbox = Inbox()
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield inbox
    finally:
        server.stop()


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Five teams, one of which passes customers on; read only but for its digest.toml."""
    home = Home(tmp_path_factory.mktemp("digest") / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("HEARTLINE_DATABASE_URL", raising=False)
        home.path.mkdir()
        for name, text in files().items():
            path = home.path.parent / name
            path.write_text(text, encoding="utf-8")
            import_file(home, path, now=NOW)
    return home


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def home(company: Home, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The company with a database of the test's own, at a fixed moment, and one manager who sees two of its teams."""
    monkeypatch.setenv("HEARTLINE_DATABASE_URL", f"sqlite:///{tmp_path / 'own.db'}")
    monkeypatch.setenv("HEARTLINE_ADDRESS", ADDRESS)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    write(company, entry("Ada", [TROUBLED, "Web"], mail_url(port)))
    return company


def mail_url(port: int, to: str = "ada") -> str:
    return f"mailto://127.0.0.1:{port}?to={to}@example.com&from=heartline@example.com"


def entry(name: str, teams: list[str], *urls: str) -> str:
    return f"[[recipient]]\nname = {json.dumps(name)}\nteams = {json.dumps(teams)}\nurls = {json.dumps(urls)}\n"


def write(home: Home, *entries: str) -> None:
    path = home.path / "digest.toml"
    path.write_text("\n".join(entries), encoding="utf-8")
    path.chmod(0o600)


def run(home: Home, *words: str) -> Result:
    result = CliRunner().invoke(app, [*words, "--home", str(home.path)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def agreed(database: Database, team: str, review_on: date, **more: Any) -> int:
    told: dict[str, Any] = {"play": "tell_early", "sign": "buck_passing", "why": MARKUP, "owner": "Ada"}
    began = NOW - timedelta(weeks=4)
    made = actions.create(
        ADA, database, team_id=team, starts_on=began.date(), review_on=review_on, now=began, **{**told, **more}
    )
    return made.id


def parts(mail: EmailMessage) -> tuple[str, str, bytes | None]:
    """Plain text, HTML, and the calendar file if there is one."""
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    files_ = [part.get_payload(decode=True) for part in mail.walk() if part.get_content_type() == "text/calendar"]
    calendar = files_[0] if files_ else None
    assert calendar is None or isinstance(calendar, bytes)
    return text.get_content(), html.get_content(), calendar


def test_a_manager_gets_their_week_in_text_and_html_with_links_and_days(home: Home, port: int) -> None:
    with open_database(home) as database:
        due = agreed(database, TROUBLED, TODAY + timedelta(days=2))
        agreed(database, "Web", TODAY + timedelta(days=30))
        agreed(database, "Billing", TODAY)
        talk = conversations.create(
            ADA, database, guest=MARKUP, teams=["Web"], held_on=TODAY + timedelta(days=1), now=NOW
        )
        action_points.add(ADA, database, talk.id, words=MARKUP, owner="ada ", due_on=TODAY, now=NOW)
    with mail_server(port) as inbox:
        result = run(home)
    assert result.exit_code == 0
    assert "Ada, week of 17 November: sent by E-Mail." in result.output
    (mail,) = inbox.mails
    assert inbox.to == ["ada@example.com"]
    assert mail["subject"] == "Your week of 17 November: 1 needs a look, 3 due"
    text, html, calendar = parts(mail)
    for said in (text, html):
        assert f"{TROUBLED} passes customers on more often than it used to" in said
        assert "Billing" not in said
        assert f"{ADDRESS}/team?team={TROUBLED}" in said
        assert f"{ADDRESS}/coaching?action={due}" in said
        assert f"{ADDRESS}/one_on_one?conversation={talk.id}" in said
    assert f'href="{ADDRESS}/team?team={TROUBLED}&amp;sign=buck_passing"' in html
    assert "&lt;b&gt;early&lt;/b&gt; &amp; *openly*" in html
    assert "<b>early</b>" not in html
    assert MARKUP in text
    assert "Read from data to Friday 14 November, " in text
    assert calendar is not None
    events = {str(event["summary"]): event for event in Calendar.from_ical(calendar).walk("VEVENT")}
    assert set(events) == {f"Review: Tell early, {TROUBLED}", f"One-on-one: Ada and {MARKUP}"}
    review = events[f"Review: Tell early, {TROUBLED}"]
    assert review.decoded("dtstart") == TODAY + timedelta(days=2)
    assert str(review["url"]) == f"{ADDRESS}/coaching?action={due}"


def test_run_twice_it_is_sent_once_and_the_next_week_anew(
    home: Home, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server(port) as inbox:
        run(home)
        again = run(home)
        assert len(inbox.mails) == 1
        assert "Ada: sent already by E-Mail." in again.output
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=6))
        run(home)
    assert [mail["subject"][:24] for mail in inbox.mails] == ["Your week of 17 November", "Your week of 24 November"]


def test_while_the_server_is_down_it_is_kept_said_and_sent_at_the_next_run(home: Home, port: int) -> None:
    down = run(home)
    assert down.exit_code == 1
    assert "E-Mail at 127.0.0.1 did not take it; kept, and tried at the next run." in down.output
    (said,) = unsent(home)
    assert said == (
        "The digest of the week of 17 November 2025 to Ada is kept and was not sent yet "
        "(tried once; E-Mail at 127.0.0.1 did not take it)."
    )
    with mail_server(port) as inbox:
        up = run(home)
    assert (up.exit_code, len(inbox.mails)) == (0, 1)
    assert "Ada, week of 17 November: sent by E-Mail." in up.output
    assert unsent(home) == []


def unsent(home: Home) -> list[str]:
    """What `heartline check` says of digests that did not go out."""
    return [one.what for one in findings(home) if "digest of the week" in one.what]


def test_a_password_is_in_nothing_that_is_said_or_kept(
    home: Home, port: int, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    url = f"mailto://ada:sesame@127.0.0.1:{port}?to=ada@example.com&from=heartline@example.com"
    write(home, entry("Ada", [TROUBLED], url, f"json://ada:sesame@127.0.0.1:{free_port()}/hook"))
    said = run(home, "--dry-run").output + run(home).output
    with mail_server(port) as inbox:  # which knows no passwords, so that it is refused
        said += run(home).output
    assert inbox.mails == []
    assert "did not take it" in said
    said += "".join([*unsent(home), caplog.text, *capfd.readouterr()])
    assert "sesame" not in said
    assert b"sesame" not in (tmp_path / "own.db").read_bytes()


def test_what_failed_last_week_is_sent_with_this_weeks(home: Home, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    run(home)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=7))
    with mail_server(port) as inbox:
        assert run(home).exit_code == 0
    assert len(inbox.mails) == 2
    assert unsent(home) == []


def test_where_there_is_nothing_nothing_is_sent(home: Home, port: int) -> None:
    write(home, entry("Eve", ["Claims"], mail_url(port, "eve")))
    with mail_server(port) as inbox:
        result = run(home)
    assert result.output.strip() == "Eve: nothing this week, so nothing is sent."
    assert inbox.mails == []


def test_a_chat_gets_plain_text(home: Home) -> None:
    with hooks() as (port, told):
        write(home, entry("Ada", [TROUBLED], f"json://127.0.0.1:{port}/hook"))
        result = run(home)
    assert "sent by JSON" in result.output
    (body,) = told
    assert body["title"] == "Your week of 17 November: 1 needs a look"
    assert body["message"].startswith("Ada, this is your week of 17 November.\n\nNEEDS A LOOK (1)\n- ")
    assert f"  {ADDRESS}/team?team={TROUBLED}&sign=buck_passing" in body["message"]
    assert "<" not in body["message"]


@contextmanager
def hooks() -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """A chat service's web hook."""
    told: list[dict[str, Any]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, told
        server.shutdown()


@pytest.mark.parametrize(("since", "told"), [(None, True), (date(2025, 8, 12), True), (date(2025, 8, 11), False)])
def test_a_change_for_the_better_is_news_for_a_quarter(since: date | None, told: bool) -> None:
    assert is_news({"since": since}, date(2025, 11, 10)) is told


def test_a_dry_run_prints_it_and_sends_and_keeps_nothing(home: Home, port: int) -> None:
    with mail_server(port) as inbox:
        result = run(home, "--dry-run", "--to", "ADA")
    assert "To Ada by E-Mail." in result.output
    assert "NEEDS A LOOK (1)" in result.output
    assert inbox.mails == []
    with open_database(home) as database:
        assert outbox.unsent(database) == []


def test_only_who_is_asked_for_and_who_is_declared_well_are_sent_to(home: Home, port: int) -> None:
    write(
        home,
        entry("Ada", [TROUBLED], mail_url(port)),
        entry("Tom", [TROUBLED], mail_url(port, "tom")),
        entry("Eve", ["atlantis"], mail_url(port, "eve")),
    )
    with mail_server(port) as inbox:
        result = run(home, "--to", "tom")
        assert inbox.to == ["tom@example.com"]
        assert result.exit_code == 1
        assert "digest.toml, recipient 3 (Eve): the data has no team 'atlantis'" in result.output
        with pytest.raises(Exception, match=r"digest\.toml has no 'eve' that can be sent to; it has Ada, Tom\."):
            run(home, "--to", "eve")
    assert len(inbox.mails) == 1


@pytest.mark.parametrize(
    ("week", "sentence"),
    [("2031-01-01", "is yet to come"), ("soon", "'soon' is no week")],
)
def test_a_week_that_is_none_is_said(home: Home, week: str, sentence: str) -> None:
    with pytest.raises(Exception, match=sentence):
        run(home, "--week", week)


def test_what_was_cut_short_between_sending_and_noting_it_is_told_and_not_sent_twice(
    home: Home, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with mail_server(port) as inbox:
        with monkeypatch.context() as patch:
            patch.setattr(outbox, "done", crash)
            run_crashed(home)
        assert len(inbox.mails) == 1
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=16))
        result = run(home)
        assert result.exit_code == 1
        assert "it may have arrived. --again sends it again." in result.output
        assert any("was being sent when the program ended" in one.what for one in findings(home))
        assert len(inbox.mails) == 1
        assert run(home, "--again").exit_code == 0
        assert len(inbox.mails) == 2
        run(home, "--again")
    assert len(inbox.mails) == 2


def run_crashed(home: Home) -> None:
    result = CliRunner().invoke(app, ["--home", str(home.path)])
    assert result.exit_code != 0


@pytest.mark.slow
def test_two_processes_at_once_send_it_once(home: Home, port: int, wait: Callable[..., list[str]]) -> None:
    """In real processes, at the real time: the company's readings do not depend on it."""
    with mail_server(port) as inbox:
        said = wait([sys.executable, "-m", "dashboard.cli", "digest", "--home", str(home.path)], 2)
    assert len(inbox.mails) == 1
    assert sum("sent by E-Mail" in one for one in said) == 1


@pytest.fixture
def wait() -> Callable[..., list[str]]:
    """Start the same command so many times at once; what each said."""

    def start(command: list[str], times: int) -> list[str]:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "env": {**os.environ}}
        running = [subprocess.Popen(command, **pipes) for _ in range(times)]  # type: ignore[call-overload]
        return [one.communicate(timeout=120)[0] for one in running]

    return start
