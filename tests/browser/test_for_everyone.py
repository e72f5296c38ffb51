"""Usable on a phone, by keyboard, by a screen reader; and nothing is asked of any other machine."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.axe import COLOURS, lasting
from tests.browser.conftest import Visit, holds, settled

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]
PATHS = (
    "/",
    "/team",
    "/review",
    "/handoffs",
    "/empathy",
    "/empathy?team=north-parcels",
    "/coaching",
    "/coaching?plan=1",
    "/coaching?view=list",
    "/coaching?action=1",
    "/one_on_one",
    "/playbook",
    "/playbook?play=experiential_training",
    "/retrospective",
    "/retrospective?join=BCDFGH",
    "/standards",
    "/data",
    "/method",
    "/access",
    "/for_staff",
    "/purpose",
)

WIDTHS = "['html', '[data-testid=stMain]'].map(name => document.querySelector(name).scrollWidth)"


@pytest.mark.parametrize("path", PATHS)
def test_each_page_is_for_everyone_light_dark_and_on_a_phone(visit: Visit, path: str) -> None:
    """One visit for all three: to open a page takes longer than to look at it."""
    page = visit(path)
    light = ground(page)
    assert lasting(page) == []
    page.emulate_media(color_scheme="dark")
    holds(page, f"getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor != '{light}'")
    settled(page)
    assert lasting(page, COLOURS) == []
    page.set_viewport_size({"width": 390, "height": 900})
    holds(page, f"Math.max(...{WIDTHS}) <= 390")


def ground(page: Page) -> str:
    """The page's own background."""
    colour = page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")
    return str(colour)


def test_every_chart_says_its_sentence_to_who_cannot_see_it(visit: Visit) -> None:
    page = visit("/team")
    charts = page.locator("[data-testid=stVegaLiteChart]")
    assert charts.count() >= 5
    for chart in charts.all():
        described = chart.evaluate(
            "e => (e.closest('[aria-label]') || e.querySelector('[aria-label]') || e).getAttribute('aria-label') || ''"
        )
        assert len(described) > 20


def test_a_page_is_reached_and_a_filter_is_set_by_keyboard_alone(visit: Visit) -> None:
    page = visit("/")
    reach(page, "Coach")
    page.keyboard.press("ArrowDown")  # a menu opens, as menus do
    expect(page.get_by_role("menuitem", name="Coaching")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Coaching: what did we agree?")).to_be_visible()
    reach(page, "Overview", backwards=True)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Good")
    settled(page)
    page.get_by_label("Channel").focus()
    page.keyboard.type("phone")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?channel=phone")


def reach(page: Page, name: str, *, backwards: bool = False) -> None:
    """Press Tab until the link of that name has the focus."""
    for _ in range(80):
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
        if page.evaluate("document.activeElement.textContent").strip() == name:
            return
    pytest.fail(f"{name} cannot be reached with the Tab key")


def test_a_copied_link_opens_the_same_view(visit: Visit) -> None:
    path = "/team?period=26&channel=phone&sign=repeat_complaints"
    page = visit(path)
    expect(page.get_by_label("Channel")).to_have_value("phone")
    expect(page.get_by_label("Period")).to_have_value("26 weeks")
    expect(page.get_by_role("heading", name="Do they have to come back?")).to_be_visible()


def test_nothing_is_asked_of_any_other_machine(visit: Visit) -> None:
    page = visit("/method")
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(urlsplit(request.url).hostname or "")

    page.on("request", note)
    for path in ("/", "/team", "/coaching", "/data"):
        page.goto(page.url.split("/method")[0].rstrip("/") if path == "/" else _at(page, path))
        settled(page)
    assert set(asked) <= {"localhost", ""}


def _at(page: Page, path: str) -> str:
    parts = urlsplit(page.url)
    return f"{parts.scheme}://{parts.netloc}{path}"
