"""A review, in a real browser: made from the page, read, taken away as PDF, decided on, and still there."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from data.home import Home
from tests.browser.axe import lasting
from tests.browser.conftest import served, settled
from tests.sample_home import copy_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]


def test_a_review_is_made_taken_away_and_decided_on(page: Page, sample: Home, tmp_path: Path) -> None:
    home = Home(tmp_path / "own")
    copy_of(sample, home.path)
    with served(home, tmp_path / "log") as address:
        page.goto(f"{address}/review")
        expect(page.get_by_text("No review was made yet.")).to_be_visible()
        page.get_by_role("textbox", name="Decisions that you ask for").fill("Pay for a second desk?\n")
        page.get_by_role("button", name="Make it and freeze it").click()
        expect(page.get_by_role("heading", name="Service culture in the third quarter of 2026")).to_be_visible()
        settled(page)
        expect(page.locator("p", has_text="Pay for a second desk?")).to_be_visible()
        expect(page.locator("[data-testid=stVegaLiteChart]").nth(9)).to_be_attached()
        taken_away = [taken(page) for _ in range(2)]
        assert taken_away[0] == taken_away[1]
        assert taken_away[0].startswith(b"%PDF-1.7")
        page.get_by_text("Write down what was decided").click()
        page.get_by_label("By whom").fill("the board")
        page.get_by_role("button", name="Record it").click()
        expect(page.get_by_text("Decided by the board on")).to_be_visible()
        page.goto(f"{address}/review?review=1")
        expect(page.get_by_text("Decided by the board on")).to_be_visible()
        settled(page)
        assert lasting(page) == []


def taken(page: Page) -> bytes:
    """What the button of the PDF gives."""
    with page.expect_download() as download:
        page.get_by_role("button", name="PDF (.pdf)").click()
    return Path(download.value.path()).read_bytes()
