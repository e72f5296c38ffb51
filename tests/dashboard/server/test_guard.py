"""Who asks by a strange name or from another site's page is refused; every answer carries the headers."""

from collections.abc import MutableMapping
from typing import Any

import pytest

from dashboard.server import policy
from dashboard.server.guard import STREAM, Guard, kind_of
from dashboard.server.hosts import Names, name_of, names_of
from data.settings import Settings
from tests import aside

HERE = names_of(Settings(), "127.0.0.1")
ABROAD = names_of(
    Settings(address="https://heartline.example.com", allowed_hosts=("*.internal",)),
    "0.0.0.0",
    "https://hl.example.org/cb",
)
Sent = list[MutableMapping[str, Any]]


def asked(
    guard: Guard, path: str = "/", method: str = "GET", kind: str = "http", **headers: str
) -> tuple[Sent, dict[str, str]]:
    """What is sent back, and its headers (of one that is there twice the last)."""
    given = {"host": "localhost:8501", **{name.replace("_", "-"): value for name, value in headers.items()}}
    raw = [(name.encode(), value.encode("latin-1")) for name, value in given.items()]
    scope = {"type": kind, "path": path, "method": method, "scheme": "http", "headers": raw}
    sent: Sent = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": f"{kind}.connect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    aside.run(guard(scope, receive, send))
    return sent, {name.decode(): value.decode() for name, value in sent[0].get("headers", ())}


async def app(scope: Any, _receive: Any, send: Any) -> None:
    """Answers all with headers as Streamlit's."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    headers = [
        (b"access-control-allow-origin", b"*"),
        (b"server", b"x"),
        (b"Cache-Control", b"public"),
        (b"set-cookie", b"_streamlit_xsrf=1; Path=/"),
        (b"x-content-type-options", b"maybe"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def status(sent: Sent) -> int:
    return int(sent[0]["status"])


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1", "[::1]:8501", "LOCALHOST", "localhost."])
def test_this_machine_is_answered_by_its_own_names(host: str) -> None:
    assert status(asked(Guard(app, HERE), host=host)[0]) == 200


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "evil.example:8501", "", "a@localhost"),
        *("localhost/evil", "localhost:x", "localhost, evil", "0.0.0.0", "[::", "localhost:99999999"),
    ],
)
def test_a_strange_name_is_refused_for_pages_streams_and_counts(host: str) -> None:
    for path in ("/", "/metrics", "/media/x.csv", "/_stcore/host-config"):
        assert status(asked(Guard(app, HERE), path, host=host)[0]) == 421
    sent, _ = asked(Guard(app, HERE), STREAM, kind="websocket", host=host)
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_a_machine_may_ask_for_health_by_any_name() -> None:
    assert status(asked(Guard(app, HERE), "/health", host="10.1.2.3:8501")[0]) == 200
    assert status(asked(Guard(app, HERE), "/ready", host="10.1.2.3:8501")[0]) == 200


@pytest.mark.parametrize("host", ["heartline.example.com", "a.internal", "hl.example.org:443", "localhost"])
def test_the_names_that_are_set_are_answered_to(host: str) -> None:
    assert status(asked(Guard(app, ABROAD), host=host)[0]) == 200


@pytest.mark.parametrize("host", ["internal", "x.example.com", "xinternal", "0.0.0.0"])
def test_names_that_are_nearly_set_are_not(host: str) -> None:
    assert status(asked(Guard(app, ABROAD), host=host)[0]) == 421


@pytest.mark.parametrize(
    ("origin", "host", "names", "let_in"),
    [
        (None, "localhost:8501", HERE, True),
        ("http://localhost:8501", "localhost:8501", HERE, True),
        ("http://localhost:9999", "localhost:8501", HERE, False),  # another program's page on the same machine
        ("https://evil.example", "localhost:8501", HERE, False),
        ("null", "localhost:8501", HERE, False),
        ("http://localhost:8501.evil.example", "localhost:8501", HERE, False),
        ("file://", "localhost:8501", HERE, False),
        ("http://[", "localhost:8501", HERE, False),
        ("https://heartline.example.com", "127.0.0.1:8501", ABROAD, True),  # a proxy that does not pass the name on
        ("https://heartline.example.com", "heartline.example.com", ABROAD, True),
        ("https://evil.example", "heartline.example.com", ABROAD, False),
    ],
)
def test_a_stream_or_an_upload_from_another_sites_page_is_refused(
    origin: str | None, host: str, names: Names, let_in: bool
) -> None:
    given = {"host": host} | ({"origin": origin} if origin is not None else {})
    stream, _ = asked(Guard(app, names), STREAM, kind="websocket", **given)
    assert (stream[0]["type"] == "websocket.accept") is let_in
    for method in ("PUT", "POST", "DELETE"):
        sent, _ = asked(Guard(app, names), "/_stcore/upload_file/a/b", method, **given)
        assert status(sent) == (200 if let_in else 403)


def test_a_browser_that_says_that_the_request_crosses_sites_is_believed() -> None:
    sent, _ = asked(Guard(app, HERE), STREAM, kind="websocket", sec_fetch_site="cross-site")
    assert sent[0]["type"] == "websocket.close"


def test_streamlits_own_metrics_and_remote_control_are_closed_and_only_one_stream_is_open() -> None:
    for path in ("/_stcore/metrics", "/_stcore/agent/interact", "/_stcore/agent/mcp", "/_stcore/script-health-check"):
        assert status(asked(Guard(app, HERE), path)[0]) == 404
    assert asked(Guard(app, HERE), "/team", kind="websocket")[0][0]["type"] == "websocket.close"


def test_a_body_where_none_belongs_is_refused_by_its_size() -> None:
    assert status(asked(Guard(app, HERE), "/team", "POST", content_length=str(2**30))[0]) == 413
    assert status(asked(Guard(app, HERE), "/team", "POST", content_length="-1")[0]) == 413
    assert status(asked(Guard(app, HERE), "/_stcore/upload_file/a/b", "PUT", content_length=str(2**30))[0]) == 200


@pytest.mark.parametrize(("pieces", "expected"), [(3, 200), (200, 413)])
@pytest.mark.parametrize("handles_it", [False, True])
def test_a_body_in_pieces_without_a_length_is_counted_as_it_comes(pieces: int, expected: int, handles_it: bool) -> None:
    taken = 0

    async def reading(scope: Any, receive: Any, send: Any) -> None:
        nonlocal taken
        try:
            while (message := await receive())["more_body"]:
                taken += len(message["body"])
        except Exception:
            if not handles_it:
                raise
        await app(scope, receive, send)

    sent = aside.run(in_pieces(Guard(reading, HERE), pieces))
    assert status(sent) == expected
    assert len([one for one in sent if one["type"] == "http.response.start"]) == 1
    assert taken <= 1 << 20


async def in_pieces(guard: Guard, pieces: int) -> Sent:
    sent: Sent = []
    left = pieces

    async def receive() -> MutableMapping[str, Any]:
        nonlocal left
        left -= 1
        return {"type": "http.request", "body": b"x" * 65536, "more_body": left > 0}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost:8501"), (b"transfer-encoding", b"chunked")]
    scope = {"type": "http", "path": "/auth/login", "method": "POST", "scheme": "http", "headers": headers}
    await guard(scope, receive, send)
    return sent


def test_every_answer_carries_the_headers_and_none_of_those_that_open_to_others() -> None:
    for guard, path, given in (
        (Guard(app, HERE), "/", {}),
        (Guard(app, HERE), "/", {"host": "evil.example"}),  # refused ones too
        (Guard(app, HERE), "/media/secret.csv", {}),
    ):
        _, headers = asked(guard, path, **given)
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "'unsafe-eval'" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        assert headers["cache-control"] == "no-store"
        assert len(headers["x-request-id"]) == 9
        assert not {"access-control-allow-origin", "server", "strict-transport-security"} & set(headers)


def test_scripts_within_the_page_are_those_that_streamlit_ships_by_their_fingerprint() -> None:
    assert "script-src 'self' 'sha256-" in policy.content_policy()
    assert "script-src 'self' 'unsafe-inline'" not in policy.content_policy()


def test_where_people_come_by_https_browsers_are_held_to_it_and_cookies_too() -> None:
    _, headers = asked(Guard(app, ABROAD, https=ABROAD.https), host="heartline.example.com")
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert headers["set-cookie"] == "_streamlit_xsrf=1; Path=/; SameSite=Lax; Secure"
    _, headers = asked(Guard(app, HERE))
    assert headers["set-cookie"] == "_streamlit_xsrf=1; Path=/; SameSite=Lax"


def test_one_of_several_processes_marks_whose_browser_it_is() -> None:
    _, headers = asked(Guard(app, HERE, place=1))
    assert headers["set-cookie"] == "heartline_process=1; Path=/; HttpOnly; SameSite=Lax"
    assert headers["connection"] == "close"
    _, headers = asked(Guard(app, HERE, place=1), cookie="a=b; heartline_process=1")
    assert headers["set-cookie"].startswith("_streamlit_xsrf")


@pytest.mark.parametrize(
    ("host", "name"),
    [("a:1", "a"), ("[::1]:2", "::1"), ("A.B.", "a.b"), ("a:b", None), ("a/b", None), (None, None), ("[x", None)],
)
def test_the_name_in_a_host(host: str | None, name: str | None) -> None:
    assert name_of(host) == name


def test_kinds_are_few_and_no_path_is_one() -> None:
    assert [kind_of(path) for path in ("/", "/team", "/media/a", "/static/js/x", "/_stcore/stream", "/p_1234")] == [
        *("page", "page", "media", "static", "streamlit", "page"),
    ]


async def a_page(_scope: Any, _receive: Any, send: Any) -> None:
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html; charset=utf-8")]}
    )
    await send({"type": "http.response.body", "body": b""})


def test_a_browser_gets_a_secret_of_its_own_with_its_first_page_and_keeps_it() -> None:
    _, first = asked(Guard(a_page, HERE), "/retrospective")
    name, _, rest = first["set-cookie"].partition("=")
    assert (name, rest[32:]) == ("heartline_device", "; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax")
    _, again = asked(Guard(a_page, HERE), "/retrospective", cookie=f"a=1; {name}={rest[:32]}")
    assert "set-cookie" not in again
    assert asked(Guard(a_page, ABROAD, https=True), host="hl.example.org")[1]["set-cookie"].endswith("; Secure")
    assert "set-cookie" not in asked(Guard(a_page, HERE), "/health")[1]
