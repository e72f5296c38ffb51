"""A manager's first day, in a real browser: an empty home, an upload, a sign, its tickets, an action that stays."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from data.home import Home
from tests.browser.company import TROUBLED, files
from tests.browser.conftest import served, settled

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]
NOTE = "Two of three were kept whole today."


def test_from_an_empty_home_to_an_action_that_is_still_there_tomorrow(page: Page, tmp_path: Path) -> None:
    home = Home(tmp_path / "first")
    with served(home, tmp_path / "log", killed=True) as address:
        page.goto(address)
        expect(page.get_by_role("heading", name="Welcome to Heartline.")).to_be_visible()
        page.get_by_role("link", name="Import a file").click()
        for name, content in files().items():
            upload(page, tmp_path / name, content)
        page.get_by_role("link", name="See the Overview").click()
        see_a_sign(page)
        open_its_tickets(page)
        action = record_an_action(page)
        page.reload()
        it_is_there(page)
        check_in(page)  # and at once the server is killed: what was confirmed on the screen is there tomorrow
    with served(home, tmp_path / "log") as address:
        page.goto(f"{address}/coaching?{action}")
        it_is_there(page)
        expect(page.get_by_text(NOTE).first).to_be_visible()


def upload(page: Page, path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8")
    expect(page.get_by_role("heading", name="Data: can I trust it?")).to_be_visible()
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text(f"{path.name}: ")).to_contain_text(f"{len(content.splitlines()) - 1:,} rows read")


def see_a_sign(page: Page) -> None:
    expect(page.get_by_text(f"{TROUBLED}: is the customer passed on?")).to_be_visible()
    expect(page.get_by_role("heading", name="Needs a look (1)")).to_be_visible()
    page.get_by_role("link", name="See the team and its tickets").click()


def open_its_tickets(page: Page) -> None:
    expect(page.get_by_role("heading", name=TROUBLED)).to_be_visible()
    expect(page.get_by_text(f"{TROUBLED} passes customers on more often than it used to")).to_be_visible()
    page.get_by_text("Tickets and their paths").click()
    expect(page.get_by_text(f"{TROUBLED} → ").first).to_be_visible()
    expect(page.get_by_text("opened").first).to_be_visible()


def record_an_action(page: Page) -> str:
    """Record one from the team's page; gives the part of the address that opens it."""
    page.get_by_role("link", name="Plan an action").first.click()
    expect(page.get_by_role("heading", name="Coaching: what did we agree?")).to_be_visible()
    play = page.get_by_label("Play")
    play.fill("Own it to the end")
    play.press("Enter")
    page.get_by_label("Why").fill("Customers are handed on without a word.")
    page.get_by_role("button", name="Record the action").click()
    it_is_there(page)
    return page.url.partition("?")[2]


def it_is_there(page: Page) -> None:
    settled(page)
    expect(page.get_by_role("heading", name=f"Own it to the end, {TROUBLED}")).to_be_visible()
    expect(page.get_by_text("Customers are handed on without a word.").first).to_be_visible()
    expect(page.get_by_text("As it was seen then.").first).to_be_visible()


def check_in(page: Page) -> None:
    page.get_by_label("What did you see since the last time?").fill(NOTE)
    page.get_by_role("button", name="Add a check-in").click()
    expect(page.locator("[data-testid=stMarkdown]", has_text=NOTE).first).to_be_visible()
