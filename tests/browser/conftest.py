"""A real Chromium on a real server: `heartline serve` in a process of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from data.home import Home
from tests.chromium import FLAGS, executable

PATIENCE = 180_000  # milliseconds: a first page on a slow and busy machine
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = executable()
    if found is None:
        pytest.fail("There is no Chromium: `python -m tests.chromium` finds or installs one.")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(found), args=list(FLAGS))
        yield opened
        opened.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(home: Home, log: Path, port: int | None = None, *, killed: bool = False) -> Iterator[str]:
    """The address of a server on `home`, at a free port or this one, stopped in the end (`killed`: kill -9)."""
    port = port or free_port()
    command = [sys.executable, "-m", "dashboard.cli", "serve", "--home", str(home.path), "--port", str(port)]
    environment = {**os.environ, "HEARTLINE_USER": "Ada"}
    with log.open("w") as out, subprocess.Popen(command, stdout=out, stderr=out, env=environment, cwd="/") as server:
        try:
            _wait(f"http://localhost:{port}/_stcore/health", server, log)
            yield f"http://localhost:{port}"
        except BaseException:
            print("The server said last:", *log.read_text().splitlines()[-40:], sep="\n")
            raise
        finally:
            (server.kill if killed else server.terminate)()
            server.wait(timeout=30)


def _wait(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(600):
        if server.poll() is not None:
            pytest.fail(f"The server ended: {log.read_text()}")
        try:
            with urlopen(address, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)  # the server's start is the one thing that nothing tells us of
    pytest.fail(f"The server did not answer: {log.read_text()}")


@pytest.fixture(scope="session")
def sample_served(sample: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(sample, tmp_path_factory.mktemp("served") / "log") as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that comes again: it has the pages' scripts already, as people's do."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def visit(visitor: BrowserContext, sample_served: str) -> Iterator[Visit]:
    """`visit("/team", width=390, scheme="dark")`: a page of the sample company, settled."""
    pages = []

    def go(path: str, width: int = 1440, scheme: str = "light") -> Page:
        opened = visitor.new_page()
        pages.append(opened)
        opened.set_viewport_size({"width": width, "height": 900})
        opened.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        opened.goto(sample_served + path)
        settled(opened)
        return opened

    yield go
    for page in pages:
        page.close()


def holds(page: Page, true: str) -> None:
    """Waits until this JavaScript is true. Asked from outside: the page's own policy lets no text be run as code."""
    for _ in range(PATIENCE // 100):
        if page.evaluate(true):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"It did not come true: {true}")


def settled(page: Page) -> None:
    """The page's run is over: its title stands and nothing is being worked out or waiting to be drawn."""
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_count(1)  # who lost the line sees for a moment both what was there and what is drawn anew
    expect(title).to_be_visible()
    expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)
