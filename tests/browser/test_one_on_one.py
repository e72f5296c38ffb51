"""A one-on-one in a real browser, from opening it to what is recorded; the other side comes by its link."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from data.home import Home
from tests.browser.axe import lasting
from tests.browser.conftest import PATIENCE, holds, served, settled
from tests.browser.test_for_everyone import WIDTHS
from tests.sample_home import copy_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]
TEAM = "North Parcels"
MARKUP = "<b>Who</b> trains the *new* ones?"


def test_a_one_on_one_from_opening_it_to_a_recorded_action(
    page: Page, browser: Browser, sample: Home, tmp_path: Path
) -> None:
    home = Home(tmp_path / "own")
    copy_of(sample, home.path)
    with served(home, tmp_path / "log") as address:
        page.goto(f"{address}/one_on_one?team=north-parcels")
        open_it(page)
        prepare(page)
        other_side(page, browser, address)
        write(page)
        agree(page)
        become_an_action(page)
        for_everyone(page)
        on_paper(page)


def open_it(page: Page) -> None:
    settled(page)
    page.get_by_label("With").fill("Bruno Dunnavel")
    page.get_by_role("button", name="Open the conversation").click()
    expect(page.get_by_role("heading", name="Ada and Bruno Dunnavel", level=1)).to_be_visible()
    settled(page)
    expect(page.get_by_text("Begin with a")).to_be_visible()
    expect(page.get_by_role("heading", name="Beside it: the team")).to_be_visible()


def prepare(page: Page) -> None:
    page.get_by_role("button", name="Prepare the agenda").click()
    expect(page.get_by_role("heading", name=re.compile(r"Agenda \([1-9]"))).to_be_visible()
    settled(page)
    page.emulate_media(media="print")  # also where only a part of the page was drawn anew
    expect(page.get_by_role("heading", name="Only for you")).to_be_hidden()
    page.emulate_media(media="screen")


def other_side(page: Page, browser: Browser, address: str) -> None:
    """Bruno opens the link elsewhere, sees the agenda alone, and adds a point."""
    page.get_by_text("Link for Bruno Dunnavel").click()
    token = page.locator("[data-testid=stCode]").inner_text().strip().partition("token=")[2]
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(PATIENCE)
    bruno = context.new_page()
    bruno.goto(f"{address}/agenda?token={token}")
    settled(bruno)
    expect(bruno.get_by_role("link", name="Overview")).to_have_count(0)
    bruno.get_by_label("What would you like to talk about?").fill(MARKUP)
    bruno.get_by_role("button", name="Add it").click()
    expect(bruno.get_by_role("listitem").filter(has_text=MARKUP)).to_be_visible()
    expect(bruno.get_by_label("What would you like to talk about?")).to_have_value("")
    for_everyone(bruno)
    context.close()
    page.reload()
    settled(page)
    expect(page.get_by_text(MARKUP)).to_be_visible()


def write(page: Page) -> None:
    page.get_by_label("Priority 1").fill("Call back the same day")
    page.get_by_label("Shared notes").fill("Bruno sits with the desk on Tuesday.")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("listitem").filter(has_text="Call back the same day")).to_be_visible()
    page.get_by_label("A note for yourself").fill("Ask how he is.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_text(": Ask how he is.")).to_be_visible()
    settled(page)


def agree(page: Page) -> None:
    page.get_by_label("What will be done?").fill("Read before passing on")
    page.get_by_role("button", name="Agree on it").click()
    expect(page.get_by_role("heading", name="Action points (1 open)")).to_be_visible()
    settled(page)


def become_an_action(page: Page) -> None:
    page.get_by_role("button", name="Make it a coaching action").click()
    expect(page.get_by_role("heading", name="Make it a coaching action")).to_be_visible()
    settled(page)
    play = page.get_by_label("Play", exact=True)
    play.fill("Own it to the end")
    play.press("Enter")
    settled(page)
    page.get_by_role("button", name="Record the action").click()
    expect(page.get_by_role("link", name=f"Own it to the end, {TEAM}")).to_be_visible()
    settled(page)
    page.reload()
    settled(page)
    expect(page.get_by_role("heading", name="Action points (0 open)")).to_be_visible()
    expect(page.get_by_role("link", name=f"Own it to the end, {TEAM}")).to_be_visible()


def for_everyone(page: Page) -> None:
    """axe finds nothing that shuts somebody out, and nothing overflows a phone."""
    assert lasting(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    holds(page, f"Math.max(...{WIDTHS}) <= 390")


def on_paper(page: Page) -> None:
    """Printed, what was said stands there, and what is private does not."""
    page.emulate_media(media="print")
    expect(page.get_by_text("Bruno sits with the desk on Tuesday.").first).to_be_visible()
    expect(page.get_by_text(": Ask how he is.")).to_be_hidden()
    expect(page.get_by_role("button", name="Keep it")).to_be_hidden()
