"""In a real browser: names that are markup stay names, pages work under the headers, other sites get nothing."""

import csv
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from data.home import Home
from data.intake import import_file
from tests.browser.conftest import served, settled

pytestmark = [pytest.mark.browser, pytest.mark.slow]
EVIL = '<img src=x onerror="window.pwned=1">'
NAMES = {
    "a": f"North {EVIL}",
    "b": "South [x](javascript:alert(1)) :material/home: $\\frac{1}{2}$ **b**",
    "c": "<script>window.pwned=2</script>=1+1",
}
PAGES = ("", "team?team=a", "team?team=b", "handoffs", "empathy", "coaching", "standards", "data", "method")


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a company whose every name is an attack, and the server's log."""
    folder = tmp_path_factory.mktemp("nasty")
    home, begun = Home(folder / "home"), datetime(2024, 1, 1, 9)  # noqa: DTZ001 - as files have it
    with (folder / "teams.csv").open("w", newline="") as out:
        csv.writer(out).writerows(
            [("team_id", "name", "branch", "manager", "function"), *((t, n, n, n, "care") for t, n in NAMES.items())]
        )
    with (folder / "tickets.csv").open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(
            ("ticket_id", "opened_at", "resolved_at", "team_id", "agent_id", "category", "channel", "customer_id")
        )
        for n in range(1200):
            at = begun + timedelta(hours=8 * n)
            about = [EVIL, "damaged", "{{7*7}}"][n % 3]
            rows.writerow(
                (f"T{n}{EVIL}", at, at + timedelta(hours=n % 40), "abc"[n % 3], f"x{n % 24}", about, "web", n % 300)
            )
    for table in ("teams", "tickets"):
        import_file(home, folder / f"{table}.csv", table)
    with served(home, folder / "log") as address:
        yield address, folder / "log"


def test_no_name_is_run_drawn_or_followed_and_every_page_works_under_the_headers(
    nasty: tuple[str, Path], browser: Browser
) -> None:
    address, log = nasty
    context = browser.new_context()
    context.set_default_timeout(60_000)
    page, said, asked = context.new_page(), [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: (said.append("dialog"), dialog.dismiss()))
    page.on("request", lambda request: asked.append(request.url))
    for path in PAGES:
        page.goto(f"{address}/{path}")
        settled(page)
        assert page.evaluate("window.pwned") is None, path
        assert page.locator("img[onerror], a[href^='javascript:']").count() == 0, path
    assert [one for one in said if "Content Security Policy" in one or "dialog" in one] == []
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    assert {line["page"] for line in lines if line["event"] == "page"} >= {"overview", "team", "handoffs", "data"}
    assert [line for line in lines if line["level"] == "error"] == []
    assert "onerror" not in log.read_text()
    context.close()


def test_a_file_is_sent_and_taken_in_under_the_headers(nasty: tuple[str, Path], page: Page, tmp_path: Path) -> None:
    address, _ = nasty
    path = tmp_path / f"{EVIL.replace('/', '')}.csv"
    path.write_text("ticket_id,opened_at,team_id\nNEW1,2024-03-01,a\n")
    page.goto(f"{address}/data")
    settled(page)
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("1 row read")).to_be_visible()
    assert page.evaluate("window.pwned") is None


def test_another_sites_page_can_neither_frame_it_nor_open_a_stream_nor_read_it(
    nasty: tuple[str, Path], page: Page
) -> None:
    address, _ = nasty
    page.route("https://evil.example/", lambda route: route.fulfill(body=f"<iframe src='{address}/'></iframe>"))
    page.goto("https://evil.example/")
    stream = address.replace("http", "ws") + "/_stcore/stream"
    opened = page.evaluate(
        """url => new Promise(told => {
            const stream = new WebSocket(url);
            stream.onopen = () => told(true);
            stream.onerror = () => told(false);
        })""",
        stream,
    )
    assert opened is False
    read = page.evaluate("url => fetch(url).then(() => true, () => false)", f"{address}/metrics")
    assert read is False
    framed = page.frames[1] if len(page.frames) > 1 else None
    assert framed is None or "stApp" not in framed.content()


@pytest.mark.parametrize(
    "path",
    [
        "/app/static/../app.py",
        "/app/static/%2e%2e/app.py",
        "/static/..%2f..%2fetc/passwd",
        "/media/../../etc/passwd",
        "/media/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/component/x/../../app.py",
        "//etc/passwd",
        "/app/static/fonts/..%5c..%5capp.py",
    ],
)
def test_no_path_leads_out_of_what_is_served(nasty: tuple[str, Path], path: str) -> None:
    import http.client

    host = nasty[0].removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert b"root:" not in body
    assert b"set_page_config" not in body
    assert answer.status in (400, 404, 200)


def test_an_upload_without_the_sessions_own_token_is_refused(nasty: tuple[str, Path]) -> None:
    asked = Request(f"{nasty[0]}/_stcore/upload_file/session/file", data=b"x", method="PUT")
    with pytest.raises(HTTPError) as refused:
        urlopen(asked, timeout=30)
    refused.value.close()
    assert refused.value.code == 403
