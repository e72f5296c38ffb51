"""Several processes at one port: a browser stays with one, who is killed is started again, all end together."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from dashboard.server.several import place_in

STREAM = "/_stcore/stream"


def get(port: int, path: str = "/", **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("localhost", port, timeout=30)
    with closing(connection):
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
    return answer


def place_of(answer: http.client.HTTPResponse) -> str:
    given = (one.partition(";")[0] for one in answer.headers.get_all("set-cookie") or [])
    return next((one for one in given if one.startswith("heartline_process=")), "")


def workers(server: "subprocess.Popen[bytes]") -> list[psutil.Process]:
    return [one for one in psutil.Process(server.pid).children() if "dashboard.server.child" in one.cmdline()]


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple["subprocess.Popen[bytes]", int, Path]]:
    if not hasattr(socket, "send_fds"):
        pytest.skip("several processes need Unix")
    folder = tmp_path_factory.mktemp("several")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "dashboard.cli", "serve", "--home", str(folder / "home"), "--processes", "2"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HEARTLINE_")}
    log = folder / "log"
    with (
        log.open("wb") as out,
        subprocess.Popen([*command, "--port", str(port)], stdout=out, stderr=out, env=environment) as server,
    ):
        seen: set[str] = set()
        for _ in range(600):
            try:
                seen.add(place_of(get(port, "/health")))
            except OSError:
                assert server.poll() is None, log.read_text()
            if len(seen) == 2:
                break
            time.sleep(0.1)  # the start is the one thing that nothing tells of
        yield server, port, log
        server.terminate()
        assert server.wait(timeout=30) == 0


def test_who_comes_without_a_mark_is_given_to_each_in_turn_and_who_has_one_stays(
    several: tuple["subprocess.Popen[bytes]", int, Path],
) -> None:
    _, port, _ = several
    assert {place_of(get(port)) for _ in range(4)} == {"heartline_process=0", "heartline_process=1"}
    for place in ("0", "1"):
        for _ in range(4):
            assert place_of(get(port, Cookie=f"heartline_process={place}")) == ""
    assert get(port, Cookie="heartline_process=7").status == 200
    assert get(port, Cookie="heartline_process=-1; heartline_process=x").status == 200


def test_each_streams_and_refuses_another_sites_page(
    several: tuple["subprocess.Popen[bytes]", int, Path],
) -> None:
    _, port, _ = several
    for place in ("0", "1"):
        given = {"Cookie": f"heartline_process={place}"}
        url, kind = f"ws://localhost:{port}{STREAM}", [Subprotocol("streamlit")]
        with connect(
            url, subprotocols=kind, additional_headers=given, origin=Origin(f"http://localhost:{port}")
        ) as ours:
            assert ours.subprotocol == "streamlit"
        with pytest.raises(InvalidStatus):
            connect(url, subprotocols=kind, additional_headers=given, origin=Origin("http://evil.example"))


def test_whoever_is_asked_counts_for_both(several: tuple["subprocess.Popen[bytes]", int, Path]) -> None:
    _, port, _ = several

    def counted() -> float:
        connection = http.client.HTTPConnection("localhost", port, timeout=30)
        connection.request("GET", "/metrics")
        told = connection.getresponse().read().decode()
        return sum(
            float(line.split()[1])
            for line in told.splitlines()
            if line.startswith('heartline_http_requests_total{kind="page')
        )

    before = counted()
    for _ in range(4):
        get(port)
    assert counted() == before + 4
    assert get(port, "/metrics", **{"X-Forwarded-For": "203.0.113.7"}).status == 404


def test_a_silent_or_broken_visitor_holds_up_nobody(several: tuple["subprocess.Popen[bytes]", int, Path]) -> None:
    _, port, _ = several
    silent = [socket.create_connection(("localhost", port)) for _ in range(50)]
    silent[0].sendall(b"GET / HT")
    silent[1].sendall(b"\r\n\r\n\x00\xff")
    silent[2].sendall(b"x" * 40_000)
    assert get(port).status == 200
    for one in silent:
        one.close()


def test_a_process_that_is_killed_is_started_again_and_meanwhile_the_other_answers(
    several: tuple["subprocess.Popen[bytes]", int, Path],
) -> None:
    server, port, log = several
    killed = workers(server)[0]
    killed.send_signal(signal.SIGKILL)
    killed.wait(10)
    assert get(port, Cookie="heartline_process=0").status == 200
    assert get(port, Cookie="heartline_process=1").status == 200
    for _ in range(100):
        if len(workers(server)) == 2:
            break
        time.sleep(0.1)
    assert len(workers(server)) == 2
    assert "is started again" in log.read_text()


@pytest.mark.parametrize(
    ("head", "place"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\nCookie: a=b; heartline_process=1; c=d\r\n\r\n", 1),
        (b"GET / HTTP/1.1\r\ncookie:heartline_process=0\r\n\r\n", 0),
        (b"GET / HTTP/1.1\r\nCookie: heartline_process=2\r\n\r\n", None),
        (b"GET / HTTP/1.1\r\nCookie: heartline_process=99999999999999999999\r\n\r\n", None),
        (b"GET / HTTP/1.1\r\nCookie: heartline_process=\xb2\r\n\r\n", None),
        (b"GET /?heartline_process=1 HTTP/1.1\r\nX: heartline_process=1\r\n\r\nCookie: heartline_process=1", None),
        (b"", None),
    ],
)
def test_the_mark_in_a_head(head: bytes, place: int | None) -> None:
    assert place_in(head, 2) == place
