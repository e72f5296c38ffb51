"""No secret that is thrown at the log stands in it."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from dashboard.server import logs
from dashboard.server.logs import log
from dashboard.server.redacted import LONGEST, redacted
from data.settings import Settings

SECRET = "hunter2-S3cr3t"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLXRoYXQtaXM"
CUSTOMER = "p_0123456789abcdef0123456789abcdef"
SAID = [
    f"connecting to postgresql://ada:{SECRET}@db.example.com/heartline failed",
    f"postgresql+psycopg://ada:{SECRET}@db/heartline?sslmode=require",
    f"mailtos://ada:{SECRET}@mail.example.com?to=maria@example.com",
    f"slack://{SECRET}/B0000/XXXX",
    f"GET https://ada:{SECRET}@help.example.com/x",
    f'"GET /agenda?token={SECRET} HTTP/1.1" 200',
    f"WebSocket /_stcore/stream?token={SECRET} accepted",
    f"http://localhost:8501/retrospective?join={SECRET}",
    f"https://heartline.example.com/oauth2callback?code={SECRET}&state={SECRET}",
    f"Cookie: _streamlit_user={SECRET}; heartline_device={SECRET}",
    f"{{'cookie': '_streamlit_xsrf={SECRET}'}}",
    f"set-cookie: _streamlit_user__1={SECRET}; HttpOnly",
    f"Authorization: Bearer {SECRET}",
    f"bearer {SECRET}",
    f"Proxy-Authorization=Basic {SECRET}",
    f"client_secret = {SECRET}",
    f'"client_secret": "{SECRET}"',
    f"password={SECRET} user=ada",
    f"code={SECRET}",
    f"{{'state': '{SECRET}'}}",
    f"HEARTLINE_DATABASE_URL=postgresql://u:{SECRET}@h/d",
    f"cookie_secret: {SECRET}",
    f"[SQL: INSERT INTO notes (words) VALUES (?)] [parameters: ('{SECRET}', 'Maria')]",
    f"[parameters: ('{SECRET}',\n 'two lines')]",
]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """The server's log as JSON, into memory; as it was afterwards."""
    root = logging.root
    before = (root.handlers, root.level, logging.getLogger("heartline").level)
    logs.start(Settings(log_format="json"))
    out = io.StringIO()
    handler = logging.root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(out)
    yield out
    root.handlers, root.level = list(before[0]), before[1]
    logging.getLogger("heartline").setLevel(before[2])
    logging.captureWarnings(False)


@pytest.mark.parametrize("said", SAID)
def test_what_looks_like_a_secret_is_hidden(said: str) -> None:
    assert SECRET not in redacted(said)
    assert "hidden" in redacted(said)


@pytest.mark.parametrize("said", [JWT, f"id_token {JWT}", CUSTOMER, "maria@example.com", "0f" * 20, "aB3" * 15])
def test_tokens_pseudonyms_and_addresses_are_hidden_wherever_they_stand(said: str) -> None:
    for part in said.split():
        if part != "id_token":
            assert part not in redacted(f"found {said} there")


@pytest.mark.parametrize(
    "said",
    [
        "The database stands at revision 0010 and this Heartline needs 0014.",
        "Port 8501 on 127.0.0.1 cannot be used",
        "page failed",
        'Os { code: 2, kind: NotFound, message: "No such file or directory" }',
        "exit code=137, status code: 404, state: ready",
        "https://heartline.example.com/team",
        "/home/ada/heartline/versions/000012.json",
    ],
)
def test_what_is_no_secret_stays_readable(said: str) -> None:
    assert redacted(said) == said


@pytest.mark.parametrize("said", SAID)
def test_our_lines_streamlits_and_uvicorns_come_out_as_json_without_secrets(written: io.StringIO, said: str) -> None:
    from streamlit.logger import get_logger

    log.warning("page", what=said, password=SECRET, deep={"cookies": {"a": SECRET}, "list": [said]})
    get_logger("streamlit.web.something").error("it said %s", said)
    logging.getLogger("uvicorn.error").error("%s", said)
    logging.getLogger("sqlalchemy.engine").warning(said.replace("%", "%%"))
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [line["logger"] for line in lines] == [
        "heartline",
        "streamlit.web.something",
        "uvicorn.error",
        "sqlalchemy.engine",
    ]
    assert SECRET not in written.getvalue()


def test_an_exception_is_told_by_its_kind_and_place_and_not_by_its_words(written: io.StringIO) -> None:
    def inner(words: str) -> None:
        raise ValueError(f"customer {words} said hello")

    try:
        inner(SECRET)
    except ValueError as error:
        log.error("page failed", reference="ABCD-EFGH", exc_info=error)
        logging.getLogger("uvicorn.error").exception("in the application")
    ours, others = (json.loads(line) for line in written.getvalue().splitlines())
    assert ours["reference"] == "ABCD-EFGH"
    for line in (ours, others):
        assert line["error"] == "ValueError"
        assert line["raised_at"][-1].endswith(" inner")
    assert SECRET not in written.getvalue()
    assert "hello" not in written.getvalue()


def test_a_mistake_in_the_code_keeps_its_words(written: io.StringIO) -> None:
    try:
        None.nothing  # type: ignore[attr-defined]  # noqa: B018
    except AttributeError as error:
        log.error("page failed", exc_info=error)
    assert "has no attribute 'nothing'" in json.loads(written.getvalue())["error"]


def test_lines_of_one_request_carry_its_number(written: io.StringIO) -> None:
    with logs.request("AAAA-BBBB"):
        log.info("one")
    log.info("two")
    one, two = (json.loads(line) for line in written.getvalue().splitlines())
    assert one["request"] == "AAAA-BBBB"
    assert "request" not in two


def test_before_the_server_starts_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger("heartline").error("page failed", exc_info=ValueError("x"))
    assert capsys.readouterr() == ("", "")


@seed(6)
@settings(max_examples=200)
@given(st.text(max_size=300))
def test_whatever_is_written_is_one_short_line(said: str) -> None:
    told = redacted(said)
    assert len(told) <= LONGEST
    assert len(told.splitlines()) <= 1
    assert "\x1b" not in told
